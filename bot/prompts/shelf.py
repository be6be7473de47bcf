"""What a cohort may draw from: the library that ships, and whatever a cohort adds to it or decides about it.

Rotation never asks where an item comes from. Whoever gives cohorts items of their own, or lets them review an item
otherwise than the library does, puts another shelf in this one's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.people import Cohort
from bot.prompts.item import Item, Library


class Shelf(Protocol):
    """The items of one cohort."""

    async def items(self, cohort: Cohort) -> Sequence[Item]:
        """Return all that the cohort may draw from, each with the review status that holds for this cohort."""
        ...

    async def item(self, cohort_id: str, item_id: str) -> Item:
        """Return one of a cohort's items, also one that it draws no more. Raises KeyError for any other."""
        ...


class ShippedShelf:
    """The library that ships, the same for every cohort."""

    def __init__(self, library: Library) -> None:
        self._items = library.items
        self._by_id = {item.id: item for item in library.items}

    async def items(self, cohort: Cohort) -> Sequence[Item]:
        return self._items

    async def item(self, cohort_id: str, item_id: str) -> Item:
        return self._by_id[item_id]
