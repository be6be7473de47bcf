"""Killed at every point: whatever the bot was doing, it is done once when it has come back.

Each story is told again and again, dying one call later each time, before its effect and after it, until it comes to
its end alive. Then a new process takes over on the same database, keys and platform.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.people import Cohort
from bot.ports.postings import Posting, PostingState
from bot.ports.responses import ResponseState
from bot.storage.database import Database
from bot.storage.keys import FileKeys
from bot.storage.stores import Stores
from bot.wiring import Works, build
from tests.acting import (
    AMARA,
    BENCE,
    CHANNEL,
    FORM,
    INGRID,
    SUPERVISORS,
    Died,
    MemoryMessenger,
    MovedClock,
    contents,
)
from tests.faults.points import Points

WORDS = "The silence went on, and I filled it."
BETTER = "The silence went on, and I let it be."
URGENT = "I have decided to kill myself tonight. Goodbye."


def _die() -> None:
    raise Died


@dataclass
class Life:
    """One process after another on the same data; `works` is the one that lives now."""

    folder: Path
    messenger: MemoryMessenger = field(default_factory=MemoryMessenger)
    clock: MovedClock = field(default_factory=MovedClock)
    points: Points = field(default_factory=lambda: Points(_die))
    works: Works = field(init=False)
    stores: Stores = field(init=False)
    cohort: Cohort = field(init=False)
    notes: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[None]:
        """Let a process live."""
        self.points = Points(_die)
        async with Database.open(f"sqlite+aiosqlite:///{self.folder / 'third-chair.db'}") as database:
            self.stores = Stores.on(database)
            keys = FileKeys(self.folder / "keys")
            self.works = build(
                contents(),
                self.points.around_all(self.stores),
                self.points.around(keys),
                self.clock,
                self.points.around(self.messenger),
            )
            yield

    async def morning(self) -> Posting:
        """Let the daily prompt come."""
        self.clock.advance(seconds=5)
        await self.works.rounds.go_round()
        return await self.posting()

    async def posting(self) -> Posting:
        posting = await self.stores.postings.latest(self.cohort.id)
        assert posting is not None
        return posting

    async def goes_on(self) -> None:
        """Do what a process does by itself, long enough for leases and backoffs to pass."""
        for _ in range(3):
            self.clock.advance(minutes=6)
            await self.works.rounds.go_round()
            await self.works.publisher.publish_waiting()

    def thread_texts(self, posting: Posting) -> list[str]:
        assert posting.thread is not None
        return [m.card.body for m in self.messenger.in_place(posting.thread)]


Part = Callable[[Life], Awaitable[None]]


async def _nothing(life: Life) -> None:
    """Nothing has to have happened before."""


@dataclass(frozen=True)
class Story:
    """What happened before, what dies, and what must hold once another process has gone on."""

    dies: Part
    holds: Part
    before: Part = _nothing
    at_least: int = 5
    """Points that the story is known to have; fewer mean that they are no longer counted."""


async def _prompt_comes(life: Life) -> None:
    await life.morning()


async def _one_prompt_stands(life: Life) -> None:
    posting = await life.posting()
    standing = life.messenger.in_place(CHANNEL)
    assert [m.key for m in standing if m.card.buttons] == [posting.id]
    assert list(life.messenger.threads.values()) == [posting.thread]
    assert posting.state is PostingState.OPEN
    assert (life.folder / "keys" / f"{posting.id}.key").exists()
    assert await life.stores.due.get(f"close-{posting.id}") is not None
    assert life.messenger.in_place(SUPERVISORS) == []


async def _asked_for_one(life: Life) -> None:
    item = contents().library.items[3].id
    await life.works.house.prompts.post_now(INGRID, life.cohort.id, item)
    await life.works.rounds.go_round()


async def _the_asked_one_stands_once(life: Life) -> None:
    await life.works.house.prompts.post_now(
        INGRID, life.cohort.id, contents().library.items[3].id
    )  # the same event delivered again
    await life.goes_on()
    keys = [m.key for m in life.messenger.in_place(CHANNEL) if m.card.buttons]
    daily = [p.id for p in await life.stores.postings.history(life.cohort.id) if not p.on_demand]
    asked = [key for key in keys if key not in daily]
    assert len(asked) == 1


async def _responds(life: Life) -> None:
    await life.works.house.responses.submit(AMARA, (await life.posting()).id, WORDS, "event-1")


async def _one_response_stands(life: Life) -> None:
    posting = await life.posting()
    kept = await life.stores.responses.of_posting(posting.id)
    assert life.thread_texts(posting) == [WORDS] * len(kept)
    assert len(kept) <= 1
    await _responds(life)  # the same event delivered again
    await life.works.publisher.publish_waiting()
    (kept_now,) = await life.stores.responses.of_posting(posting.id)
    assert kept_now.state is ResponseState.PUBLISHED
    assert life.thread_texts(posting) == [WORDS]


async def _has_responded(life: Life) -> None:
    await life.morning()
    await _responds(life)


async def _the_response(life: Life) -> str:
    (response,) = await life.stores.responses.of_posting((await life.posting()).id)
    return response.id


async def _changes_it(life: Life) -> None:
    await life.works.house.responses.edit(AMARA, await _the_response(life), BETTER)


async def _old_or_new_words_stand_once(life: Life) -> None:
    posting = await life.posting()
    (text,) = life.thread_texts(posting)
    (card,) = await life.works.house.responses.mine(AMARA, posting.id)
    assert text == card.body
    await _changes_it(life)
    await life.works.publisher.publish_waiting()
    assert life.thread_texts(posting) == [BETTER]


async def _withdraws_it(life: Life) -> None:
    await life.works.house.responses.withdraw(AMARA, await _the_response(life))


async def _can_be_withdrawn_still(life: Life) -> None:
    posting = await life.posting()
    for response in await life.stores.responses.of_posting(posting.id):
        with suppress(NotFound):
            await life.works.house.responses.withdraw(AMARA, response.id)
    assert life.thread_texts(posting) == []
    assert await life.stores.responses.of_posting(posting.id) == []


async def _writes_in_danger(life: Life) -> None:
    await life.works.house.responses.submit(AMARA, (await life.posting()).id, URGENT, "event-1")


async def _is_met_once(life: Life) -> None:
    posting = await life.posting()
    begun = bool(life.messenger.in_place(SUPERVISORS))
    await _writes_in_danger(life)  # the same event delivered again
    await life.goes_on()
    alerts = [m for m in life.messenger.in_place(SUPERVISORS) if not m.key.endswith("-esc")]
    assert len(alerts) == 1, "supervisors were alerted before the crash" if begun else "they were not"
    assert life.thread_texts(posting) == []
    (response,) = await life.stores.responses.of_posting(posting.id)
    assert response.state is ResponseState.HELD


async def _two_have_responded(life: Life) -> None:
    await _has_responded(life)
    life.messenger.faults.append(("post", OSError(), False))
    posting = await life.posting()
    with suppress(OSError):
        await life.works.house.responses.submit(BENCE, posting.id, "Mine waits.", "event-2")


async def _closes(life: Life) -> None:
    life.clock.advance(days=8)
    await life.works.rounds.go_round()


async def _is_closed_for_good(life: Life) -> None:
    (posting, *_) = await life.stores.postings.history(life.cohort.id)
    assert posting.state is PostingState.CLOSED
    assert not list((life.folder / "keys").glob(f"*{posting.id}*"))
    assert sorted(life.thread_texts(posting)[:2]) == sorted([WORDS, "Mine waits."])
    assert posting.thread in life.messenger.locked
    for response in await life.stores.responses.of_posting(posting.id):
        assert (response.tag, response.sealed, response.alias) == ("", b"", "")
    afterwords = [m for m in life.messenger.in_place(posting.thread) if m.key.endswith("-after")]
    assert len(afterwords) <= 1


async def _hides_it(life: Life) -> None:
    await life.works.house.moderation.hide(INGRID, await _the_response(life))


async def _can_be_hidden_still(life: Life) -> None:
    await _hides_it(life)
    (text,) = life.thread_texts(await life.posting())
    assert WORDS not in text


async def _escalates(life: Life) -> None:
    life.clock.advance(minutes=16)
    await life.works.rounds.go_round()


async def _alert_waits(life: Life) -> None:
    await life.morning()
    await _writes_in_danger(life)


async def _is_escalated_once(life: Life) -> None:
    told = life.messenger.in_place(SUPERVISORS)
    assert len(told) == 2
    assert "extension 204" in told[1].card.body


STORIES = {
    "the daily prompt": Story(_prompt_comes, _one_prompt_stands, at_least=10),
    "a posting on demand": Story(_asked_for_one, _the_asked_one_stands_once, at_least=10),
    "a response": Story(_responds, _one_response_stands, before=_prompt_comes, at_least=8),
    "a change": Story(_changes_it, _old_or_new_words_stand_once, before=_has_responded, at_least=8),
    "a withdrawal": Story(_withdraws_it, _can_be_withdrawn_still, before=_has_responded),
    "words in danger": Story(_writes_in_danger, _is_met_once, before=_prompt_comes, at_least=8),
    "a closing": Story(_closes, _is_closed_for_good, before=_two_have_responded, at_least=15),
    "hiding": Story(_hides_it, _can_be_hidden_still, before=_has_responded),
    "an escalation": Story(_escalates, _is_escalated_once, before=_alert_waits),
}


# Right after one call and right before the next is the same moment, save for what runs beside it.
DEATHS = [(name, False) for name in STORIES] + [("the daily prompt", True), ("a response", True)]


@pytest.mark.parametrize(("name", "after"), DEATHS, ids=[f"{name}-{'after' if a else 'before'}" for name, a in DEATHS])
async def test_dying_anywhere_loses_and_doubles_nothing(
    name: str, after: bool, sqlite_template: Path, tmp_path: Path
) -> None:
    story = STORIES[name]
    for step in count(1):
        life = await _told(story, step, after, _copied(sqlite_template, tmp_path / str(step)))
        if "died" not in life.notes:
            break
    assert step > story.at_least, "the points are not counted any more"


def _copied(template: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(template, folder / "third-chair.db")
    return folder


def _left_behind(folder: Path) -> Path:
    """Take the files as a killed process leaves them: without locks that one in this process may still hold."""
    return shutil.copytree(folder, folder.with_name(f"{folder.name}-after"), ignore=shutil.ignore_patterns("*-shm"))


async def _end_with_it() -> None:
    """End what else the dead process was doing."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _told(story: Story, step: int, after: bool, folder: Path) -> Life:
    """Tell a story that dies at a step; hold it to its promise whether it came so far or not."""
    life = Life(folder)
    async with life.process():
        life.cohort = (await life.works.house.cohorts.setup(INGRID, FORM, "setup-1")).cohort
        life.messenger.messages.clear()
        await story.before(life)
    async with life.process():
        life.points.arm(step, after=after)
        with suppress(Died):
            await story.dies(life)
        if died_at := life.points.died_at:
            life.notes["died"] = died_at
            await _end_with_it()
    life.folder = _left_behind(folder)
    async with life.process():
        try:
            await life.goes_on()
            await story.holds(life)
        except Exception as failed:
            failed.add_note(f"died at step {step}, {life.notes.get('died', 'nowhere')}")
            raise
    return life
