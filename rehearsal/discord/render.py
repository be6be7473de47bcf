"""How Discord writes the things of the world in JSON: ids as strings, permissions as strings, times in ISO 8601."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rehearsal.discord.model import (
    Attachment,
    Channel,
    ChannelType,
    Json,
    Member,
    Message,
    MessageType,
    User,
)
from rehearsal.discord.world import World


def iso(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")


def user(person: User) -> Json:
    return {
        "id": str(person.id),
        "username": person.username,
        "global_name": None if person.bot else person.display_name,
        "discriminator": "0001" if person.bot else "0",
        "avatar": None,
        "bot": person.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def member(world: World, person: Member, *, with_user: bool = True) -> Json:
    body: Json = {
        "nick": person.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(role) for role in person.roles],
        "joined_at": iso(person.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": iso(person.timed_out_until) if person.timed_out_until else None,
    }
    if with_user:
        body["user"] = user(world.users[person.user_id])
    return body


def channel(world: World, place: Channel) -> Json:
    """Return a channel, thread or direct message in its own shape."""
    if place.type is ChannelType.DM:
        return {
            "id": str(place.id),
            "type": int(place.type),
            "flags": 0,
            "last_message_id": _id(place.last_message_id),
            "recipients": [user(world.users[place.recipient_id])] if place.recipient_id is not None else [],
        }
    if place.thread is not None:
        return _thread(world, place)
    return {
        "id": str(place.id),
        "type": int(place.type),
        "guild_id": _id(place.guild_id),
        "name": place.name,
        "position": place.position,
        "topic": place.topic,
        "nsfw": place.nsfw,
        "flags": 0,
        "parent_id": _id(place.parent_id),
        "last_message_id": _id(place.last_message_id),
        "rate_limit_per_user": place.slowmode,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.type, "allow": str(o.allow), "deny": str(o.deny)}
            for o in place.overwrites.values()
        ],
    }


def _thread(world: World, place: Channel) -> Json:
    thread = place.thread
    assert thread is not None  # noqa: S101 - the caller has looked
    body: Json = {
        "id": str(place.id),
        "type": int(place.type),
        "guild_id": _id(place.guild_id),
        "parent_id": _id(place.parent_id),
        "owner_id": str(thread.owner_id),
        "name": place.name,
        "flags": 0,
        "last_message_id": _id(place.last_message_id),
        "rate_limit_per_user": place.slowmode,
        "message_count": sum(
            1 for m in world.messages.get(place.id, {}).values() if m.type != MessageType.THREAD_STARTER_MESSAGE
        ),
        "member_count": len(thread.members),
        "total_message_sent": thread.messages_sent,
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": iso(thread.archived_at),
            "auto_archive_duration": thread.auto_archive_minutes,
            "locked": thread.locked,
            "create_timestamp": iso(thread.created_at),
        },
    }
    if place.type is ChannelType.PRIVATE_THREAD:
        body["thread_metadata"]["invitable"] = thread.invitable
    return body


def thread_member(place: Channel, user_id: int) -> Json:
    thread = place.thread
    assert thread is not None  # noqa: S101 - only threads have thread members
    return {
        "id": str(place.id),
        "user_id": str(user_id),
        "join_timestamp": iso(thread.members[user_id]),
        "flags": 1,
    }


def given_file(world: World, channel_id: int, item: Attachment) -> Json:
    """Describe a file that stands in no message: an option of a command."""
    url = f"{world.base_url}/attachments/{channel_id}/{item.id}/{quote(item.filename)}"
    return {
        "id": str(item.id),
        "filename": item.filename,
        "size": item.size,
        "url": url,
        "proxy_url": url,
        "content_type": item.content_type,
    }


def attachment(world: World, message: Message, item: Attachment) -> Json:
    body = given_file(world, message.channel_id, item)
    if item.description:
        body["description"] = item.description
    if message.ephemeral_to is not None:
        body["ephemeral"] = True
    return body


def message(world: World, item: Message, *, nested: bool = False) -> Json:
    """Return a message as REST shows it (without guild_id, which only gateway events add)."""
    body: Json = {
        "id": str(item.id),
        "channel_id": str(item.channel_id),
        "type": int(item.type),
        "author": user(world.users[item.author_id]),
        "content": item.content,
        "timestamp": iso(item.timestamp),
        "edited_timestamp": iso(item.edited_at) if item.edited_at else None,
        "tts": item.tts,
        "flags": int(item.flags),
        "pinned": item.pinned_at is not None,
        "mention_everyone": item.mention_everyone,
        "mentions": [user(world.users[u]) for u in item.mention_ids if u in world.users],
        "mention_roles": [str(r) for r in item.mention_role_ids],
        "attachments": [attachment(world, item, file) for file in item.attachments],
        "embeds": deepcopy(item.embeds),
        "components": deepcopy(item.components),
    }
    if item.reactions:
        body["reactions"] = [_reaction(world, reaction.emoji, reaction.user_ids) for reaction in item.reactions]
    if item.interaction is not None:
        body["interaction_metadata"] = deepcopy(item.interaction)
        body["webhook_id"] = str(world.application.id)
        body["application_id"] = str(world.application.id)
    elif item.author_id == world.bot_id:
        body["application_id"] = str(world.application.id)
    if item.reference is not None:
        body["message_reference"] = dict(item.reference)
        if not nested:
            body["referenced_message"] = _referenced(world, item.reference)
    thread = world.channels.get(item.id)
    if thread is not None and thread.thread is not None:
        body["thread"] = channel(world, thread)
    return body


def _referenced(world: World, reference: Json) -> Json | None:
    if "message_id" not in reference:
        return None
    found = world.messages.get(int(reference["channel_id"]), {}).get(int(reference["message_id"]))
    return None if found is None else message(world, found, nested=True)


def _reaction(world: World, emoji: Json, user_ids: list[int]) -> Json:
    return {
        "emoji": dict(emoji),
        "count": len(user_ids),
        "count_details": {"burst": 0, "normal": len(user_ids)},
        "burst_colors": [],
        "me": world.bot_id in user_ids,
        "me_burst": False,
    }


def message_event(world: World, item: Message) -> Json:
    """Return a message as gateway events carry it: with guild_id and member, unless it is ephemeral."""
    body = message(world, item)
    place = world.channels.get(item.channel_id)
    if place is None or place.guild_id is None or item.ephemeral_to is not None:
        return body
    guild = world.guilds[place.guild_id]
    body["guild_id"] = str(guild.id)
    if item.author_id in guild.members:
        body["member"] = member(world, guild.members[item.author_id], with_user=False)
    return body


def without_content(body: Json) -> Json:
    """Return a message as an application without the message-content intent sees it."""
    return {**body, "content": "", "embeds": [], "attachments": [], "components": []}


def _id(snowflake: int | None) -> Any:
    return None if snowflake is None else str(snowflake)
