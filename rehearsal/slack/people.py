"""The people's side of the rehearsed Slack: what a member can see and do in her client.

Every method acts as one person and keeps to her rights; what she cannot do raises `Refused` with a sentence for her.
"""

from __future__ import annotations

from typing import Any

from rehearsal.slack import blocks as kit
from rehearsal.slack.chat import Chat
from rehearsal.slack.errors import Refused
from rehearsal.slack.events import Events
from rehearsal.slack.interactions import Interactions, action_of, state_of
from rehearsal.slack.model import Channel, Json, Message, Team, User, View
from rehearsal.slack.views import Views, view_json
from rehearsal.slack.world import World, message_json

COMMAND = "/chair"


class People:
    """The humans of the rehearsal; a person is named by her workspace's id and her own."""

    def __init__(self, world: World, chat: Chat, views: Views, events: Events, interactions: Interactions) -> None:
        self._world = world
        self._chat = chat
        self._views = views
        self._events = events
        self._interactions = interactions
        self.shortcuts: dict[str, str] = {}
        """The message shortcuts of the app's manifest: callback id and name."""

    def personas(self) -> list[Json]:
        """Return everybody one can act as."""
        return [
            {
                "team": team.id,
                "id": user.id,
                "name": user.real_name,
                "avatar_color": f"#{user.colour}",
                "channels": [c.name for c in team.channels.values() if user.id in c.members and not c.is_im],
            }
            for team in self._world.teams.values()
            for user in team.users.values()
            if not user.is_bot
        ]

    def snapshot(self, team_id: str, user_id: str) -> Json:
        """Return all that this person sees now; messages oldest first."""
        team, user = self.person(team_id, user_id)
        seen = [channel for channel in team.channels.values() if sees(channel, user)]
        home = team.homes.get(user.id)
        return {
            "team": {"id": team.id, "name": team.name},
            "me": {"id": user.id, "name": user.real_name},
            "bot": {"id": team.bot, "name": team.users[team.bot].real_name},
            "users": {each.id: each.real_name for each in team.users.values()},
            "channels": [
                {
                    "id": channel.id,
                    "name": channel.name,
                    "is_private": channel.is_private,
                    "is_im": channel.is_im,
                    "is_archived": channel.is_archived,
                    "is_ext_shared": channel.is_ext_shared,
                    "is_member": user.id in channel.members,
                }
                for channel in seen
            ],
            "messages": {c.id: [message_json(team, m) for m in self.standing(team, c.id)] for c in seen},
            "ephemerals": [
                {**message_json(team, m), "channel": m.channel}
                for m in sorted(team.ephemerals.values(), key=lambda m: m.ts)
                if m.ephemeral_to == user.id
            ],
            "views": [view_json(team, view) for view in self._views.of(team, user.id)],
            "home": None if home is None else view_json(team, home),
            "shortcuts": [{"callback_id": name, "name": said} for name, said in self.shortcuts.items()],
            "command": COMMAND,
            "clock": self._world.clock.now().isoformat(),
        }

    def reload(self, team_id: str, user_id: str) -> None:
        """Load the client anew: ephemeral messages and open views are gone."""
        team, user = self.person(team_id, user_id)
        for message in [m for m in team.ephemerals.values() if m.ephemeral_to == user.id]:
            self._chat.unwhisper(team, message)
        for view in list(self._views.of(team, user.id)):
            self._views.close(team, view)

    async def send(
        self, team_id: str, user_id: str, channel_id: str, text: str, thread_ts: str | None = None
    ) -> Message:
        """Write a message, or a reply in a thread."""
        team, user, channel = self._place(team_id, user_id, channel_id)
        if user.id not in channel.members:
            raise Refused("Join the channel first.")
        if channel.is_archived or (channel.read_only and not user.is_admin):
            raise Refused("You cannot write in this channel.")
        if thread_ts and thread_ts not in team.messages.get(channel.id, {}):
            raise Refused("That message is gone.")
        if not text.strip():
            raise Refused("Write something first.")
        said = Message(self._world.next_ts(), channel.id, user.id, _escaped(text.strip()), thread_ts=thread_ts)
        self._chat.put(team, said)
        self._events.said(team, said)
        return said

    async def edit(self, team_id: str, user_id: str, channel_id: str, ts: str, text: str) -> None:
        """Change one's own message."""
        team, _, message = self._own(team_id, user_id, channel_id, ts)
        before = message_json(team, message)
        message.text, message.edited = _escaped(text.strip()), self._world.next_ts()
        self._world.publish("message_changed", team, message_json(team, message), channel=channel_id)
        self._events.changed(team, message, before)

    async def delete(self, team_id: str, user_id: str, channel_id: str, ts: str) -> None:
        """Delete one's own message."""
        team, _, message = self._own(team_id, user_id, channel_id, ts)
        self._chat.remove(team, message)
        self._events.removed(team, message)

    async def command(self, team_id: str, user_id: str, channel_id: str, text: str) -> None:
        """Use the app's slash command; Slack has none in threads."""
        team, user, channel = self._place(team_id, user_id, channel_id)
        await self._interactions.command(team, user, channel, COMMAND, text)

    async def press(self, team_id: str, user_id: str, ts: str, action_id: str, chosen: Any = None) -> None:
        """Press a button, or choose in a menu, on a message that she sees."""
        team, user = self.person(team_id, user_id)
        message = self._seen_message(team, user, ts)
        block_id, element = _element(message.blocks, action_id)
        await self._interactions.press(team, user, message, action_of(block_id, element, chosen))

    async def press_in_view(self, team_id: str, user_id: str, view_id: str, action_id: str, chosen: Any = None) -> None:
        """Press a button, or choose in a menu, in her topmost form or in her home."""
        team, user = self.person(team_id, user_id)
        view = self._view(team, user, view_id)
        block_id, element = _element(view.payload["blocks"], action_id)
        await self._interactions.press_in_view(team, user, view, action_of(block_id, element, chosen), {})

    async def submit(self, team_id: str, user_id: str, view_id: str, given: dict[str, Any]) -> Json:
        """Send a form with what was typed and chosen, by action id; return the errors the app found, by block."""
        team, user = self.person(team_id, user_id)
        view = self._view(team, user, view_id)
        if not view.payload.get("submit"):
            raise Refused("There is nothing to send here.")
        return await self._interactions.submit(team, user, view, state_of(view.payload["blocks"], given))

    async def close_view(self, team_id: str, user_id: str, view_id: str) -> None:
        """Close a form."""
        team, user = self.person(team_id, user_id)
        self._views.close(team, self._view(team, user, view_id))

    async def shortcut(self, team_id: str, user_id: str, channel_id: str, ts: str, callback_id: str) -> None:
        """Use a message shortcut."""
        team, user, channel = self._place(team_id, user_id, channel_id)
        if callback_id not in self.shortcuts:
            raise Refused("There is no such shortcut.")
        message = team.messages.get(channel.id, {}).get(ts)
        if message is None:
            raise Refused("That message is gone.")
        await self._interactions.shortcut(team, user, message, callback_id)

    async def open_home(self, team_id: str, user_id: str) -> None:
        """Look at the app's home."""
        team, user = self.person(team_id, user_id)
        self._events.home_opened(team, user.id, self._world.open_im(team, user.id).id)

    def person(self, team_id: str, user_id: str) -> tuple[Team, User]:
        """Return a human of the rehearsal; raises Refused."""
        team = self._world.teams.get(team_id)
        user = team.users.get(user_id) if team else None
        if team is None or user is None or user.is_bot:
            raise Refused("There is no such person in this rehearsal.")
        return team, user

    def standing(self, team: Team, channel_id: str) -> list[Message]:
        """All messages of a channel and its threads, oldest first."""
        return sorted(team.messages.get(channel_id, {}).values(), key=lambda m: m.ts)

    def _place(self, team_id: str, user_id: str, channel_id: str) -> tuple[Team, User, Channel]:
        team, user = self.person(team_id, user_id)
        channel = team.channels.get(channel_id)
        if channel is None or not sees(channel, user):
            raise Refused("There is no such channel, or you cannot see it.")
        return team, user, channel

    def _own(self, team_id: str, user_id: str, channel_id: str, ts: str) -> tuple[Team, User, Message]:
        team, user, channel = self._place(team_id, user_id, channel_id)
        message = team.messages.get(channel.id, {}).get(ts)
        if message is None or message.user != user.id:
            raise Refused("You can only change your own messages.")
        return team, user, message

    def _seen_message(self, team: Team, user: User, ts: str) -> Message:
        private = team.ephemerals.get(ts)
        if private is not None and private.ephemeral_to == user.id:
            return private
        for channel_id, standing in team.messages.items():
            if ts in standing and sees(team.channels[channel_id], user):
                return standing[ts]
        raise Refused("That message is gone.")

    def _view(self, team: Team, user: User, view_id: str) -> View:
        home = team.homes.get(user.id)
        if home is not None and home.id == view_id:
            return home
        view = team.views.get(view_id)
        if view is None or view.user != user.id:
            raise Refused("That is closed.")
        return view


def sees(channel: Channel, user: User) -> bool:
    """Say whether somebody can see a channel."""
    return user.id in channel.members or not channel.is_private


def _element(blocks: list[Json], action_id: str) -> tuple[str, Json]:
    for block_id, element in kit.elements(blocks):
        if element["action_id"] == action_id:
            return block_id, element
    raise Refused("That is no longer there.")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
