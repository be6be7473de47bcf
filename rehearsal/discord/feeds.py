"""What each person's screen is told, live: the world's happenings seen through that person's rights."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Self

from rehearsal.discord import render
from rehearsal.discord.model import Channel, Json
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.world import Happening, World

_CHANNELS = {
    "CHANNEL_CREATE": "channel_create",
    "CHANNEL_UPDATE": "channel_update",
    "CHANNEL_DELETE": "channel_delete",
    "THREAD_CREATE": "thread_create",
    "THREAD_UPDATE": "thread_update",
    "THREAD_DELETE": "channel_delete",
    "TYPING_START": "typing",
}
_MESSAGES = {"MESSAGE_CREATE": "create", "MESSAGE_UPDATE": "update", "MESSAGE_DELETE": "delete"}
_RIGHTS_MOVED = ("GUILD_MEMBER_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE")


class Feed(AsyncIterator[Json]):
    """Events for one person's eyes, from the moment it was made until `close`."""

    def __init__(self, owner: Feeds, user_id: int) -> None:
        self.user_id = user_id
        self._owner = owner
        self._waiting: asyncio.Queue[Json | None] = asyncio.Queue()

    def put(self, kind: str, data: Json) -> None:
        self._waiting.put_nowait({"type": kind, "data": data})

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Json:
        event = await self._waiting.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def close(self) -> None:
        """End the iteration; harmless when repeated."""
        self._owner.drop(self)
        self._waiting.put_nowait(None)

    async def aclose(self) -> None:
        self.close()


class Feeds:
    """All screens that are being looked at."""

    def __init__(self, world: World, permissions: Permissions) -> None:
        self._world = world
        self._permissions = permissions
        self._open: list[Feed] = []
        world.listen(self._happened)
        world.clock.listen(self._clock_moved)

    def open(self, user_id: int) -> Feed:
        feed = Feed(self, user_id)
        self._open.append(feed)
        return feed

    def drop(self, feed: Feed) -> None:
        if feed in self._open:
            self._open.remove(feed)

    def close(self) -> None:
        """End every feed (the server stops)."""
        for feed in tuple(self._open):
            feed.close()

    def tell(self, user_id: int, kind: str, data: Json) -> None:
        """Put an event on every screen of one person."""
        for feed in self._open:
            if feed.user_id == user_id:
                feed.put(kind, data)

    async def _clock_moved(self, now: datetime) -> None:
        for feed in self._open:
            feed.put("clock", {"iso": render.iso(now)})

    def _happened(self, happening: Happening) -> None:
        for feed in tuple(self._open):
            self._show(feed, happening)

    def _show(self, feed: Feed, happening: Happening) -> None:
        name, data = happening.name, happening.data
        if happening.private_to is not None:
            if happening.private_to == feed.user_id and name in _MESSAGES:
                feed.put("ephemeral_" + _MESSAGES[name], data)
            return
        if name == "COMMANDS_CHANGED":
            feed.put("commands_changed", {})
        elif name in _RIGHTS_MOVED:
            self._show_channels_anew(feed, happening)
        elif happening.channel_id in self._world.channels:
            self._show_in(feed, self._world.channels[happening.channel_id], happening)

    def _show_in(self, feed: Feed, place: Channel, happening: Happening) -> None:
        name, data = happening.name, happening.data
        seen = self._permissions.can_see(place, feed.user_id)
        if not seen:
            if name == "CHANNEL_UPDATE":
                feed.put("channel_delete", {"id": str(place.id)})
        elif name in _MESSAGES:
            feed.put("message_" + _MESSAGES[name], data)
        elif name == "MESSAGE_DELETE_BULK":
            for message_id in data["ids"]:
                feed.put("message_delete", {"id": message_id, "channel_id": str(place.id)})
        elif name.startswith("MESSAGE_REACTION_"):
            message = self._world.messages.get(place.id, {}).get(int(data["message_id"]))
            if message is not None:
                feed.put("message_update", render.message_event(self._world, message))
        elif name in _CHANNELS:
            feed.put(_CHANNELS[name], data)

    def _show_channels_anew(self, feed: Feed, happening: Happening) -> None:
        if happening.guild_id is None:
            return
        for place in self._world.channels_of(happening.guild_id):
            if self._permissions.can_see(place, feed.user_id):
                feed.put("channel_update", render.channel(self._world, place))
            else:
                feed.put("channel_delete", {"id": str(place.id)})
