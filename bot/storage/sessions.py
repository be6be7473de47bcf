"""Supervision sessions as they are kept, their reminders in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Row, Table, Text, delete, select

from bot.ports.duties import Duty, Schedule
from bot.ports.sessions import SupervisionSession
from bot.rhythm import Rule
from bot.storage.database import Database, insert_or_replace
from bot.storage.due import put_schedule, remove_schedules, rule_columns
from bot.storage.schema import Span, WallTime, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("rrule", Text),
    Column("zone", Text, nullable=False),
    Column("anchor", WallTime, nullable=False),
    Column("lead", Span, nullable=False),
    Column("minutes", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
)


class SqlSessionStore:
    """Implements `bot.ports.sessions.SessionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, session: SupervisionSession, reminders: Sequence[Schedule]) -> None:
        row = {
            "id": session.id,
            "cohort_id": session.cohort_id,
            "title": session.title,
            **rule_columns(session.rule),
            "minutes": session.minutes,
            "place": session.where,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, sessions, row)
            earlier = {"subject": session.id, "duty": Duty.REMINDER.value}
            await remove_schedules(connection, earlier, replaced=[reminder.id for reminder in reminders])
            for reminder in reminders:
                await put_schedule(connection, reminder)

    async def get(self, session_id: str) -> SupervisionSession | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(sessions).where(sessions.c.id == session_id))).one_or_none()
        return None if row is None else _session(row)

    async def of_cohort(self, cohort_id: str) -> Sequence[SupervisionSession]:
        theirs = select(sessions).where(sessions.c.cohort_id == cohort_id).order_by(sessions.c.title, sessions.c.id)
        async with self._database.reading() as connection:
            return [_session(row) for row in await connection.execute(theirs)]

    async def end(self, session_id: str) -> bool:
        async with self._database.writing() as connection:
            for duty in (Duty.REMINDER, Duty.SNOOZE):
                await remove_schedules(connection, {"subject": session_id, "duty": duty.value})
            return (await connection.execute(delete(sessions).where(sessions.c.id == session_id))).rowcount == 1


def _session(row: Row[Any]) -> SupervisionSession:
    rule = Rule(row.rrule, row.zone, row.anchor, row.lead)
    return SupervisionSession(row.id, row.cohort_id, row.title, rule, row.minutes, row.place)
