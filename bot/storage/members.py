"""What single people chose for themselves: two small tables that nothing about responses refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Boolean, Column, ForeignKey, PrimaryKeyConstraint, Table, Text, delete, select, update

from bot.people import Member, MemberSettings, Platform
from bot.storage.alerts import alerts
from bot.storage.database import Database, insert_or_keep, insert_or_replace
from bot.storage.due import deliveries, schedules
from bot.storage.library import suggestions
from bot.storage.schema import metadata

members = Table(
    "members",
    metadata,
    Column("platform", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("country", Text),
    Column("locale", Text),
    Column("reminders_by_dm", Boolean, nullable=False),
    PrimaryKeyConstraint("platform", "member_id"),
)

direct_reminders = Table(
    "direct_reminders",
    metadata,
    Column("cohort_id", Text, ForeignKey("cohorts.id", ondelete="CASCADE"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    PrimaryKeyConstraint("cohort_id", "platform", "member_id"),
)


class SqlMemberStore:
    """Implements `bot.ports.cohorts.MemberStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, member: Member) -> MemberSettings:
        hers = select(members).where(members.c.platform == member.platform.value, members.c.member_id == member.id)
        async with self._database.reading() as connection:
            row = (await connection.execute(hers)).one_or_none()
        if row is None:
            return MemberSettings(member)
        return MemberSettings(member, row.country, row.locale, row.reminders_by_dm)

    async def save(self, settings: MemberSettings) -> None:
        row = {
            "platform": settings.member.platform.value,
            "member_id": settings.member.id,
            "country": settings.country,
            "locale": settings.locale,
            "reminders_by_dm": settings.reminders_by_dm,
        }
        async with self._database.writing() as connection:
            await insert_or_replace(connection, members, row)

    async def wanting_dm(self, cohort_id: str) -> Sequence[Member]:
        wanting = select(direct_reminders).where(direct_reminders.c.cohort_id == cohort_id)
        async with self._database.reading() as connection:
            return sorted(Member(Platform(row.platform), row.member_id) for row in await connection.execute(wanting))

    async def set_dm(self, cohort_id: str, member: Member, wanted: bool) -> None:
        row = {"cohort_id": cohort_id, "platform": member.platform.value, "member_id": member.id}
        async with self._database.writing() as connection:
            if wanted:
                await insert_or_keep(connection, direct_reminders, row)
            else:
                await connection.execute(
                    delete(direct_reminders).where(*(direct_reminders.c[name] == value for name, value in row.items()))
                )

    async def suggested(self, member: Member) -> Mapping[str, str]:
        hers = select(suggestions.c.id, suggestions.c.title).where(
            suggestions.c.shown_platform == member.platform.value, suggestions.c.shown_id == member.id
        )
        async with self._database.reading() as connection:
            return {row.id: row.title for row in await connection.execute(hers.order_by(suggestions.c.title))}

    async def forget(self, member: Member) -> int:
        places = (
            (members, members.c.platform, members.c.member_id),
            (direct_reminders, direct_reminders.c.platform, direct_reminders.c.member_id),
            (schedules, schedules.c.member_platform, schedules.c.member_id),
            (deliveries, deliveries.c.member_platform, deliveries.c.member_id),
        )
        unsigned = update(alerts).where(
            alerts.c.acknowledged_platform == member.platform.value, alerts.c.acknowledged_id == member.id
        )
        async with self._database.writing() as connection:
            count = 0
            for table, platform, id_ in places:
                hers = delete(table).where(platform == member.platform.value, id_ == member.id)
                count += (await connection.execute(hers)).rowcount
            # That somebody acknowledged the alert is the cohort's to know; only her name goes.
            result = await connection.execute(unsigned.values(acknowledged_platform=None, acknowledged_id=None))
            count += result.rowcount
            unshown = update(suggestions).where(
                suggestions.c.shown_platform == member.platform.value, suggestions.c.shown_id == member.id
            )
            count += (await connection.execute(unshown.values(shown_platform=None, shown_id=None))).rowcount
        await self._database.wipe_traces()
        return count
