"""Third Chair: daily prompts, anonymous responses and care for peer-supervision cohorts of trainee psychotherapists."""
