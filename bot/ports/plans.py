"""What supervisors arranged for the coming weeks: holds, seasons, requests, a curriculum, and what they were shown.

Guarantees of every adapter: each verb is one transaction; what is arranged, enrolled or shown again replaces what stood
there, so a repeated press changes nothing. Days are the cohort's own calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol


class ArrangementKind(StrEnum):
    """What may be arranged."""

    HOLD = "hold"
    SEASON = "season"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Something that holds until it is undone. `subject` is a hold flag, a season, or the theme that was asked for.

    A season has its `first` and `last` day; a hold has the day on which it was raised; a request the day it was made.
    """

    cohort_id: str
    kind: ArrangementKind
    subject: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A cohort on its way through a curriculum.

    `started_on` is the Monday on which it began; `skipped` are the weeks of it, from 1, that supervisors left out.
    Which week it is follows from these and from the weeks in which anything was posted: nothing has to be counted on.
    """

    cohort_id: str
    sequence_id: str
    started_on: date
    skipped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Showing:
    """What supervisors were shown for a day, with rotation's record of that moment."""

    cohort_id: str
    day: date
    item_id: str
    why: Mapping[str, Any] = field(hash=False)


class PlanStore(Protocol):
    """Keeps a cohort's arrangements, its curriculum and what its supervisors were shown."""

    async def arranged(self, cohort_id: str) -> Sequence[Arrangement]:
        """Return everything arranged, by kind and subject."""
        ...

    async def arrange(self, arrangement: Arrangement) -> None: ...

    async def undo(self, cohort_id: str, kind: ArrangementKind, subject: str) -> bool:
        """Undo an arrangement; say whether there was one."""
        ...

    async def enrolment(self, cohort_id: str) -> Enrolment | None: ...

    async def enrol(self, enrolment: Enrolment) -> None: ...

    async def leave(self, cohort_id: str) -> bool:
        """End the curriculum; say whether there was one."""
        ...

    async def shown(self, cohort_id: str, since: date) -> Sequence[Showing]:
        """Return what was shown for `since` and later, by day."""
        ...

    async def show(self, showing: Showing) -> None: ...

    async def unshow(self, cohort_id: str, day: date) -> None: ...
