"""What the app must be granted and told of, in Slack's own words; the manifest and the doctor are held to it."""

from __future__ import annotations

SCOPES = (
    "channels:history",  # to hear what is said where the bot was invited, and to find its own messages
    "channels:read",  # who is in a channel (a role on a free plan), and whether it is shared with others
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",  # roles on a paid plan
    "users:read",  # who administers the workspace, and names
)
"""The bot token's scopes: each has its reason, and there is none besides."""

APP_SCOPES = ("connections:write",)
"""The app-level token's scope, for Socket Mode."""

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_members_changed",
    "tokens_revoked",
)

SHORTCUTS = ("needs_a_person", "bring_to_supervision", "moderate_response", "screen_missed")
"""The message shortcuts, by callback id; their names are in the words as `slack.shortcut.<id>`."""
