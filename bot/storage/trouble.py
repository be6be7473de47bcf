"""What a database's complaint means for the person who runs the bot, in one sentence with the mend.

A driver's own message may quote the row it choked on, so nothing of it is passed on.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import NotFound, StorageError, ThirdChairError

_CHARACTER = "cannot keep a character that was given; nothing was changed, leave it out"

_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another program; close that program, then try again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close that program, then try again",
    sqlite3.SQLITE_READONLY: "is read-only; let the bot's user write to the file and to its folder",
    sqlite3.SQLITE_PERM: "may not be used by the bot's user; let it read and write the file and its folder",
    sqlite3.SQLITE_AUTH: "may not be used by the bot's user; let it read and write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and that the bot's user may write there",
    sqlite3.SQLITE_FULL: "has no room to grow: the disk is full; free some space, nothing that was stored is lost",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports a fault; check the disk and its free space",
    sqlite3.SQLITE_NOTADB: "is not a database; correct DATABASE_URL, or put a backup there with the restore command",
    sqlite3.SQLITE_CORRUPT: "is damaged; stop the bot and put a backup in its place with the restore command",
}

_POSTGRES = {
    "28P01": "refuses the password; correct the user and password in DATABASE_URL",
    "28000": "refuses this user; correct the user in DATABASE_URL or let it in on the server",
    "3D000": "does not exist on the server; create it, or correct its name in DATABASE_URL",
    "42501": "does not let this user do that; grant it all rights on the database and its public schema",
    "25006": "is read-only; point DATABASE_URL at the primary server",
    "53100": "has no room to grow: the server's disk is full; free some space, nothing that was stored is lost",
    "53300": "has no connection left; raise max_connections on the server or stop other programs",
    "57P03": "is starting up or shutting down; try again in a moment",
    "40P01": "was asked for the same rows by two processes at once; nothing was changed, try again",
    "40001": "was asked for the same rows by two processes at once; nothing was changed, try again",
    "55P03": "is locked by another program; close that program, then try again",
    "57014": "took too long to answer; nothing was changed, try again",
    "42P01": "lacks tables that this version needs; run the migrate command",
    "42703": "lacks columns that this version needs; run the migrate command",
    "22021": _CHARACTER,
    "22000": _CHARACTER,
}


def explain(error: BaseException, name: str) -> ThirdChairError | None:
    """Say what `error` means for the database called `name` (no password in it); None if it is none of a database's."""
    if isinstance(error, PoolTimeout):
        return StorageError(f"The database {name} is busier than it can bear; nothing was changed, try again.")
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        return _explain_sqlite(cause, name)
    if isinstance(cause, UnicodeEncodeError):
        return StorageError(f"The database {name} {_CHARACTER}.")
    sqlstate = getattr(cause, "sqlstate", None) or getattr(cause.__cause__, "sqlstate", None)
    if isinstance(sqlstate, str):
        return _explain_postgres(sqlstate, name)
    if isinstance(cause, OSError):  # TimeoutError is one of its children
        return StorageError(
            f"The server of the database {name} does not answer; check that it runs and that DATABASE_URL is right."
        )
    if isinstance(error, DBAPIError):
        return StorageError(
            f"The connection to the database {name} broke; it is opened afresh at the next try."
            if error.connection_invalidated
            else f"The database {name} refused ({type(cause).__name__}); nothing was changed."
        )
    return None


def _explain_sqlite(cause: sqlite3.Error, name: str) -> ThirdChairError:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return _gone()
    sentence = _SQLITE.get(code & 0xFF)
    if sentence is None and str(cause).startswith(("no such table", "no such column")):
        sentence = _POSTGRES["42P01"]
    return StorageError(f"The database {name} {sentence or f'refused ({type(cause).__name__}); nothing was changed'}.")


def _explain_postgres(sqlstate: str, name: str) -> ThirdChairError:
    if sqlstate == "23503":
        return _gone()
    sentence = _POSTGRES.get(sqlstate, f"refused (SQLSTATE {sqlstate}); nothing was changed")
    return StorageError(f"The database {name} {sentence}.")


def _gone() -> NotFound:
    return NotFound("What this belongs to was removed in the meantime.")
