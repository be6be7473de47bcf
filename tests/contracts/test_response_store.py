"""The promises of `bot.ports.responses.ResponseStore`, on every database; above all what is not kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Connection, inspect, select, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import OperationalError

from bot.errors import NotFound
from bot.ports.responses import ResponseState
from bot.storage.database import Database
from bot.storage.responses import aliases, flags, responses
from bot.storage.schema import metadata
from bot.storage.stores import Stores
from tests.contracts.examples import response, with_posting

HELD, CLEARED, PRIVATE, WAITING, PUBLISHED, HIDDEN = ResponseState
BIRDS = ["Heron", "Wren", "Swift", "Rook", "Crane", "Finch", "Dove", "Lark"]


@pytest.fixture
async def stores(stores: Stores) -> Stores:
    await with_posting(stores)
    return stores


async def test_a_response_comes_back_as_it_was_added(stores: Stores) -> None:
    full = response(sealed=bytes(range(256)), state=HELD, level="A", message_id="m1")
    assert await stores.responses.add(full) == full
    assert await stores.responses.get("r1") == full
    assert await stores.responses.get("r2") is None


async def test_adding_twice_gives_the_first(stores: Stores) -> None:
    first = response()
    again = replace(first, sealed=b"other", alias="Other")
    added = await asyncio.gather(stores.responses.add(first), stores.responses.add(first))
    assert list(added) == [first, first]
    assert await stores.responses.add(again) == first
    assert await stores.responses.of_posting("p1") == [first]


async def test_a_response_to_nothing_is_refused(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.responses.add(response(posting_id="gone"))


async def test_responses_are_found_and_come_in_the_order_of_their_ids(stores: Stores) -> None:
    await with_posting(stores, "p2")
    kept = {id_: response(id_, tag=tag) for id_, tag in (("m", "t1"), ("z", "t2"), ("a", "t1"))}
    for each in kept.values():
        await stores.responses.add(each)
    await stores.responses.add(response("other", "p2", "t1"))
    assert await stores.responses.of_posting("p1") == [kept["a"], kept["m"], kept["z"]]
    assert await stores.responses.of_tag("p1", "t1") == [kept["a"], kept["m"]]
    assert [each.id for each in await stores.responses.waiting(3)] == ["a", "m", "other"]
    assert await stores.responses.published("z", "message-z")
    assert not await stores.responses.published("z", "message-y")
    published = replace(kept["z"], state=PUBLISHED, message_id="message-z")
    assert await stores.responses.by_message("p1", "message-z") == published
    assert await stores.responses.by_message("p2", "message-z") is None
    assert [each.id for each in await stores.responses.waiting(9)] == ["a", "m", "other"]


async def test_the_state_moves_only_as_told(stores: Stores) -> None:
    await stores.responses.add(response(state=HELD))
    assert not await stores.responses.published("r1", "m")
    assert not await stores.responses.move("r1", PUBLISHED, only_from=[WAITING])
    moves = await asyncio.gather(*(stores.responses.move("r1", WAITING, only_from=[HELD]) for _ in range(5)))
    assert sorted(moves) == [False] * 4 + [True]
    assert not await stores.responses.move("r2", WAITING, only_from=list(ResponseState))


async def test_words_are_replaced_and_responses_deleted(stores: Stores) -> None:
    await stores.responses.add(response())
    assert await stores.responses.reseal("r1", b"edited", "B")
    assert await stores.responses.get("r1") == response(sealed=b"edited", level="B")
    assert await stores.responses.reseal("r1", b"again", "N", to=ResponseState.WAITING)
    assert await stores.responses.get("r1") == response(sealed=b"again", level="N", state=ResponseState.WAITING)
    await stores.responses.move("r1", ResponseState.HIDDEN, only_from=(ResponseState.WAITING,))
    hidden = response(sealed=b"again", level="N", state=ResponseState.HIDDEN)
    assert not await stores.responses.reseal("r1", b"urgent", "A", to=HELD)
    assert await stores.responses.get("r1") == hidden, "what a supervisor hid stays as it was"
    assert await stores.responses.reseal("r1", b"thrice", "N")
    assert await stores.responses.get("r1") == replace(hidden, sealed=b"thrice")
    await stores.responses.flag("r1", "tag-2")
    await stores.responses.delete("r1")
    await stores.responses.delete("r1")
    assert await stores.responses.get("r1") is None
    for to in (None, HELD):
        assert not await stores.responses.reseal("r1", b"late", "N", to=to)


async def test_of_hiding_and_resealing_at_once_one_takes(stores: Stores) -> None:
    for number in range(8):
        shown = response(f"r{number}", state=PUBLISHED)
        await stores.responses.add(shown)
        resealed, hid = await asyncio.gather(
            stores.responses.reseal(shown.id, b"urgent", "A", to=HELD),
            stores.responses.move(shown.id, ResponseState.HIDDEN, only_from=[PUBLISHED]),
        )
        assert resealed is not hid
        held, hidden = (
            replace(shown, sealed=b"urgent", level="A", state=HELD),
            replace(shown, state=ResponseState.HIDDEN),
        )
        assert await stores.responses.get(shown.id) == (held if resealed else hidden)


async def test_an_alias_stays_and_is_nobody_elses(stores: Stores) -> None:
    assert await stores.responses.alias("p1", "t1", BIRDS) == "Heron"
    assert await stores.responses.alias("p1", "t1", ["Wren"]) == "Heron"
    assert await stores.responses.alias("p1", "t2", BIRDS) == "Wren"
    with pytest.raises(NotFound):
        await stores.responses.alias("p1", "t3", ["Wren", "Heron"])
    await with_posting(stores, "p2")
    assert await stores.responses.alias("p2", "t2", BIRDS) == "Heron"
    with pytest.raises(NotFound):
        await stores.responses.alias("gone", "t1", BIRDS)


async def test_aliases_asked_for_at_once_are_all_different(stores: Stores) -> None:
    tags = [f"t{number}" for number in range(8)] * 3
    given = await asyncio.gather(*(stores.responses.alias("p1", tag, BIRDS) for tag in tags))
    assert sorted(given[:8]) == sorted(BIRDS)
    assert given[:8] == given[8:16] == given[16:]


async def test_a_flag_counts_once_a_tag(stores: Stores) -> None:
    await stores.responses.add(response())
    counts = await asyncio.gather(*(stores.responses.flag("r1", f"t{number}") for number in range(6)))
    assert sorted(count for count in counts if count is not None) == [1, 2, 3, 4, 5, 6]
    assert await stores.responses.flag("r1", "t0") is None
    with pytest.raises(NotFound):
        await stores.responses.flag("r2", "t0")


async def test_flagged_responses_are_found_while_they_stand(stores: Stores) -> None:
    for id_, tags in (("r1", "a"), ("r2", "abc"), ("r3", ""), ("r4", "ab")):
        await stores.responses.add(replace(response(), id=id_, state=ResponseState.PUBLISHED))
        for tag in tags:
            await stores.responses.flag(id_, tag)
    assert [(r.id, count) for r, count in await stores.responses.flagged("c1", 9)] == [("r2", 3), ("r4", 2), ("r1", 1)]
    assert [r.id for r, _ in await stores.responses.flagged("c1", 2)] == ["r2", "r4"]
    await stores.responses.move("r2", ResponseState.HIDDEN, only_from=(ResponseState.PUBLISHED,))
    assert [r.id for r, _ in await stores.responses.flagged("c1", 9)] == ["r4", "r1"]
    assert not await stores.responses.flagged("c2", 9)


async def test_closing_leaves_nothing_of_the_authors(stores: Stores, database: Database) -> None:
    await with_posting(stores, "p2")
    for posting_id in ("p1", "p2"):
        for number, state in enumerate(ResponseState):
            tag = f"tag-{posting_id}-{number % 4}"
            alias = await stores.responses.alias(posting_id, tag, [f"{bird} {posting_id}" for bird in BIRDS])
            id_ = f"{posting_id}-{state.value}"
            sealed = f"canary of {posting_id}".encode()
            await stores.responses.add(response(id_, posting_id, tag, sealed=sealed, state=state, alias=alias))
            await stores.responses.flag(id_, f"flag-{posting_id}-{number}")

    await stores.responses.forget_authors("p1")

    assert [(each.id, each.tag, each.sealed, each.alias) for each in await stores.responses.of_posting("p1")] == [
        ("p1-hidden", "", b"", ""),
        ("p1-published", "", b"", ""),
    ]
    assert len(await stores.responses.of_posting("p2")) == len(ResponseState), "another posting keeps its own"
    async with database.reading() as connection:
        for table in (responses, aliases, flags):
            for row in await connection.execute(select(table)):
                assert not any(trace in repr(tuple(row)) for trace in ("tag-p1", "canary of p1", "flag-p1", " p1"))


async def test_erased_words_are_not_left_in_the_files_of_sqlite(sqlite: Database) -> None:
    stores = Stores.on(sqlite)
    await with_posting(stores)
    for id_, tag in (("r1", "CANARY-TAG-ONE"), ("r2", "CANARY-TAG-TWO")):
        await stores.responses.alias("p1", tag, [f"CANARY-ALIAS-{id_}"])
        await stores.responses.add(response(id_, tag=tag, sealed=b"CANARY-WORDS " * 600))
        await stores.responses.flag(id_, f"CANARY-FLAG-{id_}")
    await stores.responses.published("r1", "message-1")
    assert b"CANARY" in _files(sqlite), "else this test would see nothing"
    await stores.responses.delete("r2")
    await stores.responses.forget_authors("p1")
    assert b"CANARY" not in _files(sqlite)


def _files(database: Database) -> bytes:
    file = Path(str(database.url.database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def _columns(table: str, connection: Connection) -> list[ReflectedColumn]:
    return inspect(connection).get_columns(table)


def test_no_table_of_responses_has_room_for_an_author_an_instant_or_an_order() -> None:
    kept = {table.name: [column.name for column in table.columns] for table in (responses, aliases, flags)}
    assert kept == {
        "responses": ["id", "posting_id", "alias", "tag", "sealed", "state", "level", "message_id"],
        "aliases": ["posting_id", "tag", "alias"],
        "flags": ["response_id", "tag"],
    }
    for table in (responses, aliases, flags):
        assert not any(isinstance(column.type, BigInteger) for column in table.columns)


async def test_the_database_itself_has_no_such_column_either(database: Database) -> None:
    async with database.reading() as connection:
        for table in (responses, aliases, flags):
            columns = await connection.run_sync(partial(_columns, table.name))
            assert [column["name"] for column in columns] == [column.name for column in table.columns]
            assert {str(column["type"]) for column in columns} <= {"TEXT", "BLOB", "BYTEA"}


async def test_sqlite_counts_no_rows_of_responses(sqlite: Database) -> None:
    for table in (responses, aliases, flags):
        with pytest.raises(OperationalError, match="rowid"):
            async with sqlite._reader.connect() as connection:
                await connection.execute(text(f"SELECT rowid FROM {table.name}"))


def test_nothing_that_names_a_member_is_tied_to_a_response() -> None:
    tied = {key.column.table.name for table in (responses, aliases, flags) for key in table.foreign_keys}
    assert tied == {"postings", "responses"}
    naming = {table.name for table in metadata.tables.values() if any("member" in c.name for c in table.columns)}
    assert not any(
        key.column.table.name in {"responses", "aliases", "flags"}
        for name in naming
        for key in metadata.tables[name].foreign_keys
    )


async def test_turnout_counts_what_stands_in_the_threads_in_the_order_asked(stores: Stores) -> None:
    await with_posting(stores)
    await with_posting(stores, "p2")
    for number in range(3):
        await stores.responses.add(response(f"r{number}", "p2", f"tag-{number}"))
        await stores.responses.published(f"r{number}", f"m{number}")
    await stores.responses.add(response("r9", "p1"))
    assert await stores.responses.turnout(["p1", "p2", "p3", "p1"]) == [0, 3, 0, 0]
    assert await stores.responses.turnout([]) == []
    await stores.responses.move("r0", ResponseState.HIDDEN, only_from=[ResponseState.PUBLISHED])
    assert await stores.responses.turnout(["p2"]) == [2]
