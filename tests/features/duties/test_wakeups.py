"""When the rounds are woken: on the tick, at the due instant, and when the clock was moved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.duties.rounds import Rounds
from bot.errors import StorageError
from bot.ports.clock import SystemClock
from bot.ports.duties import Duty, Schedule
from bot.rhythm import once
from bot.scheduling.wakeups import Wakeups
from rehearsal.clock import MovableClock
from tests.features.duties.conftest import daily
from tests.features.duties.memory import HandClock, MemoryDueTable
from tests.features.duties.stage import Poster, World

NEVER = 3600.0
PATIENCE = 5.0
DAY = timedelta(days=1)


class Watched:
    """Counts rounds and lets a test wait for one."""

    def __init__(self, work: Callable[[], None] = lambda: None) -> None:
        self.count = 0
        self.gone = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self._work = work

    async def go_round(self) -> None:
        self.count += 1
        self.gone.set()
        if self.hold is not None:
            await self.hold.wait()
        self._work()

    async def once_more(self) -> None:
        self.gone.clear()
        await asyncio.wait_for(self.gone.wait(), PATIENCE)


@asynccontextmanager
async def awake(wakeups: Wakeups) -> AsyncIterator[None]:
    await wakeups.start()
    try:
        yield
    finally:
        await wakeups.stop(grace=0.05)


async def test_the_first_round_is_made_at_the_start(clock: HandClock) -> None:
    rounds = Watched()
    async with awake(Wakeups(rounds, MemoryDueTable(), clock, tick=NEVER)):
        await asyncio.wait_for(rounds.gone.wait(), PATIENCE)


async def test_each_tick_makes_a_round_even_while_an_earlier_one_hangs(clock: HandClock) -> None:
    rounds = Watched()
    rounds.hold = asyncio.Event()
    async with awake(Wakeups(rounds, MemoryDueTable(), clock, tick=0.02)):
        for _ in range(3):
            await rounds.once_more()
    assert rounds.count >= 3


async def test_a_round_is_made_at_the_very_instant_that_something_comes_due() -> None:
    clock, table = SystemClock(), MemoryDueTable()
    rounds = Watched(work=table.schedules.clear)
    wakeups = Wakeups(rounds, table, clock, tick=NEVER, breath=0.02)
    async with awake(wakeups):
        await asyncio.wait_for(rounds.gone.wait(), PATIENCE)
        at = clock.now() + timedelta(seconds=0.2)
        await table.put(Schedule("s", "c1", Duty.PROMPT, once(at), at))
        await wakeups.poke()
        assert rounds.count == 1
        await rounds.once_more()
        assert clock.now() >= at


async def test_a_moved_clock_makes_the_round_before_poke_returns() -> None:
    clock, table = MovableClock(lambda: datetime(2026, 11, 23, 12, tzinfo=UTC)), MemoryDueTable()
    poster = Poster(World())
    wakeups = Wakeups(Rounds(table, clock, {Duty.PROMPT: poster}), table, clock, tick=NEVER)
    await table.put(daily("s", clock.now() + timedelta(hours=5)))

    async def moved(now: object) -> None:
        await wakeups.poke()

    clock.listen(moved)
    async with awake(wakeups):
        await clock.advance(timedelta(hours=1))
        assert not poster.world.posted
        await clock.advance(timedelta(hours=5))
        assert sum(poster.world.posted.values()) == 1
        await clock.advance(DAY)
        assert sum(poster.world.posted.values()) == 2


async def test_a_round_that_fails_is_logged_and_the_next_tick_tries_again(
    clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise StorageError("the database is locked")

    rounds = Watched(work=broken)
    with caplog.at_level(logging.ERROR):
        async with awake(Wakeups(rounds, MemoryDueTable(), clock, tick=0.02)):
            for _ in range(3):
                await rounds.once_more()
    assert "StorageError" in caplog.text


async def test_work_that_stays_due_does_not_spin(clock: HandClock) -> None:
    table, rounds = MemoryDueTable(), Watched()
    await table.put(daily("s"))
    async with awake(Wakeups(rounds, table, clock, tick=NEVER, breath=0.3)):
        await asyncio.wait_for(rounds.gone.wait(), PATIENCE)
        for _ in range(200):
            await asyncio.sleep(0)
        assert rounds.count == 1
        await rounds.once_more()
    assert rounds.count == 2


async def test_other_periodic_work_goes_on_after_a_failure(clock: HandClock, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []
    thrice = asyncio.Event()

    async def publish_waiting() -> None:
        calls.append(1)
        if len(calls) == 3:
            thrice.set()
        raise RuntimeError("words that must not be logged")

    wakeups = Wakeups(Watched(), MemoryDueTable(), clock, tick=NEVER)
    wakeups.every(0.02, publish_waiting)
    with caplog.at_level(logging.ERROR):
        async with awake(wakeups):
            await asyncio.wait_for(thrice.wait(), PATIENCE)
    assert "publish_waiting failed (RuntimeError)" in caplog.text
    assert "must not be logged" not in caplog.text


async def test_stopping_waits_for_rounds_under_way_and_cuts_off_what_hangs(clock: HandClock) -> None:
    ended: list[bool] = []
    rounds = Watched(work=lambda: ended.append(True))
    rounds.hold = asyncio.Event()
    wakeups = Wakeups(rounds, MemoryDueTable(), clock, tick=NEVER)
    await wakeups.start()
    await asyncio.wait_for(rounds.gone.wait(), PATIENCE)
    stopping = asyncio.create_task(wakeups.stop(grace=PATIENCE))
    await asyncio.sleep(0)
    rounds.hold.set()
    await stopping
    assert ended == [True]

    hanging = Watched()
    hanging.hold = asyncio.Event()
    wakeups = Wakeups(hanging, MemoryDueTable(), clock, tick=NEVER)
    await wakeups.start()
    await asyncio.wait_for(hanging.gone.wait(), PATIENCE)
    await asyncio.wait_for(wakeups.stop(grace=0.01), PATIENCE)


async def test_stopping_lets_other_periodic_work_end(clock: HandClock) -> None:
    begun, held, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await held.wait()
        ended.set()

    wakeups = Wakeups(Watched(), MemoryDueTable(), clock, tick=NEVER)
    wakeups.every(0.01, work)
    await wakeups.start()
    await asyncio.wait_for(begun.wait(), PATIENCE)
    stopping = asyncio.create_task(wakeups.stop())
    await asyncio.sleep(0)
    held.set()
    await stopping
    assert ended.is_set()


async def test_stopping_what_never_started_is_no_error(clock: HandClock) -> None:
    await Wakeups(Watched(), MemoryDueTable(), clock).stop()
