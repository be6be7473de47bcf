"""How Discord writes a server, its roles and the application in JSON."""

from __future__ import annotations

from rehearsal.discord.model import Application, Guild, Json, Role
from rehearsal.discord.render import user
from rehearsal.discord.world import World


def role(item: Role) -> Json:
    body: Json = {
        "id": str(item.id),
        "name": item.name,
        "color": item.colour,
        "colors": {"primary_color": item.colour, "secondary_color": None, "tertiary_color": None},
        "hoist": item.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": item.position,
        "permissions": str(item.permissions),
        "managed": item.bot_id is not None,
        "mentionable": item.mentionable,
        "flags": 0,
    }
    if item.bot_id is not None:
        body["tags"] = {"bot_id": str(item.bot_id)}
    return body


def guild(world: World, server: Guild) -> Json:
    return {
        "id": str(server.id),
        "name": server.name,
        "owner_id": str(server.owner_id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(item) for item in server.roles.values()],
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": server.locale,
        "incidents_data": None,
    }


def application_flags(item: Application) -> int:
    """Return the flags that tell which privileged intents are switched on in the portal."""
    flags = 0
    if item.presence_intent:
        flags |= 1 << 13
    if item.members_intent:
        flags |= 1 << 15
    if item.content_intent:
        flags |= 1 << 19
    return flags


def application(world: World, item: Application) -> Json:
    return {
        "id": str(item.id),
        "name": item.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": item.public_key,
        "flags": application_flags(item),
        "hook": True,
        "team": None,
        "owner": user(world.users[item.owner_id]),
        "bot": user(world.users[item.bot_id]),
        "approximate_guild_count": len(world.guilds),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}},
    }
