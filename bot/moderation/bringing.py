"""Bringing something to supervision: what came up in a thread, put before the supervisors without saying by whom.

It is kept where supervisors look anyway, as one card in their channel. A second wish for the same message changes
nothing, and nothing of who wished is stored: the card's key is made from the message alone.
"""

from __future__ import annotations

import hashlib

from bot.cards import Card
from bot.errors import BadInput, NotAllowed
from bot.people import Caller, MessageRef
from bot.ports.cohorts import CohortStore
from bot.ports.messenger import Messenger
from bot.ports.postings import PostingStore
from bot.ports.responses import ResponseStore
from bot.ports.words import Words
from bot.prompts.shelf import Shelf


class Bringing:
    """The use case of the message menu *Bring to supervision*."""

    def __init__(
        self,
        cohorts: CohortStore,
        postings: PostingStore,
        responses: ResponseStore,
        shelf: Shelf,
        messenger: Messenger,
        words: Words,
    ) -> None:
        self._cohorts = cohorts
        self._postings = postings
        self._responses = responses
        self._shelf = shelf
        self._messenger = messenger
        self._words = words

    async def bring(self, caller: Caller, message: MessageRef) -> Card:
        """Put a message of a posting's thread before the supervisors, once.

        Raises NotAllowed for who is no member of the cohort, BadInput for a message that stands elsewhere, and
        MessengerError.
        """
        posting = await self._postings.in_thread(message.place)
        cohort = await self._cohorts.get(posting.cohort_id) if posting else None
        if posting is None or cohort is None:
            raise BadInput("supervision.bring.elsewhere")
        if cohort.role_of(caller) is None:
            raise NotAllowed
        hers = cohort.heard_by(caller).locale
        digest = hashlib.sha256(f"{message.place.id}/{message.id}".encode()).hexdigest()
        place, key = cohort.supervisors_channel, f"bring-{digest[:16]}"
        if await self._messenger.find(place, key) is not None:
            return Card(self._words.say("supervision.bring.before", hers))
        response = await self._responses.by_message(posting.id, message.id)
        kind = "response" if response else "message"
        item = await self._shelf.item(cohort.id, posting.item_id)
        values = {"alias": response.alias if response else "", "thread": f"<#{message.place.id}>", "title": item.title}
        body = self._words.say(f"supervision.bring.{kind}", cohort.locale, **values)
        card = Card(body, title=self._words.say("supervision.bring.title", cohort.locale))
        await self._messenger.post(place, card, key=key)
        return Card(self._words.say("supervision.bring.brought", hers))
