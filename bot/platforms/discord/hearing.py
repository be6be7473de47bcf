"""What is said openly in the bot's hearing, once each, and after a broken line what was said meanwhile.

Discord replays missed events when a session is resumed. When it is not (a new READY), they are gone, and the
channels' history is read from where each stood when the line broke. That is remembered in this process only: what was
said while the bot was not running at all is not gone through.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import MessengerError
from bot.platforms.discord import faults, limiter
from bot.platforms.discord.translate import incoming

if TYPE_CHECKING:
    from bot.platforms.discord.client import ThirdChairClient

_log = logging.getLogger(__name__)

_READ_AT_MOST = 200

_LETTER = "message.txt"
"""What Discord's own clients call the file that they make of words too long for one message."""
_LONGEST_LETTER = 64 * 1024
"""Bytes; Discord makes such a file of anything over 2,000 characters, and nobody types more than this."""
_LETTER_WITHIN = 3.0
"""Seconds to fetch it in."""

_FRESH = timedelta(minutes=10)
"""How much older than the newest message an edit may be. Discord tells of a pin, a thread or an embed as of an edit,
with the time of the last real one; a session that is resumed brings what it missed of a few minutes."""

_OF_DIRECT_MESSAGES = 0
"""The shard that Discord sends direct messages to."""

Room = discord.TextChannel | discord.Thread


async def _read_letter(file: discord.Attachment) -> str:
    """Fetch the words that Discord made a file of; nothing where that fails or they are too long, which is logged."""
    if file.size > _LONGEST_LETTER:
        _log.warning("a message that Discord made a file of was too long to be read")
        return ""
    try:
        async with asyncio.timeout(_LETTER_WITHIN):
            return (await file.read()).decode(errors="replace")
    except (TimeoutError, discord.HTTPException, discord.ClientException, OSError) as error:
        _log.warning("a long message that Discord made a file of could not be read: %s", type(error).__name__)
        return ""


class Hearing:
    """Hands open messages and edits to the features."""

    def __init__(self, client: ThirdChairClient) -> None:
        self._client = client
        self._heard_up_to: dict[int, int] = {}
        self._direct: set[int] = set()
        self._opened: set[int] = set()
        # Where the channels stood when a shard's line broke: what is said after it stands anew moves them on at once.
        self._left_off: dict[int, Mapping[int, int]] = {}

    async def heard(self, message: discord.Message, *, edited: bool = False) -> None:
        """Take in one message or edit; the same one a second time, or one of a bot's, is passed over."""
        limiter.people_first()
        if not edited:
            self._stands(message.channel.id, message.id)
        if message.guild is None:
            self._direct.add(message.channel.id)
        if message.author.bot or (edited and not self._is_fresh(message)):
            return
        letter = next((file for file in message.attachments if file.filename == _LETTER), None)
        if not message.content and letter is None:
            return
        if self._client.seen.first_time((message.id, message.edited_at)):
            said = incoming(message, edited=edited)
            if letter is not None:
                said = replace(said, text=f"{said.text}\n{await _read_letter(letter)}".strip())
            if said.text:
                await self._client.house.care.listen(said)

    def _is_fresh(self, message: discord.Message) -> bool:
        """Say whether somebody changed the words just now, and not merely something about the message."""
        newest = max(self._heard_up_to.values(), default=0)  # by Discord's clock, as the edit is
        return message.edited_at is not None and message.edited_at > discord.utils.snowflake_time(newest) - _FRESH

    def broken(self, shard: int) -> None:
        """A shard's line broke: keep where its channels stand, unless it broke before they were read."""
        if shard in self._opened:
            self._left_off.setdefault(shard, dict(self._heard_up_to))

    def resumed(self, shard: int) -> None:
        """A shard's session goes on: Discord has told what was missed."""
        self._left_off.pop(shard, None)

    async def catch_up(self, shard: int) -> None:
        """Read what was said since a shard's line broke; the first time, only note where its channels stand."""
        rooms = list(self._rooms(shard))
        if shard not in self._opened:
            self._opened.add(shard)
            for room in rooms:
                self._stands(room.id, room.last_message_id or 0)
            return
        heard = self._left_off.pop(shard, dict(self._heard_up_to))
        # A room that is new to us holds nothing of the gap that is older than the last that was heard anywhere.
        newest = max((heard.get(room.id, 0) for room in rooms), default=0)
        for room in rooms:
            after = heard.get(room.id, newest)
            if (room.last_message_id or 0) > after:
                await self._read(room, after)
        if shard == _OF_DIRECT_MESSAGES:
            for channel in self._direct & set(heard):
                await self._read(self._client.get_partial_messageable(channel), heard[channel])

    def _stands(self, channel: int, message: int) -> None:
        self._heard_up_to[channel] = max(self._heard_up_to.get(channel, 0), message)

    def _rooms(self, shard: int) -> Iterator[Room]:
        for guild in self._client.guilds:
            if guild.shard_id == shard:
                yield from guild.text_channels
                yield from guild.threads

    async def _read(self, room: Room | discord.PartialMessageable, after: int) -> None:
        try:
            with faults.translated("Read Message History", effect=False):
                missed = [m async for m in room.history(limit=_READ_AT_MOST, after=discord.Object(after))]
        except MessengerError as error:
            _log.warning("what was said during a broken line could not be read: %s", type(error).__name__)
            return
        for message in missed:
            await self.heard(message)
