"""The doctor: everything well is said so, and each thing that is wrong is named with what to do."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.doctor import machine as machine_checks
from bot.commands.doctor.check import Check
from bot.commands.doctor.keeping import keeping
from bot.commands.doctor.library import library
from bot.commands.doctor.machine import clock, disk, keys, machine, python
from bot.commands.doctor.platform import platform
from bot.commands.terminal import Mark
from bot.crisis.assessment import Action, Assessment
from bot.crisis.screening import Screen
from bot.people import WEEKDAYS, Cohort, Place, Platform, Workspace
from bot.settings import Settings
from bot.storage import migration
from bot.storage.database import Database
from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.model import Overwrite
from rehearsal.discord.permissions import P
from rehearsal.server import RehearsalServer

HOME = Workspace(Platform.DISCORD, str(demo.GUILD))
COHORT = Cohort(
    id="c1",
    workspace=HOME,
    name="North",
    channel=Place(HOME, str(demo.DAILY_REFLECTION)),
    supervisors_channel=Place(HOME, str(demo.SUPERVISORS)),
    supervisor_role=str(demo.SUPERVISOR_ROLE),
    trainee_role=str(demo.TRAINEE_ROLE),
    zone="Europe/London",
    days=WEEKDAYS,
    time=time(9),
    country="GB",
    created_on=date(2026, 3, 2),
)


def marks(checks: list[Check]) -> set[Mark]:
    return {check.mark for check in checks}


def only(checks: list[Check], mark: Mark) -> Check:
    (found,) = (check for check in checks if check.mark is mark)
    return found


# The machine


def test_a_machine_in_order(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    checks = list(machine(Settings(data_dir=tmp_path / "data", keys_dir=tmp_path / "keys")))
    assert marks(checks) == {Mark.GOOD}
    assert {"Python", "Time zones", "Disk", "Keys"} == {check.about for check in checks}


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "OLDEST_PYTHON", (sys.version_info[0], sys.version_info[1] + 1))
    assert python().mark is Mark.MEND


@pytest.mark.parametrize(("least", "mark"), [("SCARCE_DISK", Mark.MEND), ("LITTLE_DISK", Mark.LOOK)])
def test_a_disk_that_fills_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, least: str, mark: Mark) -> None:
    monkeypatch.setattr(machine_checks, least, 2**80)
    assert disk(tmp_path / "not" / "made" / "yet").mark is mark


def test_keys_that_others_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    folder.chmod(0o755)
    (check,) = keys(folder, tmp_path / "data")
    assert (check.mark, check.mend) == (Mark.MEND, f"Run chmod 700 {folder}.")


def test_keys_beside_the_database_are_worth_a_look(tmp_path: Path) -> None:
    checks = list(keys(tmp_path / "data" / "keys", tmp_path / "data"))
    assert "KEYS_DIR" in only(checks, Mark.LOOK).mend


def test_a_file_in_the_place_of_the_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    assert next(keys(tmp_path / "keys", tmp_path / "data")).mark is Mark.MEND


@pytest.mark.parametrize(
    ("drift", "mark", "words"),
    [
        (timedelta(seconds=2), Mark.GOOD, "agrees"),
        (timedelta(seconds=-20), Mark.LOOK, "20 s behind"),
        (timedelta(minutes=5), Mark.MEND, "300 s ahead"),
        (None, Mark.LOOK, "nobody to compare"),
    ],
)
def test_the_clock_is_compared(drift: timedelta | None, mark: Mark, words: str) -> None:
    check = clock(drift)
    assert check.mark is mark
    assert words in check.said


# The database


async def test_a_database_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    checks, cohorts = await keeping(Settings(data_dir=tmp_path / "data"))
    assert marks(checks) == {Mark.GOOD}
    assert not cohorts
    assert not (tmp_path / "data").exists()


async def test_a_database_in_order(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with Database.open(settings.database) as database:
        await migration.upgrade(database)
    checks, _ = await keeping(settings)
    assert marks(checks) == {Mark.GOOD}
    assert any("revision" in check.said for check in checks)


async def test_a_database_from_the_future(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with Database.open(settings.database) as database:
        await migration.upgrade(database)
    with sqlite3.connect(tmp_path / "third-chair.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = 'ffff'")
    raw.close()
    checks, _ = await keeping(settings)
    assert "newer version" in only(checks, Mark.MEND).said


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "third-chair.db").write_text("shopping list " * 1000)
    checks, _ = await keeping(Settings(data_dir=tmp_path))
    assert "is not a database" in only(checks, Mark.MEND).said


async def test_a_database_server_that_is_not_there_keeps_its_password_to_itself() -> None:
    checks, _ = await keeping(Settings(database_url="postgresql://me:s3cret@127.0.0.1:1/tc"))
    assert only(checks, Mark.MEND)
    assert "s3cret" not in str(checks)


async def test_an_address_that_makes_no_sense() -> None:
    checks, _ = await keeping(Settings(database_url="mysql://me:s3cret@h/tc"))
    assert "DATABASE_URL" in only(checks, Mark.MEND).said
    assert "s3cret" not in str(checks)


# The content


def test_the_content_that_we_ship() -> None:
    checks = {check.about: check for check in library(Settings().content_dir, date(2026, 11, 23))}
    assert set(checks) == {"Items", "Messages", "Crisis screen", "Help lines"}
    assert Mark.MEND not in marks(list(checks.values()))
    assert "not checked by a person within 180 days" in checks["Help lines"].said
    assert "rules load; two sentences were answered A and N in" in checks["Crisis screen"].said


def test_a_screen_that_hears_nothing_or_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    for action, mark in ((Action.N, Mark.MEND), (Action.A, Mark.LOOK)):
        monkeypatch.setattr(Screen, "assess", lambda *_, action=action: Assessment(action))
        checks = {check.about: check for check in library(Settings().content_dir, date(2026, 11, 23))}
        assert checks["Crisis screen"].mark is mark
        assert "content/crisis/rules" in str(checks["Crisis screen"])


def test_content_that_is_not_there(tmp_path: Path) -> None:
    checks = list(library(tmp_path / "nowhere", date(2026, 11, 23)))
    assert marks(checks) == {Mark.MEND}
    assert len(checks) == 4


# Discord


@pytest.fixture
async def door() -> AsyncIterator[DiscordDoor]:
    now = datetime.now(UTC)
    door = DiscordDoor(demo.demo_world(MovableClock(real_now=lambda: now)))
    server = RehearsalServer([door])
    door_url = await server.start()
    door.doctor = Settings(discord_token=demo.BOT_TOKEN, discord_api_base=f"{door_url}/api/v10")  # type: ignore[attr-defined]
    yield door
    await server.stop()


def settings_of(door: Any) -> Settings:
    return door.doctor


async def test_a_bot_that_may_do_all_it_needs(door: DiscordDoor) -> None:
    checks, drift = await platform(settings_of(door), [COHORT])
    assert marks(checks) == {Mark.GOOD}
    assert [check.about for check in checks] == ["Token", "Message Content Intent", "Cohort North"]
    assert "Third Chair" in checks[0].said
    assert drift is not None
    assert abs(drift) < timedelta(seconds=60)


async def test_no_token_and_a_wrong_one(door: DiscordDoor) -> None:
    checks, _ = await platform(Settings(), [])
    assert "DISCORD_TOKEN is not set" in only(checks, Mark.MEND).said
    checks, _ = await platform(settings_of(door).model_copy(update={"discord_token": None}), [])
    assert "is not set" in only(checks, Mark.MEND).said
    wrong = Settings(discord_token="wrong", discord_api_base=settings_of(door).discord_api_base)
    checks, _ = await platform(wrong, [COHORT])
    assert "Reset Token" in only(checks, Mark.MEND).mend


async def test_an_intent_that_is_off(door: DiscordDoor) -> None:
    door.world.application.content_intent = False
    checks, _ = await platform(settings_of(door), [])
    check = only(checks, Mark.MEND)
    assert check.about == "Message Content Intent"
    assert "Privileged Gateway Intents" in check.mend


async def test_permissions_that_are_missing_are_named_in_discords_words(door: DiscordDoor) -> None:
    deny = int(P.EMBED_LINKS | P.MANAGE_THREADS)
    door.guilds.overwrite(door.world.channels[demo.DAILY_REFLECTION], Overwrite(demo.BOT_ROLE, 0, deny=deny))
    checks, _ = await platform(settings_of(door), [COHORT])
    check = only(checks, Mark.MEND)
    assert check.said == "the bot lacks Embed Links, Manage Threads in its channel."
    assert "#daily-reflection" in check.mend


async def test_a_channel_and_a_server_that_are_gone(door: DiscordDoor) -> None:
    door.guilds.delete_channel(door.world.channels[demo.SUPERVISORS])
    elsewhere = Workspace(Platform.DISCORD, "77")
    other = replace(COHORT, id="c2", name="South", workspace=elsewhere)
    checks, _ = await platform(settings_of(door), [COHORT, other])
    said = {check.about: check.said for check in checks if check.mark is Mark.MEND}
    assert said == {
        "Cohort North": "its supervisors' channel is gone.",
        "Cohort South": "the bot is not on its server any more.",
    }


async def test_a_discord_that_cannot_be_reached() -> None:
    checks, drift = await platform(Settings(discord_token="x", discord_api_base="http://127.0.0.1:1/api/v10"), [COHORT])
    assert "cannot be reached" in only(checks, Mark.MEND).said
    assert drift is None


async def test_a_discord_that_hangs_is_not_waited_for(door: DiscordDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.doctor.platform.PATIENCE", 0.0)
    checks, drift = await platform(settings_of(door), [COHORT])
    assert "cannot be reached (TimeoutError)" in only(checks, Mark.MEND).said
    assert drift is None
