"""One thin module a feature: guard, translate, one call, render."""
