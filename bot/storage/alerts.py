"""Crisis alerts as they are kept: no author, no words, only that one was raised and who took it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Row, Table, Text, select, update

from bot.people import Member, Platform
from bot.ports.audit import Alert
from bot.storage.database import Database, insert_or_keep
from bot.storage.schema import Instant, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("level", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("acknowledged_platform", Text),
    Column("acknowledged_id", Text),
    Column("acknowledged_at", Instant),
    Column("escalated", Boolean, nullable=False),
)


class SqlAlertStore:
    """Implements `bot.ports.audit.AlertStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_alert(self, alert: Alert) -> bool:
        row = {
            "id": alert.id,
            "cohort_id": alert.cohort_id,
            "level": alert.level,
            "raised_at": alert.raised_at,
            **_signature(alert.acknowledged_by, alert.acknowledged_at),
            "escalated": alert.escalated,
        }
        async with self._database.writing() as connection:
            return await insert_or_keep(connection, alerts, row)

    async def get(self, alert_id: str) -> Alert | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(alerts).where(alerts.c.id == alert_id))).one_or_none()
        return None if row is None else _alert(row)

    async def acknowledge(self, alert_id: str, by: Member, at: datetime) -> bool:
        waiting = update(alerts).where(alerts.c.id == alert_id, alerts.c.acknowledged_at.is_(None))
        async with self._database.writing() as connection:
            return (await connection.execute(waiting.values(**_signature(by, at)))).rowcount == 1

    async def mark_escalated(self, alert_id: str) -> bool:
        waiting = update(alerts).where(
            alerts.c.id == alert_id, alerts.c.acknowledged_at.is_(None), alerts.c.escalated.is_(False)
        )
        async with self._database.writing() as connection:
            return (await connection.execute(waiting.values(escalated=True))).rowcount == 1

    async def open_alerts(self, cohort_id: str) -> Sequence[Alert]:
        waiting = select(alerts).where(alerts.c.cohort_id == cohort_id, alerts.c.acknowledged_at.is_(None))
        async with self._database.reading() as connection:
            return [_alert(row) for row in await connection.execute(waiting.order_by(alerts.c.raised_at, alerts.c.id))]


def _signature(by: Member | None, at: datetime | None) -> dict[str, Any]:
    return {
        "acknowledged_platform": None if by is None else by.platform.value,
        "acknowledged_id": None if by is None else by.id,
        "acknowledged_at": at,
    }


def _alert(row: Row[Any]) -> Alert:
    named = row.acknowledged_id is not None
    by = Member(Platform(row.acknowledged_platform), row.acknowledged_id) if named else None
    return Alert(row.id, row.cohort_id, row.level, row.raised_at, by, row.acknowledged_at, row.escalated)
