"""The rehearsal as a venue: the whole bot, its wiring included, behind real sockets."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.people import Member, Platform, Workspace
from bot.settings import Settings
from bot.wiring import Premises, hold_line, premises
from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord import components
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.errors import Refused
from rehearsal.discord.interaction import Kind
from rehearsal.discord.model import Message, Overwrite
from rehearsal.discord.permissions import P
from rehearsal.discord.pointing import pointed_at
from rehearsal.server import RehearsalServer
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, CannotDo, Form, Named, Said, asked_in

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""A Monday half an hour before the cohort's prompt; London's clocks show UTC."""

PATIENCE = 20.0
_BUTTON, _TEXT_INPUT = 2, 4
_AT_WORK = ("Wakeups.", "Rounds.", "Operator.", "Publisher.", "AutoShardedConnectionState._delay")
_OF_DISCORD = ("discord.py: ", "CommandTree-invoker")


class RehearsalVenue:
    """Implements `Venue`. `door` is there for those who want to break something."""

    workspace = Workspace(Platform.DISCORD, str(demo.GUILD))
    not_let_in = "Send Messages"
    people: Mapping[str, int] = {name: who for name, (who, _) in (demo.TRAINEES | demo.SUPERVISING).items()}

    def __init__(self, door: DiscordDoor, clock: MovableClock, settings: Settings) -> None:
        self.door = door
        self.clock = clock
        self.settings = settings
        self.built: Premises
        self.channels = {DAILY: demo.DAILY_REFLECTION, SUPERVISORS: demo.SUPERVISORS, COMMON: demo.COMMON_ROOM}
        self.roles = {"trainee": demo.TRAINEE_ROLE, "supervisor": demo.SUPERVISOR_ROLE}
        self._world = door.world
        self._running: AsyncExitStack | None = None

    async def start(self) -> None:
        """Start the bot and return when it is at work."""
        stack = AsyncExitStack()
        self.built = await stack.enter_async_context(premises(self.settings, self.clock))
        # discord.py waits this long for servers that do not come; here they are all here at once.
        self.built.client._connection.guild_ready_timeout = 0.01
        stack.push_async_callback(self._hang_up)
        ready = asyncio.Event()
        self._line = asyncio.create_task(hold_line(self.built, demo.BOT_TOKEN, started=ready.set))
        opening = asyncio.create_task(ready.wait())
        await asyncio.wait({self._line, opening}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        opening.cancel()
        if not ready.is_set():
            await stack.aclose()
            raise AssertionError("the bot did not come to work")
        stack.callback(self.clock.listen(self._moved))
        self._running = stack
        await self.settle()

    async def stop(self) -> None:
        """Stop the bot as a signal would."""
        if self._running is not None:
            await self._running.aclose()
            self._running = None

    async def restart(self, later: timedelta = timedelta()) -> None:
        await self.stop()
        await self.clock.advance(later)
        await self.start()

    async def _hang_up(self) -> None:
        await self.built.client.close()
        self._line.cancel()
        await asyncio.gather(self._line, return_exceptions=True)

    async def _moved(self, _: datetime) -> None:
        await self.built.wakeups.poke()

    # What is on the screens

    def member(self, person: str) -> Member:
        return Member(Platform.DISCORD, str(self.people[person]))

    def standing(self, person: str, place: int) -> list[Said]:
        channel = self._world.channels.get(place)
        if channel is None or not self.door.permissions.can_see(channel, self.people[person]):
            return []
        return [self._said(message) for _, message in sorted(self._world.messages[place].items())]

    def private(self, person: str) -> list[Said]:
        hers = (m for m in self._world.ephemerals.values() if m.ephemeral_to == self.people[person])
        return [self._said(message) for message in sorted(hers, key=lambda m: m.id)]

    def threads(self, name: str) -> list[int]:
        return [thread.id for thread in self._world.threads_of(self.channels[name])]

    def takes_words(self, thread: int) -> bool:
        found = self._world.channels[thread].thread
        return found is not None and not found.locked

    def dm(self, person: str) -> int:
        return self._world.open_dm(self.people[person]).id

    def form(self, person: str) -> Form | None:
        modal = self._modal(person)
        if modal is None:
            return None
        fields = {
            str(field["custom_id"]): str(field.get("value") or "")
            for field in components.walk(modal.data["components"])
            if field["type"] == _TEXT_INPUT
        }
        return Form(str(modal.data["title"]), fields, asked_in(modal.data["components"]))

    def _modal(self, person: str) -> Any:
        hers = [m for m in self.door.interactions.modals.values() if m.opened_by.user_id == self.people[person]]
        return hers[-1] if hers else None

    def _said(self, message: Message) -> Said:
        return said(message.id, message.channel_id, message.author_id == demo.BOT, message.content, message)

    # What hands do

    async def press(self, person: str, on: Said, custom_id: str) -> None:
        await self._as(self.door.people.press(self.people[person], on.id, custom_id))

    async def choose(self, person: str, on: Said, custom_id: str, values: Sequence[Any]) -> None:
        given = [str(self._meant(value)) for value in values]
        await self._as(self.door.people.select(self.people[person], on.id, custom_id, given))

    async def fill(self, person: str, values: Mapping[str, str]) -> None:
        modal = self._modal(person)
        if modal is None:
            raise CannotDo("no form is open")
        await self._as(self.door.people.submit_modal(self.people[person], modal.id, dict(values)))

    async def command(self, person: str, place: int, name: str, options: Mapping[str, Any]) -> None:
        given: dict[str, Any] = {option: self._meant(value) for option, value in options.items()}
        root, *subs = name.split()
        for sub in reversed(subs):
            given = {sub: given}
        await self._as(self.door.people.command(self.people[person], place, root, given))

    async def menu(self, person: str, on: Said, name: str) -> None:
        await self._as(self.door.people.command(self.people[person], on.place, name, target_id=on.id))

    async def offers(self, person: str, place: int, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        root, *subs = name.split()
        given: dict[str, Any] = {option: typed}
        for sub in reversed(subs):
            given = {sub: given}
        offered = await self.door.people.autocomplete(self.people[person], place, root, given, option)
        return [(str(choice["name"]), str(choice["value"])) for choice in offered]

    async def write(self, person: str, place: int, text: str) -> int:
        sent = await self._as(self.door.people.send(self.people[person], place, text))
        return int(sent["id"])

    async def rewrite(self, person: str, message: int, place: int, text: str) -> None:
        await self._as(self.door.people.edit(self.people[person], message, text))

    async def forge(self, person: str, on: Said, custom_id: str) -> None:
        data = {"component_type": _BUTTON, "custom_id": custom_id, "id": 1}
        self._begin(Kind.COMPONENT, person, on, data)
        await self.settle()

    async def forge_form(self, person: str, on: Said, custom_id: str, values: Mapping[str, str]) -> None:
        rows = [
            {"type": 18, "id": n, "component": {"type": _TEXT_INPUT, "id": 100 + n, "custom_id": name, "value": value}}
            for n, (name, value) in enumerate(values.items(), 1)
        ]
        self._begin(Kind.MODAL, person, on, {"custom_id": custom_id, "components": rows})
        await self.settle()

    def _begin(self, kind: Kind, person: str, on: Said, data: dict[str, Any]) -> None:
        place = self._world.channels[on.place]
        message = self._world.ephemerals.get(on.id) or self._world.messages[on.place].get(on.id)
        self.door.interactions.begin(kind, self.people[person], place, data, message=message)

    async def _as(self, act: Any) -> Any:
        try:
            done = await act
        except Refused as refused:
            raise CannotDo(str(refused)) from None
        await self.settle()
        return done

    def _meant(self, value: Any) -> Any:
        if isinstance(value, tuple):
            name, content = value
            return {"filename": name, "content": base64.b64encode(content).decode()}
        if isinstance(value, Named):
            return str((self.channels if value.kind == "channel" else self.roles)[value.name])
        return value

    # The hand from outside

    def add_channel(self, name: str) -> None:
        self.channels[name] = self.door.guilds.add_channel(self._world.guilds[demo.GUILD], name).id

    def add_role(self, name: str) -> None:
        self.roles[name] = self.door.guilds.add_role(self._world.guilds[demo.GUILD], name).id

    async def delete_channel(self, name: str) -> None:
        self.door.guilds.delete_channel(self._world.channels[self.channels[name]])
        await self.settle()

    async def permit(self, name: str, permission: str, allowed: bool) -> None:
        place, bit = self._world.channels[self.channels[name]], int(P[permission.upper()])
        mine = place.overwrites.get(demo.BOT_ROLE, Overwrite(demo.BOT_ROLE, 0))
        deny = mine.deny & ~bit if allowed else mine.deny | bit
        self.door.guilds.overwrite(place, Overwrite(demo.BOT_ROLE, 0, allow=mine.allow & ~bit, deny=deny))
        await self.settle()

    async def close_door(self, person: str, closed: bool = True) -> None:
        self._world.users[self.people[person]].takes_dms = not closed

    async def set_roles(self, person: str, *names: str) -> None:
        guild = self._world.guilds[demo.GUILD]
        self.door.guilds.set_roles(guild, self.people[person], [self.roles[name] for name in names])
        await self.settle()

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance(timedelta(seconds=seconds))
        await self.settle()

    # Waiting without a clock

    async def settle(self) -> None:
        async with asyncio.timeout(PATIENCE):
            calm = 0
            while calm < 3:
                if busy := work_under_way():
                    await asyncio.wait(busy)
                    calm = 0
                elif self._on_the_way():
                    await asyncio.sleep(0.001)
                    calm = 0
                else:
                    await asyncio.sleep(0)
                    calm += 1

    def _on_the_way(self) -> bool:
        """Whether the gateway has sent what the client has not read yet."""
        sent = [s.seq for s in self.door.gateway.sessions.values() if s.connection is not None]
        read = [info._parent.ws.sequence for info in self.built.client.shards.values()]
        return sent != read


def said(id_: int, place: int, by_bot: bool, content: str, message: Any) -> Said:
    """Make a screen's message of a record that has `embeds` and `components` in Discord's JSON."""
    title, lines = "", [content]
    for embed in message.embeds:
        title = title or str(embed.get("title") or "")
        lines += [str(embed.get("title") or ""), str(embed.get("description") or "")]
        for field in embed.get("fields") or ():
            lines += [str(field["name"]), str(field["value"])]
        lines.append(str((embed.get("footer") or {}).get("text") or ""))
    buttons, menus = [], []
    for row in message.components:
        for part in row.get("components") or ():
            if part["type"] == _BUTTON:
                buttons.append((str(part.get("label") or ""), str(part.get("custom_id") or "")))
            else:
                menus.append(str(part["custom_id"]))
    return Said(id_, place, by_bot, title, "\n".join(filter(None, lines)), tuple(buttons), tuple(menus))


def work_under_way() -> list[asyncio.Task[Any]]:
    """The bot's tasks that somebody is waiting for: handlers of events, and rounds."""
    return [
        task
        for task in asyncio.all_tasks()
        if task is not asyncio.current_task()
        and (
            task.get_name().startswith(_OF_DISCORD) or getattr(task.get_coro(), "__qualname__", "").startswith(_AT_WORK)
        )
    ]


@asynccontextmanager
async def on_rehearsal(folder: Path, **changes: Any) -> AsyncIterator[RehearsalVenue]:
    """Open the rehearsal with the bot at work in it; `changes` are further settings."""
    clock = MovableClock(real_now=lambda: MORNING)
    door = DiscordDoor(demo.demo_world(clock))
    server = RehearsalServer([door])
    base = await server.start()
    with pointed_at(base):
        gateway = base.replace("http", "ws", 1) + "/gateway"
        settings = Settings(
            data_dir=folder,
            discord_token=SecretStr(demo.BOT_TOKEN),
            discord_api_base=f"{base}/api/v10",
            discord_gateway=gateway,
            **changes,
        )
        venue = RehearsalVenue(door, clock, settings)
        try:
            await venue.start()
            yield venue
        finally:
            await venue.stop()
            await server.stop()
