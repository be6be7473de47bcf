"""The messenger port on Slack.

Slack knows no idempotency key. So a post carries its key as the message's metadata; a client that repeats nothing posts
it; and after a broken connection the next post of that key looks first. A crash forgets the doubt: then callers call
`find`, as the port has it. Slack's threads need no opening, and cannot be locked: a note in the thread says that it is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, Tone
from bot.errors import CannotReach, MessengerError, OutcomeUnknown, PlaceGone
from bot.people import Member, MessageRef, Place, Workspace
from bot.platforms.slack import ids, render
from bot.platforms.slack.asking import Ask, Asking
from bot.platforms.slack.people import People
from bot.platforms.slack.troubles import troubles
from bot.ports.messenger import Trouble
from bot.ports.words import Words

_LOOK_BACK = 100
_REMEMBERED = 4096
_LOCK = "locked"

Key = tuple[str, Place, str]


class SlackMessenger:
    """Implements `bot.ports.messenger.Messenger` for every workspace that the app is installed in."""

    def __init__(self, asking: Asking, people: People, words: Words) -> None:
        self._asking = asking
        self._people = people
        self._words = words
        self._standing: OrderedDict[Key, MessageRef] = OrderedDict()
        self._doubts: set[Key] = set()
        self._turns: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._bots: dict[str, str] = {}

    async def post(self, place: Place, card: Card, *, key: str) -> MessageRef:
        channel, thread = ids.channel_of(place)
        known = (place.workspace.id, place, key)
        turn = self._turns.setdefault(known, asyncio.Lock())
        async with turn:
            if standing := self._standing.get(known):
                return standing
            if known in self._doubts and (found := await self.find(place, key)):
                return self._stands(known, found)
            pages = await self._pages(place, card)
            try:
                first = await self._send(place.workspace.id, channel, pages[0], key, thread)
            except OutcomeUnknown:
                self._doubts.add(known)
                raise
            ref = self._stands(known, MessageRef(place, first))
            for page in pages[1:]:
                await self._send(place.workspace.id, channel, page, f"{key}+", thread)
            return ref

    async def find(self, place: Place, key: str) -> MessageRef | None:
        channel, thread = ids.channel_of(place)
        team = place.workspace.id
        bot = await self._bot(team)
        async for message in self._latest(team, channel, thread):
            if message.get("user") == bot and _key_of(message) == key:
                return MessageRef(place, str(message["ts"]))
        return None

    async def edit(self, ref: MessageRef, card: Card, *, key: str | None = None) -> None:
        channel, thread = ids.channel_of(ref.place)
        team, ts = ref.place.workspace.id, ids.timestamp(ref)
        first, *rest = await self._pages(ref.place, card)

        metadata = {"event_type": render.METADATA, "event_payload": {"key": key}} if key else None

        async def update(client: AsyncWebClient) -> Any:
            return await client.chat_update(
                channel=channel, ts=ts, text=first.text, blocks=list(first.blocks), metadata=metadata
            )

        await self._asking.ask(team, update, effect=True)
        for page in rest:
            await self._send(team, channel, page, "more", thread)

    async def delete(self, ref: MessageRef) -> None:
        channel, _ = ids.channel_of(ref.place)
        ts = ids.timestamp(ref)
        with suppress(PlaceGone):
            await self._asking.ask(
                ref.place.workspace.id, lambda client: client.chat_delete(channel=channel, ts=ts), effect=True
            )
        for known in [known for known, standing in self._standing.items() if standing == ref]:
            del self._standing[known]

    async def open_thread(self, ref: MessageRef, title: str) -> Place:
        channel, _ = ids.channel_of(ref.place)
        return Place(ref.place.workspace, f"{channel}:{ids.timestamp(ref)}")

    async def set_thread_locked(self, thread: Place, locked: bool, *, locale: str = "en") -> None:
        _, stamp = ids.channel_of(thread)
        if stamp is None:
            raise PlaceGone("this is no thread")
        key = f"{stamp.replace('.', '-')}-{_LOCK}"
        note = await self.find(thread, key)
        if locked and note is None:
            said = Card(self._words.say("slack.thread.locked", locale), tone=Tone.NOTICE)
            self._standing.pop((thread.workspace.id, thread, key), None)
            await self.post(thread, said, key=key)
        elif note is not None and not locked:
            await self.delete(note)

    async def direct(self, member: Member, card: Card, *, key: str) -> None:
        team, user = ids.person(member)
        opened = await self._asking.ask(team, lambda client: client.conversations_open(users=user))
        place = ids.place_of(team, str(opened["channel"]["id"]))
        try:
            if await self.find(place, key):
                return
        except CannotReach:
            raise
        except MessengerError:
            pass  # a second copy is a lesser harm than a card of care that does not come
        await self.post(place, card, key=key)

    async def troubles(self, place: Place, *, threads: bool) -> Sequence[Trouble]:
        return await troubles(self._asking, self._people, self._words, place)

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        team, user = ids.person(member)
        return team == workspace.id and user in await self._people.holders(team, role)

    async def _pages(self, place: Place, card: Card) -> list[render.Page]:
        people, groups = render.people_in(card)
        names = await self._people.names(place.workspace.id, people, groups)
        return render.pages(card, names=names, mention=_mention(card.mention))

    async def _send(self, team: str, channel: str, page: render.Page, key: str, thread: str | None) -> str:
        metadata = {"event_type": render.METADATA, "event_payload": {"key": key}}

        async def post(client: AsyncWebClient) -> Any:
            return await client.chat_postMessage(
                channel=channel,
                text=page.text,
                blocks=list(page.blocks),
                metadata=metadata,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = await self._asking.ask(team, post, effect=True, channel=channel)
        return str(answer["ts"])

    async def _latest(self, team: str, channel: str, thread: str | None) -> AsyncIterator[Any]:
        if thread is None:

            async def history(client: AsyncWebClient) -> Any:
                return await client.conversations_history(channel=channel, limit=_LOOK_BACK, include_all_metadata=True)

            answer = await self._asking.ask(team, history)
            for message in answer["messages"]:
                yield message
            return
        async for message in self._asking.pages(team, _replies, "messages", channel=channel, thread=thread):
            yield message

    async def _bot(self, team: str) -> str:
        if team not in self._bots:
            answer = await self._asking.ask(team, lambda client: client.auth_test())
            self._bots[team] = str(answer["user_id"])
        return self._bots[team]

    def _stands(self, known: Key, ref: MessageRef) -> MessageRef:
        self._doubts.discard(known)
        self._standing[known] = ref
        if len(self._standing) > _REMEMBERED:
            self._standing.popitem(last=False)
        return ref


def _replies(cursor: str, channel: str, thread: str) -> Ask:
    async def ask(client: AsyncWebClient) -> Any:
        return await client.conversations_replies(
            channel=channel, ts=thread, cursor=cursor, limit=200, include_all_metadata=True
        )

    return ask


def _key_of(message: Any) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != render.METADATA:
        return None
    return str((metadata.get("event_payload") or {}).get("key"))


def _mention(role: str | None) -> str:
    """Return Slack's markup that notifies a role: a user group, or everybody in the channel where it stands.

    For the members of a channel Slack has a mention there alone; in another one it takes everybody to reach them.
    """
    if role is None:
        return ""
    return f"<!subteam^{role}>" if role.startswith("S") else "<!channel>"
