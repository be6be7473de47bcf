"""What the wire tests share: a small bot, a look over somebody's shoulder, and who is who."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from rehearsal import demo
from rehearsal.discord.door import DiscordDoor

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE = 5.0
AMARA, BENCE, INGRID = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.SUPERVISING["Ingrid"][0]


class Bot(discord.Client):
    """A small bot that notes every event and lets a test wait for one."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", None)
        if intents is None:
            intents = discord.Intents.default()
            intents.message_content = True
            intents.members = True
        super().__init__(intents=intents, guild_ready_timeout=0.01, enable_debug_events=True, **options)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[tuple[str, tuple[Any, ...]]] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Skip the five seconds discord.py waits before it identifies again."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.seen.append((event, args))
        super().dispatch(event, *args, **kwargs)

    def times(self, event: str) -> int:
        """Return how often an event was seen so far."""
        return sum(1 for name, _ in self.seen if name == event)

    async def until(self, event: str, count: int = 1) -> tuple[Any, ...]:
        """Wait until an event was seen `count` times in all and return that one's arguments."""
        while self.times(event) < count:
            await self.wait_for(event, timeout=PATIENCE)
        return [args for name, args in self.seen if name == event][count - 1]

    @property
    def room(self) -> discord.TextChannel:
        channel = self.get_channel(demo.DAILY_REFLECTION)
        assert isinstance(channel, discord.TextChannel)
        return channel


async def eventually(condition: Callable[[], object]) -> None:
    """Let the event loop turn until the condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the condition has no event of its own
            await asyncio.sleep(0)


class Watching:
    """One person's screen in a test: everything she was told, with a wait for what comes."""

    def __init__(self, door: DiscordDoor, user_id: int) -> None:
        self._feed = door.people.subscribe(user_id)
        self.seen: list[dict[str, Any]] = []

    async def until(self, kind: str) -> dict[str, Any]:
        """Return the data of the next event of this kind."""
        async with asyncio.timeout(PATIENCE):
            async for event in self._feed:
                self.seen.append(event)
                if event["type"] == kind:
                    return event["data"]
        raise AssertionError(f"the screen closed before {kind}")

    def kinds(self) -> list[str]:
        """Return the kinds of all events told so far, waiting for none."""
        while not self._feed._waiting.empty():
            event = self._feed._waiting.get_nowait()
            if event is not None:
                self.seen.append(event)
        return [event["type"] for event in self.seen]
