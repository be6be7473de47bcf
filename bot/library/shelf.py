"""Each cohort's own library: what is shipped, what it added, and the standing that its supervisors gave to both."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.library.checking import Checker
from bot.ports.library import OwnItemStore, OwnText
from bot.ports.postings import PostingStore, WishKind
from bot.prompts.item import Item, Library, Status

_log = logging.getLogger(__name__)

_REMEMBERED = 1000


class CohortShelf:
    """Implements `bot.prompts.shelf.Shelf`. Texts are read once a process: what is kept never changes."""

    def __init__(self, library: Library, own: OwnItemStore, postings: PostingStore, checker: Checker) -> None:
        self._library = library
        self._own = own
        self._postings = postings
        self._checker = checker
        self._read: dict[str, Item] = {}

    async def of(self, cohort_id: str) -> Library:
        added = [item for text in await self._own.of_cohort(cohort_id) if (item := self._item(text)) is not None]
        wishes = await self._postings.wishes(cohort_id)
        # What a supervisor of this cohort added, she read.
        standing = {item.id: Status.APPROVED_HERE for item in added}
        standing |= {wish.item_id: Status.APPROVED_HERE for wish in wishes if wish.kind is WishKind.APPROVE}
        standing |= {wish.item_id: Status.RETIRED for wish in wishes if wish.kind is WishKind.RETIRE}
        if not added and not standing:
            return self._library
        items = (*self._library.items, *added)
        return replace(self._library, items=tuple(_standing(item, standing.get(item.id)) for item in items))

    async def item(self, cohort_id: str, item_id: str) -> Item:
        return (await self.of(cohort_id)).item(item_id)

    def _item(self, own: OwnText) -> Item | None:
        if own.id not in self._read:
            item = self._checker.read(own.text, "en").item
            if item is None:
                # Kept by an older version whose rules were others. It is left out, never guessed at.
                _log.warning("an item of a cohort's own cannot be read any more: %s", own.id)
                return None
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[own.id] = replace(item, id=own.id, path=own.id)
        return self._read[own.id]


def _standing(item: Item, given: Status | None) -> Item:
    """Let a cohort's word stand over the library's, unless the library itself took the item back."""
    return item if given is None or item.status is Status.RETIRED else replace(item, status=given)
