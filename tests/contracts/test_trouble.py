"""A database that cannot be used says so in one sentence with the mend, and never quotes what was to be stored."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from bot.errors import StorageError
from bot.people import MemberSettings
from bot.storage import migration
from bot.storage.database import Database, parse_url
from bot.storage.stores import Stores
from bot.storage.trouble import explain
from tests.contracts.examples import MIRA, response, with_posting

CANARY = "my client is called Ferdinand"


def said(error: BaseException) -> str:
    """Everything that a log would show of an exception."""
    return "".join(traceback.format_exception(error))


def _damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "DATABASE_URL cannot be read"),
        ("not an address", "DATABASE_URL cannot be read"),
        ("mysql://root:hunter2@host/x", "begins with 'mysql'"),
        ("postgresql://u:hunter2@host/x?channel_binding=require", "option .*: channel_binding"),
        ("postgresql://u:hunter2@host:port/x", "DATABASE_URL cannot be read"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_its_password(url: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence) as caught:
        Database.open(url)
    assert "hunter2" not in said(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_usual_spellings_of_an_address_are_understood(scheme: str) -> None:
    assert parse_url(f"{scheme}://u:p@h:1/x?sslmode=require") == URL.create(
        "postgresql+asyncpg", "u", "p", "h", 1, "x", {"ssl": "require"}
    )
    assert parse_url("sqlite:///a/b.db") == parse_url("sqlite+aiosqlite:///a/b.db")


async def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text(CANARY * 100)
    async with Database.open(f"sqlite:///{tmp_path}/notes.db") as database:
        with pytest.raises(StorageError, match=r"notes\.db is not a database; correct DATABASE_URL") as caught:
            await migration.upgrade(database)
    assert CANARY not in said(caught.value)


async def test_a_damaged_database_points_to_the_backup(sqlite: Database) -> None:
    await with_posting(Stores.on(sqlite))
    file = Path(str(sqlite.url.database))
    await sqlite.close()  # its log is folded into the file
    _damage(file)
    async with Database.open(f"sqlite:///{file}") as damaged:
        with pytest.raises(StorageError, match="is damaged; stop the bot and put a backup"):
            await Stores.on(damaged).cohorts.every()


async def test_a_folder_where_no_file_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(StorageError, match=r"cannot be created .* write to its folder"):
        Database.open(f"sqlite:///{tmp_path}/taken/third-chair.db")


async def test_a_locked_database_loses_nothing_and_works_again(sqlite: Database) -> None:
    stores = Stores.on(sqlite)
    await with_posting(stores)
    async with sqlite.writing() as connection:
        await connection.execute(text("PRAGMA busy_timeout=20"))
    other = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="is locked by another program; close that program"):
            await stores.responses.add(response())
        assert await stores.responses.of_posting("p1") == [], "readers are not in its way"
        other.execute("ROLLBACK")
        assert await stores.responses.add(response()) == response()
    finally:
        other.close()


async def test_a_full_disk_loses_nothing_and_works_again(sqlite: Database) -> None:
    stores = Stores.on(sqlite)
    await with_posting(stores)
    async with sqlite.writing() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(StorageError, match="disk is full; free some space") as caught:
        await stores.responses.add(response(sealed=CANARY.encode() * 1000))
    assert CANARY not in said(caught.value)
    assert await stores.responses.of_posting("p1") == []
    async with sqlite.writing() as connection:
        await connection.execute(text("PRAGMA max_page_count=100000"))
    assert await stores.responses.add(response()) == response()


async def test_a_read_only_database_names_the_right_that_is_missing(sqlite: Database) -> None:
    async with sqlite.writing() as connection:
        await connection.execute(text("PRAGMA query_only=ON"))
    with pytest.raises(StorageError, match="is read-only; let the bot's user write"):
        await Stores.on(sqlite).members.save(MemberSettings(MIRA))


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
async def test_a_character_that_cannot_be_kept_is_an_error_of_ours(
    stores: Stores, database: Database, character: str
) -> None:
    settings = MemberSettings(MIRA, CANARY + character)
    if database.is_sqlite and character == "\x00":
        await stores.members.save(settings)
        assert await stores.members.settings(MIRA) == settings
        return
    with pytest.raises(StorageError, match="cannot keep a character") as caught:
        await stores.members.save(settings)
    assert CANARY not in said(caught.value)


async def test_no_error_quotes_the_row_that_was_refused(stores: Stores, database: Database) -> None:
    await with_posting(stores)
    same = text("INSERT INTO aliases (posting_id, tag, alias) VALUES ('p1', :tag, :alias)")

    async def add_both() -> None:
        async with database.writing() as connection:
            for tag in ("one", "two"):
                await connection.execute(same, {"tag": tag, "alias": CANARY})

    with pytest.raises(StorageError) as caught:
        await add_both()
    assert CANARY not in said(caught.value)
    assert "nothing was changed" in str(caught.value)


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    async with Database.open("postgresql://bot:hunter2@127.0.0.1:1/chair") as database:
        with pytest.raises(StorageError, match="does not answer; check that it runs") as caught:
            await database.ping()
    assert "postgresql://bot:***@127.0.0.1:1/chair" in str(caught.value)
    assert "hunter2" not in said(caught.value)


@pytest.mark.parametrize(
    ("sqlstate", "sentence"),
    [
        ("28P01", "refuses the password; correct the user and password in DATABASE_URL"),
        ("28000", "refuses this user"),
        ("3D000", "does not exist on the server; create it"),
        ("53300", "has no connection left"),
        ("57P03", "is starting up or shutting down"),
        ("XX000", "refused .SQLSTATE XX000."),
    ],
)
async def test_what_a_server_refuses_is_said_without_quoting_it(sqlstate: str, sentence: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            request = await reader.readexactly(length - 4)
            if request != b"\x04\xd2\x16\x2f":  # anything but a request for TLS is the greeting
                break
            writer.write(b"N")
        fields = b"SFATAL\0VFATAL\0C" + sqlstate.encode() + b"\0M" + CANARY.encode() + b"\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Database.open(f"postgresql://bot:hunter2@127.0.0.1:{port}/chair") as database:
        with pytest.raises(StorageError, match=sentence) as caught:
            await database.ping()
    assert CANARY not in said(caught.value)
    assert "hunter2" not in said(caught.value)


@pytest.mark.postgres
async def test_a_database_that_the_server_does_not_have_is_named(postgres_server: URL) -> None:
    missing = postgres_server.set(database="no_such_database").render_as_string(hide_password=False)
    async with Database.open(missing) as database:
        with pytest.raises(StorageError, match="does not exist on the server; create it"):
            await database.ping()


def test_an_error_that_is_none_of_a_databases_is_left_alone() -> None:
    assert explain(KeyError("x"), "name") is None


async def test_closing_lets_what_is_under_way_end_and_nothing_else_begin(stores: Stores, database: Database) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with database.writing() as connection:
            begun.set()
            await may_end.wait()
            await connection.execute(text("UPDATE cohorts SET name = name"))

    task = asyncio.create_task(slow())
    await begun.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    assert not closing.done()
    with pytest.raises(StorageError, match="has been closed"):
        await database.ping()
    may_end.set()
    await task
    await closing
