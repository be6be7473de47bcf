"""Tables in code and tables in a migrated database are the same, and one from the future is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.errors import StorageError
from bot.people import AlertPolicy, ItemPolicy
from bot.storage import migration
from bot.storage.database import Database
from bot.storage.schema import metadata
from bot.storage.stores import Stores
from tests.contracts.examples import cohort


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def test_tables_in_code_and_in_a_migrated_database_agree(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_migrated_database_is_at_the_revision_needed(database: Database) -> None:
    assert await migration.current(database) == migration.needed()
    await migration.require_current(database)
    assert await migration.upgrade(database) == migration.needed()


async def test_an_empty_database_names_the_command_that_mends_it(empty_url: str) -> None:
    async with Database.open(empty_url) as database:
        assert await migration.current(database) is None
        with pytest.raises(StorageError, match="run the migrate command"):
            await migration.require_current(database)
        with pytest.raises(StorageError, match="run the migrate command"):
            await Stores.on(database).cohorts.every()


async def test_cohorts_of_the_first_schema_keep_what_held_for_them(empty_url: str) -> None:
    before = cohort()
    columns = "id, platform, workspace_id, name, channel_id, supervisors_channel_id, supervisor_role, trainee_role"
    more = "zone, days, time, country, created_on, site_protocol, on_call, coverage_hours, locale, alert_policy"
    async with Database.open(empty_url) as database:
        await migration.upgrade(database, "0001")
        async with database.writing() as connection:
            await connection.execute(
                text(
                    f"INSERT INTO cohorts ({columns}, {more}, open_days, level, drafts_allowed)"
                    " VALUES ('c1', 'discord', '100',"
                    " 'Cohort c1', 'channel-c1', 'supervisors-c1', 'supervisors', 'trainees', 'Europe/Vienna', '01234',"
                    " '09:00:00', 'AT', '2026-01-05', '', '', '', 'en', 'with text', 7, 1, true)"
                )
            )
        await migration.upgrade(database)
        assert await Stores.on(database).cohorts.get("c1") == replace(
            before, alert_policy=AlertPolicy.WITH_TEXT, item_policy=ItemPolicy.OPEN
        )


async def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (migration.upgrade, migration.require_current):
        with pytest.raises(StorageError, match="newer version of Third Chair"):
            await attempt(database)
    assert await migration.current(database) == "9999"


async def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    async with Database.open(empty_url) as one, Database.open(empty_url) as other:
        revisions = await asyncio.gather(migration.upgrade(one), migration.upgrade(other), return_exceptions=True)
    assert list(revisions) == [migration.needed()] * 2
