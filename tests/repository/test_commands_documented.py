"""Every command is in the README, under the name that it really has."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.__main__ import app
from bot.catalogue.messages import MessageCatalogue
from bot.platforms.discord.client import COGS, ThirdChairClient
from bot.platforms.slack.mrkdwn import COMMAND

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
OPERATING = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
LINES = README.splitlines()


@pytest.fixture
async def client() -> ThirdChairClient:
    """The client with all its cogs, as it is before it signs in."""
    client = ThirdChairClient(MessageCatalogue(REPOSITORY / "content"))
    for cog in COGS:
        await client.load_extension(f"cogs.{cog}")
    return client


def slash_commands(client: ThirdChairClient) -> list[str]:
    return [each.qualified_name for each in client.tree.walk_commands() if isinstance(each, app_commands.Command)]


def is_documented(name: str) -> bool:
    """Say whether the README has `/group sub`, or `sub` on a line about `/group`."""
    group, _, sub = name.partition(" ")
    return any(f"`/{name}" in line or (sub and f"`/{group}`" in line and f"`{sub}`" in line) for line in LINES)


async def test_every_cog_is_loaded_and_commands_are_unique(client: ThirdChairClient) -> None:
    written = {path.stem for path in (REPOSITORY / "cogs").glob("*.py") if not path.stem.startswith("_")}
    assert written == set(COGS)
    assert not [name for name, count in Counter(slash_commands(client)).items() if count > 1]


async def test_slash_commands_are_in_the_readme(client: ThirdChairClient) -> None:
    assert not [name for name in slash_commands(client) if not is_documented(name)]


async def test_menu_entries_are_in_the_readme(client: ThirdChairClient) -> None:
    menus = client.tree.get_commands(type=discord.AppCommandType.message)
    words = MessageCatalogue(REPOSITORY / "content")
    shown = {words.say(f"discord.menu.{menu}") for menu in ("moderate", "flag", "missed", "bring")}
    assert len(menus) == len(shown)
    assert not [name for name in shown if name not in README]


async def test_the_readme_names_no_command_that_is_not_there(client: ThirdChairClient) -> None:
    there = {name.partition(" ")[0] for name in slash_commands(client)}
    named = set(re.findall(r"`/([a-z]+)[ `]", README))
    there.add(COMMAND.removeprefix("/"))  # Slack's one command, with all of these behind it
    assert named <= there, f"not there: {sorted(named - there)}"


def test_commands_of_the_command_line_are_in_the_operators_guide() -> None:
    names = [each.name or str(getattr(each.callback, "__name__", "")) for each in app.registered_commands]
    assert len(names) == len(set(names))
    assert not [name for name in names if not re.search(rf"^\| `{re.escape(name)}\b.*\| \S", OPERATING, re.MULTILINE)]


@pytest.mark.parametrize("target", ["run", "start", "test", "check", "bench"])
def test_what_make_can_do_is_in_the_readme(target: str) -> None:
    assert f"make {target}" in README
