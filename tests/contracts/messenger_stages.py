"""Platforms to try a messenger on: each stage is a platform behind its own wire, and a hand to break it with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import discord

from bot.catalogue.messages import MessageCatalogue
from bot.people import Member, MessageRef, Place, Platform, Workspace
from bot.platforms.discord.limiter import Pace, paced
from bot.platforms.discord.messenger import DiscordMessenger
from bot.ports.messenger import Messenger
from bot.settings import CONTENT
from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.permissions import P
from rehearsal.discord.pointing import pointed_at
from rehearsal.server import RehearsalServer


class Stage(Protocol):
    """What the contract suite needs of a platform."""

    messenger: Messenger
    workspace: Workspace
    channel: Place
    trainee: Member
    stranger: Member
    trainee_role: str
    supervisor_role: str
    posting_permission: str
    opening_asks: bool
    """Whether opening a thread is a request that can break."""

    def texts(self, place: Place) -> list[str]:
        """All that the bot's messages in a place say, oldest message first."""
        ...

    def private_texts(self, member: Member) -> list[str]: ...

    def pinged(self, ref: MessageRef) -> set[str]:
        """The ids of all roles and people that a message notified."""
        ...

    def threads(self) -> list[str]: ...

    def is_locked(self, thread: Place) -> bool: ...

    def archive(self, thread: Place) -> None: ...

    def remove(self, place: Place) -> None: ...

    def refuse_direct(self, member: Member) -> None: ...

    async def revoke_posting(self) -> None: ...

    async def somebody_writes(self, place: Place, text: str) -> None: ...

    def slow_down(self, times: int) -> None:
        """Answer the next posts with "too many requests"."""
        ...

    def break_down(self, times: int, *, overloaded: bool = False) -> None:
        """Answer the next posts with a server error, or with "overloaded" (certainly not done)."""
        ...

    def cut(self, *, after: bool, act: str = "post") -> None:
        """Cut the connection of the next `post` or `thread`, before or after it took effect."""
        ...


class DiscordStage:
    """discord.py, unmodified, against the rehearsal's wire."""

    posting_permission = "Send Messages"
    opening_asks = True

    def __init__(self, door: DiscordDoor, client: discord.Client) -> None:
        self.messenger: Messenger = DiscordMessenger(client, MessageCatalogue(CONTENT))
        self._client = client
        self.workspace = Workspace(Platform.DISCORD, str(demo.GUILD))
        self.channel = Place(self.workspace, str(demo.DAILY_REFLECTION))
        self.trainee = Member(Platform.DISCORD, str(demo.TRAINEES["Amara"][0]))
        self.stranger = Member(Platform.DISCORD, "1150000000000009999")
        self.trainee_role = str(demo.TRAINEE_ROLE)
        self.supervisor_role = str(demo.SUPERVISOR_ROLE)
        self._door = door
        self._world = door.world

    def texts(self, place: Place) -> list[str]:
        return self._texts(int(place.id))

    def private_texts(self, member: Member) -> list[str]:
        channel = self._world.dm_with(int(member.id))
        return [] if channel is None else self._texts(channel.id)

    def pinged(self, ref: MessageRef) -> set[str]:
        message = self._world.messages[int(ref.place.id)][int(ref.id)]
        everyone = {"everyone"} if message.mention_everyone else set()
        return everyone | {str(number) for number in (*message.mention_ids, *message.mention_role_ids)}

    def threads(self) -> list[str]:
        return [str(thread.id) for thread in self._world.threads_of(int(self.channel.id))]

    def is_locked(self, thread: Place) -> bool:
        return self._world.channels[int(thread.id)].thread.locked

    def archive(self, thread: Place) -> None:
        self._world.channels[int(thread.id)].thread.archived = True

    def remove(self, place: Place) -> None:
        del self._world.channels[int(place.id)]
        del self._world.messages[int(place.id)]

    def refuse_direct(self, member: Member) -> None:
        self._world.users[int(member.id)].takes_dms = False

    async def revoke_posting(self) -> None:
        guild = self._world.guilds[demo.GUILD]
        for role in guild.roles.values():
            told = asyncio.ensure_future(
                self._client.wait_for("guild_role_update", check=lambda _, after, role=role: after.id == role.id)
            )
            await asyncio.sleep(0)
            role.permissions &= ~int(P.SEND_MESSAGES)
            self._door.guilds.role_changed(guild, role)
            await told

    async def somebody_writes(self, place: Place, text: str) -> None:
        await self._door.people.send(self.trainee.id, place.id, text)

    def slow_down(self, times: int) -> None:
        self._door.faults.add(
            {"kind": "429_local", "method": "POST", "route": "/messages$", "count": times, "seconds": 0.01}
        )

    def break_down(self, times: int, *, overloaded: bool = False) -> None:
        status = 503 if overloaded else 502
        self._door.faults.add(
            {"kind": "status", "status": status, "method": "POST", "route": "/messages$", "count": times}
        )

    def cut(self, *, after: bool, act: str = "post") -> None:
        route = {"post": "/messages$", "thread": "/threads$"}[act]
        self._door.faults.add({"kind": "reset_after" if after else "reset_before", "method": "POST", "route": route})

    def _texts(self, channel_id: int) -> list[str]:
        return [
            "\n".join(embed.get("description", "") for embed in message.embeds)
            for _, message in sorted(self._world.messages.get(channel_id, {}).items())
            if message.author_id == self._world.bot_id and message.type == 0
        ]


@asynccontextmanager
async def on_discord() -> AsyncIterator[DiscordStage]:
    """Raise the rehearsal, connect a bare client with our intents and pace, and stop both at the end."""
    door = DiscordDoor(demo.demo_world(MovableClock()))
    server = RehearsalServer([door])
    url = await server.start()
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
    try:
        with pointed_at(url):
            client = discord.Client(
                intents=intents, max_messages=None, guild_ready_timeout=0.01, http_trace=paced(Pace())
            )
            await client.login(demo.BOT_TOKEN)
            line = asyncio.create_task(client.connect())
            await client.wait_until_ready()
            try:
                yield DiscordStage(door, client)
            finally:
                await client.close()
                await asyncio.gather(line, return_exceptions=True)
    finally:
        await server.stop()
