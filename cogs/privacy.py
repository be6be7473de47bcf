"""What a person may see, choose and erase about herself."""

from __future__ import annotations

from discord import app_commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.offers import countries
from bot.platforms.discord.translate import Interaction, workspace_of


class Privacy(DoorCog):
    """`/me` and `/privacy`."""

    me = app_commands.Group(name="me", description="-")

    @me.command()
    async def country(self, interaction: Interaction, country: app_commands.Range[str, 1, 100]) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.privacy.set_country(visit.caller, country))

    @me.command()
    async def language(self, interaction: Interaction, language: app_commands.Range[str, 1, 100]) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.privacy.set_locale(visit.caller, language))

    @me.command()
    async def show(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.privacy.show(visit.caller))

    @me.command()
    async def forget(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        everywhere = [workspace_of(guild.id) for guild in self.client.guilds]
        await visit.show(await self.house.privacy.forget_me(visit.caller, everywhere))

    @country.autocomplete("country")
    async def countries(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(countries(interaction.locale.value), typed)

    @app_commands.command()
    async def privacy(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.privacy.statement(visit.caller, visit.channel))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Privacy(client))
