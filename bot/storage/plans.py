"""Arrangements, curricula and showings as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table, Text, delete, select

from bot.ports.plans import Arrangement, ArrangementKind, Enrolment, Showing
from bot.storage.database import Database, insert_or_replace
from bot.storage.schema import Day, Numbers, Record, metadata

arrangements = Table(
    "arrangements",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day),
    PrimaryKeyConstraint("cohort_id", "kind", "subject"),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence_id", Text, nullable=False),
    Column("started_on", Day, nullable=False),
    Column("skipped", Numbers, nullable=False),
)

showings = Table(
    "showings",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("day", Day, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("why", Record, nullable=False),
    PrimaryKeyConstraint("cohort_id", "day"),
)


class SqlPlanStore:
    """Implements `bot.ports.plans.PlanStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def arranged(self, cohort_id: str) -> Sequence[Arrangement]:
        of_cohort = select(arrangements).where(arrangements.c.cohort_id == cohort_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(of_cohort.order_by(arrangements.c.kind, arrangements.c.subject))
            return [
                Arrangement(row.cohort_id, ArrangementKind(row.kind), row.subject, row.first, row.last) for row in rows
            ]

    async def arrange(self, arrangement: Arrangement) -> None:
        row = {
            "cohort_id": arrangement.cohort_id,
            "kind": arrangement.kind.value,
            "subject": arrangement.subject,
            "first": arrangement.first,
            "last": arrangement.last,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, arrangements, row)

    async def undo(self, cohort_id: str, kind: ArrangementKind, subject: str) -> bool:
        undone = delete(arrangements).where(
            arrangements.c.cohort_id == cohort_id,
            arrangements.c.kind == kind.value,
            arrangements.c.subject == subject,
        )
        async with self._database.writing() as connection:
            return (await connection.execute(undone)).rowcount == 1

    async def enrolment(self, cohort_id: str) -> Enrolment | None:
        own = select(enrolments).where(enrolments.c.cohort_id == cohort_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(own)).one_or_none()
        return None if row is None else Enrolment(row.cohort_id, row.sequence_id, row.started_on, row.skipped)

    async def enrol(self, enrolment: Enrolment) -> None:
        row = {
            "cohort_id": enrolment.cohort_id,
            "sequence_id": enrolment.sequence_id,
            "started_on": enrolment.started_on,
            "skipped": enrolment.skipped,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, enrolments, row)

    async def leave(self, cohort_id: str) -> bool:
        own = delete(enrolments).where(enrolments.c.cohort_id == cohort_id)
        async with self._database.writing() as connection:
            return (await connection.execute(own)).rowcount == 1

    async def shown(self, cohort_id: str, since: date) -> Sequence[Showing]:
        of_cohort = select(showings).where(showings.c.cohort_id == cohort_id, showings.c.day >= since)
        async with self._database.reading() as connection:
            rows = await connection.execute(of_cohort.order_by(showings.c.day))
            return [Showing(row.cohort_id, row.day, row.item_id, row.why) for row in rows]

    async def show(self, showing: Showing) -> None:
        row = {
            "cohort_id": showing.cohort_id,
            "day": showing.day,
            "item_id": showing.item_id,
            "why": showing.why,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, showings, row)

    async def unshow(self, cohort_id: str, day: date) -> None:
        of_day = delete(showings).where(showings.c.cohort_id == cohort_id, showings.c.day == day)
        async with self._database.writing() as connection:
            await connection.execute(of_day)
