"""The workspace that the dialogues on Slack are held in: what stands on whose screen, and what changes from outside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.people import Member, Platform, Workspace
from bot.settings import Settings
from bot.wiring import Premises
from rehearsal.__main__ import slack_shortcuts
from rehearsal.clock import MovableClock
from rehearsal.slack import blocks as kit
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.model import Channel, Message, Usergroup, View
from rehearsal.slack.world import Happening
from tests.conversations.slack_screen import cards_in, moment, number, standing_in
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, Form, Said

VIEW = "view:"
"""What the place of a card in a form or in a home begins with."""


class SlackWorkspace:
    """The programme's workspace on a paid plan, where roles are user groups: its screens, and the hand from outside."""

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
            notes += cards_in(moment(view), f"{VIEW}{view.id}", True, view.payload["blocks"], "")
        if person in self._mistakes:
            notes.append(self._mistakes[person])
        return sorted(notes, key=lambda said: said.id)

    def home(self, person: str) -> list[Said]:
        """The cards of her home in the app."""
        view = self._team.homes[self.people[person]]
        return cards_in(moment(view), f"{VIEW}{view.id}", True, view.payload["blocks"], "")

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
        fields = {str(block["element"]["action_id"]): standing_in(block["element"]) for block in inputs}
        fields |= self._typed.get(view.id, {})
        return Form(str(view.payload["title"]["text"]), fields, [str(block["label"]["text"]) for block in inputs])

    def _form(self, person: str) -> View | None:
        open_ = list(self.door.views.of(self._team, self.people[person]))
        return open_[-1] if open_ and open_[-1].payload.get("submit") else None

    def _said(self, message: Message, place: str) -> list[Said]:
        return cards_in(number(message.ts), place, message.user == demo.BOT, message.blocks, message.text)

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

    async def settle(self) -> None:
        """Return when the bot has nothing more to do."""
        raise NotImplementedError


def _stands_in(message: Message, thread: str) -> bool:
    return message.is_reply and message.thread_ts == thread if thread else not message.is_reply
