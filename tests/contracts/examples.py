"""Ordinary cohorts, schedules, postings and responses for the contract suites."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.people import WEEKDAYS, Cohort, Member, MessageRef, Place, Platform, Workspace
from bot.ports.duties import Advance, Duty, Schedule
from bot.ports.postings import Posting
from bot.ports.responses import AnonymousResponse, ResponseState
from bot.ports.sessions import SupervisionSession
from bot.rhythm import every_weeks, next_fire, on_days
from bot.storage.stores import Stores

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOME = Workspace(Platform.DISCORD, "100")
MIRA = Member(Platform.DISCORD, "7001")
OTTO = Member(Platform.DISCORD, "7002")


def cohort(id_: str = "c1", **changes: Any) -> Cohort:
    ordinary = Cohort(
        id=id_,
        workspace=HOME,
        name=f"Cohort {id_}",
        channel=Place(HOME, f"channel-{id_}"),
        supervisors_channel=Place(HOME, f"supervisors-{id_}"),
        supervisor_role="supervisors",
        trainee_role="trainees",
        zone="Europe/Vienna",
        days=WEEKDAYS,
        time=time(9),
        country="AT",
        created_on=date(2026, 1, 5),
    )
    return replace(ordinary, **changes)


def daily(of: Cohort, next_run_at: datetime | None = NOW) -> Schedule:
    rule = on_days(of.days, of.time, of.zone, of.created_on)
    return Schedule(f"daily-{of.id}", of.id, Duty.PROMPT, rule, next_run_at)


def advance(schedule: Schedule) -> Advance:
    """Go to the next firing, as the duty room does."""
    assert schedule.next_run_at is not None
    following = next_fire(schedule.rule, schedule.next_run_at)
    return Advance(None if following is None else following[0], schedule.next_run_at, schedule.rule)


def reminder(session: SupervisionSession, lead: timedelta = DAY, next_run_at: datetime | None = NOW) -> Schedule:
    rule = replace(session.rule, lead=lead)
    id_ = f"{session.id}-{lead // MINUTE}"
    return Schedule(id_, session.cohort_id, Duty.REMINDER, rule, next_run_at, session.id)


def session(id_: str = "s1", cohort_id: str = "c1", title: str = "Supervision") -> SupervisionSession:
    rule = every_weeks(2, datetime(2026, 4, 1, 17, 30), "Europe/Vienna")  # noqa: DTZ001  wall time
    return SupervisionSession(id_, cohort_id, title, rule, 90, "room 4")


def posting(id_: str = "p1", cohort_id: str = "c1", day: date = TODAY, **changes: Any) -> Posting:
    return replace(Posting(id_, cohort_id, f"item-{id_}", day, {"pool": 30, "left": ["a", "b"]}), **changes)


def message(id_: str = "p1", cohort_id: str = "c1") -> MessageRef:
    return MessageRef(Place(HOME, f"channel-{cohort_id}"), f"message-{id_}")


def thread(id_: str = "p1") -> Place:
    return Place(HOME, f"thread-{id_}")


def response(id_: str = "r1", posting_id: str = "p1", tag: str = "tag-1", **changes: Any) -> AnonymousResponse:
    ordinary = AnonymousResponse(id_, posting_id, f"Alias {tag}", tag, b"sealed words", ResponseState.WAITING)
    return replace(ordinary, **changes)


async def with_cohort(stores: Stores, id_: str = "c1") -> Cohort:
    """Save a cohort whose daily posting is due at NOW."""
    saved = cohort(id_)
    await stores.cohorts.save(saved, daily(saved))
    return saved


async def with_posting(stores: Stores, id_: str = "p1", cohort_id: str = "c1") -> Posting:
    """Save a cohort with an open posting."""
    await with_cohort(stores, cohort_id)
    await stores.postings.plan(posting(id_, cohort_id))
    await stores.postings.opened(id_, message(id_, cohort_id), thread(id_), NOW + 7 * DAY)
    opened = await stores.postings.get(id_)
    assert opened is not None
    return opened
