"""What each person's screen is told, live: the workspace's happenings seen through her rights."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Self

from rehearsal.slack.model import Json
from rehearsal.slack.world import Happening, World


class Feed(AsyncIterator[Json]):
    """Events for one person's eyes, from the moment it was made until `close`."""

    def __init__(self, owner: Feeds, team: str, user: str) -> None:
        self.team = team
        self.user = user
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


class Feeds:
    """All screens that are being looked at."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[Feed] = []
        world.listen(self._happened)
        world.clock.listen(self._clock_moved)

    def open(self, team: str, user: str) -> Feed:
        feed = Feed(self, team, user)
        self._open.append(feed)
        return feed

    def drop(self, feed: Feed) -> None:
        if feed in self._open:
            self._open.remove(feed)

    def close(self) -> None:
        """End every feed (the server stops)."""
        for feed in tuple(self._open):
            feed.close()

    async def _clock_moved(self, now: datetime) -> None:
        for feed in self._open:
            feed.put("clock", {"iso": now.isoformat()})

    def _happened(self, happening: Happening) -> None:
        for feed in tuple(self._open):
            if feed.team == happening.team and self._sees(feed, happening):
                data = happening.data
                if happening.channel is not None and "channel" not in data:
                    data = {**data, "channel": happening.channel}
                feed.put(happening.name, data)

    def _sees(self, feed: Feed, happening: Happening) -> bool:
        if happening.private_to is not None:
            return happening.private_to == feed.user
        channel = self._world.teams[feed.team].channels.get(happening.channel or "")
        return channel is None or not channel.is_private or feed.user in channel.members
