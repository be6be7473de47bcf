"""A day of a hundred workspaces under Slack's own limits, with broken connections: nothing lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator

import pytest

from bot.cards import Card
from bot.catalogue.messages import MessageCatalogue
from bot.errors import OutcomeUnknown, TryLater
from bot.people import Place
from bot.platforms.slack import ids
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import ManyWorkspaces, Session
from bot.platforms.slack.messenger import SlackMessenger
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.people import People
from bot.settings import CONTENT
from rehearsal.clock import MovableClock, RealStopwatch
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor

WORKSPACES = 100
RESPONSES = 6
FASTER = 40.0
"""How much faster than Slack's the seconds of this test are, on both sides of the wire."""

TEAMS = {f"T0{number:07}": f"xoxb-{number}" for number in range(WORKSPACES)}


class FastStopwatch(RealStopwatch):
    """Time that runs faster."""

    def seconds(self) -> float:
        return time.monotonic() * FASTER


async def fast_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / FASTER)


@pytest.fixture
async def wire() -> AsyncIterator[tuple[SlackDoor, SlackMessenger]]:
    world = demo.demo_world(MovableClock())
    for team, token in TEAMS.items():
        demo.add_team(world, team, "Programme", token)
    door = SlackDoor(world, FastStopwatch())
    server = RehearsalServer([door])
    session = Session(f"{await server.start()}/slack/api/")

    async def token_of(team: str) -> str | None:
        return TEAMS.get(team)

    pace = Pace(now=lambda: time.monotonic() * FASTER, sleep=fast_sleep)
    asking = Asking(ManyWorkspaces(session, token_of), pace)
    yield door, SlackMessenger(asking, People(asking), MessageCatalogue(CONTENT))
    await session.close()
    await server.stop()


async def test_a_day_of_a_hundred_workspaces(wire: tuple[SlackDoor, SlackMessenger]) -> None:
    door, messenger = wire
    chance = random.Random(11)
    for kind in ("reset_before", "reset_after", "429", "status"):
        door.faults.add({"kind": kind, "method": "chat.postMessage", "count": 25, "status": 502, "seconds": 1})
    chance.shuffle(door.faults.rules)

    async def stands(place: Place, text: str, key: str) -> Place:
        """Post as the features do: after a doubt they look before they post again."""
        doubt = False
        while True:
            try:
                found = await messenger.find(place, key) if doubt else None
                ref = found or await messenger.post(place, Card(text), key=key)
                return await messenger.open_thread(ref, text)
            except OutcomeUnknown:
                doubt = True
            except TryLater as later:
                await fast_sleep(later.after)

    async def day(team: str) -> None:
        home = ids.workspace_of(team)
        thread = await stands(Place(home, demo.DAILY_REFLECTION), "the item", "item")
        answers = (stands(thread, f"response {n}", f"r{n}") for n in range(RESPONSES))
        await asyncio.gather(*answers, stands(Place(home, demo.SUPERVISORS), "an alert", "alert"))

    async with asyncio.timeout(300):
        await asyncio.gather(*(day(team) for team in TEAMS))
    wanted = sorted(["the item", *(f"response {n}" for n in range(RESPONSES))])
    for team in TEAMS:
        standing = door.world.teams[team].messages
        assert sorted(m.text for m in standing[demo.DAILY_REFLECTION].values()) == wanted
        assert [m.text for m in standing[demo.SUPERVISORS].values()] == ["an alert"]
    assert all(rule.struck == rule.count for rule in door.faults.rules)
