"""What a person sees: her channels, threads and direct messages, with what was said there lately."""

from __future__ import annotations

from typing import Any

from rehearsal.discord import render, render_guild
from rehearsal.discord.application_commands import ApplicationCommands
from rehearsal.discord.errors import Refused
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import Channel, ChannelType, Json, User
from rehearsal.discord.permissions import P, Permissions
from rehearsal.discord.world import World

RECENT = 50
_TEXT = (ChannelType.TEXT, ChannelType.ANNOUNCEMENT)


class Looking:
    """The world through people's eyes."""

    def __init__(
        self, world: World, permissions: Permissions, messages: Messages, commands: ApplicationCommands
    ) -> None:
        self._world = world
        self._permissions = permissions
        self._messages = messages
        self._commands = commands

    def personas(self) -> list[Json]:
        """Return everybody one can act as."""
        return [self._persona(person) for person in self._world.users.values() if not person.bot]

    def snapshot(self, person: User) -> Json:
        """Return all this person sees now; messages are the last 50 of each place, oldest first."""
        world = self._world
        guild = next((g for g in world.guilds.values() if person.id in g.members), None)
        seen = [c for c in world.channels.values() if self._permissions.can_see(c, person.id)]
        text = [c for c in seen if c.type in _TEXT]
        threads = [c for c in seen if c.thread is not None]
        dms = [c for c in seen if c.type is ChannelType.DM]
        ephemerals: dict[str, list[Json]] = {}
        for message in world.ephemerals.values():
            if message.ephemeral_to == person.id:
                ephemerals.setdefault(str(message.channel_id), []).append(render.message(world, message))
        places = [*text, *threads, *dms]
        home = text[0] if text else dms[0] if dms else None
        return {
            "guild": None if guild is None else {"id": str(guild.id), "name": guild.name},
            "roles": [] if guild is None else [render_guild.role(role) for role in guild.roles.values()],
            "bot": render.user(world.users[world.bot_id]),
            "channels": [self._shown_channel(c, person) for c in sorted(text, key=lambda c: (c.position, c.id))],
            "threads": [self._shown_thread(c, person) for c in threads],
            "dms": [{**render.channel(world, c), "with": render.user(world.users[world.bot_id])} for c in dms],
            "messages": {str(c.id): self.recent(c.id) for c in places},
            "ephemerals": ephemerals,
            "commands": [] if home is None else self._commands.shown_to(person.id, home),
            "clock": render.iso(world.clock.now()),
        }

    def _persona(self, person: User) -> Json:
        names = [
            guild.roles[role].name
            for guild in self._world.guilds.values()
            if person.id in guild.members
            for role in guild.members[person.id].roles
            if role in guild.roles
        ]
        return {
            "id": str(person.id),
            "name": person.display_name,
            "role": "supervisor" if "supervisor" in names else "trainee",
            "avatar_color": person.colour,
            "member_roles": names,
        }

    def person(self, user_id: int | str) -> User:
        """Return a human of the rehearsal; raises Refused."""
        person = self._world.users.get(number(user_id))
        if person is None or person.bot:
            raise Refused("There is no such person in this rehearsal.")
        return person

    def place(self, person: User, channel_id: int | str) -> Channel:
        """Return a channel, thread or direct message this person can see; raises Refused."""
        place = self._world.channels.get(number(channel_id))
        if place is None or not self._permissions.can_see(place, person.id):
            raise Refused("There is no such channel, or you cannot see it.")
        return place

    def can_send(self, place: Channel, person: User) -> bool:
        """Whether this person may write in the place now."""
        held = self._permissions.in_channel(place, person.id)
        if place.type is ChannelType.CATEGORY or not held & self._permissions.needed_to_send(place):
            return False
        return place.thread is None or not place.thread.locked or P.MANAGE_THREADS in held

    def recent(self, channel_id: int, limit: int = RECENT, before: int | None = None) -> list[Json]:
        """Return up to `limit` messages of a place (older than `before`), oldest first."""
        found = self._messages.history(channel_id, max(1, min(limit, 100)), before=before)
        return [render.message_event(self._world, message) for message in reversed(found)]

    def _shown_channel(self, place: Channel, person: User) -> Json:
        return {**render.channel(self._world, place), "can_send": self.can_send(place, person)}

    def _shown_thread(self, place: Channel, person: User) -> Json:
        body = self._shown_channel(place, person)
        metadata: Any = body["thread_metadata"]
        return {**body, "locked": metadata["locked"], "archived": metadata["archived"]}


def number(value: Any) -> int:
    """Read an id given as int or decimal text; raises Refused."""
    text = str(value)
    if not text.isdigit():
        raise Refused("That is gone.")
    return int(text)
