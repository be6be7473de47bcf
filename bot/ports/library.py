"""What a cohort adds to the library for itself: items of its own, suggestions of its members, opinions of items.

An item is kept as the text of a content file; what that text means is not the store's business. Guarantees of every
adapter: what is kept again under the same id changes nothing; a suggestion is decided once; an opinion is counted once
a tag, and tags die with their posting's key while the counts stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.people import Member

APPROVED, DECLINED = "approved", "declined"
"""What supervisors may decide about a suggestion."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """An item of a cohort's own, as text. `copy_of` is the item that it was made from, if it was."""

    id: str
    cohort_id: str
    text: str
    added_on: date
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A member's wish for an item. `shown` is who made it, only if she wants to be shown and only until it is decided.

    `theme` may be empty. `decided` is empty while supervisors have not said anything.
    """

    id: str
    cohort_id: str
    kind: str
    title: str
    body: str
    question: str
    theme: str = ""
    reason: str = ""
    shown: Member | None = None
    decided: str = ""


class Take(StrEnum):
    """What somebody may say against an item."""

    MISSED = "missed"
    STEREOTYPE = "stereotype"
    TOO_CLOSE = "too-close"


@dataclass(frozen=True, slots=True)
class Takes:
    """How often something was said against an item in a cohort."""

    cohort_id: str
    item_id: str
    take: Take
    times: int


class OwnItemStore(Protocol):
    """Keeps items of cohorts' own."""

    async def keep(self, own: OwnText, *, answers: str = "") -> OwnText | None:
        """Insert, or return what stands under this id already (the same event delivered twice).

        With `answers`, a suggestion is approved in the same step; None, and nothing kept, if it was decided before.
        """
        ...

    async def of_cohort(self, cohort_id: str) -> Sequence[OwnText]:
        """Return a cohort's own items, by id."""
        ...


class SuggestionStore(Protocol):
    """Keeps suggestions until their cohort is removed; who made one, no longer than until it is decided."""

    async def add(self, suggestion: Suggestion) -> bool:
        """Insert; False if the id is known already (the same event delivered twice)."""
        ...

    async def get(self, suggestion_id: str) -> Suggestion | None: ...

    async def open(self, cohort_id: str) -> Sequence[Suggestion]:
        """Return what waits for a decision, by id."""
        ...

    async def decide(self, suggestion_id: str, decided: str) -> bool:
        """Write the decision down, once, and forget who suggested it; False if somebody decided before."""
        ...


class OpinionStore(Protocol):
    """Counts what is said against items."""

    async def add(self, posting_id: str, tag: str, takes: Takes) -> bool:
        """Count one opinion (`takes.times` is not read); False if this tag gave one about this posting before."""
        ...

    async def of_cohort(self, cohort_id: str) -> Sequence[Takes]: ...

    async def every(self) -> Sequence[Takes]: ...
