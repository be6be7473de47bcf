"""How a rehearsal begins: on a working morning, seconds before the daily prompt, with a cohort set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from bot.cohorts.form import SetupForm
from bot.house import House
from bot.people import Caller, Member, Place, Platform, Workspace
from bot.storage.stores import Stores
from rehearsal import demo
from rehearsal.slack import demo as slack_demo

ZONE = "Europe/London"
_AT = time(9)
_BEFORE = timedelta(minutes=10)
_WATCHED = timedelta(seconds=3)
_FORM = SetupForm(
    name="Second years",
    channel=str(demo.DAILY_REFLECTION),
    supervisors_channel=str(demo.SUPERVISORS),
    supervisor_role=str(demo.SUPERVISOR_ROLE),
    trainee_role=str(demo.TRAINEE_ROLE),
    zone=ZONE,
    days="mon,tue,wed,thu,fri",
    time="09:00",
    country="GB",
    subdivision="ENG",
    site_protocol="Call the duty supervisor before you leave the building; write things down after you have spoken.",
    on_call="Duty supervisor, extension 204 (invented for this rehearsal)",
    coverage_hours="weekdays 9:00 to 17:00",
)


def opening_instant(now: datetime) -> datetime:
    """Return the moment, in UTC, at which a fresh rehearsal begins: shortly before the next prompt of a working day."""
    zone = ZoneInfo(ZONE)
    day = now.astimezone(zone).date()
    while day.weekday() > 4 or day in holidays.country_holidays("GB", years=day.year):
        day += timedelta(days=1)
    return (datetime.combine(day, _AT, zone) - _BEFORE).astimezone(UTC)


async def next_prompt(stores: Stores) -> datetime | None:
    """Return the instant, in UTC, of the next daily prompt of any cohort; other due work does not count."""
    daily = [await stores.due.get(f"daily-{cohort.id}") for cohort in await stores.cohorts.every()]
    return min((schedule.next_run_at for schedule in daily if schedule and schedule.next_run_at), default=None)


_ON_SLACK = replace(
    _FORM,
    channel=slack_demo.DAILY_REFLECTION,
    supervisors_channel=slack_demo.SUPERVISORS,
    supervisor_role=slack_demo.SUPERVISORS,
    trainee_role=slack_demo.DAILY_REFLECTION,
)


async def seed(house: House, platforms: Sequence[Platform] = (Platform.DISCORD,)) -> datetime | None:
    """Set the demo cohort up on each platform as its supervisor would; nothing where it stands already.

    Returns where to move the clock, so that whoever has just opened the page sees the first prompt arrive.
    """
    ingrid_of = {Platform.DISCORD: _ingrid_on_discord, Platform.SLACK: _ingrid_on_slack}
    forms = {Platform.DISCORD: _FORM, Platform.SLACK: _ON_SLACK}
    mornings = [await _seeded(house, ingrid_of[platform](), forms[platform]) for platform in platforms]
    return next(filter(None, mornings), None)


def _ingrid_on_discord() -> Caller:
    workspace = Workspace(Platform.DISCORD, str(demo.GUILD))
    member = Member(Platform.DISCORD, str(demo.SUPERVISING["Ingrid"][0]))
    return Caller(member, workspace, frozenset({str(demo.SUPERVISOR_ROLE)}), manages_workspace=True)


def _ingrid_on_slack() -> Caller:
    workspace = Workspace(Platform.SLACK, slack_demo.TEAM)
    member = Member(Platform.SLACK, f"{slack_demo.TEAM}-{slack_demo.SUPERVISING['Ingrid'][0]}")
    return Caller(member, workspace, frozenset({slack_demo.SUPERVISORS}), manages_workspace=True)


async def _seeded(house: House, ingrid: Caller, form: SetupForm) -> datetime | None:
    """Set the demo cohort up, with a weekly session; None if it stands already."""
    if await house.cohorts.in_workspace(ingrid):
        return None
    await house.cohorts.setup(ingrid, form, "rehearsal")
    here = Place(ingrid.workspace, form.channel)
    today = house.clock.now().astimezone(ZoneInfo(ZONE)).date()
    await house.supervision.add(
        ingrid,
        here,
        "Group supervision",
        "week",
        (today + timedelta(days=2)).isoformat(),
        "17:00",
        90,
        "Room 3, or the usual link",
        "rehearsal",
    )
    return datetime.combine(today, _AT, ZoneInfo(ZONE)) - _WATCHED
