"""What the screen decided lately, so that its reader can say that it was wrong; in memory, and of no person.

A decision is known by what its card's buttons are about, which leads to nobody without the process's own secret or
the posting's key. It is taken out when somebody says something of it, and forgotten with the process.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.crisis.assessment import Assessment

_KEPT = 2000


class Decisions:
    """The newest decisions that led to a card."""

    def __init__(self) -> None:
        self._decisions: OrderedDict[str, Assessment] = OrderedDict()

    def note(self, subject: str, found: Assessment | str) -> None:
        """Remember a decision; a failure of the screen (its kind, as text) is none."""
        if isinstance(found, str):
            return
        self._decisions[subject] = found
        if len(self._decisions) > _KEPT:
            self._decisions.popitem(last=False)

    def take(self, subject: str) -> Assessment | None:
        """Return a decision and forget it, so that nobody speaks of it twice."""
        return self._decisions.pop(subject, None)
