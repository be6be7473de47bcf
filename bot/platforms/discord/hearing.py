"""What is said openly in the bot's hearing, once each, and after a broken line what was said meanwhile.

Discord replays missed events when a session is resumed. When it is not (a new READY), they are gone, and the
channels' history is read from the last message that was heard. Where a channel stood is remembered in this process
only: what was said while the bot was not running at all is not gone through.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from bot.errors import MessengerError
from bot.platforms.discord import faults, limiter
from bot.platforms.discord.translate import incoming

if TYPE_CHECKING:
    from bot.platforms.discord.client import ThirdChairClient

_log = logging.getLogger(__name__)

_READ_AT_MOST = 200

Room = discord.TextChannel | discord.Thread


class Hearing:
    """Hands open messages and edits to the features."""

    def __init__(self, client: ThirdChairClient) -> None:
        self._client = client
        self._heard_up_to: dict[int, int] | None = None

    async def heard(self, message: discord.Message, *, edited: bool = False) -> None:
        """Take in one message or edit; the same one a second time, or one of a bot's, is passed over."""
        limiter.people_first()
        if self._heard_up_to is not None and not edited:
            before = self._heard_up_to.get(message.channel.id, 0)
            self._heard_up_to[message.channel.id] = max(before, message.id)
        if message.author.bot or not message.content:
            return
        if self._client.seen.first_time((message.id, message.edited_at)):
            await self._client.house.care.listen(incoming(message, edited=edited))

    async def catch_up(self) -> None:
        """Read what was said since the last message heard; the first time, only note where the channels stand."""
        rooms = list(self._rooms())
        if self._heard_up_to is None:
            self._heard_up_to = {room.id: room.last_message_id or 0 for room in rooms}
            return
        for room in rooms:
            heard = self._heard_up_to.get(room.id, 0)
            if (room.last_message_id or 0) > heard:
                await self._read(room, heard)

    def _rooms(self) -> Iterator[Room]:
        for guild in self._client.guilds:
            yield from guild.text_channels
            yield from guild.threads

    async def _read(self, room: Room, after: int) -> None:
        try:
            with faults.translated("Read Message History", effect=False):
                missed = [m async for m in room.history(limit=_READ_AT_MOST, after=discord.Object(after))]
        except MessengerError as error:
            _log.warning("what was said during a broken line could not be read: %s", type(error).__name__)
            return
        for message in missed:
            await self.heard(message)
