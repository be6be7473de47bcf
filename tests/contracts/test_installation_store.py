"""Installations: kept, replaced and forgotten, each sealed for its own workspace, on both databases."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.ports.installations import Installation
from bot.storage.database import Database
from bot.storage.installations import SqlInstallationStore, installations

KEY = bytes(range(32))
FIRST = Installation("T1", "xoxb-one", "B1", "U1", ("chat:write", "commands"), None)
SECOND = Installation("T2", "xoxb-two", "B2", "U2", ("chat:write",), "E1")


async def test_an_installation_comes_back_as_it_was(database: Database) -> None:
    store = SqlInstallationStore(database, KEY)
    for each in (FIRST, SECOND):
        await store.save(each)
    assert await store.get("T1") == FIRST
    assert await store.get("T2") == SECOND
    assert await store.get("T3") is None
    assert sorted(await store.teams()) == ["T1", "T2"]


async def test_a_later_one_takes_its_place_and_a_forgotten_one_is_gone(database: Database) -> None:
    store = SqlInstallationStore(database, KEY)
    await store.save(FIRST)
    later = Installation("T1", "xoxb-new", "B1", "U1")
    await store.save(later)
    assert await store.get("T1") == later
    await store.forget("T1")
    await store.forget("T1")
    assert await store.get("T1") is None


async def test_a_token_is_sealed_with_the_key_and_for_its_workspace(database: Database) -> None:
    store = SqlInstallationStore(database, KEY)
    for each in (FIRST, SECOND):
        await store.save(each)
    async with database.reading() as connection:
        rows = {row.team_id: row.sealed for row in await connection.execute(select(installations))}
    assert not [name for name, sealed in rows.items() if b"xoxb" in sealed]
    assert await SqlInstallationStore(database, bytes(32)).get("T1") is None
    async with database.writing() as connection:
        stolen = update(installations).where(installations.c.team_id == "T2").values(sealed=rows["T1"])
        await connection.execute(stolen)
    assert await store.get("T2") is None


def test_a_token_is_not_in_what_is_printed() -> None:
    assert "xoxb" not in repr(FIRST)
