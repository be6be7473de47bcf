"""A backup holds what the database holds, comes back into either database, and never destroys what it replaces."""

# ruff: noqa: ASYNC240  the files are small and nobody else waits for the loop

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.errors import StorageError
from bot.people import MemberSettings
from bot.ports.audit import Alert, AuditEntry
from bot.ports.duties import Ending
from bot.ports.feedback import Verdict
from bot.ports.installations import Installation
from bot.ports.library import OwnText, Suggestion, Take, Takes
from bot.ports.plans import Arrangement, ArrangementKind, Enrolment, Showing
from bot.ports.postings import Wish, WishKind
from bot.storage import archive, migration
from bot.storage.backup import backup, restore
from bot.storage.database import Database
from bot.storage.installations import SqlInstallationStore
from bot.storage.keys import FileKeys
from bot.storage.schema import metadata
from bot.storage.stores import Stores
from tests.contracts.examples import (
    MINUTE,
    MIRA,
    NOW,
    OTTO,
    advance,
    reminder,
    response,
    session,
    thread,
    with_cohort,
    with_posting,
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "monday.jsonl"


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


async def fill(stores: Stores) -> None:
    """Put something into every table."""
    await stores.feedback.add(Verdict.MISSED, "N", ("r1",), NOW.date())
    await with_posting(stores)
    await stores.responses.add(response(sealed=bytes(range(256))))
    await stores.responses.alias("p1", "tag-1", ["Heron"])
    await stores.responses.flag("r1", "tag-2")
    await stores.sessions.save(session(), [reminder(session())])
    await stores.members.save(MemberSettings(MIRA, "AT", None, True))
    await stores.members.set_dm("c1", MIRA, True)
    await stores.postings.wish(Wish("c1", "Übung “1”\n", WishKind.PIN))
    await stores.plans.arrange(Arrangement("c1", ArrangementKind.HOLD, "client-death", NOW.date()))
    await stores.plans.enrol(Enrolment("c1", "twelve", NOW.date()))
    await stores.plans.show(Showing("c1", NOW.date(), "item", {"source": "pool"}))
    await stores.own_items.keep(OwnText("own-1", "c1", "title: “Übung”\n", NOW.date(), "p-silence-001"))
    await stores.suggestions.add(Suggestion("s1", "c1", "prompt", "title", "body", "question", shown=MIRA))
    await stores.opinions.add("p1", "tag-1", Takes("c1", "item", Take.MISSED, 0))
    await stores.alerts.raise_alert(Alert("a1", "c1", "A", NOW))
    for actor in (OTTO, MIRA):
        await stores.audit.append(AuditEntry("c1", NOW, actor, "hide", "r1"))
    await stores.due.claim_due(NOW, 1, advance)
    for delivery in await stores.due.lease(NOW, NOW + MINUTE, 1):
        await stores.due.finish(delivery, Ending.DONE)


async def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


async def test_everything_comes_back_into_either_database(
    stores: Stores, database: Database, empty_url: str, target: Path
) -> None:
    await fill(stores)
    await SqlInstallationStore(database, bytes(32)).save(Installation("T1", "xoxb-1", "B1", "U1"))
    before = await rows(database)
    assert all(before.values()), "every table is tried"
    assert await backup(url_of(database), target) == sum(map(len, before.values()))

    assert await restore(target, empty_url) is None

    async with Database.open(empty_url) as restored:
        assert await rows(restored) == before
        await migration.require_current(restored)
        await Stores.on(restored).audit.append(AuditEntry("c1", NOW, OTTO, "after"))
        acts = [entry.act for entry in await Stores.on(restored).audit.latest("c1", 9)]
        assert acts == ["after", "hide", "hide"]
        with pytest.raises(StorageError):
            async with restored.writing() as connection:
                await connection.execute(text("DELETE FROM audit"))


async def test_a_backup_is_for_its_owner_alone_and_holds_no_key(sqlite: Database, target: Path, tmp_path: Path) -> None:
    await fill(Stores.on(sqlite))
    key = FileKeys(tmp_path / "keys").create("p1")
    await backup(url_of(sqlite), target)
    content = target.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert key not in content
    assert key.hex().encode() not in content
    assert len(list(target.parent.iterdir())) == 1, "and nothing half-made lies beside it"


async def test_what_was_erased_before_is_in_no_backup(sqlite: Database, target: Path) -> None:
    stores = Stores.on(sqlite)
    await fill(stores)
    await stores.responses.forget_authors("p1")
    await stores.members.forget(MIRA)
    await backup(url_of(sqlite), target)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert not any(isinstance(line, list) and "tag-1" in line for line in lines)
    named = [line for line in lines if isinstance(line, list) and MIRA.id in line]
    assert [line[3:5] for line in named] == [[MIRA.id, "hide"]], "her own act in the audit, and no more"


async def test_a_backup_sees_one_instant_while_the_bot_goes_on(
    stores: Stores, database: Database, empty_url: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(stores)

    async def go_on() -> None:
        async with Database.open(url_of(database)) as bot:
            await with_posting(Stores.on(bot), "p2")
            await Stores.on(bot).responses.add(response("r2", "p2"))

    begin_table = archive.Archive.table

    def between_two_tables(file: archive.Archive, name: str, columns: Sequence[str]) -> None:
        if name == "responses":  # postings are written already
            bot = Thread(target=lambda: asyncio.run(go_on()))
            bot.start()
            bot.join()
        begin_table(file, name, columns)

    monkeypatch.setattr(archive.Archive, "table", between_two_tables)
    await backup(url_of(database), target)
    assert await stores.responses.get("r2") is not None
    await restore(target, empty_url)
    async with Database.open(empty_url) as restored:
        assert await Stores.on(restored).responses.get("r1") is not None
        assert await Stores.on(restored).responses.get("r2") is None


async def test_a_file_that_exists_is_not_overwritten(sqlite: Database, target: Path) -> None:
    target.write_text("last week")
    with pytest.raises(StorageError, match="already; give the backup another name"):
        await backup(url_of(sqlite), target)
    assert target.read_text() == "last week"


async def test_an_empty_database_or_a_missing_folder_leaves_no_file(
    sqlite: Database, empty_url: str, target: Path
) -> None:
    with pytest.raises(StorageError, match="nothing to back up"):
        await backup(empty_url, target)
    with pytest.raises(StorageError, match=r"cannot be written .*; choose another folder"):
        await backup(url_of(sqlite), target.parent / "missing" / "monday.jsonl")
    assert list(target.parent.iterdir()) == []


async def test_the_file_that_is_replaced_is_kept(sqlite: Database, target: Path) -> None:
    stores = Stores.on(sqlite)
    await with_cohort(stores, "c1")
    await backup(url_of(sqlite), target)
    await with_cohort(stores, "c2")
    await sqlite.close()
    for name in ("third-chair.db.replaced", "third-chair.db.replaced-2"):
        aside = await restore(target, url_of(sqlite))
        assert aside is not None
        assert aside.name == name
        async with Database.open(url_of(sqlite)) as restored:
            assert [cohort.id for cohort in await Stores.on(restored).cohorts.every()] == ["c1"]
            assert stat.S_IMODE(aside.with_name("third-chair.db").stat().st_mode) == 0o600
    async with Database.open(f"sqlite:///{sqlite.url.database}.replaced") as replaced:
        assert [cohort.id for cohort in await Stores.on(replaced).cohorts.every()] == ["c1", "c2"]


async def test_a_database_in_use_is_not_replaced(sqlite: Database, target: Path) -> None:
    stores = Stores.on(sqlite)
    await fill(stores)
    await backup(url_of(sqlite), target)
    with pytest.raises(StorageError, match="is in use; stop the bot, then restore"):
        await restore(target, url_of(sqlite))
    assert await stores.cohorts.get("c1") is not None
    await with_cohort(stores, "c2")
    names = {file.name for file in Path(str(sqlite.url.database)).parent.glob("third-chair.db*")}
    assert names == {"third-chair.db", "third-chair.db-wal", "third-chair.db-shm"}


async def test_a_damaged_database_can_be_replaced(sqlite: Database, target: Path) -> None:
    await fill(Stores.on(sqlite))
    await backup(url_of(sqlite), target)
    await sqlite.close()
    file = Path(str(sqlite.url.database))
    file.write_bytes(b"\xff" * 9999)
    aside = await restore(target, url_of(sqlite))
    assert aside is not None
    assert aside.read_bytes() == b"\xff" * 9999
    async with Database.open(url_of(sqlite)) as restored:
        assert await Stores.on(restored).postings.in_thread(thread()) is not None


@pytest.mark.postgres
async def test_a_postgres_that_is_not_empty_is_left_alone(postgres: Database, sqlite: Database, target: Path) -> None:
    await fill(Stores.on(sqlite))
    await backup(url_of(sqlite), target)
    with pytest.raises(StorageError, match="is not empty; create a new one"):
        await restore(target, url_of(postgres))
    assert await Stores.on(postgres).cohorts.every() == []


@pytest.mark.parametrize("damage", ["flip", "cut a line", "cut a byte", "empty", "prose", "newer", "another format"])
async def test_a_backup_that_is_not_whole_changes_nothing(sqlite: Database, target: Path, damage: str) -> None:
    stores = Stores.on(sqlite)
    await fill(stores)
    await backup(url_of(sqlite), target)
    before = await rows(sqlite)
    await sqlite.close()
    content = target.read_bytes()
    damaged = {
        "flip": content.replace(b'"r1"', b'"r9"', 1),
        "cut a line": b"".join(content.splitlines(keepends=True)[:-1]),
        "cut a byte": content[: len(content) // 2],
        "empty": b"",
        "prose": b"Dear diary,\n",
        "newer": content,
        "another format": b'{"third_chair_backup":99,"revision":"0001"}\n',
    }[damage]
    assert (damaged != content) or damage == "newer"
    target.write_bytes(damaged)
    with pytest.MonkeyPatch.context() as patch:
        if damage == "newer":
            patch.setattr(migration, "knows", lambda revision: False)
        with pytest.raises(StorageError, match="backup"):
            await restore(target, url_of(sqlite))
    async with Database.open(url_of(sqlite)) as again:
        assert await rows(again) == before
