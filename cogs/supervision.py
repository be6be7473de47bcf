"""Supervision sessions and their reminders."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog, offered
from bot.platforms.discord.router import parts, whole_number
from bot.platforms.discord.translate import Interaction, message_ref
from bot.platforms.discord.visit import Visit

EVERY = [
    app_commands.Choice(name=name, value=value)
    for name, value in (("week", "week"), ("two_weeks", "two weeks"), ("once", "once"))
]
ON_OFF = [app_commands.Choice(name=name, value=name) for name in ("on", "off")]
LONGEST_SESSION = 600


class Supervision(DoorCog):
    """Sessions: added, listed, ended; reminders by direct message."""

    session = app_commands.Group(name="session", description="-", guild_only=True)

    def __init__(self, client: ThirdChairClient) -> None:
        super().__init__(client)
        self._menu = app_commands.ContextMenu(name=self.words.say("discord.menu.bring"), callback=self.bring)

    async def cog_load(self) -> None:
        self.client.router.on("snooze", self.snooze)
        self._menu.guild_only = True
        self.client.tree.add_command(self._menu)

    async def bring(self, interaction: Interaction, message: discord.Message) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.bringing.bring(visit.caller, message_ref(message)))

    @session.command()
    @app_commands.choices(every=EVERY)
    async def add(
        self,
        interaction: Interaction,
        title: app_commands.Range[str, 1, 100],
        every: str,
        date: str,
        time: str,
        minutes: app_commands.Range[int, 1, LONGEST_SESSION] = 60,
        where: app_commands.Range[str, 0, 300] = "",
    ) -> None:
        visit = await self.enter(interaction)
        supervision = self.house.supervision
        await visit.show(
            await supervision.add(visit.caller, visit.room, title, every, date, time, minutes, where, visit.token)
        )

    @session.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.supervision.list(visit.caller, visit.room))

    @session.command()
    async def end(self, interaction: Interaction, session: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.supervision.end(visit.caller, session))

    @end.autocomplete("session")
    async def sessions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        visit = Visit(interaction)
        return offered(await self.house.supervision.choices(visit.caller, visit.room), typed)

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.choices(dm=ON_OFF)
    async def reminders(self, interaction: Interaction, dm: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.supervision.set_dm(visit.caller, visit.room, dm == "on"))

    async def snooze(self, visit: Visit, subject: str) -> None:
        session_id, epoch, minutes = parts(subject, 3)
        start, later = whole_number(epoch), whole_number(minutes)
        await visit.show(await self.house.supervision.snooze(visit.caller, session_id, start, later))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Supervision(client))
