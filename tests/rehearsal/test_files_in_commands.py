"""A file given to a command: discord.py finds it described as Discord does, and can fetch it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import discord
import pytest

from rehearsal import demo
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.errors import Refused
from tests.rehearsal.stage import AMARA, Bot, Watching

CONTENT = "title: Ü\n".encode()


def given(content: bytes = CONTENT, name: str = "an item.yaml") -> dict[str, str]:
    return {"filename": name, "content": base64.b64encode(content).decode()}


@pytest.fixture
async def reader(bot: Bot) -> Bot:
    """A bot that says what it read."""

    @bot.tree.command(description="Read a file")
    async def read(interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
        content = await file.read()
        await interaction.response.send_message(f"{file.filename} {file.size} {content == CONTENT}", ephemeral=True)

    await bot.tree.sync()
    return bot


async def test_the_bot_reads_what_was_given(reader: Bot, door: DiscordDoor, watch: Callable[[int], Watching]) -> None:
    screen = watch(AMARA)
    await door.people.command(AMARA, demo.DAILY_REFLECTION, "read", {"file": given()})
    shown = await screen.until("ephemeral_create")
    assert shown["content"] == f"an item.yaml {len(CONTENT)} True"


@pytest.mark.parametrize(
    "wrong",
    ["a name", {"filename": "x"}, {"filename": "x", "content": "not Base64!"}, given(name="../x"), given(name="")],
)
async def test_what_is_no_file_is_refused(reader: Bot, door: DiscordDoor, wrong: object) -> None:
    with pytest.raises(Refused, match="“file”"):
        await door.people.command(AMARA, demo.DAILY_REFLECTION, "read", {"file": wrong})
