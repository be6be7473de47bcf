"""A due table in memory that keeps the port's promises, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ports.duties import Advance, Delivery, Duty, Ending, Schedule

Key = tuple[str, datetime]


class HandClock:
    """Shows what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def forward(self, step: timedelta) -> datetime:
        self.at += step
        return self.at


@dataclass
class Row:
    delivery: Delivery
    available_at: datetime
    ending: Ending | None = None
    reason: str = ""


class MemoryDueTable:
    """Implements `bot.ports.duties.DueTable`. Each verb is atomic, since none of them awaits anything."""

    def __init__(self) -> None:
        self.schedules: dict[str, Schedule] = {}
        self.rows: dict[Key, Row] = {}

    async def put(self, schedule: Schedule) -> None:
        self.schedules[schedule.id] = schedule

    async def get(self, schedule_id: str) -> Schedule | None:
        return self.schedules.get(schedule_id)

    async def remove(
        self, *, cohort_id: str | None = None, subject: str | None = None, duty: Duty | None = None
    ) -> int:
        given = {"cohort_id": cohort_id, "subject": subject, "duty": duty}
        wanted = {name: value for name, value in given.items() if value is not None}
        assert wanted

        def fits(thing: Schedule | Delivery) -> bool:
            return all(getattr(thing, name) == value for name, value in wanted.items())

        gone = [schedule.id for schedule in self.schedules.values() if fits(schedule)]
        for schedule_id in gone:
            del self.schedules[schedule_id]
        self.rows = {key: row for key, row in self.rows.items() if row.ending or not fits(row.delivery)}
        return len(gone)

    async def next_due(self) -> datetime | None:
        instants = [s.next_run_at for s in self.schedules.values() if s.next_run_at is not None]
        instants += [row.available_at for row in self.rows.values() if row.ending is None]
        return min(instants, default=None)

    async def claim_due(self, now: datetime, limit: int, advance: Callable[[Schedule], Advance]) -> int:
        due = [s for s in self.schedules.values() if s.next_run_at is not None and s.next_run_at <= now]
        steps = [(schedule, advance(schedule)) for schedule in sorted(due, key=lambda s: s.id)[:limit]]
        for s, step in steps:
            assert s.next_run_at is not None
            delivery = Delivery(s.id, s.next_run_at, step.occurrence, s.cohort_id, s.duty, s.subject, 0, s.member)
            self.rows.setdefault((s.id, s.next_run_at), Row(delivery, s.next_run_at))
            self.schedules[s.id] = replace(s, next_run_at=step.next_run_at, rule=step.rule)
        return len(steps)

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        free = [row for row in self.rows.values() if row.ending is None and row.available_at <= now]
        taken = sorted(free, key=lambda row: (row.delivery.due, row.delivery.schedule_id))[:limit]
        for row in taken:
            row.delivery = replace(row.delivery, attempts=row.delivery.attempts + 1)
            row.available_at = until
        return [row.delivery for row in taken]

    async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
        row = self.rows.get((delivery.schedule_id, delivery.due))
        if row is not None and row.ending is None:
            row.ending, row.reason = ending, reason

    async def retry_at(self, delivery: Delivery, at: datetime, reason: str) -> None:
        row = self.rows.get((delivery.schedule_id, delivery.due))
        if row is not None and row.ending is None and row.delivery.attempts == delivery.attempts:
            row.available_at, row.reason = at, reason

    async def forget_finished(self, before: datetime) -> int:
        old = [key for key, row in self.rows.items() if row.ending and row.delivery.due < before]
        for key in old:
            del self.rows[key]
        return len(old)
