"""Trying the crisis screen, and saying what it got wrong."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.errors import NotAllowed
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog
from bot.platforms.discord.translate import Interaction, message_ref, words_of
from bot.platforms.discord.visit import Visit


class Screening(DoorCog):
    """`/supervisor`, and what members may say of a decision."""

    supervisor = app_commands.Group(name="supervisor", description="-", guild_only=True)

    def __init__(self, client: ThirdChairClient) -> None:
        super().__init__(client)
        name = self.words.say("discord.menu.missed")
        self._menu = app_commands.ContextMenu(name=name, callback=self.missed)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        self.client.router.on("wrong", self.wrong_alarm)
        self.client.tree.add_command(self._menu)

    @supervisor.command(name="screen-test")
    async def screen_test(self, interaction: Interaction, sentence: app_commands.Range[str, 1, 2000]) -> None:
        # The one text that is not heeded: a supervisor who tries the screen is not taken at her word.
        visit = await self.enter(interaction, heed=False)
        try:
            card = await self.house.feedback.try_out(visit.caller, sentence)
        except NotAllowed:
            await self.heed(visit, sentence)
            raise
        await visit.show(card)

    @supervisor.command(name="screen-report")
    async def screen_report(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.feedback.report(visit.caller))

    async def missed(self, interaction: Interaction, message: discord.Message) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.feedback.missed(visit.caller, message_ref(message), words_of(message)))

    async def wrong_alarm(self, visit: Visit, subject: str) -> None:
        await visit.show(await self.house.feedback.wrong_alarm(visit.caller, subject))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Screening(client))
