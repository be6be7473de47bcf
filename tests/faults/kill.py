"""Kill the bot with SIGKILL, over and over, in the middle of its work: `python -m tests.faults.kill --times 200`.

Each day a prompt is due, and on some a trainee answers. The bot dies in the middle of it, at a call (between claim and
mark, before or after its effect), between a post whose answer was lost and its mark, or at a moment that nobody chose;
and another process takes over on the same folder.
After each death there is one posting more and not two, and each response that was taken in stands once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays

from rehearsal.clock import MovableClock
from rehearsal.server import RehearsalServer
from tests.faults.doors import Door, OnDiscord, OnSlack
from tests.faults.runner import DONE, LISTENING, READY

BEGINNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PATIENCE = 60.0
LEASE = timedelta(minutes=6)
_QUIET = holidays.country_holidays("GB", years=range(2026, 2030))


class Gone(Exception):
    """The process has died."""


class Bot:
    """One process of the bot, at the other end of its life line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._pid = 0
        self._said: asyncio.Queue[str] = asyncio.Queue()
        self.gone = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(reader))

    @classmethod
    async def start(cls, socket: Path, platform: str, base: str, folder: Path, now: datetime) -> Bot:
        started = cls(*await asyncio.open_unix_connection(socket))
        started._writer.write(f"start {platform} {base} {folder} {now.isoformat()}\n".encode())
        started._pid = int(await started._hears())
        assert await started._hears() == READY
        return started

    async def tell(self, command: str) -> None:
        """Give a command and wait until it is carried out. Raises Gone."""
        self._writer.write(f"{command}\n".encode())
        assert await self._hears() == DONE

    async def kill(self) -> None:
        """Kill it if it lives, and return when it is gone."""
        if not self.gone.is_set():
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            await self.gone.wait()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                self._said.put_nowait(line.decode().strip())
        self._said.put_nowait("")
        self.gone.set()
        self._writer.close()

    async def _hears(self) -> str:
        async with asyncio.timeout(PATIENCE):
            line = await self._said.get()
        if not line:
            raise Gone
        return line


@asynccontextmanager
async def nursery(folder: Path) -> AsyncIterator[Path]:
    """Start the process that forks bots, and end it; its socket is short, as sockets' paths must be."""
    path = folder / "s"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.runner", str(path), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert (await process.stdout.readline()).decode().strip() == LISTENING
        yield path
    finally:
        process.kill()
        await process.wait()


@dataclass
class Tally:
    """How it went."""

    kills: int = 0
    postings: int = 0
    responses: int = 0
    ways: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "ways": dict(sorted(self.ways.items()))}


@dataclass(frozen=True)
class Death:
    """While what ("prompt" or "response"), at which call (any moment if none), and whether its answer is `lost`."""

    during: str
    at: str = ""
    lost: bool = False

    def __str__(self) -> str:
        if self.lost:
            return f"{self.during}, after a lost answer"
        name, _, when = self.at.partition(" ")
        return f"{self.during}, " + (f"{when} {'a call' if name.isdigit() else name}" if self.at else "at any moment")


class Round:
    """A rehearsal whose bot is killed again and again."""

    def __init__(
        self, folder: Path, seed: int = 0, on: type[OnDiscord] | type[OnSlack] = OnDiscord, lost: float = 0.3
    ) -> None:
        self._folder = folder
        self._random = random.Random(seed)
        self._lost = lost
        self._clock = MovableClock(real_now=lambda: BEGINNING)
        self._door: Door = on(self._clock)
        self._server = RehearsalServer([self._door.served])
        self._base = ""
        self._socket = Path()
        self._bot: Bot
        self._words = ""
        self._day = BEGINNING + timedelta(days=-1, minutes=30, seconds=5)
        self.tally = Tally()

    async def run(self, deaths: Iterable[Death]) -> Tally:
        """Let the bot die each of these deaths. Raises AssertionError when something was lost or doubled."""
        self._base = await self._server.start()
        # A socket's path has 108 characters at most; pytest's folders can be longer.
        with tempfile.TemporaryDirectory(prefix="tc-") as short:
            async with nursery(Path(short)) as self._socket:
                try:
                    await self._another()
                    await self._set_up()
                    for death in deaths:
                        await self._a_day(death)
                finally:
                    await self._bot.kill()
                    await self._server.stop()
        return self.tally

    def any_deaths(self, count: int) -> Iterator[Death]:
        """Make deaths up, as many as are wanted."""
        for _ in range(count):
            during = self._random.choice(("prompt", "response"))
            if self._random.random() < self._lost:
                yield Death(during, "post after", lost=True)
                continue
            when = self._random.choice(("before", "after"))
            counted = self._random.random() < 0.7
            last = 14 if during == "prompt" else 26
            yield Death(during, f"{self._random.randint(1, last)} {when}" if counted else "")

    async def _another(self) -> None:
        self._bot = await Bot.start(self._socket, self._door.platform, self._base, self._folder, self._clock.now())

    async def _set_up(self) -> None:
        await self._door.set_up(self._until)

    async def _a_day(self, death: Death) -> None:
        """Let a prompt come and an answer, with a death in the middle of one of the two."""
        self._day += timedelta(days=1)
        while self._day.date() in _QUIET:
            self._day += timedelta(days=1)
        await self._clock.set(self._day)
        if death.during == "prompt":
            await self._dies(death, self._prompt())
        else:
            await self._prompt()
        await self._goes_on()
        self.tally.postings += 1
        await self._hold_postings()
        if death.during == "response":
            await self._dies(death, self._response(f"Words of {self._day:%d %B}."))
            await self._goes_on()
            await self._hold_responses()

    async def _dies(self, death: Death, work: Coroutine[Any, Any, None]) -> None:
        """Let the bot die while it does something. If it comes to the end alive, it dies at rest."""
        if death.lost:
            self._door.loses_an_answer()
        if death.at:
            await self._bot.tell(f"die {death.at}")
        doing = asyncio.create_task(work)
        if not death.at:
            await asyncio.sleep(self._random.random() * 0.25)
            await self._bot.kill()
        with suppress(Gone):
            await doing
        died, faults = self._bot.gone.is_set(), self._door.served.faults
        # Two messages may be on their way at once; then the call for one can end it before the other is sent.
        way = str(death) if all(rule.struck for rule in faults.rules) else f"{death.during}, before it was lost"
        self.tally.ways[way if died else f"{death.during}, at rest"] += 1
        faults.clear()
        await self._bot.kill()
        self.tally.kills += 1

    async def _prompt(self) -> None:
        await self._bot.tell(f"now {self._clock.now().isoformat()}")

    async def _response(self, words: str) -> None:
        """Answer as Amara does in her client."""
        door, gone = self._door, self._bot.gone
        self._words = words
        await door.asks_to_respond()
        await self._until(lambda: door.form() or gone.is_set())
        before = door.confirmations()
        if (form := door.form()) is not None:
            await door.sends(form, words)
            await self._until(lambda: door.confirmations() > before or gone.is_set())

    async def _goes_on(self) -> None:
        """Let a new process take over, and live on until what the dead one had in hand is free again."""
        if self._bot.gone.is_set():
            await self._another()
        for _ in range(2):
            await self._clock.advance(LEASE)
            await self._prompt()

    async def _hold_postings(self) -> None:
        """A posting a day stands in the channel, each with its thread, and none of them twice."""
        # The round that the new process made by itself may still have it in hand.
        await self._until(lambda: self._door.with_thread() >= self.tally.postings, "a posting or its thread is lost")
        standing = self._door.postings()
        living = [each for each in standing if each]
        assert len(living) == len(set(living)), f"a posting is doubled after {self.tally}"
        assert len(standing) == self.tally.postings, f"{len(standing)} stand after {self.tally}"
        assert self._door.with_thread() == len(standing)

    async def _hold_responses(self) -> None:
        """What was sent stands once or, if it never came in, not at all; what was confirmed stands."""
        kept = await self._kept()
        await self._until(lambda: self._door.standing(self._words) >= kept, "a response is lost")
        standing = self._door.standing(self._words)
        assert standing == kept <= 1, f"{standing} stand of {kept} after {self.tally}"
        self.tally.responses += kept

    async def _kept(self) -> int:
        """How many responses the newest posting has in the store, which is read from outside."""
        posting = self._door.postings()[-1]
        with closing(sqlite3.connect(f"file:{self._folder / 'third-chair.db'}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM responses WHERE posting_id = ?", (posting,)).fetchone()
        return int(count)

    async def _until(self, condition: Callable[[], object], otherwise: str = "the bot does not answer") -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():  # noqa: ASYNC110 - the other side is another process
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"{otherwise} after {self.tally}") from None


def main() -> None:
    """Read the arguments, run, and print a line of JSON; an AssertionError says what was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill", description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lost", type=float, default=0.3, help="the share of deaths after a lost answer, from 0 to 1")
    parser.add_argument("--slack", action="store_true", help="on Slack, and not on Discord")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        on = OnSlack if arguments.slack else OnDiscord
        rounds = Round(Path(folder), arguments.seed, on, arguments.lost)
        tally = asyncio.run(rounds.run(rounds.any_deaths(arguments.times)))
    print(json.dumps({**tally.to_json(), "seed": arguments.seed}))


if __name__ == "__main__":
    main()
