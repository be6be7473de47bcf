"""A curriculum of several weeks: begun, looked at, a week left out, ended."""

from __future__ import annotations

from discord import app_commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.translate import Interaction


class Curriculum(DoorCog):
    """`/curriculum`."""

    curriculum = app_commands.Group(name="curriculum", description="-", guild_only=True)

    @curriculum.command()
    async def start(self, interaction: Interaction, sequence: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.curricula.start(visit.caller, visit.room, sequence))

    @start.autocomplete("sequence")
    async def sequences(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(self.house.curricula.offers(typed))

    @curriculum.command()
    async def status(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.curricula.status(visit.caller, visit.room))

    @curriculum.command()
    async def skip(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.curricula.skip(visit.caller, visit.room))

    @curriculum.command()
    async def stop(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.curricula.stop(visit.caller, visit.room))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Curriculum(client))
