"""A loopback stage on which the real bot plays: platforms' wire protocols and a page to act the people."""
