"""Postings: one item standing in a cohort's channel with its thread, and supervisors' wishes for the next ones.

Guarantees of every adapter: `plan` is atomic on the posting's id and returns what stands there already, so that
a repeated delivery finds its first choice again; states change only as `move` is told, compare-and-set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.people import MessageRef, Place


class PostingState(StrEnum):
    """The life of a posting. Its key lives from PLANNED to LOCKED and is destroyed on the way to CLOSED."""

    PLANNED = "planned"
    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Posting:
    """One item as posted. `day` is the cohort's calendar day; `why` is rotation's record, kept for `/why`.

    `on_demand` ones, which a supervisor asked for, count for repeats and not for the weekly budget.
    """

    id: str
    cohort_id: str
    item_id: str
    day: date
    why: Mapping[str, Any] = field(hash=False)
    state: PostingState = PostingState.PLANNED
    message: MessageRef | None = None
    thread: Place | None = None
    closes_at: datetime | None = None

    @property
    def on_demand(self) -> bool:
        return bool(self.why.get("on_demand"))


class WishKind(StrEnum):
    """What a supervisor may wish for an item."""

    PIN = "pin"
    PIN_ANYWAY = "pin-anyway"  # she was told what it breaks, and meant it
    SKIP = "skip"
    RETIRE = "retire"
    APPROVE = "approve"  # read by a supervisor of this cohort, and good enough for it


@dataclass(frozen=True, slots=True)
class Wish:
    """A supervisor's wish. For a pin, `day` is when (None: next); for SKIP, until when; the others have none."""

    cohort_id: str
    item_id: str
    kind: WishKind
    day: date | None = None


class PostingStore(Protocol):
    """Keeps postings and wishes."""

    async def plan(self, posting: Posting) -> Posting:
        """Insert, or return the posting that has this id already."""
        ...

    async def get(self, posting_id: str) -> Posting | None: ...

    async def in_thread(self, thread: Place) -> Posting | None: ...

    async def latest(self, cohort_id: str) -> Posting | None:
        """Return the cohort's newest posting that stands in its channel (by day, then by when it was planned)."""
        ...

    async def history(self, cohort_id: str, since: date | None = None) -> Sequence[Posting]:
        """Return the cohort's postings, oldest first, planned ones included."""
        ...

    async def opened(self, posting_id: str, message: MessageRef, thread: Place, closes_at: datetime) -> None:
        """Write down where a planned posting stands; it is OPEN now."""
        ...

    async def move(self, posting_id: str, to: PostingState, *, only_from: Sequence[PostingState]) -> bool:
        """Change the state if it is one of `only_from`; say whether it did."""
        ...

    async def set_closing(self, posting_id: str, closes_at: datetime) -> None: ...

    async def unplanned(self, posting_id: str) -> None:
        """Drop a posting that never came to stand anywhere (PLANNED only)."""
        ...

    async def wishes(self, cohort_id: str) -> Sequence[Wish]: ...

    async def wish(self, wish: Wish) -> None:
        """Add a wish, replacing one of the same kind for the same item."""
        ...

    async def unwish(self, cohort_id: str, item_id: str, kind: WishKind) -> bool:
        """Take a wish back; say whether there was one."""
        ...
