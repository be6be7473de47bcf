"""Discord's permission arithmetic: roles, channel overwrites, threads, owners and administrators."""

from __future__ import annotations

from enum import IntFlag

from rehearsal.discord.errors import ApiError, missing_access, missing_permissions, unknown
from rehearsal.discord.model import Channel, ChannelType, Guild, Json
from rehearsal.discord.world import World


class P(IntFlag):
    """The permission bits this rehearsal asks about; other bits are kept, not understood."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    PIN_MESSAGES = 1 << 51


NONE = P(0)
ALL = P((1 << 53) - 1)
IN_A_DM = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_APPLICATION_COMMANDS
    | P.USE_EXTERNAL_EMOJIS
    | P.PIN_MESSAGES
)
WHEN_TIMED_OUT = P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
NEEDS_SENDING = P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS


class Permissions:
    """Who may do what, computed from the world as it is now."""

    def __init__(self, world: World) -> None:
        self._world = world

    def in_guild(self, guild: Guild, user_id: int) -> P:
        """Return the server-wide permissions of a user; none for somebody who is no member."""
        member = guild.members.get(user_id)
        if member is None:
            return NONE
        if user_id == guild.owner_id:
            return ALL
        held = guild.roles[guild.id].permissions
        for role_id in member.roles:
            if role_id in guild.roles:
                held |= guild.roles[role_id].permissions
        if held & P.ADMINISTRATOR:
            return ALL
        return P(held)

    def in_channel(self, channel: Channel, user_id: int) -> P:
        """Return the effective permissions of a user in a channel, thread or direct message."""
        if channel.guild_id is None:
            taking_part = user_id in (channel.recipient_id, self._world.application.bot_id)
            return IN_A_DM if taking_part else NONE
        guild = self._world.guilds[channel.guild_id]
        held = self.in_guild(guild, user_id)
        if held == ALL or (not held and user_id not in guild.members):
            return held
        ruling = channel
        if channel.thread is not None and channel.parent_id is not None:
            ruling = self._world.channels[channel.parent_id]
        held = self._with_overwrites(held, ruling, guild, user_id)
        if not held & P.VIEW_CHANNEL:
            return NONE
        private = channel.type is ChannelType.PRIVATE_THREAD
        invited = channel.thread is not None and user_id in channel.thread.members
        if private and not invited and not held & P.MANAGE_THREADS:
            return NONE
        if not held & self.needed_to_send(channel):
            held &= ~NEEDS_SENDING
        until = guild.members[user_id].timed_out_until
        if until is not None and until > self._world.clock.now():
            held &= WHEN_TIMED_OUT
        return held

    @staticmethod
    def needed_to_send(channel: Channel) -> P:
        """Return the bit that lets somebody write in this kind of channel."""
        return P.SEND_MESSAGES if channel.thread is None else P.SEND_MESSAGES_IN_THREADS

    def can_see(self, channel: Channel, user_id: int) -> bool:
        return bool(self.in_channel(channel, user_id) & P.VIEW_CHANNEL)

    def visible(self, channel_id: int, user_id: int) -> Channel:
        """Return the channel, raising 10003 when there is none and 50001 when the user may not see it."""
        channel = self._world.channels.get(channel_id)
        if channel is None:
            raise unknown("Channel")
        if not self.can_see(channel, user_id):
            raise missing_access()
        return channel

    def require(self, channel: Channel, user_id: int, *needed: P) -> P:
        """Return the user's permissions in the channel, raising 50001 or 50013 when one is missing."""
        held = self.in_channel(channel, user_id)
        if not held & P.VIEW_CHANNEL:
            raise missing_access()
        for permission in needed:
            if permission not in held:
                raise missing_permissions()
        return held

    def require_in_guild(self, guild: Guild, user_id: int, *needed: P) -> P:
        """Return the user's server-wide permissions, raising 50013 when one is missing."""
        held = self.in_guild(guild, user_id)
        for permission in needed:
            if permission not in held:
                raise missing_permissions()
        return held

    def top_role(self, guild: Guild, user_id: int) -> int:
        """Return the position of a member's highest role; the owner stands above all."""
        if user_id == guild.owner_id:
            return 1 << 30
        member = guild.members[user_id]
        return max((guild.roles[role].position for role in member.roles if role in guild.roles), default=0)

    @staticmethod
    def _with_overwrites(held: P, channel: Channel, guild: Guild, user_id: int) -> P:
        bits = int(held)
        everyone = channel.overwrites.get(guild.id)
        if everyone is not None:
            bits = bits & ~everyone.deny | everyone.allow
        allow = deny = 0
        for role_id in guild.members[user_id].roles:
            overwrite = channel.overwrites.get(role_id)
            if overwrite is not None:
                allow |= overwrite.allow
                deny |= overwrite.deny
        bits = bits & ~deny | allow
        own = channel.overwrites.get(user_id)
        if own is not None:
            bits = bits & ~own.deny | own.allow
        return P(bits)


def read_bits(value: object, form_name: str = "permissions") -> int:
    """Read a permission number as Discord writes it (a decimal string); raises 50035."""
    try:
        return int(str(value))
    except ValueError:
        error: Json = {form_name: {"_errors": [{"code": "PERMISSION_TYPE_COERCE", "message": "Not a permission"}]}}
        raise ApiError(400, 50035, "Invalid Form Body", error) from None
