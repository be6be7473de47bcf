"""Cold start and idle memory of the whole bot, against a bare discord.py client on the same loopback Discord.

Each is a process of its own, started three times in turn; the middle of the three counts. Start is from `exec` to the
gateway's READY being handled; memory is resident once it has been idle for some seconds.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from rehearsal.clock import MovableClock
from rehearsal.demo import BOT_TOKEN, demo_world
from rehearsal.discord.door import DiscordDoor
from rehearsal.server import RehearsalServer

TIMES = 3
IDLE_SECONDS = 5.0

_POINT = """
import asyncio, sys, warnings
warnings.simplefilter("ignore")
base, token, folder = sys.argv[1:]
"""
_BARE = (
    _POINT
    + """
import discord, yarl
from discord.gateway import DiscordWebSocket
discord.http.Route.BASE = base + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws", 1) + "/gateway")
client = discord.Client(intents=discord.Intents(guilds=True, guild_messages=True, message_content=True))
@client.event
async def on_ready(): print("ready", flush=True)
asyncio.run(client.start(token))
"""
)
_OURS = (
    _POINT
    + """
from pathlib import Path
from bot.settings import Settings
from bot.wiring import hold_line, premises
async def main():
    settings = Settings(data_dir=Path(folder), discord_api_base=base + "/api/v10",
                        discord_gateway=base.replace("http", "ws", 1) + "/gateway")
    async with premises(settings) as built:
        await hold_line(built, token, started=lambda: print("ready", flush=True))
asyncio.run(main())
"""
)


async def measured(program: str, base: str) -> tuple[float, float]:
    """Run one program; return seconds until it was ready and its resident MiB when idle."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, base, BOT_TOKEN, str(Path(folder)), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), 60)
            if line.strip() != b"ready":
                raise RuntimeError("it ended before it was ready")
            started = time.perf_counter() - began
            await asyncio.sleep(IDLE_SECONDS)
            return started, psutil.Process(process.pid).memory_info().rss / 2**20
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def main() -> dict[str, object]:
    """Measure both in turn."""
    server = RehearsalServer([DiscordDoor(demo_world(MovableClock()))])
    base = await server.start()
    try:
        runs = [(await measured(_BARE, base), await measured(_OURS, base)) for _ in range(TIMES)]
    finally:
        await server.stop()
    (bare_start, bare_memory), (our_start, our_memory) = (
        tuple(statistics.median(run[who][what] for run in runs) for what in (0, 1)) for who in (0, 1)
    )
    return {
        "bench": "idle",
        "reference": "a bare discord.py client, ready and idle",
        "start_seconds": round(our_start, 2),
        "start_seconds_reference": round(bare_start, 2),
        "start_ratio": round(our_start / bare_start, 2),
        "memory_mib": round(our_memory, 1),
        "memory_mib_reference": round(bare_memory, 1),
        "memory_ratio": round(our_memory / bare_memory, 2),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
