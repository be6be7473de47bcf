"""A rehearsal with its page, and a real browser in front of it.

The browser is started once; so that it can be shared, these tests share one event loop. Each opens pages in
contexts of its own, which share nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from rehearsal import demo
from rehearsal.clock import ManualStopwatch, MovableClock, RehearsalControls
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.pointing import pointed_at
from rehearsal.page.routes import PageDoor
from rehearsal.server import RehearsalServer
from tests.page.small_bot import SmallBot

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_HOST = "127.0.0.1"


@dataclass
class Stage:
    """Everything a page test may pull at."""

    clock: MovableClock
    stopwatch: ManualStopwatch
    door: DiscordDoor
    page_door: PageDoor
    server: RehearsalServer
    due: list[datetime] = field(default_factory=list)
    url: str = ""

    def address(self, person: int, channel: int | None = None) -> str:
        """Return the deep link to a place in somebody's eyes."""
        asked = {"as": person} if channel is None else {"as": person, "channel": channel}
        return f"{self.url}/?{urlencode(asked)}"


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    clock, stopwatch = MovableClock(real_now=lambda: BEGINNING), ManualStopwatch()
    door = DiscordDoor(demo.demo_world(clock), stopwatch)
    due: list[datetime] = []

    async def next_due() -> datetime | None:
        return due[0] if due else None

    page_door = PageDoor(door.people, RehearsalControls(clock, next_due), "UTC")
    server = RehearsalServer([door, page_door])
    made = Stage(clock, stopwatch, door, page_door, server, due)
    made.url = await server.start()
    with pointed_at(made.url):
        yield made
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(stage: Stage) -> AsyncIterator[SmallBot]:
    running = SmallBot()
    await running.login(demo.BOT_TOKEN)
    connection = asyncio.create_task(running.connect())
    await asyncio.wait_for(running.ready.wait(), 10)
    yield running
    await running.close()
    await asyncio.gather(connection, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install one or name it in CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        await browser.close()


Look = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def look(stage: Stage, chromium: Browser) -> AsyncIterator[Look]:
    """Open the page as somebody, each time in a browser of its own.

    Whatever a test does, no page may ask another machine for anything, and none may stumble over an error.
    """
    asked: list[str] = []
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(
        person: int, channel: int | None = None, *, width: int = 1280, height: int = 800, touch: bool = False
    ) -> Page:
        context = await chromium.new_context(viewport={"width": width, "height": height}, has_touch=touch)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(stage.address(person, channel))
        await page.wait_for_selector("html[data-role]")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert asked
    assert {urlsplit(url).hostname for url in asked} == {OWN_HOST}
    assert errors == []
