"""The promises of `bot.ports.duties.DueTable`, on every database."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import NotFound
from bot.ports.duties import Advance, Delivery, Duty, Ending, Schedule
from bot.rhythm import once
from bot.storage.database import Database
from bot.storage.due import deliveries
from bot.storage.stores import Stores
from tests.contracts.examples import DAY, MINUTE, MIRA, NOW, advance, cohort, daily, with_cohort

ROOT = Path(__file__).parents[2]


def snooze(id_: str, at: datetime = NOW, subject: str = "s1") -> Schedule:
    return Schedule(id_, "c1", Duty.SNOOZE, once(at), at, subject, MIRA)


async def lease_all(stores: Stores, now: datetime = NOW) -> list[Delivery]:
    return list(await stores.due.lease(now, now + MINUTE, 100))


async def test_a_schedule_comes_back_as_it_was_put(stores: Stores) -> None:
    await with_cohort(stores)
    schedule = Schedule("x", "c1", Duty.REMINDER, replace(once(NOW, "Asia/Kolkata"), lead=DAY), NOW, "s1", MIRA)
    await stores.due.put(schedule)
    assert await stores.due.get("x") == schedule
    await stores.due.put(changed := replace(schedule, next_run_at=None, member=None))
    assert await stores.due.get("x") == changed
    assert await stores.due.get("y") is None


async def test_a_schedule_of_a_removed_cohort_is_refused(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.due.put(daily(cohort()))


async def test_a_claim_makes_a_delivery_and_advances_the_schedule(stores: Stores) -> None:
    saved = await with_cohort(stores)
    occurrence = NOW + timedelta(hours=3)
    moved = replace(daily(saved).rule, anchor=datetime(2026, 3, 27, 9))  # noqa: DTZ001  wall time
    claimed = await stores.due.claim_due(NOW, 10, lambda _: Advance(NOW + DAY, occurrence, moved))
    assert claimed == 1
    assert await stores.due.get("daily-c1") == replace(daily(saved), next_run_at=NOW + DAY, rule=moved)
    assert await lease_all(stores) == [Delivery("daily-c1", NOW, occurrence, "c1", Duty.PROMPT, "", attempts=1)]


async def test_nothing_is_claimed_before_its_time_nor_twice(stores: Stores) -> None:
    await with_cohort(stores)
    assert await stores.due.claim_due(NOW - timedelta(microseconds=1), 10, advance) == 0
    assert await stores.due.claim_due(NOW, 10, advance) == 1
    assert await stores.due.claim_due(NOW, 10, advance) == 0


async def test_a_claim_takes_the_oldest_and_no_more_than_asked(stores: Stores) -> None:
    await with_cohort(stores)
    for age in (2, 3, 1):
        await stores.due.put(snooze(f"snooze-{age}", NOW - age * MINUTE))
    assert await stores.due.claim_due(NOW, 2, advance) == 2
    assert [delivery.schedule_id for delivery in await lease_all(stores)] == ["snooze-3", "snooze-2"]


async def test_what_advance_raises_undoes_the_claim(stores: Stores) -> None:
    await with_cohort(stores)

    def broken(_: Schedule) -> Advance:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await stores.due.claim_due(NOW, 10, broken)
    assert await lease_all(stores) == []
    assert await stores.due.claim_due(NOW, 10, advance) == 1


async def test_the_same_instant_of_a_schedule_is_delivered_once_ever(stores: Stores, database: Database) -> None:
    saved = await with_cohort(stores)
    await stores.due.claim_due(NOW, 10, advance)
    [delivery] = await lease_all(stores)
    await stores.due.finish(delivery, Ending.DONE)
    await stores.cohorts.save(saved, daily(saved))  # a supervisor saves the settings: due at NOW once more
    assert await stores.due.claim_due(NOW, 10, advance) == 1
    assert await lease_all(stores, NOW + DAY) == []
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(deliveries)) == 1


async def test_a_lease_holds_until_it_runs_out(stores: Stores) -> None:
    await with_cohort(stores)
    await stores.due.claim_due(NOW, 10, advance)
    [first] = await stores.due.lease(NOW, NOW + MINUTE, 10)
    assert await stores.due.lease(NOW + MINUTE / 2, NOW + DAY, 10) == []
    [second] = await stores.due.lease(NOW + MINUTE, NOW + 2 * MINUTE, 10)
    assert (first.attempts, second.attempts) == (1, 2)
    assert replace(first, attempts=2) == second


async def test_finishing_is_for_good(stores: Stores, database: Database) -> None:
    await with_cohort(stores)
    await stores.due.claim_due(NOW, 10, advance)
    [delivery] = await lease_all(stores)
    await stores.due.finish(delivery, Ending.MISSED, "too late")
    await stores.due.finish(delivery, Ending.DONE)
    await stores.due.retry_at(delivery, NOW, "TryLater")
    assert await lease_all(stores, NOW + DAY) == []
    async with database.reading() as connection:
        row = (await connection.execute(select(deliveries.c.ending, deliveries.c.reason))).one()
    assert tuple(row) == ("missed", "too late")


async def test_a_delivery_given_back_comes_again_when_it_was_told(stores: Stores) -> None:
    await with_cohort(stores)
    await stores.due.claim_due(NOW, 10, advance)
    [delivery] = await lease_all(stores)
    await stores.due.retry_at(delivery, NOW + 5 * MINUTE, "TryLater")
    assert await stores.due.next_due() == NOW + 5 * MINUTE
    assert await lease_all(stores, NOW + 4 * MINUTE) == []
    assert [again.attempts for again in await lease_all(stores, NOW + 5 * MINUTE)] == [2]


async def test_a_straggler_cannot_give_back_what_another_holds(stores: Stores) -> None:
    await with_cohort(stores)
    await stores.due.claim_due(NOW, 10, advance)
    [late] = await stores.due.lease(NOW, NOW + MINUTE, 10)
    await stores.due.lease(NOW + MINUTE, NOW + DAY, 10)
    await stores.due.retry_at(late, NOW + MINUTE, "TryLater")
    assert await lease_all(stores, NOW + 2 * MINUTE) == []


async def test_next_due_sees_schedules_and_unfinished_deliveries(stores: Stores) -> None:
    assert await stores.due.next_due() is None
    await with_cohort(stores)
    assert await stores.due.next_due() == NOW
    await stores.due.put(snooze("early", NOW - MINUTE))
    assert await stores.due.next_due() == NOW - MINUTE
    await stores.due.claim_due(NOW - MINUTE, 10, advance)
    [delivery] = await stores.due.lease(NOW - MINUTE, NOW - MINUTE / 2, 10)
    assert await stores.due.next_due() == NOW - MINUTE / 2
    await stores.due.finish(delivery, Ending.DONE)
    assert await stores.due.next_due() == NOW


async def test_removing_takes_schedules_and_unfinished_deliveries_that_match(stores: Stores) -> None:
    await with_cohort(stores)
    await with_cohort(stores, "c2")
    for id_, subject in (("a", "s1"), ("b", "s1"), ("c", "s2")):
        await stores.due.put(snooze(id_, subject=subject))
    await stores.due.claim_due(NOW, 100, advance)
    assert await stores.due.remove(subject="s1", duty=Duty.SNOOZE) == 2
    assert await stores.due.remove(cohort_id="c2") == 1
    assert [delivery.schedule_id for delivery in await lease_all(stores)] == ["c", "daily-c1"]
    with pytest.raises(ValueError, match="which"):
        await stores.due.remove()


async def test_forgetting_finished_work_leaves_the_unfinished(stores: Stores) -> None:
    await with_cohort(stores)
    await stores.due.put(snooze("done", NOW - 2 * MINUTE))
    await stores.due.put(snooze("open", NOW - MINUTE))
    await stores.due.claim_due(NOW, 10, advance)
    done, undone, _prompt = await lease_all(stores)
    await stores.due.finish(done, Ending.DONE)
    assert await stores.due.forget_finished(NOW - 2 * MINUTE) == 0
    assert await stores.due.forget_finished(NOW + DAY) == 1
    assert await stores.due.get("done") is None
    assert await stores.due.get("open") is not None
    assert await stores.due.get("daily-c1") is not None
    assert undone.schedule_id in {delivery.schedule_id for delivery in await lease_all(stores, NOW + DAY)}


async def test_tasks_at_once_claim_and_lease_each_delivery_once(stores: Stores) -> None:
    await with_cohort(stores)
    for number in range(60):
        await stores.due.put(snooze(f"snooze-{number:02}"))
    claims = await asyncio.gather(*(stores.due.claim_due(NOW, 20, advance) for _ in range(8)))
    assert sum(claims) == 61
    leases = await asyncio.gather(*(stores.due.lease(NOW, NOW + MINUTE, 10) for _ in range(10)))
    ids = [delivery.schedule_id for batch in leases for delivery in batch]
    assert len(ids) == len(set(ids)) == 61


async def test_processes_at_once_claim_and_lease_each_delivery_once(stores: Stores, database: Database) -> None:
    saved = await with_cohort(stores)
    await stores.cohorts.save(saved, daily(saved, None))
    for number in range(120):
        await stores.due.put(snooze(f"snooze-{number:03}"))
    command = (sys.executable, "-m", "tests.contracts.claimer", database.url.render_as_string(hide_password=False))
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(3)
    ]
    results = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0, 0], results
    leased = [tuple(json.loads(line)) for output, _ in results for line in output.splitlines()]
    assert sorted(leased) == [(f"snooze-{number:03}", NOW.isoformat(), 1) for number in range(120)]
