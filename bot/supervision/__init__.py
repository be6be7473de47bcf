"""Supervision sessions: when a cohort meets its supervisor, and the reminders that lead up to it."""
