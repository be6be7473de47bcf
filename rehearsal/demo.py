"""The training programme everybody meets in a fresh rehearsal: six trainees, two supervisors and the bot.

The ids never change, so that a bot started later finds the same people, roles and channels.
"""

from __future__ import annotations

from datetime import UTC, datetime

from rehearsal.clock import MovableClock
from rehearsal.discord.model import (
    Application,
    Channel,
    ChannelType,
    Guild,
    Member,
    Overwrite,
    Role,
    User,
)
from rehearsal.discord.permissions import P
from rehearsal.discord.world import World

BOT_TOKEN = "rehearsal.third-chair.token"  # noqa: S105 - opens nothing but the loopback server
_BASE = 1_150_000_000_000_000_000

APPLICATION = _BASE + 1
BOT = _BASE + 2
GUILD = _BASE + 10
TRAINEE_ROLE = _BASE + 11
SUPERVISOR_ROLE = _BASE + 12
BOT_ROLE = _BASE + 13
COMMON_ROOM = _BASE + 20
DAILY_REFLECTION = _BASE + 21
SUPERVISORS = _BASE + 22

TRAINEES = {
    "Amara": (_BASE + 101, "#c2410c"),
    "Bence": (_BASE + 102, "#0f766e"),
    "Chioma": (_BASE + 103, "#7c3aed"),
    "Devi": (_BASE + 104, "#be185d"),
    "Elif": (_BASE + 105, "#1d4ed8"),
    "Finn": (_BASE + 106, "#4d7c0f"),
}
SUPERVISING = {
    "Ingrid": (_BASE + 201, "#92400e"),
    "Joaquín": (_BASE + 202, "#334155"),
}
_STARTED = datetime(2024, 9, 2, 9, tzinfo=UTC)

_EVERYBODY = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.CREATE_PUBLIC_THREADS
    | P.READ_MESSAGE_HISTORY
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
    | P.CHANGE_NICKNAME
)
_SUPERVISOR = P.MANAGE_GUILD | P.MANAGE_CHANNELS | P.MANAGE_ROLES | P.MANAGE_MESSAGES | P.MANAGE_THREADS
_BOT = _EVERYBODY | P.MANAGE_MESSAGES | P.MANAGE_THREADS | P.PIN_MESSAGES | P.MENTION_EVERYONE


def demo_world(clock: MovableClock) -> World:
    """Build the programme anew, with nothing said in it yet."""
    ingrid = SUPERVISING["Ingrid"][0]
    world = World(Application(APPLICATION, "Third Chair", BOT, BOT_TOKEN, owner_id=ingrid), clock)
    guild = Guild(GUILD, "Northside Training Programme", owner_id=ingrid)
    world.guilds[GUILD] = guild
    for role in (
        Role(GUILD, "@everyone", int(_EVERYBODY), position=0),
        Role(TRAINEE_ROLE, "trainee", 0, position=1, colour=0x0F766E, hoist=True, mentionable=True),
        Role(SUPERVISOR_ROLE, "supervisor", int(_SUPERVISOR), position=2, colour=0x92400E, hoist=True),
        Role(BOT_ROLE, "Third Chair", int(_BOT), position=3, bot_id=BOT),
    ):
        guild.roles[role.id] = role
    for name, (user_id, colour) in (TRAINEES | SUPERVISING).items():
        world.users[user_id] = User(user_id, _handle(name), name, colour=colour)
        role_id = TRAINEE_ROLE if name in TRAINEES else SUPERVISOR_ROLE
        guild.members[user_id] = Member(user_id, _STARTED, [role_id])
    world.users[BOT] = User(BOT, "Third Chair", "Third Chair", bot=True)
    guild.members[BOT] = Member(BOT, _STARTED, [BOT_ROLE])
    seen_by = {
        GUILD: Overwrite(GUILD, 0, deny=int(P.VIEW_CHANNEL)),
        SUPERVISOR_ROLE: Overwrite(SUPERVISOR_ROLE, 0, allow=int(P.VIEW_CHANNEL)),
        BOT_ROLE: Overwrite(BOT_ROLE, 0, allow=int(P.VIEW_CHANNEL)),
    }
    for position, place in enumerate(
        (
            Channel(
                COMMON_ROOM,
                ChannelType.TEXT,
                "common-room",
                topic="For anything at all. Third Chair does not read along here.",
            ),
            Channel(
                DAILY_REFLECTION,
                ChannelType.TEXT,
                "daily-reflection",
                topic="One prompt a day.",
            ),
            Channel(SUPERVISORS, ChannelType.TEXT, "supervisors", topic="Supervisors only.", overwrites=seen_by),
        )
    ):
        place.guild_id, place.position = GUILD, position
        world.channels[place.id] = place
        world.messages[place.id] = {}
    return world


def _handle(name: str) -> str:
    return name.lower().replace("í", "i")
