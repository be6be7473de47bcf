"""A cohort's own part of the library: adding to it, reviewing it, and members' suggestions for it."""
