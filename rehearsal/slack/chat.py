"""`chat.*`: posting, changing and deleting messages."""

from __future__ import annotations

import json

from rehearsal.slack import blocks as kit
from rehearsal.slack.call import Call, Method, Methods
from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Channel, Json, Message, Team
from rehearsal.slack.world import World, message_json


class Chat:
    """The bot's side of what is said."""

    def __init__(self, world: World) -> None:
        self._world = world

    def register(self, methods: Methods) -> None:
        methods.add(
            Method("chat.postMessage", self.post, ("chat:write",)),
            Method("chat.update", self.update, ("chat:write",), tier=50),
            Method("chat.delete", self.delete, ("chat:write",), tier=50),
            Method("chat.postEphemeral", self.post_ephemeral, ("chat:write",)),
            Method("chat.getPermalink", self.permalink),
        )

    async def post(self, call: Call) -> Json:
        team = call.team
        channel = self._writable(team, call.text("channel"))
        text, blocks = self._content(call)
        thread_ts = call.text("thread_ts", "") or None
        if thread_ts and thread_ts not in team.messages.get(channel.id, {}):
            raise SlackError("thread_not_found")
        metadata = call.json("metadata")
        if metadata is not None:
            if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
                raise SlackError("invalid_metadata_format")
            if len(json.dumps(metadata)) > kit.METADATA_BYTES:
                raise SlackError("metadata_too_large")
        message = Message(
            self._world.next_ts(), channel.id, team.bot, text, blocks, team.bot_id, thread_ts, metadata=metadata
        )
        self.put(team, message)
        return {"channel": channel.id, "ts": message.ts, "message": message_json(team, message, metadata=True)}

    async def update(self, call: Call) -> Json:
        team = call.team
        message = self._mine(call, "cant_update_message")
        if self._world.channel(team, message.channel).is_archived:
            raise SlackError("is_archived")
        message.text, message.blocks = self._content(call)
        message.edited = self._world.next_ts()
        self._world.publish("message_changed", team, message_json(team, message), channel=message.channel)
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    async def delete(self, call: Call) -> Json:
        team = call.team
        message = self._mine(call, "cant_delete_message")
        self.remove(team, message)
        return {"channel": message.channel, "ts": message.ts}

    async def post_ephemeral(self, call: Call) -> Json:
        team = call.team
        channel = self._writable(team, call.text("channel"))
        person = self._world.user(team, call.text("user"))
        if person.id not in channel.members:
            raise SlackError("user_not_in_channel")
        text, blocks = self._content(call)
        message = self.whisper(team, channel.id, person.id, text, blocks, call.text("thread_ts", "") or None)
        return {"message_ts": message.ts}

    async def permalink(self, call: Call) -> Json:
        team = call.team
        message = self._world.message(team, call.text("channel"), call.text("message_ts"))
        link = f"https://{team.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return {"channel": message.channel, "permalink": link}

    def put(self, team: Team, message: Message) -> None:
        """Let a message stand, and tell."""
        team.messages.setdefault(message.channel, {})[message.ts] = message
        self._world.publish("message", team, message_json(team, message), channel=message.channel)

    def remove(self, team: Team, message: Message) -> None:
        """Take a message away, and tell."""
        team.messages[message.channel].pop(message.ts, None)
        gone = {"ts": message.ts, "channel": message.channel, "thread_ts": message.thread_ts}
        self._world.publish("message_deleted", team, gone, channel=message.channel)

    def whisper(
        self, team: Team, channel: str, person: str, text: str, blocks: list[Json], thread_ts: str | None = None
    ) -> Message:
        """Show one person a message that nobody else sees; to whoever is not there it is never shown."""
        message = Message(
            self._world.next_ts(), channel, team.bot, text, blocks, team.bot_id, thread_ts, ephemeral_to=person
        )
        if team.users[person].active:
            team.ephemerals[message.ts] = message
            shown = {**message_json(team, message), "channel": channel}
            self._world.publish("ephemeral", team, shown, channel=channel, private_to=person)
        return message

    def unwhisper(self, team: Team, message: Message) -> None:
        """Let an ephemeral message vanish."""
        team.ephemerals.pop(message.ts, None)
        gone = {"ts": message.ts, "channel": message.channel}
        self._world.publish("ephemeral_deleted", team, gone, private_to=message.ephemeral_to)

    def rewhisper(self, team: Team, message: Message, text: str, blocks: list[Json]) -> None:
        """Change an ephemeral message in place."""
        message.text, message.blocks = text, blocks
        shown = {**message_json(team, message), "channel": message.channel}
        self._world.publish("ephemeral_changed", team, shown, private_to=message.ephemeral_to)

    def _writable(self, team: Team, channel_id: str) -> Channel:
        if channel_id.startswith(("U", "W")):
            person = self._world.user(team, channel_id)
            if person.is_bot:
                raise SlackError("cannot_dm_bot")
            channel = self._world.open_im(team, channel_id)
        else:
            channel = self._world.channel(team, channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if team.bot not in channel.members:
            raise SlackError("not_in_channel")
        if channel.read_only:
            raise SlackError("restricted_action")
        if channel.is_im and (not team.users[channel.user].takes_dms or team.users[channel.user].deleted):
            raise SlackError("user_disabled" if team.users[channel.user].deleted else "messages_tab_disabled")
        return channel

    def _content(self, call: Call) -> tuple[str, list[Json]]:
        text = call.text("text", "")
        if len(text) > kit.TEXT_CHARACTERS:
            raise SlackError("msg_too_long")
        given = call.json("blocks")
        blocks = kit.check(given) if given else []
        kit.check_message(blocks)
        if not text and not blocks:
            raise SlackError("no_text")
        return text, blocks

    def _mine(self, call: Call, error: str) -> Message:
        message = self._world.message(call.team, call.text("channel"), call.text("ts"))
        if message.user != call.team.bot:
            raise SlackError(error)
        return message
