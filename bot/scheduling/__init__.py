"""APScheduler as a clock: it says when to look, never what to do. What is due stands in our own table."""
