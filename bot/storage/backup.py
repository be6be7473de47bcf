"""Backing a database up and putting a backup back, the same way for SQLite and PostgreSQL.

A backup holds what the database holds, responses still sealed, and none of the keys: whoever finds it learns what was
posted in the channel anyway, and not who wrote it. What was erased from the database stays in the backups made before,
so old backups are to be deleted, too.
"""

from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, inspect, select, text

from bot.errors import StorageError
from bot.storage import archive, migration
from bot.storage.database import Database, parse_url, sqlite_file
from bot.storage.durable import sync_folder

_A_BATCH = 500


async def backup(url: str, target: Path) -> int:
    """Write all that the database at `url` holds at one instant into the new file `target`; return how many rows.

    The bot may go on meanwhile. Raises StorageError, and then leaves no file.
    """
    async with Database.open(url) as database:
        revision = await migration.current(database)
        if revision is None:
            raise StorageError(f"The database {database.name} is empty; there is nothing to back up.")
        with archive.create(target, revision) as file:
            async with database.reading() as connection:
                if not database.is_sqlite:  # SQLite's transactions see one instant anyway
                    await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
                for table in (await connection.run_sync(_tables)).sorted_tables:
                    kept = [column for column in table.columns if column is not table.autoincrement_column]
                    file.table(table.name, [column.name for column in kept])
                    in_order = select(*kept).order_by(*table.primary_key.columns)
                    async for row in await connection.stream(in_order):
                        file.row(row)
            return file.close()


async def restore(source: Path, url: str) -> Path | None:
    """Put the backup `source` in the place of the database at `url`; return where the replaced file is kept, if any.

    A SQLite file is replaced in one step, when the new one is complete; not while a bot has it open. A PostgreSQL
    database must be empty, for there the one before is kept by being another database. Raises StorageError, and then
    nothing has changed.
    """
    revision = archive.verify(source)
    if not migration.knows(revision):
        raise StorageError(
            f"The backup {source} was made by a newer version of Third Chair; install that version first."
        )
    parsed = parse_url(url)
    file = sqlite_file(parsed) if parsed.get_backend_name() == "sqlite" else None
    if file is None:
        async with Database.open(url) as database:
            await _fill(database, source, revision)
        return None
    _release(file)
    fresh = file.with_name(f"{file.name}.restoring")
    _remove(fresh)
    try:
        async with Database.open(parsed.set(database=str(fresh)).render_as_string()) as database:
            await _fill(database, source, revision)
        return _swap(fresh, file)
    finally:
        _remove(fresh)


async def _fill(database: Database, source: Path, revision: str) -> None:
    async with database.writing() as connection:
        if await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
            raise StorageError(
                f"The database {database.name} is not empty; create a new one and put its name into DATABASE_URL."
            )
        await migration.upgrade_within(database, connection, revision)
        tables = await connection.run_sync(_tables)
        for name, rows in groupby(archive.rows(source), key=lambda row: row.table):
            table = tables.tables[name]
            while batch := [_decoded(table, row) for row in islice(rows, _A_BATCH)]:
                await connection.execute(table.insert(), batch)
        await migration.upgrade_within(database, connection, "head")


def _tables(connection: Connection) -> MetaData:
    """Read the tables from the database itself: its revision may be older than the tables in code."""
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def _decoded(table: Table, row: archive.Row) -> dict[str, Any]:
    return {
        name: base64.b64decode(value) if value is not None and isinstance(table.c[name].type, LargeBinary) else value
        for name, value in zip(row.columns, row.values, strict=True)
    }


def _release(file: Path) -> None:
    """Fold SQLite's log into the file. That takes nobody else having it open, which is what we want to know."""
    if not file.exists():
        return
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise StorageError(f"The database {file} is in use; stop the bot, then restore.") from None
    except sqlite3.DatabaseError:
        return  # damaged, which may well be why it is to be replaced
    finally:
        connection.close()


def _swap(fresh: Path, file: Path) -> Path | None:
    """Put `fresh` in the place of `file`, which is kept under another name, in one step that a crash cannot halve."""
    aside = None
    if file.exists():
        aside = next(name for name in _asides(file) if not name.exists())
        os.link(file, aside)
        for suffix in ("-wal", "-shm"):  # there only if the file was too damaged to take its log in
            with suppress(FileNotFoundError):
                file.with_name(file.name + suffix).rename(aside.with_name(aside.name + suffix))
    fresh.replace(file)
    sync_folder(file.parent)
    return aside


def _asides(file: Path) -> Iterator[Path]:
    yield file.with_name(f"{file.name}.replaced")
    number = 2
    while True:
        yield file.with_name(f"{file.name}.replaced-{number}")
        number += 1


def _remove(fresh: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
