"""Slack as a venue: unmodified slack-bolt against the rehearsed Slack, over real sockets.

The dialogues are the ones that are held on Discord. Where a person's hands do something else on Slack, this venue does
it for her: a command's options are words behind `/chair` or fields of a form, what autocomplete offers is a list of
buttons, and a note that only she sees is an ephemeral message or an open form. Dialogues that Slack holds in another
way are listed in `differences.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.platforms.slack.pace import Pace
from bot.settings import Settings
from bot.wiring import hold_line, premises
from rehearsal.clock import MovableClock
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.errors import Refused
from rehearsal.slack.model import Json, View
from tests.conversations.on_rehearsal import MORNING, PATIENCE, work_under_way
from tests.conversations.slack_screen import number, timestamp
from tests.conversations.slack_workspace import VIEW, SlackWorkspace
from tests.conversations.venue import CannotDo, Named, Said

MENUS = {
    "Flag for a supervisor": "needs_a_person",
    "Moderate response": "moderate_response",
    "Bring to supervision": "bring_to_supervision",
    "You missed this": "screen_missed",
}
"""Discord's context menus and the message shortcuts that are the same thing on Slack."""

FORMS = {"setup quick": "setup", "setup start": "setup", "session add": "session add", "season set": "season set"}
"""Commands whose options are the fields of a form on Slack."""

LISTS = {
    "pin": "pin",
    "session end": "end-session",
    "release": "show-held",
    "retire": "retire-item",
    "request": "request-theme",
    "curriculum start": "start-curriculum",
}
"""Commands whose one option is chosen among buttons on Slack, with the buttons' action."""

_AT_WORK = ("AsyncBaseSocketModeClient.run_message_listeners", "AsyncioListenerRunner.run.", "Line._tell")
_EVERY = {"week": "week", "two weeks": "two_weeks", "once": "once"}


class SlackVenue(SlackWorkspace):
    """Implements `Venue` over real sockets."""

    _running: AsyncExitStack | None = None

    async def start(self) -> None:
        """Start the bot and return when it is at work."""
        stack = AsyncExitStack()
        self.built = await stack.enter_async_context(premises(self.settings, self.clock))
        assert self.built.slack is not None
        self.built.slack.desk.asking.pace = Pace(interval=0.0)  # how it waits is told elsewhere
        stack.push_async_callback(self._hang_up)
        ready = asyncio.Event()
        self._line = asyncio.create_task(hold_line(self.built, "", started=ready.set))
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
        self._line.cancel()
        await asyncio.gather(self._line, return_exceptions=True)

    async def _moved(self, _: datetime) -> None:
        await self.built.wakeups.poke()

    # What hands do

    async def press(self, person: str, on: Said, custom_id: str) -> None:
        await self._press(person, on, custom_id)

    async def choose(self, person: str, on: Said, custom_id: str, values: Sequence[Any]) -> None:
        given = [str(self._meant(value)) for value in values]
        await self._press(person, on, custom_id, given if len(given) > 1 else given[0])

    async def _press(self, person: str, on: Said, custom_id: str, chosen: Any = None) -> None:
        people, who = self.door.people, self.people[person]
        if str(on.place).startswith(VIEW):
            view = str(on.place).removeprefix(VIEW)
            await self._as(person, people.press_in_view(demo.TEAM, who, view, custom_id, chosen))
            return
        for view_open in list(self.door.views.of(self._team, who)):
            # What lies behind a form cannot be pressed: she closes it first.
            self.door.views.close(self._team, view_open)
        await self._as(person, people.press(demo.TEAM, who, timestamp(on.id), custom_id, chosen))

    async def fill(self, person: str, values: Mapping[str, Any]) -> None:
        view = self._form(person)
        if view is None:
            raise CannotDo("no form is open")
        typed = self._typed.pop(view.id, {}) | dict(values)
        errors = await self._as(person, self.door.people.submit(demo.TEAM, self.people[person], view.id, typed))
        if errors:
            self._typed[view.id] = typed  # her client keeps what she typed
            at = number(self.door.world.next_ts())
            self._mistakes[person] = Said(at, f"{VIEW}{view.id}", True, "", "\n".join(errors.values()))

    async def command(self, person: str, place: str, name: str, options: Mapping[str, Any]) -> None:
        given = {option: await self._chosen(option, value) for option, value in options.items()}
        if name in FORMS:
            await self._say(person, place, FORMS[name])
            if given and self._form(person) is not None:
                await self.fill(person, {field: _filled(field, value) for field, value in given.items()})
            return
        if name in LISTS:
            await self._say(person, place, name)
            wanted = f"tc:{LISTS[name]}:{next(iter(given.values()))}"
            note = self.private(person)[-1]
            offered = wanted in [custom_id for _, custom_id in note.buttons]
            await (self.press(person, note, wanted) if offered else self.forge(person, note, wanted))
            return
        await self._say(person, place, " ".join([name, *(str(value) for value in given.values())]))

    async def _say(self, person: str, place: str, text: str) -> None:
        channel, _, _thread = place.partition(":")  # Slack has no commands in threads
        await self._as(person, self.door.people.command(demo.TEAM, self.people[person], channel, text))

    async def open_home(self, person: str) -> None:
        """Let her look at the app's home."""
        await self._as(person, self.door.people.open_home(demo.TEAM, self.people[person]))

    async def menu(self, person: str, on: Said, name: str) -> None:
        channel = str(on.place).partition(":")[0]
        used = self.door.people.shortcut(demo.TEAM, self.people[person], channel, timestamp(on.id), MENUS[name])
        await self._as(person, used)

    async def offers(self, person: str, place: str, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        await self._say(person, place, f"{name} {typed}".strip())
        action = f"tc:{LISTS[name]}:"
        buttons = [button for note in self.private(person)[-1:] for button in note.buttons]
        return [(label, custom_id.removeprefix(action)) for label, custom_id in buttons if custom_id.startswith(action)]

    async def write(self, person: str, place: str, text: str) -> int:
        channel, _, thread = place.partition(":")
        sent = self.door.people.send(demo.TEAM, self.people[person], channel, text, thread or None)
        return number((await self._as(person, sent)).ts)

    async def rewrite(self, person: str, message: int, place: str, text: str) -> None:
        channel = place.partition(":")[0]
        await self._as(person, self.door.people.edit(demo.TEAM, self.people[person], channel, timestamp(message), text))

    async def forge(self, person: str, on: Said, custom_id: str) -> None:
        button = {"type": "button", "block_id": "forged", "action_id": custom_id, "value": ""}
        _, user = self.door.people.person(demo.TEAM, self.people[person])
        channel, ts = str(on.place).partition(":")[0], timestamp(on.id)
        message = self._team.ephemerals.get(ts) or self._team.messages[channel][ts]
        pressed = {**button, "text": {"type": "plain_text", "text": "forged"}}
        await self._as(person, self.door.interactions.press(self._team, user, message, pressed))

    async def forge_form(self, person: str, on: Said, custom_id: str, values: Mapping[str, str]) -> None:
        _, user = self.door.people.person(demo.TEAM, self.people[person])
        payload: Json = {"type": "modal", "callback_id": custom_id, "title": {"type": "plain_text", "text": "Forged"}}
        payload |= {"blocks": [], "private_metadata": str(on.place)}
        ident = self.door.world.next_id("V")
        view = View(ident, user.id, payload, f"{self.door.world.next_ts()}.forged", ident)
        for other in list(self.door.views.of(self._team, user.id)):
            self.door.views.close(self._team, other)
        self._team.views[ident] = view
        state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
        await self._as(person, self.door.interactions.submit(self._team, user, view, state))

    async def _as(self, person: str, act: Any) -> Any:
        self._mistakes.pop(person, None)
        try:
            done = await act
        except Refused as refused:
            raise CannotDo(str(refused)) from None
        await self.settle()
        return done

    async def _chosen(self, option: str, value: Any) -> Any:
        """Return what she writes: a cohort has a name here, where Discord's completion puts its id."""
        if option == "cohort" and (cohort := await self.built.stores.cohorts.get(value)) is not None:
            return cohort.name
        return self._meant(value)

    def _meant(self, value: Any) -> Any:
        if isinstance(value, Named):
            return (self.channels if value.kind == "channel" else self.roles)[value.name]
        return value

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance(timedelta(seconds=seconds))
        await self.settle()

    # Waiting without a clock

    async def settle(self) -> None:
        async with asyncio.timeout(PATIENCE):
            calm = 0
            while calm < 3:
                if busy := [*work_under_way(), *_doors_work()]:
                    await asyncio.wait(busy)
                    calm = 0
                elif self.door.line.under_way:
                    await asyncio.sleep(0.001)
                    calm = 0
                else:
                    await asyncio.sleep(0)
                    calm += 1


def _doors_work() -> list[asyncio.Task[Any]]:
    """The tasks of slack-bolt, and of the line to it, that are at work on something."""
    return [
        task
        for task in asyncio.all_tasks()
        if task is not asyncio.current_task() and getattr(task.get_coro(), "__qualname__", "").startswith(_AT_WORK)
    ]


def _filled(field: str, value: Any) -> Any:
    if field == "days":
        return str(value).split(",")
    return _EVERY.get(value, value) if field == "every" else str(value)


@asynccontextmanager
async def on_slack(folder: Path, **changes: Any) -> AsyncIterator[SlackVenue]:
    """Open the rehearsed Slack with the bot at work in it; `changes` are further settings."""
    clock = MovableClock(real_now=lambda: MORNING)
    door = SlackDoor(demo.demo_world(clock))
    server = RehearsalServer([door])
    base = await server.start()
    settings = Settings(
        data_dir=folder,
        slack_bot_token=demo.BOT_TOKEN,
        slack_app_token=demo.APP_TOKEN,
        slack_api_base=f"{base}/slack/api",
        **changes,
    )
    venue = SlackVenue(door, clock, settings)
    try:
        await venue.start()
        yield venue
        assert door.unknown == []
    finally:
        await venue.stop()
        await server.stop()
