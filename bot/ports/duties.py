"""What is due: schedules, the deliveries claimed from them, and the table that keeps both.

Guarantees of every adapter: `claim_due` and `lease` are each one transaction that several processes may run
at once on one database; a (schedule, due) pair becomes one delivery, ever; a delivery is `done` or it is due
again when its lease runs out. Instants are aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.people import Member
from bot.rhythm import Rule


class Duty(StrEnum):
    """The kinds of work that come due."""

    PROMPT = "prompt"
    PART = "part"
    CLOSE = "close"
    REMINDER = "reminder"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that comes due by a rule.

    `subject` is the id of what it is about (a session, a posting) or empty. `member` is whom it is for when it is for
    one person (a snooze): it stands nowhere else in the row, and `MemberStore.forget` finds it here.
    """

    id: str
    cohort_id: str
    duty: Duty
    rule: Rule
    next_run_at: datetime | None
    subject: str = ""
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One piece of due work. `occurrence` is what `due` leads up to (for a reminder, the session's start)."""

    schedule_id: str
    due: datetime
    occurrence: datetime
    cohort_id: str
    duty: Duty
    subject: str
    attempts: int = 0
    member: Member | None = None


class Ending(StrEnum):
    """How a delivery ended."""

    DONE = "done"
    SKIPPED = "skipped"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Advance:
    """Where a schedule goes after a claim: its next instant (None when it ends) and its rule, re-anchored."""

    next_run_at: datetime | None
    occurrence: datetime
    rule: Rule


class DueTable(Protocol):
    """Keeps schedules and deliveries."""

    async def put(self, schedule: Schedule) -> None:
        """Add a schedule or replace the one with its id; deliveries already claimed stay."""
        ...

    async def get(self, schedule_id: str) -> Schedule | None: ...

    async def remove(
        self, *, cohort_id: str | None = None, subject: str | None = None, duty: Duty | None = None
    ) -> int:
        """Remove the schedules that match all that is given (at least one) with their unfinished deliveries."""
        ...

    async def next_due(self) -> datetime | None:
        """Return the earliest instant at which a schedule or an unfinished delivery comes due.

        A leased delivery counts with the end of its lease, a given-back one with the instant of its next try.
        """
        ...

    async def claim_due(self, now: datetime, limit: int, advance: Callable[[Schedule], Advance]) -> int:
        """Turn at most `limit` schedules due at `now` into deliveries and advance them; return how many schedules.

        What `advance` raises undoes the whole claim, so it must give even a broken rule an ending.
        """
        ...

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        """Take unfinished deliveries that nobody holds, oldest first, and hold them to `until`.

        Each comes back with `attempts` counting this one: 1 the first time.
        """
        ...

    async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
        """Write down how a delivery ended. Ending it again changes nothing."""
        ...

    async def retry_at(self, delivery: Delivery, at: datetime, reason: str) -> None:
        """Give a delivery back, to be leased again at `at`; `reason` is an error's class name.

        Changes nothing if somebody else has leased it since.
        """
        ...

    async def forget_finished(self, before: datetime) -> int:
        """Delete finished deliveries due before an instant; return how many.

        With the last of them goes a schedule that was for just once.
        """
        ...
