"""`conversations.*`: what the bot may know of channels and what was said there."""

from __future__ import annotations

from rehearsal.slack.call import Call, Method, Methods, page
from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Channel, Json, Message, Team
from rehearsal.slack.world import World, channel_json, message_json

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


class Conversations:
    """Channels, direct conversations, members and history."""

    def __init__(self, world: World) -> None:
        self._world = world

    def register(self, methods: Methods) -> None:
        methods.add(
            Method("conversations.info", self.info, _READ, tier=50),
            Method("conversations.list", self.list_, _READ, tier=20),
            Method("conversations.members", self.members, _READ),
            Method("conversations.history", self.history, _HISTORY, tier=50),
            Method("conversations.replies", self.replies, _HISTORY, tier=50),
            Method("conversations.open", self.open, ("im:write",), tier=50),
            Method("conversations.join", self.join, ("channels:join",), tier=50),
            Method("users.conversations", self.of_user, _READ, tier=50),
        )

    async def info(self, call: Call) -> Json:
        channel = self._known(call, "read")
        return {"channel": channel_json(call.team, channel)}

    async def list_(self, call: Call) -> Json:
        kinds = call.text("types", "public_channel").split(",")
        found = [channel for channel in self._seen(call.team) if _kind(channel) in kinds]
        if call.flag("exclude_archived"):
            found = [channel for channel in found if not channel.is_archived]
        piece, metadata = page(call, found)
        return {"channels": [channel_json(call.team, channel) for channel in piece], **metadata}

    async def members(self, call: Call) -> Json:
        channel = self._known(call, "read")
        piece, metadata = page(call, channel.members)
        return {"members": piece, **metadata}

    async def of_user(self, call: Call) -> Json:
        who = call.text("user", call.team.bot)
        found = [channel for channel in self._seen(call.team) if who in channel.members]
        piece, metadata = page(call, found)
        return {"channels": [channel_json(call.team, channel) for channel in piece], **metadata}

    async def history(self, call: Call) -> Json:
        channel = self._readable(call)
        standing = [m for m in call.team.messages.get(channel.id, {}).values() if not m.is_reply]
        standing.sort(key=lambda m: m.ts, reverse=True)
        return self._shown(call, [m for m in standing if _between(call, m)])

    async def replies(self, call: Call) -> Json:
        channel = self._readable(call)
        found = self._world.replies(call.team, channel.id, call.text("ts"))
        if not found:
            raise SlackError("thread_not_found")
        return self._shown(call, [m for m in found if _between(call, m) or not m.is_reply])

    async def open(self, call: Call) -> Json:
        channel = self._world.open_im(call.team, call.text("users"))
        return {"channel": {"id": channel.id}}

    async def join(self, call: Call) -> Json:
        channel = self._world.channel(call.team, call.text("channel"))
        if channel.is_private:
            raise SlackError("method_not_supported_for_channel_type")
        if channel.is_archived:
            raise SlackError("is_archived")
        if call.team.bot not in channel.members:
            channel.members.append(call.team.bot)
        return {"channel": channel_json(call.team, channel)}

    def _shown(self, call: Call, found: list[Message]) -> Json:
        piece, metadata = page(call, found)
        more = bool(metadata["response_metadata"]["next_cursor"])
        told = call.flag("include_all_metadata")
        shown = [message_json(call.team, message, metadata=told) for message in piece]
        return {"messages": shown, "has_more": more, **metadata}

    def _readable(self, call: Call) -> Channel:
        channel = self._known(call, "history")
        if call.team.bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _known(self, call: Call, right: str) -> Channel:
        channel = self._world.channel(call.team, call.text("channel"))
        family = "im" if channel.is_im else "groups" if channel.is_private else "channels"
        needed = f"{family}:{right}"
        if needed not in call.team.scopes:
            raise SlackError("missing_scope", needed=needed, provided=",".join(call.team.scopes))
        return channel

    def _seen(self, team: Team) -> list[Channel]:
        return [c for c in team.channels.values() if not c.is_private or team.bot in c.members]


def _kind(channel: Channel) -> str:
    return "im" if channel.is_im else "private_channel" if channel.is_private else "public_channel"


def _between(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9" * 10)
    inclusive = call.flag("inclusive")
    if (oldest != "0" and message.ts == oldest) or message.ts == latest:
        return inclusive
    return oldest < message.ts < latest
