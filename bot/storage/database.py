"""One door to the database: how connections are opened, how a transaction begins, and what a failure is called.

SQLite has one writer connection a file, and that is a rule, not a tuning: its write-ahead log had a corruption bug
with several writers until 3.51.2, and one writer never waits for itself. A pool of one is that rule in code: who
wants to write waits for the connection. Readers have their own, so that a long claim keeps no button waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import URL, Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StorageError
from bot.storage.trouble import explain

_SQLITE_READERS = 2
_BUSY_SECONDS = 5
_CLOSING_SECONDS = 5.0
_POSTGRES_OPTIONS = {"host", "port", "ssl", "sslmode", "prepared_statement_cache_size"}


class Database:
    """An open database. Make one with `open`, and `close` it in a `finally` (or use it as a context manager)."""

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader
        self._open = True
        self._in_use = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @classmethod
    def open(cls, url: str) -> Self:
        """Prepare a database without connecting yet; raises StorageError if the address makes no sense.

        `url` is `sqlite+aiosqlite:///path` or `postgresql://user:password@host/name`. SQLite's file is created
        readable by its owner alone; `sqlite+aiosqlite://` without a path lives in memory, for tests.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(parsed, *_sqlite_engines(parsed))
        engine = create_async_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"timeout": 10, "server_settings": {"application_name": "third-chair"}},
        )
        return cls(parsed, engine, engine)

    @property
    def name(self) -> str:
        """How to call this database before people: its address, the password masked."""
        return shown(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write: all of it happens, or nothing. Raises StorageError, NotFound."""
        async with self._transaction(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads. Raises StorageError."""
        async with self._transaction(self._reader) as connection:
            yield connection

    async def ping(self) -> None:
        """Do nothing, successfully; raises StorageError if the database cannot be reached."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def wipe_traces(self) -> None:
        """After something was erased, empty SQLite's write-ahead log, which still holds the older pages.

        Pages in the file itself are overwritten as they are freed (`secure_delete`). If a reader is in the way, the
        next checkpoint does it. PostgreSQL reclaims its space by itself, by vacuum.
        """
        if self.is_sqlite:
            try:
                with self._using():
                    async with self._writer.connect() as connection:
                        raw = await connection.get_raw_connection()
                        driver: Any = raw.driver_connection
                        # Read to its end: as long as it stands open, SQLite lets nobody commit on this connection.
                        async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                            await cursor.fetchall()
            except Exception as error:
                raise explain(error, self.name) or error from None

    async def close(self, grace: float = _CLOSING_SECONDS) -> None:
        """Close every connection; transactions under way have `grace` seconds to end, and no other begins."""
        self._open = False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), grace)
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            with self._using():
                async with engine.begin() as connection:
                    yield connection
        except Exception as error:
            explained = explain(error, self.name)
            if explained is None:
                raise
            # `from None`: the driver's message may quote the row that it refused.
            raise explained from None

    @contextmanager
    def _using(self) -> Iterator[None]:
        if not self._open:
            raise StorageError(f"The database {self.name} has been closed; the bot is stopping.")
        self._in_use += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._idle.set()


def parse_url(url: str) -> URL:
    """Read a database address, accepting its usual spellings. Raises StorageError; never repeats a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StorageError(
            "DATABASE_URL cannot be read; write sqlite+aiosqlite:///data/third-chair.db or postgresql://user:password@host/name."
        ) from None
    if parsed.drivername in ("sqlite", "sqlite+aiosqlite"):
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername not in ("postgres", "postgresql", "postgresql+asyncpg"):
        raise StorageError(
            f"DATABASE_URL begins with {parsed.drivername!r}, which Third Chair cannot use; "
            "write sqlite+aiosqlite:///data/third-chair.db or postgresql://user:password@host/name."
        )
    unknown = sorted(set(parsed.query) - _POSTGRES_OPTIONS)
    if unknown:
        raise StorageError(f"DATABASE_URL has an option that Third Chair does not know: {unknown[0]}; leave it out.")
    query = {("ssl" if key == "sslmode" else key): value for key, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query)


def shown(url: URL) -> str:
    """Write an address for people: SQLite's path, or a server's address with the password masked."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite address, or None if it lives in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database))


async def insert_or_keep(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert unless the primary key is taken; say whether it did."""
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
    return (await connection.execute(statement.values(dict(row)))).rowcount == 1


async def insert_all_or_keep(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert each row unless its primary key is taken."""
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
    await connection.execute(statement, [dict(row) for row in rows])


async def insert_or_replace(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert, or overwrite what stands under this primary key; rows that hang on it stay."""
    statement = _insert(connection, table).values(dict(row))
    keys = {column.name for column in table.primary_key.columns}
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: statement.excluded[name] for name in row if name not in keys},
        )
    )


async def insert_or_add(connection: AsyncConnection, table: Table, row: Mapping[str, Any], counter: str) -> None:
    """Insert with the counter at one, or add one to the counter that stands under this primary key."""
    statement = _insert(connection, table).values({**row, counter: 1})
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns), set_={counter: table.c[counter] + 1}
        )
    )


def _insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _sqlite_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    file = sqlite_file(url)
    if file is not None:
        _create_private(file)
    writer = _sqlite_engine(url, pool_size=1, begin="BEGIN IMMEDIATE")
    if file is None:
        return writer, writer  # a second connection would see another database
    return writer, _sqlite_engine(url, pool_size=_SQLITE_READERS, begin="BEGIN", pragmas=("query_only=ON",))


def _sqlite_engine(url: URL, *, pool_size: int, begin: str, pragmas: Sequence[str] = ()) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=0,
        # The driver would begin transactions too late, at the first write; we begin them ourselves.
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _create_private(path: Path) -> None:
    """Make the file, for its owner alone, before SQLite would make it for everyone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StorageError(
            f"The database {path} cannot be created ({error.strerror}); let the bot's user write to its folder."
        ) from None
