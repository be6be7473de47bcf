"""The training programme everybody meets in a fresh rehearsal on Slack: the people of the other one, in a workspace.

The workspace is on a free plan, so roles are memberships of channels. The ids never change.
"""

from __future__ import annotations

from rehearsal.clock import MovableClock
from rehearsal.slack.model import App, Channel, Team, User
from rehearsal.slack.world import World

APP_TOKEN = "xapp-1-A0REHEARSAL-1-rehearsal"  # noqa: S105 - opens nothing but the loopback server
BOT_TOKEN = "xoxb-rehearsal-third-chair"  # noqa: S105 - as above
SIGNING_SECRET = "rehearsal-signing-secret"  # noqa: S105 - as above

TEAM = "T0REHEARS"
BOT, BOT_ID = "U0CHAIR00", "B0CHAIR00"
DAILY_REFLECTION, SUPERVISORS, COMMON_ROOM = "C0DAILY00", "C0SUPERV0", "C0COMMON0"

TRAINEES = {
    "Amara": ("U0AMARA00", "c2410c"),
    "Bence": ("U0BENCE00", "0f766e"),
    "Chioma": ("U0CHIOMA0", "7c3aed"),
    "Devi": ("U0DEVI000", "be185d"),
    "Elif": ("U0ELIF000", "1d4ed8"),
    "Finn": ("U0FINN000", "4d7c0f"),
}
SUPERVISING = {
    "Ingrid": ("U0INGRID0", "92400e"),
    "Joaquín": ("U0JOAQUIN", "334155"),
}

SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",
    "users:read",
)


def demo_world(clock: MovableClock) -> World:
    """Build the programme anew, with nothing said in it yet."""
    app = App("A0REHEARS", "Third Chair", APP_TOKEN, "0.0", "rehearsal-client-secret", SIGNING_SECRET)
    world = World(app, clock)
    add_team(world, TEAM, "Northside Training Programme", BOT_TOKEN)
    return world


def add_team(world: World, team_id: str, name: str, token: str) -> Team:
    """Add a workspace with the programme's people and channels, the app installed in it."""
    team = Team(team_id, name, name.split()[0].casefold(), BOT, BOT_ID, token, list(SCOPES))
    for person, (user_id, colour) in (TRAINEES | SUPERVISING).items():
        team.users[user_id] = User(user_id, person.casefold(), person, is_admin=person == "Ingrid", colour=colour)
    team.users[BOT] = User(BOT, "third_chair", "Third Chair", is_bot=True)
    everybody = [user_id for user_id, _ in (TRAINEES | SUPERVISING).values()]
    supervising = [user_id for user_id, _ in SUPERVISING.values()]
    for channel in (
        Channel(COMMON_ROOM, "common-room", members=[*everybody]),
        Channel(DAILY_REFLECTION, "daily-reflection", is_private=True, members=[*everybody, BOT]),
        Channel(SUPERVISORS, "supervisors", is_private=True, members=[*supervising, BOT]),
    ):
        team.channels[channel.id] = channel
        team.messages[channel.id] = {}
    world.teams[team_id] = team
    return team
