"""Holding the lines to the platforms: due work begins when all stand, and a signal ends them quietly."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.house import House
from bot.people import Platform
from bot.platforms.discord.client import ThirdChairClient
from bot.scheduling.wakeups import Wakeups
from bot.storage.stores import Stores

if TYPE_CHECKING:
    from bot.platforms.slack.opening import SlackLine

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Premises:
    """A house at work behind its doors; for whoever starts it. `slack` is None where no door to it is opened."""

    house: House
    client: ThirdChairClient
    stores: Stores
    wakeups: Wakeups
    slack: SlackLine | None = None


async def hold_line(built: Premises, token: str, started: Callable[[], None] | None = None) -> None:
    """Hold the lines to the platforms; due work begins when all stand. Ends quietly on a signal.

    `token` is Discord's, empty where that door stays shut. A line that cannot be held ends the others, too.
    """
    client, slack = built.client, built.slack
    awaited = {Platform.DISCORD} if token else set()
    if slack is not None:
        awaited.add(Platform.SLACK)

    async def stands(platform: Platform) -> None:
        if platform not in awaited:
            return
        awaited.discard(platform)
        if awaited:
            return
        await built.wakeups.start()
        _log.info("the bot is at work")
        if started:
            started()

    async def on_ready() -> None:
        await stands(Platform.DISCORD)

    async def all_lines() -> None:
        lines = []
        if token:
            client.add_listener(on_ready)
            lines.append(asyncio.create_task(client.serve(token)))
        if slack is not None:
            lines.append(asyncio.create_task(slack.serve(lambda: stands(Platform.SLACK))))
        try:
            ended, _ = await asyncio.wait(lines, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in lines:
                each.cancel()
            await asyncio.gather(*lines, return_exceptions=True)
        for each in ended:
            each.result()

    line = asyncio.create_task(all_lines())
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Once: a second signal (an impatient Ctrl-C, a shell that passes its own on) would cancel the closing itself.
        if not line.cancelling():
            line.cancel()

    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(sign, stop)
    with suppress(asyncio.CancelledError):
        await line
