"""Threads: opening, locking, archiving and joining them."""

from __future__ import annotations

from dataclasses import dataclass

from rehearsal.discord import render, thread_life
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import Channel, ChannelType, Json, Message, MessageFlag, MessageType, Thread
from rehearsal.discord.world import World


@dataclass(frozen=True)
class Plan:
    """What a thread to be opened is called, and after how many idle minutes it is archived."""

    name: str
    archive_minutes: int = 1440
    slowmode: int = 0


class Threads:
    """All threads of the world. Rights are checked by the caller."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages

    def open_on(self, parent: Channel, message: Message, owner_id: int, plan: Plan) -> Channel:
        """Open a thread under a message; it has the message's id."""
        place = self._make(parent, message.id, ChannelType.PUBLIC_THREAD, owner_id, plan)
        message.flags |= MessageFlag.HAS_THREAD
        self._messages.announce(message)
        reference = {"type": 0, "message_id": str(message.id), "channel_id": str(parent.id)}
        reference |= self._world.place_fields(parent)
        self._messages.create(place, owner_id, {}, kind=MessageType.THREAD_STARTER_MESSAGE, reference=reference)
        return place

    def open(self, parent: Channel, kind: ChannelType, owner_id: int, plan: Plan, *, invitable: bool) -> Channel:
        """Open a thread of its own; a public one is announced in the channel by a system message."""
        place = self._make(parent, self._world.snowflakes.next(), kind, owner_id, plan)
        if place.thread is not None:
            place.thread.invitable = invitable
        if kind is ChannelType.PUBLIC_THREAD:
            reference = {"type": 0, "channel_id": str(place.id)} | self._world.place_fields(parent)
            self._messages.create(
                parent, owner_id, {"content": plan.name}, kind=MessageType.THREAD_CREATED, reference=reference
            )
        return place

    def change(self, place: Channel, changes: Json) -> None:
        """Apply the fields of a channel edit that concern a thread."""
        thread = place.thread
        if thread is None:
            return
        if "name" in changes:
            place.name = str(changes["name"])
        if "rate_limit_per_user" in changes:
            place.slowmode = int(changes["rate_limit_per_user"] or 0)
        if "auto_archive_duration" in changes:
            thread.auto_archive_minutes = int(changes["auto_archive_duration"])
        if "locked" in changes:
            thread.locked = bool(changes["locked"])
        if "invitable" in changes:
            thread.invitable = bool(changes["invitable"])
        if "archived" in changes and bool(changes["archived"]) != thread.archived:
            thread.archived = bool(changes["archived"])
            thread.archived_at = self._world.clock.now()
        thread_life.announce(self._world, place)

    def delete(self, place: Channel) -> None:
        """Take a thread and its messages away."""
        data = {
            "id": str(place.id),
            "guild_id": str(place.guild_id),
            "parent_id": str(place.parent_id),
            "type": int(place.type),
        }
        self._world.publish("THREAD_DELETE", data, guild_id=place.guild_id, channel_id=place.id)
        self._world.channels.pop(place.id)
        self._world.messages.pop(place.id, None)

    def _make(self, parent: Channel, thread_id: int, kind: ChannelType, owner_id: int, plan: Plan) -> Channel:
        now = self._world.clock.now()
        thread = Thread(owner_id, now, now, plan.archive_minutes, members={owner_id: now})
        place = Channel(
            thread_id,
            kind,
            plan.name,
            guild_id=parent.guild_id,
            parent_id=parent.id,
            slowmode=plan.slowmode,
            thread=thread,
        )
        self._world.channels[place.id] = place
        self._world.messages[place.id] = {}
        data = {**render.channel(self._world, place), "newly_created": True}
        if owner_id == self._world.bot_id:
            data["member"] = render.thread_member(place, owner_id)
        self._world.publish("THREAD_CREATE", data, guild_id=place.guild_id, channel_id=place.id)
        return place
