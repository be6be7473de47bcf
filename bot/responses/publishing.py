"""Bringing an accepted response to its thread, once, and taking it out again.

A response is WAITING in the store before it is posted and PUBLISHED after. In between anything may break: whoever
finds it WAITING later looks in the thread for its id before posting again.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from bot.cards import Button, Card, Tone
from bot.errors import MessengerError, NotFound, PlaceGone
from bot.people import Cohort, MessageRef, Place
from bot.ports.cohorts import CohortStore
from bot.ports.keys import PostingKeys
from bot.ports.messenger import Messenger
from bot.ports.postings import Posting, PostingStore
from bot.ports.responses import AnonymousResponse, ResponseState, ResponseStore
from bot.ports.words import Words
from bot.responses import anonymity

_log = logging.getLogger(__name__)
_AT_ONCE = 200


class Publisher:
    """Posts, rewrites and removes responses in their threads."""

    def __init__(
        self,
        responses: ResponseStore,
        postings: PostingStore,
        cohorts: CohortStore,
        keys: PostingKeys,
        messenger: Messenger,
        words: Words,
    ) -> None:
        self._responses = responses
        self._postings = postings
        self._cohorts = cohorts
        self._keys = keys
        self._messenger = messenger
        self._words = words
        self._in_flight: set[str] = set()
        self._unwanted: set[MessageRef] = set()

    async def publish(self, response: AnonymousResponse, *, look_first: bool) -> bool:
        """Bring one WAITING response to its thread; say whether it stands there now.

        A response that stands there already (`message_id`) gets its new words in place. Passing faults leave it
        WAITING for `publish_waiting`.
        """
        if response.id in self._in_flight:
            return False
        self._in_flight.add(response.id)
        try:
            return await self._publish(response, look_first)
        except MessengerError as error:
            _log.warning("response of posting %s waits (%s)", response.posting_id, type(error).__name__)
            return False
        finally:
            self._in_flight.discard(response.id)

    async def publish_waiting(self) -> int:
        """Publish whatever an earlier fault or crash left WAITING; return how many stand now."""
        with suppress(MessengerError):
            await self._remove_unwanted()
        waiting = await self._responses.waiting(_AT_ONCE)
        return sum([await self.publish(response, look_first=True) for response in waiting])

    async def show(self, response: AnonymousResponse, *, hidden: bool) -> None:
        """Rewrite a published response: its words, or the line that stands for hidden ones."""
        posting, cohort = await self._stand(response)
        if hidden:
            body = self._words.say("responses.hidden", cohort.locale)
            card = Card(body, title=response.alias, tone=Tone.RESPONSE)
        else:
            card = self._card(response, self.words_of(response), cohort)
        await self._messenger.edit(_ref(posting, response), card)

    async def remove(self, response: AnonymousResponse) -> None:
        """Take a response out of its thread; no error if it does not stand there."""
        if response.message_id is None:
            return
        posting, _ = await self._stand(response)
        await self._messenger.delete(_ref(posting, response))

    async def settled(self, response: AnonymousResponse) -> AnonymousResponse:
        """Find out whether a WAITING response stands already, unknown to us since a fault; return it as it is."""
        if response.state is not ResponseState.WAITING or response.message_id is not None:
            return response
        posting, _ = await self._stand(response)
        ref = await self._messenger.find(posting.thread, response.id) if posting.thread else None
        if ref is None:
            return response
        await self._responses.published(response.id, ref.id)
        return await self._responses.get(response.id) or response

    def words_of(self, response: AnonymousResponse) -> str:
        """Unseal a response's words; raises NotFound when the key is gone."""
        key = self._keys.get(response.posting_id)
        if key is None:
            raise NotFound
        try:
            return anonymity.unseal(key, response.id, response.sealed)
        except anonymity.Unreadable:
            raise NotFound from None

    async def _publish(self, response: AnonymousResponse, look_first: bool) -> bool:
        try:
            posting, cohort = await self._stand(response)
            text = self.words_of(response)
        except NotFound:
            # Its posting closed meanwhile; closing drops what was never published.
            return False
        card = self._card(response, text, cohort)
        thread = posting.thread
        if thread is None:
            return False
        ref = await self._renewed(posting, response, card) if response.message_id else None
        if ref is None:
            ref = await self._posted(thread, response, card, look_first)
        if await self._responses.published(response.id, ref.id):
            return True
        now = await self._responses.get(response.id)
        if now is not None and now.state is ResponseState.HIDDEN:
            # A supervisor hid it while its new words were on their way.
            await self.show(now, hidden=True)
            return False
        if now is None or now.state is not ResponseState.PUBLISHED:
            # Withdrawn while it was on its way: it must not stay, even if the platform does not let go of it at once.
            self._unwanted.add(ref)
            await self._remove_unwanted()
            return False
        return True

    async def _remove_unwanted(self) -> None:
        for ref in tuple(self._unwanted):
            await self._messenger.delete(ref)
            self._unwanted.discard(ref)

    async def _renewed(self, posting: Posting, response: AnonymousResponse, card: Card) -> MessageRef | None:
        ref = _ref(posting, response)
        try:
            await self._messenger.edit(ref, card)
        except PlaceGone:
            # Its author took it out to keep it to herself, or somebody did by hand: it goes there anew.
            return None
        return ref

    async def _posted(self, thread: Place, response: AnonymousResponse, card: Card, look_first: bool) -> MessageRef:
        key = response.id
        if response.message_id:
            # A platform that still knows the first key would give back the message that is gone.
            key, look_first = anonymity.next_key(response.id, response.message_id), True
        ref = await self._messenger.find(thread, key) if look_first else None
        return ref or await self._messenger.post(thread, card, key=key)

    async def _stand(self, response: AnonymousResponse) -> tuple[Posting, Cohort]:
        posting = await self._postings.get(response.posting_id)
        cohort = await self._cohorts.get(posting.cohort_id) if posting else None
        if posting is None or cohort is None:
            raise NotFound
        return posting, cohort

    def _card(self, response: AnonymousResponse, text: str, cohort: Cohort) -> Card:
        flag = Button("flag", response.id, self._words.say("responses.flag", cohort.locale))
        return Card(text, title=response.alias, buttons=(flag,), tone=Tone.RESPONSE)


def _ref(posting: Posting, response: AnonymousResponse) -> MessageRef:
    if posting.thread is None or response.message_id is None:
        raise NotFound
    return MessageRef(posting.thread, response.message_id)
