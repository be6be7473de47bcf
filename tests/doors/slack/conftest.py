"""The whole bot behind the rehearsed Slack, over real sockets, with hands to break things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import bot.wiring
from bot.people import Platform
from bot.settings import Settings
from bot.wiring import Premises, hold_line, premises
from rehearsal import play
from rehearsal.__main__ import slack_shortcuts
from rehearsal.clock import ManualStopwatch, MovableClock, Stopwatch
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.model import Json, Message, Team
from tests.acting import contents

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PATIENCE = 20.0


class Bench:
    """A workspace with a cohort in it, half an hour before its prompt."""

    def __init__(self, folder: Path, stopwatch: Stopwatch | None = None, clock: MovableClock | None = None) -> None:
        self.clock = clock or MovableClock(real_now=lambda: MONDAY)
        self.door = SlackDoor(demo.demo_world(self.clock), stopwatch)
        self.door.limits.enabled = False
        self.door.people.shortcuts = slack_shortcuts()
        self.server = RehearsalServer([self.door])
        self.folder = folder
        self.built: Premises
        self._stack = AsyncExitStack()

    @property
    def team(self) -> Team:
        return self.door.world.teams[demo.TEAM]

    @staticmethod
    def id_of(name: str) -> str:
        return (demo.TRAINEES | demo.SUPERVISING)[name][0]

    async def open(self, base: str, **changes: Any) -> None:
        """Start the bot and return when it is at work."""
        given = {
            "slack_bot_token": demo.BOT_TOKEN,
            "slack_app_token": demo.APP_TOKEN,
            "slack_api_base": f"{base}/slack/api",
        }
        settings = Settings(data_dir=self.folder, **{**given, **changes})
        self.built = await self._stack.enter_async_context(premises(settings, self.clock))
        assert self.built.slack is not None
        self.built.slack.desk.asking.pace._sleep = lambda _: asyncio.sleep(0)
        ready = asyncio.Event()
        self.line = asyncio.create_task(hold_line(self.built, "", started=ready.set))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self.line, waiting}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        self._stack.push_async_callback(self._hang_up)
        if self.line.done():
            self.line.result()
        assert ready.is_set()

    async def seed(self) -> None:
        """Set the demo cohort up, its items going out by themselves."""
        await play.seed(self.built.house, (Platform.SLACK,))
        ingrid = play._ingrid_on_slack()
        place = (await self.built.house.cohorts.in_workspace(ingrid))[0].channel
        await self.built.house.cohorts.change(ingrid, None, place, "item_policy", "open")
        await self.settle()

    async def close(self) -> None:
        await self._stack.aclose()

    async def settle(self) -> None:
        """Return when the bot has done with what was asked of it."""
        async with asyncio.timeout(PATIENCE):
            calm = 0
            while calm < 8:
                slack = self.built.slack
                assert slack is not None
                busy = self.door.line.under_way or slack.door.working or self._rounds()
                calm = 0 if busy else calm + 1
                await asyncio.sleep(0.002)

    async def morning(self) -> Message:
        """Move on to the daily prompt and return it as it stands in the channel."""
        await self.clock.set(datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC))
        await self.built.wakeups.poke()
        await self.settle()
        return self.standing()[-1]

    def standing(self, channel: str = demo.DAILY_REFLECTION, *, replies: bool = False) -> list[Message]:
        found = [m for m in self.team.messages[channel].values() if m.is_reply == replies]
        return sorted(found, key=lambda m: m.ts)

    def dm(self, name: str) -> list[Message]:
        """What the bot wrote to somebody directly."""
        who = self.id_of(name)
        channel = next((c for c in self.team.channels.values() if c.is_im and c.user == who), None)
        return [] if channel is None else [m for m in self.standing(channel.id) if m.user == demo.BOT]

    def notes(self, name: str) -> list[Message]:
        """The notes that only she sees."""
        hers = [m for m in self.team.ephemerals.values() if m.ephemeral_to == self.id_of(name)]
        return sorted(hers, key=lambda m: m.ts)

    def views(self, name: str) -> list[Json]:
        views: list[Json] = self.door.people.snapshot(demo.TEAM, self.id_of(name))["views"]
        return views

    def shown(self, name: str) -> str:
        """All that stands privately before her, as text."""
        return "\n".join([*(m.text for m in self.notes(name)), *(said(view["blocks"]) for view in self.views(name))])

    async def press(self, name: str, message: Message, action: str) -> None:
        """Press the button whose action id begins with `tc:<action>:`."""
        found = [e for b in message.blocks for e in b.get("elements", ()) if "action_id" in e]
        wanted = next(e["action_id"] for e in found if e["action_id"].startswith(f"tc:{action}:"))
        await self.door.people.press(demo.TEAM, self.id_of(name), message.ts, wanted)
        await self.settle()

    async def responds(self, name: str, message: Message, text: str) -> None:
        """Open the form under a posting and send it."""
        await self.press(name, message, "respond")
        view = self.views(name)[-1]
        assert await self.door.people.submit(demo.TEAM, self.id_of(name), view["id"], {"text": text}) == {}
        await self.settle()

    async def command(self, name: str, text: str, channel: str = demo.DAILY_REFLECTION) -> str:
        """Use `/chair` and return what was shown since."""
        before = {m.ts for m in self.notes(name)}
        await self.door.people.command(demo.TEAM, self.id_of(name), channel, text)
        await self.settle()
        return "\n".join(m.text for m in self.notes(name) if m.ts not in before)

    async def _hang_up(self) -> None:
        self.line.cancel()
        await asyncio.gather(self.line, return_exceptions=True)

    @staticmethod
    def _rounds() -> bool:
        names = ("Wakeups.", "Rounds.", "Publisher.", "Owing.", "Alerts.")
        return any(getattr(task.get_coro(), "__qualname__", "").startswith(names) for task in asyncio.all_tasks())


def said(blocks: list[Json]) -> str:
    """All text that stands in blocks."""
    lines = []
    for block in blocks:
        for part in (block.get("text"), block.get("label"), *block.get("elements", ())):
            text = (part or {}).get("text")
            lines.append(text["text"] if isinstance(text, dict) else text or "")
    return "\n".join(filter(None, lines))


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is the same in all tests: it is read once a worker."""
    monkeypatch.setattr(bot.wiring, "read_contents", lambda _: contents())


@asynccontextmanager
async def bench_in(folder: Path, stopwatch: Stopwatch | None = None, **changes: Any) -> AsyncIterator[Bench]:
    """Raise the rehearsal with the bot in it; end both."""
    made = Bench(folder, stopwatch)
    base = await made.server.start()
    try:
        await made.open(base, **changes)
        await made.seed()
        yield made
    finally:
        await made.close()
        await made.server.stop()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_in(tmp_path) as made:
        yield made


@pytest.fixture
async def slow_bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """The same, with a stopwatch that stands still until it is told."""
    async with bench_in(tmp_path, ManualStopwatch()) as made:
        yield made
