"""What is due: the tables of schedules and deliveries, and the one transaction that turns one into the other.

A delivery's primary key is (schedule, due instant), so that the same piece of work cannot come to be twice, whatever
crashes or runs beside it. Rows are claimed under SQLite's write lock or PostgreSQL's `SKIP LOCKED`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import Member, Platform
from bot.ports.duties import Advance, Delivery, Duty, Ending, Schedule
from bot.rhythm import Rule
from bot.storage.database import Database, insert_all_or_keep, insert_or_replace
from bot.storage.schema import Instant, Span, WallTime, metadata

schedules = Table(
    "schedules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("duty", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("member_platform", Text),
    Column("member_id", Text),
    Column("rrule", Text),
    Column("zone", Text, nullable=False),
    Column("anchor", WallTime, nullable=False),
    Column("lead", Span, nullable=False),
    Column("next_run_at", Instant, index=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("schedule_id", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("occurrence", Instant, nullable=False),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("duty", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("member_platform", Text),
    Column("member_id", Text),
    Column("attempts", BigInteger, nullable=False),
    Column("available_at", Instant, nullable=False),
    Column("ending", Text),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("schedule_id", "due"),
)
Index(
    "ix_deliveries_unfinished",
    deliveries.c.available_at,
    sqlite_where=deliveries.c.ending.is_(None),
    postgresql_where=deliveries.c.ending.is_(None),
)

_A_BREATH = 10
"""How many schedules are advanced before the event loop gets its turn: recurrence rules cost real time."""
_A_BATCH = 100
"""How many rows go to the driver at once; preparing them holds the event loop."""


class SqlDueTable:
    """Implements `bot.ports.duties.DueTable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, schedule: Schedule) -> None:
        async with self._database.writing() as connection:
            await put_schedule(connection, schedule)

    async def get(self, schedule_id: str) -> Schedule | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(schedules).where(schedules.c.id == schedule_id))).one_or_none()
        return None if row is None else _schedule(row)

    async def remove(
        self, *, cohort_id: str | None = None, subject: str | None = None, duty: Duty | None = None
    ) -> int:
        given = {"cohort_id": cohort_id, "subject": subject, "duty": duty}
        matching = {name: value for name, value in given.items() if value is not None}
        if not matching:
            raise ValueError("say which schedules to remove")
        async with self._database.writing() as connection:
            return await remove_schedules(connection, matching)

    async def next_due(self) -> datetime | None:
        async with self._database.reading() as connection:
            of_schedules = await connection.scalar(select(func.min(schedules.c.next_run_at)))
            of_deliveries = await connection.scalar(
                select(func.min(deliveries.c.available_at)).where(deliveries.c.ending.is_(None))
            )
        return min((instant for instant in (of_schedules, of_deliveries) if instant is not None), default=None)

    async def claim_due(self, now: datetime, limit: int, advance: Callable[[Schedule], Advance]) -> int:
        due = select(schedules).where(schedules.c.next_run_at <= now)
        due = due.order_by(schedules.c.next_run_at, schedules.c.id).limit(limit).with_for_update(skip_locked=True)
        move = update(schedules).where(schedules.c.id == bindparam("schedule"))
        async with self._database.writing() as connection:
            rows = (await connection.execute(due)).all()
            claimed, moved = [], []
            for count, row in enumerate(rows, 1):
                schedule = _schedule(row)
                step = advance(schedule)
                claimed.append(_claimed(schedule, row.next_run_at, step.occurrence))
                moved.append({"schedule": schedule.id, "next_run_at": step.next_run_at, **rule_columns(step.rule)})
                if count % _A_BREATH == 0:
                    await asyncio.sleep(0)
            for start in range(0, len(rows), _A_BATCH):
                await insert_all_or_keep(connection, deliveries, claimed[start : start + _A_BATCH])
                await connection.execute(move, moved[start : start + _A_BATCH])
        return len(rows)

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        free = select(deliveries).where(deliveries.c.ending.is_(None), deliveries.c.available_at <= now)
        free = free.order_by(deliveries.c.due, deliveries.c.schedule_id).limit(limit).with_for_update(skip_locked=True)
        hold = update(deliveries).where(
            deliveries.c.schedule_id == bindparam("schedule"), deliveries.c.due == bindparam("instant")
        )
        async with self._database.writing() as connection:
            taken = [_delivery(row) for row in (await connection.execute(free)).all()]
            if taken:
                await connection.execute(
                    hold.values(available_at=until, attempts=deliveries.c.attempts + 1),
                    [{"schedule": delivery.schedule_id, "instant": delivery.due} for delivery in taken],
                )
        return taken

    async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
        finished = update(deliveries).where(_is(delivery)).values(ending=ending.value, reason=reason)
        async with self._database.writing() as connection:
            await connection.execute(finished)

    async def retry_at(self, delivery: Delivery, at: datetime, reason: str) -> None:
        # `attempts` tells our lease from a later one: a straggler must not free what another process now holds.
        ours = and_(_is(delivery), deliveries.c.attempts == delivery.attempts)
        async with self._database.writing() as connection:
            await connection.execute(update(deliveries).where(ours).values(available_at=at, reason=reason))

    async def forget_finished(self, before: datetime) -> int:
        old = delete(deliveries).where(deliveries.c.ending.is_not(None), deliveries.c.due < before)
        spent = delete(schedules).where(
            schedules.c.rrule.is_(None),
            schedules.c.next_run_at.is_(None),
            ~exists().where(deliveries.c.schedule_id == schedules.c.id),
        )
        async with self._database.writing() as connection:
            count = (await connection.execute(old)).rowcount
            await connection.execute(spent)
        return count


async def put_schedule(connection: AsyncConnection, schedule: Schedule) -> None:
    """Add or replace a schedule inside another store's transaction."""
    row = {
        "id": schedule.id,
        "cohort_id": schedule.cohort_id,
        "duty": schedule.duty.value,
        "subject": schedule.subject,
        **_member_columns(schedule.member),
        **rule_columns(schedule.rule),
        "next_run_at": schedule.next_run_at,
    }
    await insert_or_replace(connection, schedules, row)


async def remove_schedules(
    connection: AsyncConnection, matching: Mapping[str, str], *, replaced: Sequence[str] = ()
) -> int:
    """Remove schedules by column values, with their unfinished deliveries unless the schedule is `replaced` at once."""
    of_schedules = [schedules.c[name] == value for name, value in matching.items()]
    of_deliveries = [deliveries.c[name] == value for name, value in matching.items()]
    removed = await connection.execute(delete(schedules).where(*of_schedules))
    await connection.execute(
        delete(deliveries).where(
            *of_deliveries, deliveries.c.ending.is_(None), deliveries.c.schedule_id.not_in(replaced)
        )
    )
    return removed.rowcount


def rule_columns(rule: Rule) -> dict[str, Any]:
    """Spread a rule over its columns."""
    return {"rrule": rule.rrule, "zone": rule.zone, "anchor": rule.anchor, "lead": rule.lead}


def _member_columns(member: Member | None) -> dict[str, str | None]:
    if member is None:
        return {"member_platform": None, "member_id": None}
    return {"member_platform": member.platform.value, "member_id": member.id}


def _member(row: Row[Any]) -> Member | None:
    return None if row.member_id is None else Member(Platform(row.member_platform), row.member_id)


def _schedule(row: Row[Any]) -> Schedule:
    rule = Rule(row.rrule, row.zone, row.anchor, row.lead)
    return Schedule(row.id, row.cohort_id, Duty(row.duty), rule, row.next_run_at, row.subject, _member(row))


def _claimed(schedule: Schedule, due: datetime, occurrence: datetime) -> dict[str, Any]:
    return {
        "schedule_id": schedule.id,
        "due": due,
        "occurrence": occurrence,
        "cohort_id": schedule.cohort_id,
        "duty": schedule.duty.value,
        "subject": schedule.subject,
        **_member_columns(schedule.member),
        "attempts": 0,
        "available_at": due,
        "ending": None,
        "reason": "",
    }


def _delivery(row: Row[Any]) -> Delivery:
    """Read a delivery as the one who leases it now will hold it."""
    duty, attempts = Duty(row.duty), row.attempts + 1
    return Delivery(row.schedule_id, row.due, row.occurrence, row.cohort_id, duty, row.subject, attempts, _member(row))


def _is(delivery: Delivery) -> ColumnElement[bool]:
    """Match this very delivery as long as it has not ended."""
    return and_(
        deliveries.c.schedule_id == delivery.schedule_id,
        deliveries.c.due == delivery.due,
        deliveries.c.ending.is_(None),
    )
