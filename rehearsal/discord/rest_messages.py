"""REST: messages, their reactions and pins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rehearsal.discord import message_limits, render
from rehearsal.discord.call import NOTHING, Answer, Call, Route, ok, snowflake
from rehearsal.discord.errors import ApiError, missing_permissions
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import Channel, ChannelType, Json, Message, MessageFlag, MessageType
from rehearsal.discord.permissions import P, Permissions
from rehearsal.discord.world import World

OLDEST_BULK = timedelta(days=14)
MOST_PINS = 250
_SYSTEM = {MessageType.PINNED, MessageType.THREAD_CREATED, MessageType.THREAD_STARTER_MESSAGE}


class MessageRoutes:
    """What the bot may do with messages over REST."""

    def __init__(self, world: World, messages: Messages, permissions: Permissions) -> None:
        self._world = world
        self._messages = messages
        self._permissions = permissions

    def routes(self) -> Iterator[Route]:
        base = "/channels/{channel_id}/messages"
        yield Route("GET", base + "/pins", self.pins)
        yield Route("PUT", base + "/pins/{message_id}", self.pin)
        yield Route("DELETE", base + "/pins/{message_id}", self.unpin)
        yield Route("GET", base, self.history)
        yield Route("POST", base, self.send)
        yield Route("POST", base + "/bulk-delete", self.bulk_delete)
        yield Route("GET", base + "/{message_id}", self.get)
        yield Route("PATCH", base + "/{message_id}", self.edit)
        yield Route("DELETE", base + "/{message_id}", self.delete)
        reactions = base + "/{message_id}/reactions/{emoji}"
        yield Route("PUT", reactions + "/@me", self.react)
        yield Route("DELETE", reactions + "/@me", self.take_reaction_back)
        yield Route("GET", reactions, self.reacted)
        yield Route("POST", "/channels/{channel_id}/typing", self.typing)

    async def send(self, call: Call) -> Answer:
        world, payload = self._world, call.json
        place = self._permissions.visible(call.id("channel_id"), world.bot_id)
        self._may_write(place, payload, with_files=bool(call.files))
        message_limits.check_new(payload, files=len(call.files))
        nonce = payload.get("nonce")
        if nonce is not None and payload.get("enforce_nonce"):
            first = self._messages.with_nonce(world.bot_id, str(nonce))
            if first is not None:
                return ok({**render.message(world, first), "nonce": first.nonce})
        reference = self._reference(place, payload)
        message = self._messages.create(
            place,
            world.bot_id,
            payload,
            files=call.files,
            kind=MessageType.REPLY if reference is not None else MessageType.DEFAULT,
            reference=reference,
        )
        body = render.message(world, message)
        return ok(body if message.nonce is None else {**body, "nonce": message.nonce})

    async def history(self, call: Call) -> Answer:
        place = self._readable(call)
        limit = call.query_number("limit", 50, 1, 100)
        found = self._messages.history(
            place.id,
            limit,
            before=call.query_id("before"),
            after=call.query_id("after"),
            around=call.query_id("around"),
        )
        return ok([self._shown(place, message) for message in found])

    async def get(self, call: Call) -> Answer:
        place = self._readable(call)
        return ok(self._shown(place, self._world.message(place.id, call.id("message_id"))))

    async def edit(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        message = self._world.message(place.id, call.id("message_id"))
        payload = call.json
        if message.author_id != self._world.bot_id:
            only_flags = set(payload) <= {"flags"}
            if not only_flags or P.MANAGE_MESSAGES not in self._permissions.in_channel(place, self._world.bot_id):
                raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if place.thread is not None and place.thread.archived:
            raise ApiError(400, 50083, "Thread is archived")
        if message.type in _SYSTEM:
            raise ApiError(403, 50021, "Cannot execute action on a system message")
        layout = bool(message.flags & MessageFlag.COMPONENTS_V2)
        message_limits.check_edit(payload, files=len(call.files), layout=layout)
        return ok(render.message(self._world, self._messages.edit(message, payload, files=call.files)))

    async def delete(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        message = self._world.message(place.id, call.id("message_id"))
        if message.author_id != self._world.bot_id:
            if place.type is ChannelType.DM:
                raise ApiError(403, 50003, "Cannot execute action on a DM channel")
            self._permissions.require(place, self._world.bot_id, P.MANAGE_MESSAGES)
        self._messages.delete(message)
        return NOTHING

    async def bulk_delete(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        if place.type is ChannelType.DM:
            raise ApiError(403, 50003, "Cannot execute action on a DM channel")
        self._permissions.require(place, self._world.bot_id, P.MANAGE_MESSAGES)
        ids = [snowflake(one, "messages") for one in call.json.get("messages") or []]
        if not 2 <= len(ids) <= 100:
            raise ApiError(400, 50016, "Provided too few or too many messages to delete. Must provide 2 to 100.")
        standing = self._world.messages.get(place.id, {})
        found = [standing[one] for one in dict.fromkeys(ids) if one in standing]
        if any(self._world.clock.now() - message.timestamp > OLDEST_BULK for message in found):
            raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
        self._messages.bulk_delete(place, found)
        return NOTHING

    async def typing(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        self._permissions.require(place, self._world.bot_id, self._permissions.needed_to_send(place))
        data: Json = {
            "channel_id": str(place.id),
            "user_id": str(self._world.bot_id),
            "timestamp": int(self._world.clock.now().timestamp()),
        } | self._world.place_fields(place)
        self._world.publish("TYPING_START", data, guild_id=place.guild_id, channel_id=place.id)
        return NOTHING

    async def pins(self, call: Call) -> Answer:
        place = self._readable(call)
        pinned = [m for m in self._world.messages[place.id].values() if m.pinned_at is not None]
        pinned.sort(key=lambda m: (m.pinned_at or m.timestamp, m.id), reverse=True)
        limit = call.query_number("limit", 50, 1, 50)
        before = call.query("before")
        if before is not None:
            pinned = [m for m in pinned if m.pinned_at is not None and render.iso(m.pinned_at) < before]
        items = [
            {"pinned_at": render.iso(m.pinned_at), "message": self._shown(place, m)}
            for m in pinned[:limit]
            if m.pinned_at is not None
        ]
        return ok({"items": items, "has_more": len(pinned) > limit})

    async def pin(self, call: Call) -> Answer:
        return self._set_pin(call, pinned=True)

    async def unpin(self, call: Call) -> Answer:
        return self._set_pin(call, pinned=False)

    def _set_pin(self, call: Call, *, pinned: bool) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        held = self._permissions.in_channel(place, self._world.bot_id)
        if not held & (P.PIN_MESSAGES | P.MANAGE_MESSAGES):
            raise missing_permissions()
        message = self._world.message(place.id, call.id("message_id"))
        already = sum(1 for m in self._world.messages[place.id].values() if m.pinned_at is not None)
        if pinned and message.pinned_at is None and already >= MOST_PINS:
            raise ApiError(400, 30003, f"Maximum number of pins reached ({MOST_PINS})")
        self._messages.pin(place, message, pinned, self._world.bot_id)
        return NOTHING

    async def react(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        self._permissions.require(place, self._world.bot_id, P.READ_MESSAGE_HISTORY)
        message = self._world.message(place.id, call.id("message_id"))
        emoji = _emoji(call.text("emoji"))
        if not any(reaction.emoji == emoji for reaction in message.reactions):
            self._permissions.require(place, self._world.bot_id, P.ADD_REACTIONS)
        self._messages.react(place, message, emoji, self._world.bot_id, add=True)
        return NOTHING

    async def take_reaction_back(self, call: Call) -> Answer:
        place = self._readable(call)
        message = self._world.message(place.id, call.id("message_id"))
        self._messages.react(place, message, _emoji(call.text("emoji")), self._world.bot_id, add=False)
        return NOTHING

    async def reacted(self, call: Call) -> Answer:
        place = self._readable(call)
        message = self._world.message(place.id, call.id("message_id"))
        emoji = _emoji(call.text("emoji"))
        people = next((r.user_ids for r in message.reactions if r.emoji == emoji), [])
        after = call.query_id("after") or 0
        limit = call.query_number("limit", 25, 1, 100)
        return ok([render.user(self._world.users[u]) for u in sorted(people) if u > after][:limit])

    def _readable(self, call: Call) -> Channel:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        self._permissions.require(place, self._world.bot_id, P.READ_MESSAGE_HISTORY)
        return place

    def _shown(self, place: Channel, message: Message) -> Json:
        body = render.message(self._world, message)
        own = message.author_id == self._world.bot_id or self._world.bot_id in message.mention_ids
        if self._world.application.content_intent or own or place.guild_id is None:
            return body
        return render.without_content(body)

    def _may_write(self, place: Channel, payload: Json, *, with_files: bool) -> None:
        if place.type is ChannelType.CATEGORY:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        if place.recipient_id is not None and not self._world.users[place.recipient_id].takes_dms:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        held = self._permissions.require(place, self._world.bot_id, self._permissions.needed_to_send(place))
        if place.thread is not None and place.thread.locked and P.MANAGE_THREADS not in held:
            raise ApiError(400, 50083, "Thread is archived") if place.thread.archived else missing_permissions()
        if with_files and P.ATTACH_FILES not in held:
            raise missing_permissions()
        if payload.get("tts") and P.SEND_TTS_MESSAGES not in held:
            raise missing_permissions()

    def _reference(self, place: Channel, payload: Json) -> Json | None:
        given = payload.get("message_reference")
        if not isinstance(given, dict) or given.get("message_id") is None:
            return None
        if P.READ_MESSAGE_HISTORY not in self._permissions.in_channel(place, self._world.bot_id):
            raise ApiError(400, 160002, "Cannot reply without permission to read message history")
        message_id = snowflake(given["message_id"], "message_reference")
        if message_id not in self._world.messages.get(place.id, {}):
            if given.get("fail_if_not_exists", True):
                problem = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
                raise ApiError(400, 50035, "Invalid Form Body", {"message_reference": problem})
            return None
        reference = {"type": 0, "message_id": str(message_id), "channel_id": str(place.id)}
        return reference | self._world.place_fields(place)


def _emoji(text: str) -> Json:
    name, _, number = text.partition(":")
    if number.isdigit():
        raise ApiError(400, 10014, "Unknown Emoji")
    return {"id": None, "name": name}
