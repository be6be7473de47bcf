"""What is said openly in the bot's hearing, once each, though Slack may tell of it up to four times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.care.incoming import IncomingMessage
from bot.people import Place
from bot.platforms.slack import ids, reading
from bot.platforms.slack.desk import Desk

Json = Mapping[str, Any]

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})


class Hearing:
    """Hands open messages and edits to the features, and forgets what Slack tells of comings and goings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

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

    def moved(self, team: str, channel: str) -> None:
        """Somebody joined or left a channel, or a user group changed: ask anew who is in it."""
        self._desk.people.forget_members(team, channel)
