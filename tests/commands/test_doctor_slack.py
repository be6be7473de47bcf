"""The doctor looks at Slack: tokens of the right kinds, scopes, channels and whoever holds the roles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time

import pytest

from bot.catalogue.messages import MessageCatalogue
from bot.commands.doctor.check import Check
from bot.commands.doctor.slack import slack
from bot.commands.terminal import Mark
from bot.people import WEEKDAYS, Cohort, Place, Platform, Workspace
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import OneWorkspace, Session
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.people import People
from bot.platforms.slack.troubles import troubles
from bot.settings import CONTENT, Settings
from rehearsal.clock import MovableClock
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor

HOME = Workspace(Platform.SLACK, demo.TEAM)
COHORT = Cohort(
    id="c1",
    workspace=HOME,
    name="North",
    channel=Place(HOME, demo.DAILY_REFLECTION),
    supervisors_channel=Place(HOME, demo.SUPERVISORS),
    supervisor_role=demo.SUPERVISORS,
    trainee_role=demo.DAILY_REFLECTION,
    zone="Europe/London",
    days=WEEKDAYS,
    time=time(9),
    country="GB",
    created_on=date(2026, 3, 2),
)


class Surgery:
    """A workspace, and the settings that lead to it."""

    def __init__(self, door: SlackDoor, base: str) -> None:
        self.team = door.world.teams[demo.TEAM]
        self.settings = Settings(
            slack_bot_token=demo.BOT_TOKEN, slack_app_token=demo.APP_TOKEN, slack_api_base=f"{base}/slack/api"
        )

    async def mends(self, cohort: Cohort = COHORT) -> list[Check]:
        return [check for check in await slack(self.settings, [cohort]) if check.mark is not Mark.GOOD]


@pytest.fixture
async def surgery() -> AsyncIterator[Surgery]:
    door = SlackDoor(demo.demo_world(MovableClock()))
    server = RehearsalServer([door])
    base = await server.start()
    yield Surgery(door, base)
    await server.stop()


async def test_all_is_well(surgery: Surgery) -> None:
    checks = await slack(surgery.settings, [COHORT])
    assert {check.mark for check in checks} == {Mark.GOOD}
    assert [check.about for check in checks] == ["Slack token", "Slack scopes", "Slack app token", "Cohort North"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slack_bot_token": None}, "SLACK_BOT_TOKEN is not set"),
        ({"slack_app_token": None}, "SLACK_APP_TOKEN is not set"),
        ({"slack_bot_token": "xapp-1"}, "begins with xoxb-"),
        ({"slack_app_token": "xoxb-1"}, "begins with xapp-"),
        ({"slack_bot_token": "xoxb-wrong"}, "Slack refuses it"),
        ({"slack_app_token": "xapp-wrong"}, "opens no socket"),
        ({"slack_http_port": 3000}, "SLACK_SIGNING_SECRET is not set"),
        ({"slack_api_base": "http://127.0.0.1:1/slack/api"}, "cannot be reached"),
    ],
)
async def test_a_token_that_will_not_do_is_named(surgery: Surgery, change: dict[str, object], said: str) -> None:
    given = {name: getattr(surgery.settings, name) for name in ("slack_bot_token", "slack_app_token", "slack_api_base")}
    surgery.settings = Settings(**{**given, **change})
    (check,) = await surgery.mends()
    assert said in str(check)


async def test_a_missing_scope_is_named(surgery: Surgery) -> None:
    surgery.team.scopes.remove("chat:write")
    (check,) = await surgery.mends()
    assert "chat:write" in check.said
    assert "Bot Token Scopes" in check.mend


async def test_scopes_that_nobody_tells_are_not_taken_for_missing(surgery: Surgery) -> None:
    surgery.team.tells_scopes = False
    (check,) = await surgery.mends()
    assert (check.mark, check.about) == (Mark.LOOK, "Slack scopes")
    session = Session(surgery.settings.slack_api_base)
    asking = Asking(OneWorkspace(session, demo.BOT_TOKEN), Pace())
    assert not await troubles(asking, People(asking), MessageCatalogue(CONTENT), COHORT.channel)
    await session.close()


async def test_a_scope_for_paid_plans_may_be_missing(surgery: Surgery) -> None:
    surgery.team.scopes.remove("usergroups:read")
    (check,) = await surgery.mends()
    assert check.mark is Mark.LOOK


async def test_channels_are_looked_at(surgery: Surgery) -> None:
    daily, supervisors = (surgery.team.channels[each] for each in (demo.DAILY_REFLECTION, demo.SUPERVISORS))
    daily.is_archived = True
    supervisors.members.remove(demo.BOT)
    said = "\n".join(map(str, await surgery.mends()))
    assert "its channel #daily-reflection is archived" in said
    assert "its supervisors' channel is gone, or the bot is not in it" in said
    assert "nobody is a supervisor" in said


async def test_a_shared_channel_is_named(surgery: Surgery) -> None:
    surgery.team.channels[demo.DAILY_REFLECTION].is_ext_shared = True
    (check,) = await surgery.mends()
    assert "Slack Connect" in check.said


async def test_a_cohort_of_another_workspace_is_named(surgery: Surgery) -> None:
    (check,) = await surgery.mends(replace(COHORT, workspace=Workspace(Platform.SLACK, "T0OTHER00")))
    assert "another workspace" in check.said
