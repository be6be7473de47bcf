"""One thin cog a feature: guard, translate, one call, render."""
