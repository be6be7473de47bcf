"""Alembic runs this; it takes the connection, already in a transaction, that `bot.storage.migration` gives it."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
