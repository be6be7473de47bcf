"""What the rounds ask of whoever carries out one kind of duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.ports.duties import Delivery


@dataclass(frozen=True, slots=True)
class Done:
    """The work was carried out, now or on an earlier try."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """There is nothing to do any more. `reason` is a short name of ours, never a member's words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """It is too late to do it. `reason` is a short name of ours, never a member's words."""

    reason: str


Outcome = Done | Skipped | Missed


class Performer(Protocol):
    """Carries out one kind of duty.

    The same delivery may come again after a crash at any point, so each performer finds out what it did before
    (`delivery.attempts` above 1 says that there was an earlier try). Whatever it raises gives the delivery back, to
    be tried again later; only a returned outcome ends it.
    """

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Do the work due at `delivery.due`; `now` is aware UTC."""
        ...

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Tell those responsible that a delivery does not go, and that it will be tried again.

        Called when it is worth their attention, until it succeeds once in the life of the process. A restart may call
        it once more, so what is posted carries an idempotency key.
        """
        ...
