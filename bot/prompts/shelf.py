"""What a cohort may draw from: the library that ships, and whatever a cohort adds to it or decides about it.

Rotation never asks where an item comes from. Whoever gives cohorts items of their own, or lets them review an item
otherwise than the library does, puts another shelf in this one's place.
"""

from __future__ import annotations

from typing import Protocol

from bot.prompts.item import Item, Library


class Shelf(Protocol):
    """The items of one cohort."""

    async def of(self, cohort_id: str) -> Library:
        """Return all that the cohort may draw from, each item with the review status that holds for this cohort."""
        ...

    async def item(self, cohort_id: str, item_id: str) -> Item:
        """Return one of a cohort's items, also one that it draws no more. Raises KeyError for any other."""
        ...


class ShippedShelf:
    """The library that ships, the same for every cohort."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def of(self, cohort_id: str) -> Library:
        return self._library

    async def item(self, cohort_id: str, item_id: str) -> Item:
        return self._library.item(item_id)
