"""Prompts and vignettes on demand, why this one, and the coming week in a supervisor's hands."""

from __future__ import annotations

from discord import app_commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.router import First, parts
from bot.platforms.discord.translate import Interaction
from bot.platforms.discord.visit import Visit
from bot.prompts.item import HoldFlag, Season

FLAGS = [app_commands.Choice(name=flag.name.lower(), value=flag.value) for flag in HoldFlag]
SEASONS = [app_commands.Choice(name=season.name.lower(), value=season.value) for season in Season]
Day = app_commands.Range[str, 1, 30]


class Prompts(DoorCog):
    """Items: shown, explained, posted, moved, held back and released."""

    hold = app_commands.Group(name="hold", description="-", guild_only=True)
    season = app_commands.Group(name="season", description="-", guild_only=True)

    async def cog_load(self) -> None:
        on = self.client.router.on
        on("post", self.post)
        on("open", self.open)
        for action in ("swap", "skip", "pin", "pin-anyway"):
            on(action, self.rearrange, first=First.REPLACE)
        for act in ("approve", "swap", "skip", "post"):
            on(f"week-{act}", self.week)

    @app_commands.command()
    @app_commands.guild_only()
    async def prompt(self, interaction: Interaction) -> None:
        await self.on_demand(interaction, "prompt")

    @app_commands.command()
    @app_commands.guild_only()
    async def vignette(self, interaction: Interaction) -> None:
        await self.on_demand(interaction, "vignette")

    async def on_demand(self, interaction: Interaction, kind: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.prompts.on_demand(visit.caller, visit.here, kind, visit.token))

    @app_commands.command()
    @app_commands.guild_only()
    async def why(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.prompts.why(visit.caller, visit.here))

    @app_commands.command()
    @app_commands.guild_only()
    async def preview(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(*await self.house.prompts.preview(visit.caller, visit.here))

    @app_commands.command()
    @app_commands.guild_only()
    async def pin(self, interaction: Interaction, item: str) -> None:
        visit = await self.enter(interaction)
        visit.action = "pin"
        await self.rearrange(visit, item)

    @pin.autocomplete("item")
    async def items(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.prompts.find_items(visit.caller, visit.here, typed))

    @hold.command(name="raise")
    @app_commands.choices(flag=FLAGS)
    async def raise_(self, interaction: Interaction, flag: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.raise_hold(visit.caller, visit.room, flag))

    @hold.command()
    @app_commands.choices(flag=FLAGS)
    async def lower(self, interaction: Interaction, flag: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.lower_hold(visit.caller, visit.room, flag))

    @hold.command()
    async def show(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.arrangements(visit.caller, visit.room))

    @season.command(name="set")
    @app_commands.choices(season=SEASONS)
    async def set_(self, interaction: Interaction, season: str, first: Day, last: Day) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.set_season(visit.caller, visit.room, season, first, last))

    @season.command()
    @app_commands.choices(season=SEASONS)
    async def clear(self, interaction: Interaction, season: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.end_season(visit.caller, visit.room, season))

    @app_commands.command()
    @app_commands.guild_only()
    async def release(self, interaction: Interaction, item: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.show_held(visit.caller, *parts(item, 2)))

    @release.autocomplete("item")
    async def held_items(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.arranging.held_items(visit.caller, visit.room, typed))

    @app_commands.command()
    @app_commands.guild_only()
    async def retire(self, interaction: Interaction, item: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.retire(visit.caller, *parts(item, 2)))

    @retire.autocomplete("item")
    async def retirable(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.prompts.find_items(visit.caller, visit.here, typed))

    @app_commands.command()
    @app_commands.guild_only()
    async def request(self, interaction: Interaction, theme: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.arranging.request(visit.caller, visit.room, theme))

    @request.autocomplete("theme")
    async def themes(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.arranging.themes(visit.caller, visit.room, typed))

    async def week(self, visit: Visit, day: str) -> None:
        await visit.show(await self.house.week.act(visit.caller, visit.choice, day))

    async def post(self, visit: Visit, subject: str) -> None:
        cohort_id, item_id = parts(subject, 2)
        await visit.show(await self.house.prompts.post_now(visit.caller, cohort_id, item_id))

    async def open(self, visit: Visit, posting_id: str) -> None:
        await visit.show(await self.house.prompts.reveal(visit.caller, posting_id))

    async def rearrange(self, visit: Visit, subject: str) -> None:
        prompts = self.house.prompts
        cohort_id, item_id = parts(subject, 2)
        if visit.choice:
            card = await prompts.pin(visit.caller, cohort_id, item_id, anyway=True)
        else:
            acts = {"swap": prompts.swap, "skip": prompts.skip, "pin": prompts.pin}
            card = await acts[visit.action](visit.caller, cohort_id, item_id)
        await visit.show(card)


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Prompts(client))
