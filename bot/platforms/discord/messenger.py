"""The messenger port on Discord.

It asks for channels and messages by id and keeps nothing: no fetch before a post, no cache to be wrong. A post
carries its key as Discord's nonce, so that within some minutes a repeat returns the first message, and for good
in the message itself (see `render`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import discord

from bot.cards import Card
from bot.errors import NotPermitted, PlaceGone, TryLater
from bot.people import Member, MessageRef, Place, Workspace
from bot.platforms.discord import faults, permissions, render
from bot.platforms.discord.translate import discord_id
from bot.ports.messenger import Trouble
from bot.ports.words import Words

_LOOK_BACK = 100
_THREAD_NAME_LIMIT = 100
_A_WEEK_IN_MINUTES: Final = 10080
_NOT_CONNECTED_YET = 5.0
_NONCE_LIMIT = 25

_POST = "Send Messages (in a thread: Send Messages in Threads) and Embed Links"
_READ = "Read Message History"
_DELETE = "View Channel"
_OPEN_THREAD = "Create Public Threads"
_MANAGE_THREADS = "Manage Threads"
_DIRECT = "direct messages to this person"

T = TypeVar("T")


class DiscordMessenger:
    """Implements `bot.ports.messenger.Messenger` with a client that somebody else starts and closes."""

    def __init__(self, client: discord.Client, words: Words) -> None:
        self._client = client
        self._words = words

    async def post(self, place: Place, card: Card, *, key: str) -> MessageRef:
        channel = self._channel(place)
        pages = render.pages(card, key)
        with faults.translated(_POST):
            message = await self._awake(place, lambda: self._send(channel, pages[0], _nonce(place.id, key, 0)))
            for number, page in enumerate(pages[1:], start=1):
                await self._send(channel, page, _nonce(place.id, key, number))
        return MessageRef(place, str(message.id))

    async def find(self, place: Place, key: str) -> MessageRef | None:
        channel = self._channel(place)
        me = self._me()
        with faults.translated(_READ, effect=False):
            async for message in channel.history(limit=_LOOK_BACK):
                if message.author.id == me.id and render.carries(message, key):
                    return MessageRef(place, str(message.id))
        return None

    async def edit(self, ref: MessageRef, card: Card, *, key: str | None = None) -> None:
        message = self._channel(ref.place).get_partial_message(discord_id(ref.id))
        first, *rest = render.pages(card, key)
        with faults.translated(_POST):
            await self._awake(
                ref.place,
                lambda: message.edit(
                    content=first.content,
                    embeds=list(first.embeds),
                    view=first.view(),
                    allowed_mentions=discord.AllowedMentions.none(),
                ),
            )
            for page in rest:
                await self._channel(ref.place).send(embeds=list(page.embeds))

    async def delete(self, ref: MessageRef) -> None:
        message = self._channel(ref.place).get_partial_message(discord_id(ref.id))
        try:
            with faults.translated(_DELETE):
                await self._awake(ref.place, message.delete)
        except PlaceGone:
            return

    async def open_thread(self, ref: MessageRef, title: str) -> Place:
        self._me()
        channel_id, message_id = discord_id(ref.place.id), discord_id(ref.id)
        with faults.translated(_OPEN_THREAD):
            try:
                await self._client.http.start_thread_with_message(
                    channel_id,
                    message_id,
                    name=title[:_THREAD_NAME_LIMIT],
                    auto_archive_duration=_A_WEEK_IN_MINUTES,
                )
            except discord.HTTPException as error:
                if error.code != faults.THREAD_EXISTS:
                    raise
        return Place(ref.place.workspace, ref.id)  # a thread started from a message has that message's id

    async def set_thread_locked(self, thread: Place, locked: bool, *, locale: str = "en") -> None:
        self._me()
        with faults.translated(_MANAGE_THREADS):
            await self._client.http.edit_channel(discord_id(thread.id), locked=locked, archived=False)

    async def direct(self, member: Member, card: Card, *, key: str) -> None:
        self._me()
        with faults.translated(_DIRECT):
            opened = await self._client.http.start_private_message(discord_id(member.id))
            channel = self._client.get_partial_messageable(int(opened["id"]))
            for number, page in enumerate(render.pages(card)):
                await self._send(channel, page, _nonce(str(opened["id"]), key, number))

    async def troubles(self, place: Place, *, threads: bool) -> Sequence[Trouble]:
        self._me()
        with faults.translated("View Channel", effect=False):
            return await permissions.troubles(self._client, self._words, place, threads=threads)

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        self._me()
        with faults.translated("View Channel", effect=False):
            try:
                found = await self._client.http.get_member(discord_id(workspace.id), discord_id(member.id))
            except discord.NotFound:
                return False
        return role in found["roles"] or role == workspace.id  # the role @everyone has the server's own id

    def _me(self) -> discord.ClientUser:
        if self._client.is_closed() or self._client.user is None:
            raise TryLater(_NOT_CONNECTED_YET)
        return self._client.user

    def _channel(self, place: Place) -> discord.PartialMessageable:
        self._me()
        return self._client.get_partial_messageable(discord_id(place.id), guild_id=discord_id(place.workspace.id))

    async def _send(self, channel: discord.PartialMessageable, page: render.Page, nonce: str) -> discord.Message:
        embeds, view, mentions = list(page.embeds), page.view(), page.allowed_mentions
        if view is None:
            return await channel.send(page.content, embeds=embeds, nonce=nonce, allowed_mentions=mentions)
        return await channel.send(page.content, embeds=embeds, view=view, nonce=nonce, allowed_mentions=mentions)

    async def _awake(self, place: Place, act: Callable[[], Awaitable[T]]) -> T:
        """Do `act`; if the thread had gone to the archive, wake it and do it then."""
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != faults.THREAD_ARCHIVED:
                raise
        try:
            await self._client.http.edit_channel(discord_id(place.id), archived=False)
        except discord.Forbidden:
            raise NotPermitted(_MANAGE_THREADS) from None
        return await act()


def _nonce(channel_id: str, key: str, number: int) -> str:
    """Make the nonce of a key's page. Discord knows nonces by their author alone, whatever the channel."""
    return hashlib.blake2b(f"{channel_id}/{key}/{number}".encode(), digest_size=12).hexdigest()[:_NONCE_LIMIT]
