"""Keeping the world in a file between two rehearsals.

Ephemeral messages, open forms and interaction tokens are not kept; Discord's own clients forget them too.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rehearsal.clock import MovableClock
from rehearsal.discord.model import (
    Application,
    Attachment,
    Channel,
    ChannelType,
    Guild,
    Json,
    Member,
    Message,
    Overwrite,
    Reaction,
    Role,
    Thread,
    User,
)
from rehearsal.discord.world import Happening, World

VERSION = 1
SAVED_WITHIN = 1.0
"""Seconds between a change and its being on disk."""


class SavedWorldError(Exception):
    """The file cannot be read as a saved rehearsal; the argument is a sentence with the mend."""


class Keeper:
    """Saves the world a moment after it has changed, and when it is told to."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._due: asyncio.TimerHandle | None = None
        world.listen(self._happened)

    def keep_now(self) -> None:
        """Save at once; for the end of a rehearsal."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        save(self._world, self._path)

    def _happened(self, _: Happening) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(SAVED_WITHIN, self.keep_now)


def save(world: World, path: Path) -> None:
    """Write the world to `path` in one step, so that a crash leaves the old file or the new one."""
    document = {
        "version": VERSION,
        "application": asdict(world.application),
        "users": [asdict(user) for user in world.users.values()],
        "guilds": [_guild(guild) for guild in world.guilds.values()],
        "channels": [_channel(channel) for channel in world.channels.values()],
        "messages": [asdict(m) for standing in world.messages.values() for m in standing.values()],
        "files": {str(key): base64.b64encode(content).decode() for key, content in world.files.items()},
        "commands": [[scope, list(entries.values())] for scope, entries in world.commands.items()],
        "last_snowflake": world.snowflakes.last,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(path.suffix + ".new")
    draft.write_text(json.dumps(document, default=_plain, ensure_ascii=False), encoding="utf-8")
    os.replace(draft, path)


def load(path: Path, clock: MovableClock) -> World | None:
    """Read a saved world; None when there is no file. Raises SavedWorldError when it cannot be read."""
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            raise SavedWorldError(f"{path.name} is from another version of the rehearsal; delete it to begin anew.")
        return _world(document, clock)
    except (ValueError, KeyError, TypeError) as problem:
        raise SavedWorldError(f"{path.name} is damaged; delete it to begin the rehearsal anew.") from problem


def _world(document: Json, clock: MovableClock) -> World:
    world = World(Application(**document["application"]), clock)
    world.users = {entry["id"]: User(**entry) for entry in document["users"]}
    for entry in document["guilds"]:
        roles = {role["id"]: Role(**role) for role in entry.pop("roles")}
        members = {m["user_id"]: Member(**_dated(m, "joined_at", "timed_out_until")) for m in entry.pop("members")}
        world.guilds[entry["id"]] = Guild(**entry, roles=roles, members=members)
    for entry in document["channels"]:
        overwrites = {o["id"]: Overwrite(**o) for o in entry.pop("overwrites")}
        thread, kind = entry.pop("thread"), ChannelType(entry.pop("type"))
        if thread is not None:
            joined = {user_id: datetime.fromisoformat(at) for user_id, at in thread.pop("members")}
            thread = Thread(**_dated(thread, "created_at", "archived_at"), members=joined)
        channel = Channel(**entry, type=kind, overwrites=overwrites, thread=thread)
        world.channels[channel.id] = channel
        world.messages[channel.id] = {}
    for entry in document["messages"]:
        attachments = [Attachment(**item) for item in entry.pop("attachments")]
        reactions = [Reaction(**item) for item in entry.pop("reactions")]
        dated = _dated(entry, "timestamp", "edited_at", "pinned_at")
        message = Message(**dated, attachments=attachments, reactions=reactions)
        world.messages[message.channel_id][message.id] = message
    world.files = {int(key): base64.b64decode(content) for key, content in document["files"].items()}
    world.commands = {scope: {int(c["id"]): c for c in entries} for scope, entries in document["commands"]}
    world.commands.setdefault(None, {})
    world.snowflakes.skip_past(document["last_snowflake"])
    return world


def _guild(guild: Guild) -> Json:
    roles, members = list(guild.roles.values()), list(guild.members.values())
    return {**asdict(guild), "roles": [asdict(r) for r in roles], "members": [asdict(m) for m in members]}


def _channel(channel: Channel) -> Json:
    body = asdict(channel)
    body["overwrites"] = list(body["overwrites"].values())
    if channel.thread is not None:
        body["thread"]["members"] = list(channel.thread.members.items())
    return body


def _dated(entry: Json, *names: str) -> Json:
    return entry | {name: datetime.fromisoformat(entry[name]) for name in names if entry.get(name) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"cannot save a {type(value).__name__}")
