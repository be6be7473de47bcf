"""Keeping the room safe: hide, restore, delete, lock, close, pause, flag, and the supervisors' own audit."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.cog import DoorCog
from bot.platforms.discord.translate import Interaction, message_ref
from bot.platforms.discord.visit import Visit


class Moderation(DoorCog):
    """Supervisors' acts and members' flags."""

    posting = app_commands.Group(name="posting", description="-", guild_only=True)

    def __init__(self, client: ThirdChairClient) -> None:
        super().__init__(client)
        self._menus = [
            app_commands.ContextMenu(name=self.words.say("discord.menu.moderate"), callback=self.moderate),
            app_commands.ContextMenu(name=self.words.say("discord.menu.flag"), callback=self.flag_message),
        ]

    async def cog_load(self) -> None:
        on = self.client.router.on
        for action in ("hide", "restore", "delete", "flag"):
            on(action, self.about_response)
        for action in ("lock", "unlock", "close", "reopen"):
            on(action, self.about_posting)
        for menu in self._menus:
            menu.guild_only = True
            self.client.tree.add_command(menu)

    async def about_response(self, visit: Visit, response_id: str) -> None:
        moderation = self.house.moderation
        acts = {
            "hide": moderation.hide,
            "restore": moderation.restore,
            "delete": moderation.delete,
            "flag": moderation.flag,
        }
        await visit.show(await acts[visit.action](visit.caller, response_id))

    async def about_posting(self, visit: Visit, posting_id: str) -> None:
        moderation = self.house.moderation
        acts = {
            "lock": moderation.lock,
            "unlock": moderation.unlock,
            "close": moderation.close,
            "reopen": moderation.reopen,
        }
        await visit.show(await acts[visit.action](visit.caller, posting_id))

    @posting.command()
    async def next(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        posting_id = await self.house.moderation.posting_at(visit.caller, visit.here)
        await visit.show(await self.house.parts.release(visit.caller, posting_id))

    @posting.command()
    async def lock(self, interaction: Interaction) -> None:
        await self.change_here(interaction, "lock")

    @posting.command()
    async def unlock(self, interaction: Interaction) -> None:
        await self.change_here(interaction, "unlock")

    @posting.command()
    async def close(self, interaction: Interaction) -> None:
        await self.change_here(interaction, "close")

    @posting.command()
    async def reopen(self, interaction: Interaction) -> None:
        await self.change_here(interaction, "reopen")

    async def change_here(self, interaction: Interaction, action: str) -> None:
        """Do it to the posting whose thread this is, or to the channel's latest."""
        visit = await self.enter(interaction)
        visit.action = action
        await self.about_posting(visit, await self.house.moderation.posting_at(visit.caller, visit.here))

    @app_commands.command()
    @app_commands.guild_only()
    async def pause(self, interaction: Interaction, until: str) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.moderation.pause(visit.caller, visit.room, until))

    @app_commands.command()
    @app_commands.guild_only()
    async def resume(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.moderation.resume(visit.caller, visit.room))

    @app_commands.command()
    @app_commands.guild_only()
    async def audit(self, interaction: Interaction) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.moderation.audit(visit.caller, visit.room))

    async def moderate(self, interaction: Interaction, message: discord.Message) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.moderation.menu(visit.caller, message_ref(message)))

    async def flag_message(self, interaction: Interaction, message: discord.Message) -> None:
        visit = await self.enter(interaction)
        await visit.show(await self.house.moderation.flag_message(visit.caller, message_ref(message)))


async def setup(client: ThirdChairClient) -> None:
    """Load the cog (discord.py calls this)."""
    await client.add_cog(Moderation(client))
