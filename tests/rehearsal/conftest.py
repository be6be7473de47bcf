"""A stage for wire tests: the rehearsal server and an unmodified discord.py client in one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from rehearsal import demo
from rehearsal.clock import ManualStopwatch, MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.pointing import pointed_at
from rehearsal.server import RehearsalServer
from tests.rehearsal.stage import BEGINNING, Bot, Watching


@pytest.fixture
def clock() -> MovableClock:
    """A clock that only moves when a test moves it."""
    return MovableClock(real_now=lambda: BEGINNING)


@pytest.fixture
def stopwatch() -> ManualStopwatch:
    return ManualStopwatch()


@pytest.fixture
def door(clock: MovableClock, stopwatch: ManualStopwatch) -> DiscordDoor:
    return DiscordDoor(demo.demo_world(clock), stopwatch)


@pytest.fixture
async def base_url(door: DiscordDoor) -> AsyncIterator[str]:
    server = RehearsalServer([door])
    url = await server.start()
    with pointed_at(url):
        yield url
    await server.stop()


@pytest.fixture
async def http(base_url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP session with the bot's token, for what discord.py would never send."""
    headers = {"Authorization": f"Bot {demo.BOT_TOKEN}"}
    async with aiohttp.ClientSession(base_url=f"{base_url}/api/v10/", headers=headers) as session:
        yield session


@pytest.fixture
async def start_bot(base_url: str) -> AsyncIterator[Callable[..., Any]]:
    """Connect any number of bots; all are closed at the end."""
    running: list[tuple[Bot, asyncio.Task[None]]] = []

    async def start(bot: Bot | None = None) -> Bot:
        bot = bot or Bot()
        await bot.login(demo.BOT_TOKEN)
        running.append((bot, asyncio.create_task(bot.connect())))
        await bot.until("ready")
        return bot

    yield start
    for bot, task in running:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def bot(start_bot: Callable[..., Any]) -> Bot:
    started: Bot = await start_bot()
    return started


@pytest.fixture
def watch(door: DiscordDoor) -> Iterator[Callable[[int], Watching]]:
    """Look over people's shoulders."""
    screens: list[Watching] = []

    def look(user_id: int) -> Watching:
        screens.append(Watching(door, user_id))
        return screens[-1]

    yield look
    for screen in screens:
        screen._feed.close()
