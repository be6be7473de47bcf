"""What the gateway sends about an interaction, and what a message remembers of the one that made it."""

from __future__ import annotations

from rehearsal.discord import render
from rehearsal.discord.interaction import Interaction
from rehearsal.discord.model import Json
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.world import World

UPLOAD_LIMIT = 10 * 1024 * 1024


def event(world: World, permissions: Permissions, interaction: Interaction) -> Json:
    """Return the data of an INTERACTION_CREATE."""
    place = interaction.place
    held = permissions.in_channel(place, interaction.user_id)
    app_held = permissions.in_channel(place, world.bot_id)
    shown_place = render.channel(world, place)
    shown_place["permissions"] = str(int(held))
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application.id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": shown_place,
        "channel_id": str(place.id),
        "app_permissions": str(int(app_held)),
        "locale": "en-GB",
        "entitlements": [],
        "authorizing_integration_owners": _owners(world, interaction),
        "context": 0 if place.guild_id is not None else 1,
        "attachment_size_limit": UPLOAD_LIMIT,
    }
    if place.guild_id is not None:
        guild = world.guilds[place.guild_id]
        person = render.member(world, guild.members[interaction.user_id])
        person["permissions"] = str(int(held))
        body["guild_id"] = str(guild.id)
        body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        body["guild_locale"] = guild.locale
        body["member"] = person
    else:
        body["user"] = render.user(world.users[interaction.user_id])
    if interaction.message is not None:
        body["message"] = render.message(world, interaction.message)
    return body


def metadata(world: World, interaction: Interaction) -> Json:
    """Return the `interaction_metadata` of a message that answers the interaction."""
    body: Json = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": render.user(world.users[interaction.user_id]),
        "authorizing_integration_owners": _owners(world, interaction),
    }
    if "name" in interaction.data:
        body["name"] = interaction.data["name"]
    if interaction.message is not None and interaction.trigger is None:
        body["interacted_message_id"] = str(interaction.message.id)
    if interaction.trigger is not None:
        body["triggering_interaction_metadata"] = metadata(world, interaction.trigger)
    return body


def _owners(world: World, interaction: Interaction) -> Json:
    guild_id = interaction.place.guild_id
    return {"0": "0" if guild_id is None else str(guild_id)}
