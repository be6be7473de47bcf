"""Bots in processes of their own, which a test can kill: `python -m tests.faults.runner SOCKET`.

Reading Python and the content takes seconds, so one process does that, listens, and forks a bot for each connection.
A bot is put together by its own wiring. The connection is its life line: it takes one command a line, each answered by
one line, and ends with the bot.

    start discord http://127.0.0.1:8765 FOLDER 2026-11-24T08:59:58+00:00    on Discord, or on slack;
                                     answered by its process id, then when it is at work
    now 2026-11-24T09:00:05+00:00    its clock, which stands still, is set, and what is due by then is done
    die 7 after                      the 7th call from now on, to a store, the keys or the messenger, is the last
    die open_thread before           the next call of this name is the last
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import bot.wiring
from bot.observing.logs import configure
from bot.platforms.slack.pace import Pace
from bot.settings import LogLevel, Settings
from bot.wiring import Contents, Premises, Works, hold_line, premises, read_contents
from rehearsal.demo import BOT_TOKEN
from rehearsal.slack import demo as slack_demo
from tests.faults.points import Points

LISTENING, READY, DONE = "listening", "ready", "done"


class ToldClock:
    """A clock that stands still until it is told."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _count_calls(points: Points, contents: Contents) -> None:
    """Let the wiring build the house over counted stores, keys and messenger, with content that was read already."""
    build = bot.wiring.build

    def counted(contents: Any, stores: Any, keys: Any, clock: Any, messenger: Any, **further: Any) -> Works:
        around = points.around
        return build(contents, points.around_all(stores), around(keys), clock, around(messenger), **further)

    bot.wiring.build = counted
    bot.wiring.read_contents = lambda settings: contents
    bot.wiring.PUBLISH_WAITING_EVERY = 0.2


def _settings(platform: str, base: str, folder: Path) -> tuple[Settings, str]:
    """Point a bot at a rehearsed platform; the second is the token that opens Discord's line, empty for none."""
    if platform == "slack":
        tokens = {
            "slack_bot_token": SecretStr(slack_demo.BOT_TOKEN),
            "slack_app_token": SecretStr(slack_demo.APP_TOKEN),
        }
        return Settings(data_dir=folder, slack_api_base=f"{base}/slack/api", **tokens), ""
    gateway = base.replace("http", "ws", 1) + "/gateway"
    token, api = SecretStr(BOT_TOKEN), f"{base}/api/v10"
    return Settings(data_dir=folder, discord_token=token, discord_api_base=api, discord_gateway=gateway), BOT_TOKEN


async def _live(line: socket.socket, contents: Contents) -> None:
    line.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=line)
    _, platform, base, folder, now = (await reader.readline()).decode().split()
    clock, points = ToldClock(datetime.fromisoformat(now)), Points(_die)
    _count_calls(points, contents)
    writer.write(f"{os.getpid()}\n".encode())
    settings, token = _settings(platform, base, Path(folder))
    async with premises(settings, clock) as built:
        built.client._connection.guild_ready_timeout = 0.01
        if built.slack is not None:
            built.slack.desk.asking.pace = Pace(interval=0.0)
        ready = asyncio.Event()
        at_work = asyncio.create_task(hold_line(built, token, started=ready.set))
        await ready.wait()
        writer.write(f"{READY}\n".encode())
        await _obey(reader, writer, built, clock, points)
        at_work.cancel()
        with suppress(asyncio.CancelledError):
            await at_work


async def _obey(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, built: Premises, clock: ToldClock, points: Points
) -> None:
    while line := (await reader.readline()).decode().split():
        if line[0] == "now":
            clock.at = datetime.fromisoformat(line[1]).astimezone(UTC)
            await built.wakeups.poke()
            while others := set(built.wakeups._running):  # a round of the bot's own may have it in hand
                await asyncio.wait(others)
        elif line[0] == "die":
            points.arm(int(line[1]) if line[1].isdigit() else line[1], after=line[2] == "after")
        writer.write(f"{DONE}\n".encode())


def main(path: str) -> None:
    """Fork a bot for each connection, until somebody ends this process."""
    configure(LogLevel.ERROR)
    contents = read_contents(Settings())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print(LISTENING, flush=True)
        while True:
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                asyncio.run(_live(line, contents))
                os._exit(0)
            line.close()


if __name__ == "__main__":
    main(sys.argv[1])
