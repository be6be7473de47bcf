"""A fan-out to 2,000 channels over the wire: how close to Discord's own floor, is anything lost, do people wait?

Discord lets a bot send 50 requests a second, so 2,000 posts take 40 seconds at the very least: that is the floor.
While the fan-out runs, somebody presses a button five times a second. The reference in the same run is discord.py
without a pace in front, gathered over fewer channels: what it loses, and how many refusals it draws.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)

import discord  # noqa: E402  after the filter for its own warning

from bot.cards import Button, Card  # noqa: E402
from bot.catalogue.messages import MessageCatalogue  # noqa: E402
from bot.errors import MessengerError  # noqa: E402
from bot.people import Place, Platform, Workspace  # noqa: E402
from bot.platforms.discord.client import ThirdChairClient  # noqa: E402
from bot.platforms.discord.messenger import DiscordMessenger  # noqa: E402
from bot.platforms.discord.visit import Visit  # noqa: E402
from bot.settings import CONTENT  # noqa: E402
from rehearsal import demo  # noqa: E402
from rehearsal.clock import MovableClock  # noqa: E402
from rehearsal.discord.door import DiscordDoor  # noqa: E402
from rehearsal.discord.limits import GLOBAL_PER_SECOND  # noqa: E402
from rehearsal.discord.pointing import pointed_at  # noqa: E402
from rehearsal.server import RehearsalServer  # noqa: E402

CHANNELS = 2_000
REFERENCE_CHANNELS = 500
PRESS_EVERY = 0.2

_WORKSPACE = Workspace(Platform.DISCORD, str(demo.GUILD))
_CALLBACK = re.compile(r"^/interactions/(\d+)/")


class Client(ThirdChairClient):
    """The real client with one button of its own instead of the cogs."""

    async def setup_hook(self) -> None:
        async def pressed(visit: Visit, _: str) -> None:
            await visit.say("pressed")

        self.router.on("bench", pressed)


async def main() -> dict[str, Any]:
    """Measure both and return the figures."""
    logging.disable(logging.WARNING)
    floor = CHANNELS / GLOBAL_PER_SECOND
    paced = await _fan_out()
    reference = await _unpaced()
    return {
        "fanout": {
            **paced,
            "floor_seconds": floor,
            "ratio_to_floor": round(paced["seconds"] / floor, 3),
            "reference_discord_py_without_pace": reference,
        }
    }


async def _fan_out() -> dict[str, Any]:
    async with _stage(CHANNELS) as (door, places):
        with tempfile.TemporaryDirectory() as folder:
            client = Client(MessageCatalogue(CONTENT), data_dir=Path(folder))
        client.attach(SimpleNamespace(care=SimpleNamespace(owed=lambda _: None)))  # type: ignore[arg-type]
        async with _standing(client):
            messenger = DiscordMessenger(client, client.words)
            lost = 0

            async def post(place: Place) -> None:
                nonlocal lost
                try:
                    await messenger.post(place, Card("Today's item"), key=f"k-{place.id}")
                except MessengerError:
                    lost += 1

            presses: dict[str, float] = {}
            pressing = asyncio.create_task(_press(door, presses, await _button(messenger)))
            began = door.stopwatch.seconds()
            await asyncio.gather(*(post(place) for place in places))
            seconds = door.stopwatch.seconds() - began
            pressing.cancel()
            await asyncio.gather(pressing, return_exceptions=True)
            await asyncio.sleep(PRESS_EVERY)
        waits = sorted(
            entry["at"] - presses[found[1]]
            for entry in door.requests
            if (found := _CALLBACK.match(entry["path"])) and found[1] in presses
        )
        standing = sum(len(door.world.messages[int(place.id)]) for place in places)
        return {
            "channels": CHANNELS,
            "delivered": standing,
            "lost": lost,
            "refusals_429": _refusals(door),
            "seconds": round(seconds, 2),
            "per_second": round(CHANNELS / seconds, 1),
            "presses": len(presses),
            "presses_acknowledged": len(waits),
            "acknowledged_ms": {"p50": _percentile(waits, 0.5), "p99": _percentile(waits, 0.99)},
        }


async def _unpaced() -> dict[str, Any]:
    async with _stage(REFERENCE_CHANNELS) as (door, places):
        client = discord.Client(intents=discord.Intents(guilds=True), max_messages=None)
        async with _standing(client):
            sends = (client.get_partial_messageable(int(place.id)).send("Today's item") for place in places)
            began = door.stopwatch.seconds()
            results = await asyncio.gather(*sends, return_exceptions=True)
            seconds = door.stopwatch.seconds() - began
        return {
            "channels": REFERENCE_CHANNELS,
            "lost": sum(isinstance(result, BaseException) for result in results),
            "refusals_429": _refusals(door),
            "seconds": round(seconds, 2),
        }


@asynccontextmanager
async def _stage(channels: int) -> AsyncIterator[tuple[DiscordDoor, list[Place]]]:
    door = DiscordDoor(demo.demo_world(MovableClock()))
    guild = door.world.guilds[demo.GUILD]
    made = [door.guilds.add_channel(guild, f"cohort-{number}") for number in range(channels)]
    server = RehearsalServer([door])
    url = await server.start()
    try:
        with pointed_at(url):
            yield door, [Place(_WORKSPACE, str(channel.id)) for channel in made]
    finally:
        await server.stop()


@asynccontextmanager
async def _standing(client: discord.Client) -> AsyncIterator[None]:
    await client.login(demo.BOT_TOKEN)
    line = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    try:
        yield
    finally:
        await client.close()
        await asyncio.gather(line, return_exceptions=True)


async def _button(messenger: DiscordMessenger) -> str:
    room = Place(_WORKSPACE, str(demo.COMMON_ROOM))
    return (await messenger.post(room, Card("x", buttons=(Button("bench", "1", "Press"),)), key="1")).id


async def _press(door: DiscordDoor, presses: dict[str, float], message_id: str) -> None:
    everybody = [user_id for user_id, _ in demo.TRAINEES.values()]
    while True:
        person = everybody[len(presses) % len(everybody)]
        before = door.stopwatch.seconds()
        presses[await door.people.press(person, message_id, "tc:bench:1")] = before
        await asyncio.sleep(PRESS_EVERY)


def _refusals(door: DiscordDoor) -> int:
    return sum(entry["status"] == 429 for entry in door.requests)


def _percentile(sorted_seconds: list[float], share: float) -> float | None:
    if not sorted_seconds:
        return None
    return round(sorted_seconds[min(len(sorted_seconds) - 1, math.ceil(share * len(sorted_seconds)) - 1)] * 1000, 1)


if __name__ == "__main__":
    json.dump(asyncio.run(main()), sys.stdout, indent=2)
    print()
