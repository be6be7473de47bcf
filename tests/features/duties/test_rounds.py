"""Rounds over both due tables: everything once, nothing lost, nobody held up by a neighbour."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.duties.performer import Done, Missed, Outcome, Skipped
from bot.duties.rounds import Report, Rounds
from bot.errors import NotPermitted, OutcomeUnknown, PlaceGone, StorageError, TryLater
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.rhythm import once
from tests.features.duties.conftest import MONDAY, daily
from tests.features.duties.memory import HandClock, MemoryDueTable
from tests.features.duties.stage import Crash, DiesAt, Dying, Poster, World

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def rounds(due: DueTable, clock: HandClock, poster: Poster, **options: object) -> Rounds:
    return Rounds(due, clock, {Duty.PROMPT: poster}, **options)  # type: ignore[arg-type]


async def test_everything_due_is_done_once_and_the_next_day_comes(due: DueTable, clock: HandClock) -> None:
    for n in range(50):
        await due.put(daily(f"s{n:02}"))
    poster = Poster(World())
    going = rounds(due, clock, poster, workers=8)
    assert await going.go_round() == Report(claimed=50, done=50)
    assert await going.go_round() == Report()
    assert await going.next_due() == MONDAY + DAY
    clock.forward(DAY)
    assert await going.go_round() == Report(claimed=50, done=50)
    assert set(poster.world.posted.values()) == {1}
    assert len(poster.world.posted) == 100
    assert 1 < poster.most_together <= 8


async def test_nothing_is_done_before_its_time(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    poster = Poster(World())
    clock.at = MONDAY - timedelta(seconds=1)
    assert await rounds(due, clock, poster).go_round() == Report()
    assert not poster.world.posted


async def test_a_round_may_be_told_its_instant(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    assert (await rounds(due, clock, Poster(World())).go_round(MONDAY + DAY)).done == 2


async def test_after_weeks_of_downtime_there_is_one_missed_day_and_today(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    poster = Poster(World())
    clock.forward(30 * DAY + 5 * timedelta(hours=1))
    assert await rounds(due, clock, poster).go_round() == Report(claimed=2, done=2)
    hour = timedelta(hours=1)  # the clocks went back in between
    assert sorted(at for _, at in poster.world.posted) == [MONDAY + 29 * DAY + hour, MONDAY + 30 * DAY + hour]


async def test_one_bad_delivery_stops_no_other_and_is_never_dropped(due: DueTable, clock: HandClock) -> None:
    for n in range(10):
        await due.put(daily(f"s{n}"))
    poster = Poster(World(), raises=lambda delivery: ValueError() if delivery.schedule_id == "s4" else None)
    going = rounds(due, clock, poster, workers=3)
    assert await going.go_round() == Report(claimed=10, done=9, retried=1)
    for _ in range(8):
        clock.at = await going.next_due() or clock.at
        assert (await going.go_round()).retried == 1
    poster.raises = lambda delivery: None
    clock.at = await going.next_due() or clock.at
    assert (await going.go_round()).done == 1
    assert set(poster.world.posted.values()) == {1}
    assert len(poster.world.posted) == 10


async def test_the_pauses_between_tries_grow_and_have_an_end(due: DueTable, clock: HandClock) -> None:
    await due.put(Schedule("s", "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    going = rounds(due, clock, Poster(World(), raises=lambda delivery: OutcomeUnknown()))
    waits = []
    for _ in range(12):
        await going.go_round()
        again = await going.next_due()
        assert again is not None
        waits.append(again - clock.at)
        clock.at = again
    assert timedelta(seconds=3) < waits[0] < timedelta(seconds=7)
    assert all(later > earlier for earlier, later in pairwise(waits[:8]))
    assert max(waits) <= timedelta(minutes=19)


async def test_the_platforms_own_wish_to_wait_is_obeyed(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    going = rounds(due, clock, Poster(World(), raises=lambda delivery: TryLater(3600)))
    await going.go_round()
    assert await going.next_due() == MONDAY + timedelta(hours=1)


@pytest.mark.parametrize(("error", "told_at"), [(NotPermitted, 1), (PlaceGone, 1), (TryLater, 3), (RuntimeError, 3)])
async def test_what_a_person_must_mend_is_told_at_once_and_anything_else_when_it_lasts(
    due: DueTable, clock: HandClock, error: type[Exception], told_at: int
) -> None:
    await due.put(Schedule("s", "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    poster = Poster(World(), raises=lambda delivery: error())
    going = rounds(due, clock, poster)
    for _ in range(6):
        await going.go_round()
        clock.at = await going.next_due() or clock.at
    assert poster.told == [("s", error.__name__, told_at)]


async def test_telling_may_fail_without_harm(due: DueTable, clock: HandClock, caplog: pytest.LogCaptureFixture) -> None:
    class Mute(Poster):
        async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
            raise NotPermitted("Send Messages")

    await due.put(daily("s"))
    poster = Mute(World(), raises=lambda delivery: PlaceGone())
    with caplog.at_level(logging.ERROR):
        assert (await rounds(due, clock, poster).go_round()).retried == 1
    assert "nobody could be told" in caplog.text


async def test_a_performer_that_hangs_is_cut_off_and_tried_again(due: DueTable, clock: HandClock) -> None:
    for n in range(3):
        await due.put(daily(f"s{n}"))
    poster = Poster(World(), waits_for=asyncio.Event())
    going = rounds(due, clock, poster, patience=timedelta(milliseconds=30))
    assert await going.go_round() == Report(claimed=3, retried=3)
    poster.waits_for = None
    clock.forward(MINUTE)
    assert (await going.go_round()).done == 3


async def test_rounds_that_overlap_share_the_work(due: DueTable, clock: HandClock) -> None:
    for n in range(30):
        await due.put(daily(f"s{n}"))
    poster = Poster(World())
    going = rounds(due, clock, poster, workers=4)
    reports = await asyncio.gather(*(going.go_round() for _ in range(4)))
    assert sum(report.done for report in reports) == 30
    assert set(poster.world.posted.values()) == {1}
    assert poster.most_together <= 4


async def test_several_processes_share_the_work(due: DueTable, clock: HandClock) -> None:
    for n in range(30):
        await due.put(daily(f"s{n}"))
    poster = Poster(World())
    await asyncio.gather(*(rounds(due, clock, poster, workers=4).go_round() for _ in range(4)))
    assert sum(poster.world.posted.values()) == 30


async def test_a_clock_moved_past_a_lease_starts_nothing_twice(due: DueTable, clock: HandClock) -> None:
    await due.put(Schedule("s", "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    poster = Poster(World(), waits_for=asyncio.Event())
    going = rounds(due, clock, poster)
    under_way = asyncio.create_task(going.go_round())
    await poster.begun.wait()
    clock.forward(DAY)
    assert await going.go_round() == Report()
    poster.waits_for.set()  # type: ignore[union-attr]
    assert (await under_way).done == 1
    assert await going.next_due() is None


async def test_how_it_ended_is_written_down(clock: HandClock) -> None:
    class Late(Poster):
        async def perform(self, delivery: Delivery, now: object) -> Outcome:
            outcomes: dict[str, Outcome] = {"a": Done(), "b": Skipped("paused"), "c": Missed("too late")}
            return outcomes[delivery.schedule_id]

    table = MemoryDueTable()
    for name in "abc":
        await table.put(Schedule(name, "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    report = await rounds(table, clock, Late(World())).go_round()
    assert report == Report(claimed=3, done=1, skipped=1, missed=1)
    ended = {key[0]: (row.ending and row.ending.value, row.reason) for key, row in table.rows.items()}
    assert ended == {"a": ("done", ""), "b": ("skipped", "paused"), "c": ("missed", "too late")}


async def test_a_duty_that_nobody_performs_waits(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    assert (await Rounds(due, clock, {}).go_round()).retried == 1
    assert await due.next_due() is not None


async def test_a_database_that_fails_at_the_end_costs_no_double(clock: HandClock) -> None:
    class Failing(MemoryDueTable):
        broken = True

        async def finish(self, *given: object, **named: object) -> None:
            if self.broken:
                raise StorageError("the database is locked")
            await super().finish(*given, **named)  # type: ignore[arg-type]

    table = Failing()
    await table.put(Schedule("s", "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    poster = Poster(World())
    going = rounds(table, clock, poster)
    assert (await going.go_round()).done == 0
    table.broken = False
    clock.at = await going.next_due() or clock.at
    assert (await going.go_round()).done == 1
    assert set(poster.world.posted.values()) == {1}


async def test_a_lease_must_outlast_patience(due: DueTable, clock: HandClock) -> None:
    with pytest.raises(ValueError, match="lease"):
        Rounds(due, clock, {}, patience=MINUTE, lease=MINUTE)


async def test_traces_of_finished_work_go_after_a_month(due: DueTable, clock: HandClock) -> None:
    await due.put(daily("s"))
    going = rounds(due, clock, Poster(World()))
    await going.go_round()
    assert await going.tidy() == 0
    clock.forward(31 * DAY)
    assert await going.tidy() == 1


async def test_a_round_that_is_called_off_leaves_its_work_to_be_found(due: DueTable, clock: HandClock) -> None:
    await due.put(Schedule("s", "c1", Duty.PROMPT, once(MONDAY), MONDAY))
    poster = Poster(World(), waits_for=asyncio.Event())
    under_way = asyncio.create_task(rounds(due, clock, poster).go_round())
    await poster.begun.wait()
    under_way.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    assert poster.together == 0
    poster.waits_for = None
    clock.at = await due.next_due() or clock.at
    assert (await rounds(due, clock, poster).go_round()).done == 1


async def live_through(due: DueTable, clock: HandClock, world: World, dies: DiesAt) -> int:
    """Run the bot for three days; each time it dies, start another on the same table. Return how often it died."""
    deaths = 0
    end = clock.at + 2 * DAY + 3 * timedelta(hours=1)
    while clock.at < end:
        # Odd tries of one schedule break after the effect, so that giving back is among the steps that may die.
        poster = Poster(world, step=dies, raises=_sometimes)
        going = rounds(Dying(due, dies), clock, poster, workers=2)  # type: ignore[arg-type]
        try:
            await going.go_round()
        except Crash:
            deaths += 1
        clock.forward(MINUTE if (await due.next_due() or end) < clock.at + MINUTE else timedelta(minutes=20))
    return deaths


def _sometimes(delivery: Delivery) -> Exception | None:
    return OutcomeUnknown() if delivery.schedule_id == "s1" and delivery.attempts == 1 else None


async def test_death_at_any_step_loses_nothing_and_doubles_nothing(clock: HandClock) -> None:
    """Every single step of three days is the one at which the process dies."""
    counting = DiesAt(0)
    table = MemoryDueTable()
    for name in ("s0", "s1"):
        await table.put(daily(name))
    await live_through(table, HandClock(MONDAY), World(), counting)
    kinds = set(counting.passed)
    assert {"before claim_due", "after claim_due", "after lease", "after the post", "before finish"} <= kinds
    assert {"after finish", "before retry_at", "after retry_at"} <= kinds
    # The first day holds every kind of step; idle rounds after it only repeat one another.
    for nth in range(1, 40):
        table, world = MemoryDueTable(), World()
        for name in ("s0", "s1"):
            await table.put(daily(name))
        assert await live_through(table, HandClock(MONDAY), world, DiesAt(nth)) == 1
        assert len(world.posted) == 6, nth
        assert set(world.posted.values()) == {1}, nth


@pytest.mark.parametrize("nth", range(1, 28))
async def test_death_on_the_first_morning(due: DueTable, clock: HandClock, nth: int) -> None:
    for name in ("s0", "s1"):
        await due.put(daily(name))
    world, dies = World(), DiesAt(nth)
    for _ in range(20):
        going = rounds(Dying(due, dies), clock, Poster(world, step=dies, raises=_sometimes))  # type: ignore[arg-type]
        with suppress(Crash):
            await going.go_round()
        clock.forward(MINUTE)
    assert len(dies.passed) > nth
    assert world.posted == {("s0", MONDAY): 1, ("s1", MONDAY): 1}
