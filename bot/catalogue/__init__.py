"""The library of items: the shape of its files, how they are loaded, and what a lint reader objects to."""
