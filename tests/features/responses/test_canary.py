"""A canary phrase and an author's id, planted everywhere: in no log line, error, table or backup do they come up."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from bot.errors import OutcomeUnknown, TryLater
from bot.observing.logs import configure
from bot.responses.outcomes import HeldForCare, Posted
from bot.settings import LogFormat, LogLevel
from bot.storage.backup import backup
from bot.storage.database import Database
from tests.acting import AMARA, BENCE, INGRID, Stage, buttons, stage
from tests.features.care.test_care import said

CANARY = "seven violet herons at dusk"
IN_DANGER = f"I am going to kill myself tonight, I have the pills here, {CANARY}."


@pytest.fixture
async def log() -> AsyncIterator[StringIO]:
    """Everything that would be logged, at the most talkative level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    configure(LogLevel.DEBUG, LogFormat.JSON, stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def lived_through(at_work: Stage) -> None:
    """Let the canary go everywhere that words can go, with faults on the way."""
    house = at_work.works.house
    posting = await at_work.morning()
    posted = await house.responses.submit(AMARA, posting.id, f"Published: {CANARY}", "event-1")
    assert isinstance(posted, Posted)
    held = await house.responses.submit(AMARA, posting.id, IN_DANGER, "event-2")
    assert isinstance(held, HeldForCare)
    gone = await house.responses.submit(AMARA, posting.id, f"Withdrawn: {CANARY}", "event-3")
    assert isinstance(gone, Posted)
    await house.responses.withdraw(AMARA, buttons(gone.card)["withdraw"].subject)
    for fault in (TryLater(), OutcomeUnknown(), RuntimeError(f"quoting {CANARY}")):
        at_work.messenger.faults.append(("post", fault, False))
        try:
            await house.responses.submit(AMARA, posting.id, f"Faulty: {CANARY}", f"event-{fault!r}")
        except RuntimeError:
            logging.getLogger("bot.anything").exception("it went wrong")
    await house.moderation.hide(INGRID, buttons(posted.card)["edit"].subject)
    await house.moderation.flag(BENCE, buttons(posted.card)["edit"].subject)
    await house.care.listen(said(IN_DANGER))
    await house.care.typed(AMARA, at_work.cohort.channel, IN_DANGER)


def everything_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def test_neither_words_nor_author_come_up_anywhere(sqlite: Database, tmp_path: Path, log: StringIO) -> None:
    async with stage(sqlite, tmp_path) as at_work:
        await lived_through(at_work)
        backed_up = tmp_path / "backed-up"
        await backup(f"sqlite+aiosqlite:///{tmp_path / 'third-chair.db'}", backed_up)
        kept = everything_in(tmp_path)
        assert any(name.startswith("third-chair.db") for name in kept)
        for name, content in kept.items():
            assert CANARY.encode() not in content, name
            assert AMARA.member.id.encode() not in content, name
        assert CANARY not in log.getvalue()
        for person in (AMARA, BENCE, INGRID):
            assert person.member.id not in log.getvalue()
        assert "it went wrong" in log.getvalue(), "the log was listening"
