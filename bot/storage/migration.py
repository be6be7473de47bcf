"""Bringing a database to the schema that this code needs, in one transaction, and refusing one from the future."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageError
from bot.storage.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATING = 0x7C3D_C4A1
"""The advisory lock that lets one process at a time migrate a PostgreSQL database."""


def needed() -> str:
    """Return the newest revision that this code knows."""
    return str(ScriptDirectory(str(_SCRIPTS)).get_current_head())


def knows(revision: str) -> bool:
    """Say whether a revision is this code's own or one before it."""
    return any(script.revision == revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions())


async def current(database: Database) -> str | None:
    """Return the revision that the database is at, or None if it is empty. Raises StorageError."""
    async with database.reading() as connection:
        return await _current(connection)


async def require_current(database: Database) -> None:
    """Raise StorageError unless the database is at just the revision that this code needs."""
    revision = await current(database)
    _refuse_newer(database, revision)
    if revision != needed():
        raise StorageError(
            f"The database {database.name} is at revision {revision or 'none'} and this version needs {needed()}; "
            "run the migrate command."
        )


async def upgrade(database: Database, to: str = "head") -> str:
    """Bring the database to revision `to`; return the revision that it is at now. Raises StorageError.

    All of it happens or nothing. Processes that start together wait for one another here.
    """
    async with database.writing() as connection:
        return await upgrade_within(database, connection, to)


async def upgrade_within(database: Database, connection: AsyncConnection, to: str) -> str:
    """Do what `upgrade` does as a part of a greater transaction."""
    if not database.is_sqlite:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    _refuse_newer(database, await _current(connection))
    await connection.run_sync(_upgrade, to)
    return str(await _current(connection))


async def _current(connection: AsyncConnection) -> str | None:
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def _refuse_newer(database: Database, revision: str | None) -> None:
    if revision is not None and not knows(revision):
        raise StorageError(
            f"The database {database.name} was written by a newer version of Third Chair (revision {revision}, "
            f"this one knows {needed()}); install that version, or restore a backup of this one into a new database."
        )


def _upgrade(connection: Connection, to: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, to)
