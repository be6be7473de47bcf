"""Listening to open messages, and the ways to help that are there at any time."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.hearing import Hearing
from bot.platforms.discord.offers import countries
from bot.platforms.discord.translate import Interaction
from bot.platforms.discord.visit import Visit

NO_COUNTRY = "-"


class Care(DoorCog):
    """Every message passes here, edits too, and those that a broken line kept from us."""

    def __init__(self, client: ThirdChairClient) -> None:
        super().__init__(client)
        self.hearing = Hearing(client)

    async def cog_load(self) -> None:
        on = self.client.router.on
        on("lines", self.lines)
        on("contact-*", self.contact)
        on("ack", self.acknowledge)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        await self.hearing.heard(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        await self.hearing.heard(event.message, edited=True)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard: int) -> None:
        self.hearing.broken(shard)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard: int) -> None:
        self.hearing.resumed(shard)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard: int) -> None:
        """A new session, not a resumed one: Discord tells nothing of what was said in between."""
        await self.hearing.catch_up(shard)

    @app_commands.command()
    async def resources(self, interaction: Interaction, country: str | None = None) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.care.resources(visit.caller, visit.channel, country))

    @resources.autocomplete("country")
    async def countries(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(countries(interaction.locale.value), typed)

    async def lines(self, visit: Visit, country: str) -> None:
        await visit.show(await self.house.care.more_lines(visit.caller, "" if country == NO_COUNTRY else country))

    async def contact(self, visit: Visit, subject: str) -> None:
        await visit.show(await self.house.care.contact(visit.caller, visit.choice, subject))

    async def acknowledge(self, visit: Visit, alert_id: str) -> None:
        await visit.show(await self.house.care.acknowledge(visit.caller, alert_id))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Care(client))
