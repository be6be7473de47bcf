"""Cohorts as they are kept, each with the schedule of its daily posting in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Row, Table, Text, delete, select, text

from bot.people import AlertPolicy, Cohort, ItemPolicy, Place, Platform, Workspace
from bot.ports.duties import Schedule
from bot.storage.database import Database, insert_or_replace
from bot.storage.due import deliveries, put_schedule, schedules
from bot.storage.schema import Day, Instant, TimeOfDay, Weekdays, metadata

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("workspace_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("supervisors_channel_id", Text, nullable=False),
    Column("supervisor_role", Text, nullable=False),
    Column("trainee_role", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("days", Weekdays, nullable=False),
    Column("time", TimeOfDay, nullable=False),
    Column("country", Text, nullable=False),
    Column("created_on", Day, nullable=False),
    Column("site_protocol", Text, nullable=False),
    Column("on_call", Text, nullable=False),
    Column("coverage_hours", Text, nullable=False),
    Column("subdivision", Text),
    Column("locale", Text, nullable=False),
    Column("alert_policy", Text, nullable=False),
    Column("open_days", BigInteger, nullable=False),
    Column("paused_until", Instant),
    Column("level", BigInteger, nullable=False),
    Column("escalate_after", BigInteger, nullable=False, server_default=text("15")),
    Column("escalation_channel_id", Text),
    Column("item_policy", Text, nullable=False, server_default=text("'open'")),
)
Index(None, cohorts.c.platform, cohorts.c.workspace_id)

_AS_THEY_ARE = (
    *("id", "name", "supervisor_role", "trainee_role", "zone", "days", "time", "country", "created_on"),
    *("site_protocol", "on_call", "coverage_hours", "subdivision", "locale", "open_days", "paused_until"),
    *("level", "escalate_after"),
)
"""Fields of a cohort whose columns have the same name and value."""


class SqlCohortStore:
    """Implements `bot.ports.cohorts.CohortStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, cohort: Cohort, daily: Schedule) -> None:
        if not cohort.workspace == cohort.channel.workspace == cohort.supervisors_channel.workspace:
            raise ValueError("a cohort's channels belong to its own workspace")
        row = {
            **{name: getattr(cohort, name) for name in _AS_THEY_ARE},
            "platform": cohort.workspace.platform.value,
            "workspace_id": cohort.workspace.id,
            "channel_id": cohort.channel.id,
            "supervisors_channel_id": cohort.supervisors_channel.id,
            "alert_policy": cohort.alert_policy.value,
            "item_policy": cohort.item_policy.value,
            "escalation_channel_id": cohort.escalation_channel.id if cohort.escalation_channel else None,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, cohorts, row)
            await put_schedule(connection, daily)

    async def get(self, cohort_id: str) -> Cohort | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(cohorts).where(cohorts.c.id == cohort_id))).one_or_none()
        return None if row is None else _cohort(row)

    async def in_workspace(self, workspace: Workspace) -> Sequence[Cohort]:
        here = select(cohorts).where(*_in(workspace)).order_by(cohorts.c.name, cohorts.c.id)
        async with self._database.reading() as connection:
            return [_cohort(row) for row in await connection.execute(here)]

    async def every(self) -> Sequence[Cohort]:
        async with self._database.reading() as connection:
            return [_cohort(row) for row in await connection.execute(select(cohorts).order_by(cohorts.c.id))]

    async def at(self, place: Place) -> Cohort | None:
        is_channel = cohorts.c.channel_id == place.id
        here = select(cohorts).where(*_in(place.workspace), is_channel | (cohorts.c.supervisors_channel_id == place.id))
        async with self._database.reading() as connection:
            # Supervisors of several cohorts may share a channel; the cohort whose own channel it is comes first.
            row = (await connection.execute(here.order_by(is_channel.desc(), cohorts.c.id))).first()
        return None if row is None else _cohort(row)

    async def remove(self, cohort_id: str) -> None:
        async with self._database.writing() as connection:
            # A claim locks schedules first and the cohort after them; in the same order we cannot block one another.
            await connection.execute(delete(schedules).where(schedules.c.cohort_id == cohort_id))
            await connection.execute(delete(deliveries).where(deliveries.c.cohort_id == cohort_id))
            await connection.execute(delete(cohorts).where(cohorts.c.id == cohort_id))
        await self._database.wipe_traces()


def _in(workspace: Workspace) -> tuple[Any, Any]:
    return cohorts.c.platform == workspace.platform.value, cohorts.c.workspace_id == workspace.id


def _cohort(row: Row[Any]) -> Cohort:
    workspace = Workspace(Platform(row.platform), row.workspace_id)
    return Cohort(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        workspace=workspace,
        channel=Place(workspace, row.channel_id),
        supervisors_channel=Place(workspace, row.supervisors_channel_id),
        alert_policy=AlertPolicy(row.alert_policy),
        item_policy=ItemPolicy(row.item_policy),
        escalation_channel=Place(workspace, row.escalation_channel_id) if row.escalation_channel_id else None,
    )
