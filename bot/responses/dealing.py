"""Role cards: from where somebody may speak today, dealt to her privately.

A card is drawn by the posting's key and her tag. So it stays hers as long as the posting is open, pressing again
draws no better one, nothing has to be written down, and once the key is gone nobody can tell who spoke from where.
"""

from __future__ import annotations

import hmac

from bot.cards import Card
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Role
from bot.ports.cohorts import CohortStore
from bot.ports.keys import PostingKeys
from bot.ports.postings import PostingState, PostingStore
from bot.ports.words import Words
from bot.prompts.shelf import Shelf
from bot.responses import anonymity


class Dealing:
    """Deals the role cards of an item."""

    def __init__(
        self, shelf: Shelf, postings: PostingStore, cohorts: CohortStore, keys: PostingKeys, words: Words
    ) -> None:
        self._shelf = shelf
        self._postings = postings
        self._cohorts = cohorts
        self._keys = keys
        self._words = words

    async def draw(self, caller: Caller, posting_id: str) -> Card:
        """Show a trainee her card, a supervisor all of them. Raises NotAllowed, NotFound, BadInput when closed."""
        posting = await self._postings.get(posting_id)
        cohort = await self._cohorts.get(posting.cohort_id) if posting else None
        if posting is None or cohort is None:
            raise NotFound
        role, locale = cohort.role_of(caller), cohort.heard_by(caller).locale
        if role is None:
            raise NotAllowed
        cards = (await self._shelf.item(posting.cohort_id, posting.item_id)).role_cards
        if not cards:
            raise NotFound
        title = self._words.say("responses.role.title", locale)
        if role is Role.SUPERVISOR:
            return Card("\n".join(f"- {card}" for card in cards), title=self._words.say("responses.role.all", locale))
        key = self._keys.get(posting.id)
        if key is None or posting.state is PostingState.CLOSED:
            raise BadInput("responses.posting_closed")
        drawn = hmac.digest(key, f"role/{anonymity.tag_of(key, caller.member)}".encode(), "sha256")
        card = cards[int.from_bytes(drawn[:8], "big") % len(cards)]
        return Card(card, title=title, footer=self._words.say("responses.role.free", locale))
