"""Which gateway events a session has asked for, and whose message content it may read."""

from __future__ import annotations

from rehearsal.discord.model import Application, Message
from rehearsal.discord.world import World

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
GUILD_MESSAGE_TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
DIRECT_MESSAGE_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15
KNOWN = (1 << 26) - 1

CHANNEL_EVENTS = frozenset({"CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"})
"""Told to a bot about every channel of a server, seen or not."""

_ALWAYS, _NEVER = -1, 0
_BY_NAME = {
    "COMMANDS_CHANGED": (_NEVER, _NEVER),
    "GUILD_MEMBER_ADD": (GUILD_MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (GUILD_MEMBERS, 0),
    "GUILD_MEMBER_REMOVE": (GUILD_MEMBERS, 0),
    "THREAD_MEMBERS_UPDATE": (GUILDS | GUILD_MEMBERS, 0),
    "CHANNEL_PINS_UPDATE": (GUILDS, DIRECT_MESSAGES),
    "MESSAGE_REACTION_ADD": (GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS),
    "TYPING_START": (GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING),
}


def needed(name: str, *, in_guild: bool) -> int:
    """Return the intents of which a session needs one to receive an event."""
    if name in _BY_NAME:
        return _BY_NAME[name][0 if in_guild else 1]
    if name.startswith("MESSAGE_"):
        return GUILD_MESSAGES if in_guild else DIRECT_MESSAGES
    if name.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
        return GUILDS
    return _ALWAYS


def not_allowed(application: Application) -> int:
    """Return the privileged intents that are switched off in the application's portal."""
    switched_off = 0
    if not application.members_intent:
        switched_off |= GUILD_MEMBERS
    if not application.presence_intent:
        switched_off |= GUILD_PRESENCES
    if not application.content_intent:
        switched_off |= MESSAGE_CONTENT
    return switched_off


def hides_content(world: World, message: Message, session_intents: int) -> bool:
    """Whether a session without the content intent gets this message emptied."""
    if session_intents & MESSAGE_CONTENT or message.author_id == world.bot_id or message.ephemeral_to is not None:
        return False
    place = world.channels.get(message.channel_id)
    in_a_dm = place is not None and place.guild_id is None
    return not in_a_dm and world.bot_id not in message.mention_ids
