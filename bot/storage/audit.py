"""The audit of supervisors' acts: rows come in and never change, and the database itself sees to it.

The audit outlives its cohort, so nothing refers to anything here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, select

from bot.people import Member, Platform
from bot.ports.audit import AuditEntry
from bot.storage.database import Database
from bot.storage.schema import Instant, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("cohort_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_platform", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
Index(None, audit.c.cohort_id, audit.c.at)


class SqlAuditStore:
    """Implements `bot.ports.audit.AuditStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, entry: AuditEntry) -> None:
        row = {
            "cohort_id": entry.cohort_id,
            "at": entry.at,
            "actor_platform": entry.actor.platform.value,
            "actor_id": entry.actor.id,
            "act": entry.act,
            "subject": entry.subject,
            "reason": entry.reason,
        }
        async with self._database.writing() as connection:
            await connection.execute(audit.insert().values(row))

    async def latest(self, cohort_id: str, limit: int) -> Sequence[AuditEntry]:
        newest = select(audit).where(audit.c.cohort_id == cohort_id).order_by(audit.c.at.desc(), audit.c.id.desc())
        async with self._database.reading() as connection:
            return [
                AuditEntry(
                    row.cohort_id,
                    row.at,
                    Member(Platform(row.actor_platform), row.actor_id),
                    row.act,
                    row.subject,
                    row.reason,
                )
                for row in await connection.execute(newest.limit(limit))
            ]
