"""Both due tables: the one in memory and the one that the bot keeps its work in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.people import Cohort, Place, Platform, Workspace
from bot.ports.duties import DueTable, Duty, Schedule
from bot.rhythm import on_days
from bot.storage.database import Database
from bot.storage.stores import Stores
from tests.features.duties.memory import HandClock, MemoryDueTable

MONDAY = datetime(2026, 10, 19, 7, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))


def cohort(id_: str = "c1") -> Cohort:
    workspace = Workspace(Platform.DISCORD, "w1")
    return Cohort(
        id=id_,
        workspace=workspace,
        name="North",
        channel=Place(workspace, f"channel-{id_}"),
        supervisors_channel=Place(workspace, f"supervisors-{id_}"),
        supervisor_role="r-sup",
        trainee_role="r-tra",
        zone="Europe/Berlin",
        days=EVERY_DAY,
        time=time(9),
        country="DE",
        created_on=date(2026, 10, 1),
    )


def daily(id_: str, due: datetime = MONDAY) -> Schedule:
    """Make a schedule that fires at nine in Berlin each day, first at `due`."""
    return Schedule(id_, "c1", Duty.PROMPT, on_days(EVERY_DAY, time(9), "Europe/Berlin", due.date()), due)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MONDAY)


@pytest.fixture(params=["memory", "sqlite"])
async def due(request: pytest.FixtureRequest, sqlite: Database) -> DueTable:
    """Give a due table that knows the cohort "c1" and holds nothing due."""
    if request.param == "memory":
        return MemoryDueTable()
    stores = Stores.on(sqlite)
    rests = Schedule("c1-daily", "c1", Duty.PROMPT, daily("c1-daily").rule, None)
    await stores.cohorts.save(cohort(), rests)
    return stores.due
