"""Writing, changing and reading messages, whoever asks: the bot over REST, an interaction, or a person.

Rights are checked before by the caller; limits of content too. What happens is published here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rehearsal.discord import components, render, thread_life
from rehearsal.discord.model import Attachment, Channel, Json, Message, MessageFlag, MessageType, Reaction
from rehearsal.discord.world import World

NONCE_REMEMBERED = timedelta(minutes=5)
_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(?:everyone|here)\b")
_ALLOW_ALL: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
_FLAGS_BOTS_MAY_SET = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.COMPONENTS_V2


@dataclass(frozen=True)
class Upload:
    """A file that came with a request; `index` is the n of its form field `files[n]`."""

    index: int
    filename: str
    content_type: str
    content: bytes


class Messages:
    """All messages of the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nonces: dict[tuple[int, str], tuple[int, int, datetime]] = {}
        for channel_id, standing in world.messages.items():
            for message in standing.values():
                self._remember_nonce(message, channel_id)

    def with_nonce(self, author_id: int, nonce: str) -> Message | None:
        """Return the message this author wrote under `nonce` within the past few minutes of the world's clock."""
        channel_id, message_id, at = self._nonces.get((author_id, nonce), (0, 0, None))
        if at is None or not timedelta() <= self._world.clock.now() - at <= NONCE_REMEMBERED:
            return None
        return self._world.messages.get(channel_id, {}).get(message_id)

    def create(
        self,
        place: Channel,
        author_id: int,
        payload: Json,
        *,
        files: Iterable[Upload] = (),
        kind: int = MessageType.DEFAULT,
        reference: Json | None = None,
        interaction: Json | None = None,
        ephemeral_to: int | None = None,
        extra_flags: int = 0,
    ) -> Message:
        """Write a message and return it; with `ephemeral_to` only that user and the bot ever see it."""
        world = self._world
        flags = (int(payload.get("flags") or 0) & _FLAGS_BOTS_MAY_SET) | extra_flags
        if ephemeral_to is not None:
            flags |= MessageFlag.EPHEMERAL
        nonce = payload.get("nonce")
        message = Message(
            world.snowflakes.next(),
            place.id,
            author_id,
            world.clock.now(),
            type=kind,
            flags=flags,
            tts=bool(payload.get("tts")),
            nonce=None if nonce is None else str(nonce),
            reference=reference,
            interaction=interaction,
            ephemeral_to=ephemeral_to,
        )
        self._fill(message, payload, files)
        if ephemeral_to is not None:
            world.ephemerals[message.id] = message
        else:
            thread_life.wake(world, place)
            world.messages.setdefault(place.id, {})[message.id] = message
            place.last_message_id = message.id
            if place.thread is not None and kind != MessageType.THREAD_STARTER_MESSAGE:
                place.thread.messages_sent += 1
                thread_life.join(world, place, author_id)
            self._remember_nonce(message, place.id)
        body = render.message_event(world, message)
        if message.nonce is not None:
            body["nonce"] = message.nonce
        self._publish("MESSAGE_CREATE", message, body)
        return message

    def edit(self, message: Message, payload: Json, *, files: Iterable[Upload] = ()) -> Message:
        """Change the fields that `payload` names; filling a deferred answer leaves no edited mark."""
        self._fill(message, payload, files)
        if "flags" in payload and payload["flags"] is not None:
            kept = message.flags & ~(MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2)
            kept |= message.flags & MessageFlag.COMPONENTS_V2
            message.flags = kept | (int(payload["flags"]) & _FLAGS_BOTS_MAY_SET)
        if message.loading:
            message.flags &= ~MessageFlag.LOADING
        else:
            message.edited_at = self._world.clock.now()
        self.announce(message)
        return message

    def announce(self, message: Message) -> None:
        """Tell the listeners that a message has changed."""
        self._publish("MESSAGE_UPDATE", message, render.message_event(self._world, message))

    def delete(self, message: Message) -> None:
        """Take a message away, ephemeral or not."""
        place = self._world.channels.get(message.channel_id)
        data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        if message.ephemeral_to is None and place is not None:
            data |= self._world.place_fields(place)
        self._publish("MESSAGE_DELETE", message, data)
        if message.ephemeral_to is not None:
            self._world.ephemerals.pop(message.id, None)
        else:
            self._world.messages[message.channel_id].pop(message.id, None)
        for file in message.attachments:
            self._world.files.pop(file.id, None)

    def bulk_delete(self, place: Channel, messages: list[Message]) -> None:
        """Take several messages of one channel away with one event."""
        data = {"ids": [str(m.id) for m in messages], "channel_id": str(place.id)} | self._world.place_fields(place)
        self._world.publish("MESSAGE_DELETE_BULK", data, guild_id=place.guild_id, channel_id=place.id)
        for message in messages:
            self._world.messages[place.id].pop(message.id, None)

    def history(
        self,
        channel_id: int,
        limit: int = 50,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> list[Message]:
        """Return standing messages, newest first; only one of before, after and around (message ids) counts."""
        standing = list(self._world.messages.get(channel_id, {}).values())
        if around is not None:
            earlier = [m for m in standing if m.id < around][-(limit // 2) :] if limit > 1 else []
            rest = [m for m in standing if m.id >= around][: limit - len(earlier)]
            return [*earlier, *rest][::-1]
        if after is not None:
            return [m for m in standing if m.id > after][:limit][::-1]
        if before is not None:
            standing = [m for m in standing if m.id < before]
        return standing[::-1][:limit]

    def pin(self, place: Channel, message: Message, pinned: bool, by: int) -> None:
        """Pin or unpin a message, with the system note Discord writes about a pin."""
        if pinned == (message.pinned_at is not None):
            return
        message.pinned_at = self._world.clock.now() if pinned else None
        self.announce(message)
        pins = [m.pinned_at for m in self._world.messages[place.id].values() if m.pinned_at is not None]
        data: Json = {"channel_id": str(place.id), "last_pin_timestamp": render.iso(max(pins)) if pins else None}
        data |= self._world.place_fields(place)
        self._world.publish("CHANNEL_PINS_UPDATE", data, guild_id=place.guild_id, channel_id=place.id)
        if pinned:
            reference = {"message_id": str(message.id), "channel_id": str(place.id)} | self._world.place_fields(place)
            self.create(place, by, {}, kind=MessageType.PINNED, reference=reference)

    def react(self, place: Channel, message: Message, emoji: Json, user_id: int, *, add: bool) -> None:
        """Add or take away one person's reaction; nothing when it is so already."""
        reaction = next((r for r in message.reactions if r.emoji == emoji), None)
        if add == (reaction is not None and user_id in reaction.user_ids):
            return
        if reaction is None:
            reaction = Reaction(emoji)
            message.reactions.append(reaction)
        if add:
            reaction.user_ids.append(user_id)
        else:
            reaction.user_ids.remove(user_id)
        message.reactions = [r for r in message.reactions if r.user_ids]
        data: Json = {
            "user_id": str(user_id),
            "channel_id": str(place.id),
            "message_id": str(message.id),
            "message_author_id": str(message.author_id),
            "emoji": dict(emoji),
            "burst": False,
            "type": 0,
        } | self._world.place_fields(place)
        if add and place.guild_id is not None and user_id in self._world.guilds[place.guild_id].members:
            data["member"] = render.member(self._world, self._world.guilds[place.guild_id].members[user_id])
        name = "MESSAGE_REACTION_ADD" if add else "MESSAGE_REACTION_REMOVE"
        self._world.publish(name, data, guild_id=place.guild_id, channel_id=place.id)

    def _publish(self, name: str, message: Message, data: Json) -> None:
        place = self._world.channels.get(message.channel_id)
        self._world.publish(
            name,
            data,
            guild_id=None if place is None or message.ephemeral_to is not None else place.guild_id,
            channel_id=message.channel_id,
            private_to=message.ephemeral_to,
            message=message,
        )

    def _remember_nonce(self, message: Message, channel_id: int) -> None:
        if message.nonce is not None:
            self._nonces[message.author_id, message.nonce] = (channel_id, message.id, message.timestamp)

    def _fill(self, message: Message, payload: Json, files: Iterable[Upload]) -> None:
        if "content" in payload:
            message.content = str(payload["content"] or "")
        if "embeds" in payload:
            message.embeds = [{"type": "rich", **deepcopy(embed)} for embed in payload["embeds"] or []]
        if "components" in payload:
            message.components = deepcopy(payload["components"] or [])
            components.number(message.components)
        self._attach(message, payload.get("attachments"), list(files))
        self._mention(message, payload.get("allowed_mentions"))

    def _attach(self, message: Message, described: Any, uploads: list[Upload]) -> None:
        described = described if isinstance(described, list) else None
        if described is not None:
            kept = {str(entry.get("id")) for entry in described}
            message.attachments = [file for file in message.attachments if str(file.id) in kept]
        by_index = {str(entry.get("id")): entry for entry in described or []}
        for upload in uploads:
            entry = by_index.get(str(upload.index), {})
            file = Attachment(
                self._world.snowflakes.next(),
                str(entry.get("filename") or upload.filename),
                len(upload.content),
                upload.content_type,
                entry.get("description"),
            )
            self._world.files[file.id] = upload.content
            message.attachments.append(file)

    def _mention(self, message: Message, allowed: Any) -> None:
        allowed = allowed if isinstance(allowed, dict) else _ALLOW_ALL
        parse = allowed.get("parse") or []
        users = [int(found) for found in _USER.findall(message.content)]
        roles = [int(found) for found in _ROLE.findall(message.content)]
        if "users" not in parse:
            users = [u for u in users if str(u) in {str(x) for x in allowed.get("users") or []}]
        if "roles" not in parse:
            roles = [r for r in roles if str(r) in {str(x) for x in allowed.get("roles") or []}]
        answering = message.type == MessageType.REPLY and message.interaction is None
        if answering and message.reference and allowed.get("replied_user", False):
            answered = self._world.messages.get(int(message.reference["channel_id"]), {}).get(
                int(message.reference["message_id"])
            )
            if answered is not None:
                users.append(answered.author_id)
        message.mention_ids = list(dict.fromkeys(u for u in users if u in self._world.users))
        message.mention_role_ids = list(dict.fromkeys(roles))
        message.mention_everyone = "everyone" in parse and _EVERYONE.search(message.content) is not None
