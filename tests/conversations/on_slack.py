"""Slack as a venue: unmodified slack-bolt against the rehearsed Slack, over real sockets.

The dialogues are the ones that are held on Discord. Where a person's hands do something else on Slack, this venue does
it for her: a command's options are words behind `/chair` or fields of a form, what autocomplete offers is a list of
buttons, and a note that only she sees is an ephemeral message or an open form. Dialogues that Slack holds in another
way are listed in `differences.py`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.people import Member, Platform, Workspace
from bot.platforms.slack.pace import Pace
from bot.settings import Settings
from bot.wiring import Premises, hold_line, premises
from rehearsal.__main__ import slack_shortcuts
from rehearsal.clock import MovableClock
from rehearsal.server import RehearsalServer
from rehearsal.slack import blocks as kit
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.errors import Refused
from rehearsal.slack.model import Channel, Json, Message, Usergroup, View
from rehearsal.slack.world import Happening
from tests.conversations.on_rehearsal import MORNING, PATIENCE, work_under_way
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, CannotDo, Form, Named, Said

MENUS = {
    "Flag for a supervisor": "needs_a_person",
    "Moderate response": "moderate_response",
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
_VIEW = "view:"


class SlackVenue:
    """Implements `Venue`, in a workspace on a paid plan, where roles are user groups."""

    not_let_in = "to be invited to the channel"

    def __init__(self, door: SlackDoor, clock: MovableClock, settings: Settings) -> None:
        self.door = door
        self.clock = clock
        self.settings = settings
        self.built: Premises
        self.workspace = Workspace(Platform.SLACK, demo.TEAM)
        self.people: Mapping[str, str] = {name: who for name, (who, _) in (demo.TRAINEES | demo.SUPERVISING).items()}
        self.channels = {DAILY: demo.DAILY_REFLECTION, SUPERVISORS: demo.SUPERVISORS, COMMON: demo.COMMON_ROOM}
        self.roles: dict[str, str] = {}
        self._team = door.world.teams[demo.TEAM]
        self._postings: list[tuple[str, str]] = []
        self._mistakes: dict[str, Said] = {}
        self._typed: dict[str, dict[str, Any]] = {}
        self._running: AsyncExitStack | None = None
        self._furnish()

    def _furnish(self) -> None:
        self._team.paid = True
        # A public channel that it was taken out of refuses the bot; a private one it could not even see.
        self._team.channels[demo.DAILY_REFLECTION].is_private = False
        # It hears the common room too, and must keep quiet about it.
        self._team.channels[demo.COMMON_ROOM].members.append(demo.BOT)
        for role, who in (("trainee", demo.TRAINEES), ("supervisor", demo.SUPERVISING)):
            self.add_role(role)
            self._team.usergroups[self.roles[role]].users = [user for user, _ in who.values()]
        self.door.people.shortcuts = slack_shortcuts()
        self.door.limits.enabled = False
        self.door.world.listen(self._happened)

    def _happened(self, happening: Happening) -> None:
        """Remember which messages were postings: Slack's threads are there unopened."""
        if happening.name == "message" and '"tc:mine:' in json.dumps(happening.data.get("blocks", ())):
            self._postings.append((str(happening.channel), str(happening.data["ts"])))

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

    # What is on the screens

    def member(self, person: str) -> Member:
        return Member(Platform.SLACK, f"{demo.TEAM}-{self.people[person]}")

    def standing(self, person: str, place: str) -> list[Said]:
        channel_id, _, thread = place.partition(":")
        channel = self._team.channels.get(channel_id)
        if channel is None or (channel.is_private and self.people[person] not in channel.members):
            return []
        shown = [m for m in self.door.people.standing(self._team, channel_id) if _stands_in(m, thread)]
        return [said for message in shown for said in self._said(message, place)]

    def private(self, person: str) -> list[Said]:
        who = self.people[person]
        notes = [
            said
            for message in self._team.ephemerals.values()
            if message.ephemeral_to == who
            for said in self._said(message, message.channel)
        ]
        for view in self.door.views.of(self._team, who):
            notes += _parts(_moment(view), f"{_VIEW}{view.id}", True, view.payload["blocks"], "")
        if person in self._mistakes:
            notes.append(self._mistakes[person])
        return sorted(notes, key=lambda said: said.id)

    def home(self, person: str) -> list[Said]:
        """The cards of her home in the app."""
        view = self._team.homes[self.people[person]]
        return _parts(_moment(view), f"{_VIEW}{view.id}", True, view.payload["blocks"], "")

    def pinged(self) -> set[str]:
        """Whom anything that stands notifies."""
        standing = [message for said in self._team.messages.values() for message in said.values()]
        return set().union(*(kit.pings(message.text, message.blocks) for message in standing))

    def threads(self, name: str) -> list[str]:
        channel = self.channels[name]
        return [f"{at}:{ts}" for at, ts in self._postings if at == channel and ts in self._team.messages.get(at, {})]

    def takes_words(self, thread: str) -> bool:
        channel, _, ts = thread.partition(":")
        keys = [(m.metadata or {}).get("event_payload", {}) for m in self.door.world.replies(self._team, channel, ts)]
        return not any(str(payload.get("key", "")).endswith("-locked") for payload in keys)

    def dm(self, person: str) -> str:
        return self.door.world.open_im(self._team, self.people[person]).id

    def form(self, person: str) -> Form | None:
        view = self._form(person)
        if view is None:
            return None
        inputs = [block for block in view.payload["blocks"] if block["type"] == "input"]
        fields = {str(block["element"]["action_id"]): _standing_in(block["element"]) for block in inputs}
        fields |= self._typed.get(view.id, {})
        return Form(str(view.payload["title"]["text"]), fields, [str(block["label"]["text"]) for block in inputs])

    def _form(self, person: str) -> View | None:
        open_ = list(self.door.views.of(self._team, self.people[person]))
        return open_[-1] if open_ and open_[-1].payload.get("submit") else None

    def _said(self, message: Message, place: str) -> list[Said]:
        return _parts(_number(message.ts), place, message.user == demo.BOT, message.blocks, message.text)

    # What hands do

    async def press(self, person: str, on: Said, custom_id: str) -> None:
        await self._press(person, on, custom_id)

    async def choose(self, person: str, on: Said, custom_id: str, values: Sequence[Any]) -> None:
        given = [str(self._meant(value)) for value in values]
        await self._press(person, on, custom_id, given if len(given) > 1 else given[0])

    async def _press(self, person: str, on: Said, custom_id: str, chosen: Any = None) -> None:
        people, who = self.door.people, self.people[person]
        if str(on.place).startswith(_VIEW):
            view = str(on.place).removeprefix(_VIEW)
            await self._as(person, people.press_in_view(demo.TEAM, who, view, custom_id, chosen))
            return
        for view_open in list(self.door.views.of(self._team, who)):
            # What lies behind a form cannot be pressed: she closes it first.
            self.door.views.close(self._team, view_open)
        await self._as(person, people.press(demo.TEAM, who, _ts(on.id), custom_id, chosen))

    async def fill(self, person: str, values: Mapping[str, Any]) -> None:
        view = self._form(person)
        if view is None:
            raise CannotDo("no form is open")
        typed = self._typed.pop(view.id, {}) | dict(values)
        errors = await self._as(person, self.door.people.submit(demo.TEAM, self.people[person], view.id, typed))
        if errors:
            self._typed[view.id] = typed  # her client keeps what she typed
            at = _number(self.door.world.next_ts())
            self._mistakes[person] = Said(at, f"{_VIEW}{view.id}", True, "", "\n".join(errors.values()))

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
        used = self.door.people.shortcut(demo.TEAM, self.people[person], channel, _ts(on.id), MENUS[name])
        await self._as(person, used)

    async def offers(self, person: str, place: str, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        await self._say(person, place, f"{name} {typed}".strip())
        action = f"tc:{LISTS[name]}:"
        buttons = [button for note in self.private(person)[-1:] for button in note.buttons]
        return [(label, custom_id.removeprefix(action)) for label, custom_id in buttons if custom_id.startswith(action)]

    async def write(self, person: str, place: str, text: str) -> int:
        channel, _, thread = place.partition(":")
        sent = self.door.people.send(demo.TEAM, self.people[person], channel, text, thread or None)
        return _number((await self._as(person, sent)).ts)

    async def rewrite(self, person: str, message: int, place: str, text: str) -> None:
        channel = place.partition(":")[0]
        await self._as(person, self.door.people.edit(demo.TEAM, self.people[person], channel, _ts(message), text))

    async def forge(self, person: str, on: Said, custom_id: str) -> None:
        button = {"type": "button", "block_id": "forged", "action_id": custom_id, "value": ""}
        _, user = self.door.people.person(demo.TEAM, self.people[person])
        channel, ts = str(on.place).partition(":")[0], _ts(on.id)
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

    # The hand from outside

    def add_channel(self, name: str) -> None:
        everybody = [user for user, _ in (demo.TRAINEES | demo.SUPERVISING).values()]
        made = Channel(self.door.world.next_id("C"), name, members=[*everybody, demo.BOT])
        self._team.channels[made.id] = made
        self._team.messages[made.id] = {}
        self.channels[name] = made.id

    def add_role(self, name: str) -> None:
        handle = re.sub(r"\W+", "-", name)
        made = Usergroup(self.door.world.next_id("S"), handle, name)
        self._team.usergroups[made.id] = made
        self.roles[name] = made.id

    async def delete_channel(self, name: str) -> None:
        del self._team.channels[self.channels[name]]
        await self.settle()

    async def permit(self, name: str, permission: str, allowed: bool) -> None:
        assert permission == "send_messages", "all that Slack asks of the bot in a channel is to be in it"
        channel = self._team.channels[self.channels[name]]
        if allowed:
            channel.members.append(demo.BOT)
        else:
            channel.members.remove(demo.BOT)
        self.door.events.moved(self._team, channel, demo.BOT, joined=allowed)
        await self.settle()

    async def close_door(self, person: str, closed: bool = True) -> None:
        self._team.users[self.people[person]].takes_dms = not closed

    async def set_roles(self, person: str, *names: str) -> None:
        for name, role in self.roles.items():
            held = self._team.usergroups[role].users
            if (self.people[person] in held) is not (name in names):
                (held.append if name in names else held.remove)(self.people[person])
                self.door.events.tell(self._team, {"type": "subteam_members_changed", "subteam_id": role})
        await self.settle()

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


def _parts(id_: int, place: str, by_bot: bool, blocks: Sequence[Json], text: str) -> list[Said]:
    """Make a screen's messages of blocks: where a divider is, another card begins."""
    cards: list[list[Json]] = [[]]
    for block in blocks:
        if block["type"] == "divider":
            cards.append([])
        else:
            cards[-1].append(block)
    return [_card(id_, place, by_bot, card, text if not blocks else "") for card in cards if card or not blocks]


def _card(id_: int, place: str, by_bot: bool, blocks: Sequence[Json], text: str) -> Said:
    title, lines = "", [text]
    buttons, menus = [], []
    for block in blocks:
        said = [as_typed(each["text"]) if each["type"] == "mrkdwn" else each["text"] for each in _texts(block)]
        if block["type"] == "header":
            title = title or said[0]
        lines += said
    for _, element in kit.elements(list(blocks)):
        if element["type"] == "button":
            buttons.append((str(element["text"]["text"]), str(element["action_id"])))
        else:
            menus.append(str(element["action_id"]))
    whole = re.sub(r"(?<![\w/])/chair (?=[a-z])", "/", "\n".join(filter(None, lines)))
    return Said(id_, place, by_bot, title, whole if blocks else as_typed(whole), tuple(buttons), tuple(menus))


def _texts(block: Json) -> list[Json]:
    if block["type"] in ("actions", "input"):
        return []
    return list(kit.texts({**block, "accessory": None}))


def as_typed(mrkdwn: str) -> str:
    """Return Slack's markup as the house writes it."""
    text = re.sub(r"(?<![\w*])\*(?![\s*])([^*\n]+?)\*(?![\w*])", r"**\1**", mrkdwn)
    text = re.sub(r"(?<!\w)_(?!\s)([^_\n]+?)_(?!\w)", r"*\1*", text)
    text = re.sub(r"^(\s*)• ", r"\1- ", text, flags=re.MULTILINE)
    for escaped, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, meant)
    return text


def _standing_in(element: Json) -> Any:
    if element["type"] == "checkboxes":
        return [option["value"] for option in element.get("initial_options", ())]
    for name in ("initial_value", "initial_conversation", "initial_date", "initial_time"):
        if name in element:
            return str(element[name])
    return str((element.get("initial_option") or {}).get("value", ""))


def _filled(field: str, value: Any) -> Any:
    if field == "days":
        return str(value).split(",")
    return _EVERY.get(value, value) if field == "every" else str(value)


def _stands_in(message: Message, thread: str) -> bool:
    return message.is_reply and message.thread_ts == thread if thread else not message.is_reply


def _moment(view: View) -> int:
    return _number(view.hash.rpartition(".")[0])


def _number(ts: str) -> int:
    return int(ts.replace(".", ""))


def _ts(number: int) -> str:
    return f"{number // 1_000_000}.{number % 1_000_000:06d}"


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
