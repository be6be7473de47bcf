"""What is said openly in the bot's hearing, once each, and after a broken line what was said meanwhile.

Slack tells of an event up to four times within some minutes, and then no more; so a new line begins with reading what
stands. What was said while the bot was not running at all is not gone through.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.care.incoming import IncomingMessage
from bot.errors import MessengerError
from bot.people import Place
from bot.platforms.slack import ids, reading
from bot.platforms.slack.asking import Ask
from bot.platforms.slack.desk import Desk

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]

_READ_AT_MOST = 100

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})


class Hearing:
    """Hands open messages and edits to the features, and forgets what Slack tells of comings and goings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._heard_up_to: dict[str, str] = {}

    async def heard(self, team: str, event: Json) -> None:
        """Take in one message or edit; the same one a second time, or one of a bot's, is passed over."""
        edited = event.get("subtype") == "message_changed"
        message: Json = event.get("message") or {} if edited else event
        if message.get("bot_id") or message.get("subtype") not in _SPOKEN or not message.get("user"):
            return
        text = reading.unescaped(str(message.get("text") or ""))
        if edited and text == reading.unescaped(str((event.get("previous_message") or {}).get("text") or "")):
            return
        stamp = (message.get("edited") or {}).get("ts") if edited else None
        channel = str(event["channel"])
        if not edited and team in self._heard_up_to:
            self._heard_up_to[team] = max(self._heard_up_to[team], str(message["ts"]))
        if not text or not self._desk.seen.first_time((team, channel, message["ts"], stamp)):
            return
        ref = reading.message_ref(team, channel, message)
        direct = event.get("channel_type") == "im"
        parent = ids.room_of(ref.place)
        await self._desk.house.care.listen(
            IncomingMessage(
                author=ids.member_of(team, str(message["user"])),
                place=ref.place,
                ref=ref,
                text=text,
                parent=None if parent == ref.place else Place(ref.place.workspace, parent.id),
                edited=edited,
                direct=direct,
            )
        )

    async def catch_up(self, team: str) -> None:
        """Read what was said since the last message heard; the first time, only note when the line stood.

        Raises MessengerError if not even the channels can be asked for.
        """
        now = f"{self._desk.house.clock.now().timestamp():.6f}"
        if team not in self._heard_up_to:
            self._heard_up_to[team] = now
            return
        heard = self._heard_up_to[team]
        async for channel in self._desk.asking.pages(team, _channels, "channels"):
            try:
                await self._read(team, channel, heard)
            except MessengerError as error:
                _log.warning("what was said during a broken line could not be read: %s", type(error).__name__)
        self._heard_up_to[team] = max(self._heard_up_to[team], now)

    async def _read(self, team: str, channel: Json, heard: str) -> None:
        ask = self._desk.asking.ask
        missed = []
        for message in (await ask(team, _newest(channel["id"])))["messages"]:
            missed.append(message)
            if str(message.get("latest_reply") or "") > heard:
                missed += (await ask(team, _replies(channel["id"], message["ts"], heard)))["messages"][1:]
        where = {"channel": channel["id"], "channel_type": "im" if channel.get("is_im") else "channel"}
        for message in sorted(missed, key=lambda each: str(each["ts"])):
            if message["ts"] > heard:
                await self.heard(team, {**message, **where})

    def moved(self, team: str, channel: str) -> None:
        """Somebody joined or left a channel, or a user group changed: ask anew who is in it."""
        self._desk.people.forget_members(team, channel)


def _channels(cursor: str) -> Ask:
    async def ask(client: AsyncWebClient) -> Any:
        return await client.users_conversations(
            types="public_channel,private_channel,im", exclude_archived=True, cursor=cursor, limit=200
        )

    return ask


def _newest(channel: str) -> Ask:
    async def ask(client: AsyncWebClient) -> Any:
        return await client.conversations_history(channel=channel, limit=_READ_AT_MOST)

    return ask


def _replies(channel: str, thread: str, oldest: str) -> Ask:
    async def ask(client: AsyncWebClient) -> Any:
        return await client.conversations_replies(channel=channel, ts=thread, oldest=oldest, limit=_READ_AT_MOST)

    return ask
