"""The schedules that lead up to a session: two for the cohort, and one for each person who wants her own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.people import Member
from bot.ports.duties import Delivery, Duty, Schedule
from bot.ports.sessions import SupervisionSession
from bot.rhythm import Rule, fires, next_fire

LEADS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
_JUST_BEFORE = timedelta(microseconds=1)


def reminders_of(session: SupervisionSession, now: datetime) -> list[Schedule]:
    """Make the schedules of a session's reminders, from `now` (aware UTC) on."""
    made = []
    for name, lead in LEADS.items():
        rule = replace(session.rule, lead=lead)
        step = next_fire(rule, now)
        made.append(
            Schedule(
                reminder_id(session.id, name), session.cohort_id, Duty.REMINDER, rule, step and step[0], session.id
            )
        )
    return made


def reminder_id(session_id: str, lead: str) -> str:
    """Return the id of the schedule of one of `LEADS`."""
    return f"{session_id}-{lead}"


def personal(kind: str, session: SupervisionSession, member: Member, at: datetime, start: datetime) -> Schedule:
    """Make one person's reminder at `at` of the meeting at `start` (both aware UTC).

    Its id follows from what it is about, so that asking twice is asking once. `kind` ("snooze", "copy") tells apart
    what she asked for now from what she asked for once and for all.
    """
    ident = _digest("personal", kind, session.id, start.isoformat(), member.platform, member.id)
    rule = Rule(None, "UTC", start.astimezone(UTC).replace(tzinfo=None), start - at)
    return Schedule(f"{kind}-{ident}", session.cohort_id, Duty.SNOOZE, rule, at, session.id, member)


def is_snoozed(delivery: Delivery) -> bool:
    """Say whether a personal reminder is one that was snoozed."""
    return delivery.schedule_id.startswith("snooze-")


def message_key(delivery: Delivery, prefix: str = "r") -> str:
    """Return the idempotency key (22 characters) of what a delivery posts."""
    return f"{prefix}-{_digest(delivery.schedule_id, delivery.due.isoformat())}"


def meets_at(session: SupervisionSession, start: datetime) -> bool:
    """Say whether the session has a meeting at the aware instant `start`."""
    return next_start(session, start - _JUST_BEFORE) == start


def next_start(session: SupervisionSession, after: datetime) -> datetime | None:
    """Return the first start strictly after `after` (aware UTC), or None if the session is over."""
    return next((start for _, start in fires(session.rule, after)), None)


def _digest(*parts: str) -> str:
    return sha256("/".join(parts).encode()).hexdigest()[:20]
