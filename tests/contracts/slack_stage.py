"""Slack as a stage: slack-sdk, unmodified, against the rehearsal's wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.catalogue.messages import MessageCatalogue
from bot.people import Member, MessageRef, Place
from bot.platforms.slack import ids
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import OneWorkspace, Session
from bot.platforms.slack.messenger import SlackMessenger
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.people import People
from bot.ports.messenger import Messenger
from bot.settings import CONTENT
from rehearsal.clock import MovableClock
from rehearsal.server import RehearsalServer
from rehearsal.slack import blocks, demo
from rehearsal.slack.door import SlackDoor

METHODS = {"post": "chat.postMessage", "thread": "conversations.replies"}


class SlackStage:
    """Implements `tests.contracts.messenger_stages.Stage`."""

    posting_permission = "chat:write"
    opening_asks = False

    def __init__(self, door: SlackDoor, messenger: Messenger) -> None:
        self.messenger = messenger
        self.workspace = ids.workspace_of(demo.TEAM)
        self.channel = Place(self.workspace, demo.DAILY_REFLECTION)
        self.trainee = ids.member_of(demo.TEAM, demo.TRAINEES["Amara"][0])
        self.stranger = ids.member_of(demo.TEAM, "U0STRANGE")
        self.trainee_role = demo.DAILY_REFLECTION
        self.supervisor_role = demo.SUPERVISORS
        self.door = door
        self.team = door.world.teams[demo.TEAM]

    def texts(self, place: Place) -> list[str]:
        channel, thread = ids.channel_of(place)
        standing = [
            m
            for m in self.team.messages[channel].values()
            if (m.thread_ts == thread and m.is_reply if thread else not m.is_reply)
            and m.user == demo.BOT
            and "🔒" not in m.text
        ]
        return ["\n".join(_sections(m.blocks)) for m in sorted(standing, key=lambda m: m.ts)]

    def private_texts(self, member: Member) -> list[str]:
        _, user = ids.person(member)
        channel = next((c for c in self.team.channels.values() if c.is_im and c.user == user), None)
        return [] if channel is None else self.texts(Place(self.workspace, channel.id))

    def pinged(self, ref: MessageRef) -> set[str]:
        channel, _ = ids.channel_of(ref.place)
        message = self.team.messages[channel][ref.id]
        found = blocks.pings(message.text, message.blocks)
        return {channel if name == "channel" else name for name in found}

    def threads(self) -> list[str]:
        channel, _ = ids.channel_of(self.channel)
        first = [m for m in self.team.messages[channel].values() if not m.is_reply]
        return [f"{channel}:{message.ts}" for message in first]

    def is_locked(self, thread: Place) -> bool:
        channel, stamp = ids.channel_of(thread)
        return any("🔒" in m.text for m in self.team.messages[channel].values() if m.thread_ts == stamp)

    def archive(self, thread: Place) -> None:
        """Slack's threads do not go to an archive."""

    def remove(self, place: Place) -> None:
        channel, thread = ids.channel_of(place)
        standing = self.team.messages[channel]
        for ts in [ts for ts, m in standing.items() if thread in (m.ts, m.thread_ts)]:
            del standing[ts]

    def refuse_direct(self, member: Member) -> None:
        self.team.users[ids.person(member)[1]].takes_dms = False

    async def revoke_posting(self) -> None:
        self.team.scopes.remove(self.posting_permission)

    async def somebody_writes(self, place: Place, text: str) -> None:
        channel, thread = ids.channel_of(place)
        await self.door.people.send(demo.TEAM, ids.person(self.trainee)[1], channel, text, thread)

    def slow_down(self, times: int) -> None:
        self.door.faults.add({"kind": "429", "method": METHODS["post"], "count": times, "seconds": 1})

    def break_down(self, times: int, *, overloaded: bool = False) -> None:
        # One act is one request here: slack-sdk is told to repeat nothing.
        status = 503 if overloaded else 502
        self.door.faults.add({"kind": "status", "status": status, "method": METHODS["post"], "count": 1})

    def cut(self, *, after: bool, act: str = "post") -> None:
        self.door.faults.add({"kind": "reset_after" if after else "reset_before", "method": METHODS[act]})


def _sections(made: list[dict[str, object]]) -> list[str]:
    return [str(block["text"]["text"]) for block in made if block["type"] == "section"]  # type: ignore[index]


@asynccontextmanager
async def on_slack() -> AsyncIterator[SlackStage]:
    """Raise the rehearsal and a messenger before it; end both."""
    door = SlackDoor(demo.demo_world(MovableClock()))
    server = RehearsalServer([door])
    url = await server.start()
    session = Session(f"{url}/slack/api/")

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    asking = Asking(OneWorkspace(session, demo.BOT_TOKEN), Pace(sleep=at_once))
    door.limits.enabled = False  # the pace is tried in a test of its own
    try:
        yield SlackStage(door, SlackMessenger(asking, People(asking), MessageCatalogue(CONTENT)))
    finally:
        await session.close()
        await server.stop()
