"""Counts of what people said of the crisis screen. No row knows a person, a cohort, a sentence or a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, Column, Table, Text, select

from bot.ports.feedback import Opinion, Verdict
from bot.storage.database import Database, insert_or_add
from bot.storage.schema import Day, metadata

screen_feedback = Table(
    "screen_feedback",
    metadata,
    Column("verdict", Text, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("month", Day, primary_key=True),
    Column("times", BigInteger, nullable=False),
    # Rows in the order of their keys, not of their coming: the order would tell what was said last.
    sqlite_with_rowid=False,
)


class SqlFeedbackStore:
    """Implements `bot.ports.feedback.FeedbackStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, verdict: Verdict, action: str, rules: Sequence[str], month: date) -> None:
        async with self._database.writing() as connection:
            for rule in sorted(set(rules)) or [""]:
                row = {"verdict": verdict.value, "action": action, "rule": rule, "month": month.replace(day=1)}
                await insert_or_add(connection, screen_feedback, row, "times")

    async def every(self) -> Sequence[Opinion]:
        ordered = select(screen_feedback).order_by(*screen_feedback.primary_key.columns)
        async with self._database.reading() as connection:
            rows = await connection.execute(ordered)
            return [Opinion(Verdict(row.verdict), row.action, row.rule, row.month, row.times) for row in rows]
