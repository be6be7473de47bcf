"""Channels, roles and members of a server: making, changing and removing them.

Rights are checked by the caller, so a test can also use this as the hand of somebody outside: delete the channel the
bot posts in, take a permission from its role.
"""

from __future__ import annotations

from datetime import datetime

from rehearsal.discord import render, render_guild
from rehearsal.discord.errors import unknown
from rehearsal.discord.model import Channel, ChannelType, Guild, Member, Overwrite, Role, User
from rehearsal.discord.threads import Threads
from rehearsal.discord.world import World


class Guilds:
    """The structure of the world's servers."""

    def __init__(self, world: World, threads: Threads) -> None:
        self._world = world
        self._threads = threads

    def add_channel(self, guild: Guild, name: str, kind: ChannelType = ChannelType.TEXT, **fields: object) -> Channel:
        """Add a channel (further fields of `Channel` by name) and return it."""
        place = Channel(self._world.snowflakes.next(), kind, name, guild_id=guild.id)
        place.position = len(self._world.channels_of(guild.id))
        for field, value in fields.items():
            setattr(place, field, value)
        self._world.channels[place.id] = place
        self._world.messages[place.id] = {}
        self._tell_channel("CHANNEL_CREATE", place)
        return place

    def channel_changed(self, place: Channel) -> None:
        """Tell the listeners after a channel's fields or overwrites were changed."""
        self._tell_channel("CHANNEL_UPDATE", place)

    def delete_channel(self, place: Channel) -> None:
        """Take a channel away with its threads and messages."""
        for thread in self._world.threads_of(place.id):
            self._threads.delete(thread)
        self._tell_channel("CHANNEL_DELETE", place)
        del self._world.channels[place.id]
        self._world.messages.pop(place.id, None)
        for message_id in [m.id for m in self._world.ephemerals.values() if m.channel_id == place.id]:
            del self._world.ephemerals[message_id]

    def overwrite(self, place: Channel, overwrite: Overwrite) -> None:
        """Set one role's or member's permissions in a channel."""
        place.overwrites[overwrite.id] = overwrite
        self.channel_changed(place)

    def remove_overwrite(self, place: Channel, target_id: int) -> None:
        """Remove one role's or member's permissions in a channel; raises 10009."""
        if target_id not in place.overwrites:
            raise unknown("Permission Overwrite")
        del place.overwrites[target_id]
        self.channel_changed(place)

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, colour: int = 0, hoist: bool = False) -> Role:
        """Add a role just above @everyone and return it."""
        for role in guild.roles.values():
            if role.id != guild.id:
                role.position += 1
        role = Role(self._world.snowflakes.next(), name, permissions, 1, colour, hoist)
        guild.roles[role.id] = role
        data = {"guild_id": str(guild.id), "role": render_guild.role(role)}
        self._world.publish("GUILD_ROLE_CREATE", data, guild_id=guild.id)
        return role

    def role_changed(self, guild: Guild, role: Role) -> None:
        """Tell the listeners after a role's fields were changed."""
        data = {"guild_id": str(guild.id), "role": render_guild.role(role)}
        self._world.publish("GUILD_ROLE_UPDATE", data, guild_id=guild.id)

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Take a role away from the server and from everybody who has it."""
        del guild.roles[role.id]
        for member in guild.members.values():
            if role.id in member.roles:
                member.roles.remove(role.id)
        for place in self._world.channels_of(guild.id):
            place.overwrites.pop(role.id, None)
        data = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self._world.publish("GUILD_ROLE_DELETE", data, guild_id=guild.id)

    def add_member(self, guild: Guild, person: User, roles: list[int] | None = None) -> Member:
        """Let somebody join the server."""
        self._world.users[person.id] = person
        member = Member(person.id, self._world.clock.now(), list(roles or []))
        guild.members[person.id] = member
        data = {"guild_id": str(guild.id), **render.member(self._world, member)}
        self._world.publish("GUILD_MEMBER_ADD", data, guild_id=guild.id)
        return member

    def remove_member(self, guild: Guild, user_id: int) -> None:
        """Let somebody leave the server; for the bot itself the server is gone."""
        del guild.members[user_id]
        if user_id == self._world.bot_id:
            self._world.publish("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)
            return
        data = {"guild_id": str(guild.id), "user": render.user(self._world.users[user_id])}
        self._world.publish("GUILD_MEMBER_REMOVE", data, guild_id=guild.id)

    def set_roles(self, guild: Guild, user_id: int, roles: list[int]) -> None:
        """Give a member exactly these roles."""
        guild.members[user_id].roles = list(dict.fromkeys(roles))
        self.member_changed(guild, user_id)

    def time_out(self, guild: Guild, user_id: int, until: datetime | None) -> None:
        """Silence a member until an instant, or let her speak again."""
        guild.members[user_id].timed_out_until = until
        self.member_changed(guild, user_id)

    def member_changed(self, guild: Guild, user_id: int) -> None:
        """Tell the listeners after a member's fields were changed."""
        data = {"guild_id": str(guild.id), **render.member(self._world, guild.members[user_id])}
        self._world.publish("GUILD_MEMBER_UPDATE", data, guild_id=guild.id)

    def _tell_channel(self, name: str, place: Channel) -> None:
        self._world.publish(name, render.channel(self._world, place), guild_id=place.guild_id, channel_id=place.id)
