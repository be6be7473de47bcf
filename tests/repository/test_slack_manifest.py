"""The manifest that creates the Slack app asks for just what the code uses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.messages import MessageCatalogue
from bot.platforms.discord.client import COGS, ThirdChairClient
from bot.platforms.slack import handlers, mrkdwn, needs
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import OneWorkspace, Session
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.pace import Pace
from rehearsal.slack import demo

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = MessageCatalogue(REPOSITORY / "content")
SOURCES = sorted((REPOSITORY / "bot/platforms/slack").rglob("*.py"))

NEEDED_BY = {
    "chat:write": {"chat_postMessage", "chat_update", "chat_delete"},
    "channels:read": {"conversations_info", "conversations_members", "users_conversations"},
    "groups:read": {"conversations_info", "conversations_members", "users_conversations"},
    "im:read": {"conversations_info", "users_conversations"},
    "channels:history": {"conversations_history", "conversations_replies"},
    "groups:history": {"conversations_history", "conversations_replies"},
    "im:history": {"conversations_history"},
    "im:write": {"conversations_open"},
    "users:read": {"users_info"},
    "usergroups:read": {"usergroups_list", "usergroups_users_list"},
    "commands": set(),
}
"""Which methods of the Web API each scope is for; `commands` is for the slash command and the shortcuts."""

METHOD = re.compile(r"(chat|conversations|users|usergroups|views|auth|apps|team|files|reactions)_[a-zA-Z]")
FREE = {"auth_test", "apps_connections_open", "views_open", "views_push", "views_update", "views_publish"}
"""Methods that ask for no scope of the bot's token."""


@pytest.fixture
async def desk() -> Desk:
    session = Session()
    desk = Desk(session, Asking(OneWorkspace(session, "xoxb-x"), Pace()), WORDS)
    handlers.register(desk)
    return desk


def manifest() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((REPOSITORY / "slack-manifest.yaml").read_text(encoding="utf-8"))
    return content


def called() -> set[str]:
    """Every method of the Web API that the door calls."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if re.match(
                    r"(chat|conversations|users|usergroups|views|auth|apps|team|files|reactions)_[a-z]", name, re.I
                ):
                    found.add(name)
    return found


def test_scopes_are_those_of_the_code_and_none_besides() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}, "no user token is asked for"
    assert tuple(scopes["bot"]) == needs.SCOPES == tuple(sorted(needs.SCOPES))
    assert set(demo.SCOPES) == set(needs.SCOPES)


def test_every_scope_has_a_method_and_every_method_a_scope() -> None:
    assert set(NEEDED_BY) == set(needs.SCOPES)
    methods = called()
    assert not [scope for scope, names in NEEDED_BY.items() if names and not names & methods]
    assert methods - FREE <= set().union(*NEEDED_BY.values())


def test_events_are_those_that_the_door_listens_to() -> None:
    assert tuple(manifest()["settings"]["event_subscriptions"]["bot_events"]) == needs.EVENTS
    door = (REPOSITORY / "bot/platforms/slack/door.py").read_text(encoding="utf-8")
    for event in needs.EVENTS:
        assert f'"{event.partition(".")[0]}"' in door, event


async def test_the_command_and_the_shortcuts_have_handlers(desk: Desk) -> None:
    features = manifest()["features"]
    assert [each["command"] for each in features["slash_commands"]] == [mrkdwn.COMMAND]
    assert all(each["should_escape"] for each in features["slash_commands"]), "channels are given by id"
    shortcuts = {each["callback_id"]: each["name"] for each in features["shortcuts"]}
    assert set(shortcuts) == desk.router.shortcuts == set(needs.SHORTCUTS)
    assert shortcuts == {name: WORDS.say(f"slack.shortcut.{name}") for name in shortcuts}
    assert {each["type"] for each in features["shortcuts"]} == {"message"}


def test_slacks_limits_on_a_manifest_are_kept() -> None:
    content = manifest()
    assert len(content["display_information"]["name"]) <= 35
    assert len(content["display_information"]["description"]) <= 140
    for each in content["features"]["shortcuts"]:
        assert len(each["name"]) <= 24
        assert len(each["description"]) <= 150
    assert content["settings"]["socket_mode_enabled"] is True
    assert content["features"]["app_home"]["home_tab_enabled"] is True


async def test_slack_can_do_what_discord_can(desk: Desk) -> None:
    """A command or button that one door has and the other lacks is named here, with the reason."""
    client = ThirdChairClient(WORDS)
    for cog in COGS:
        await client.load_extension(f"cogs.{cog}")
    commands = {each.qualified_name for each in client.tree.walk_commands() if not hasattr(each, "walk_commands")}
    commands -= {each.name for each in client.tree.get_commands() if hasattr(each, "type")}  # the message menus
    assert commands - desk.router.commands == set()
    assert desk.router.commands - commands == {"setup"}  # short for `setup start`
    one_form = {action for action in client.router.actions if action.startswith("setup-")} - {"setup-remove"}
    assert client.router.actions - desk.router.actions == one_form  # Discord's guide is several steps


async def test_every_command_is_known_in_running_text_and_in_the_help(desk: Desk) -> None:
    assert {command.split()[0] for command in desk.router.commands} == set(mrkdwn.COMMANDS)
    listed = {command for section in handlers.guide.SECTIONS.values() for command in section}
    assert listed == desk.router.commands - {"setup", "setup quick"}


def test_slack_is_loaded_only_where_it_is_wanted() -> None:
    look = "import sys, bot.wiring, bot.__main__, cogs.care; print([m for m in sys.modules if m.startswith('slack')])"
    shown = subprocess.run([sys.executable, "-c", look], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
