"""What people said of the crisis screen's decisions: counts, and nothing from which a person or a sentence follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What somebody said of a decision."""

    WRONG_ALARM = "wrong alarm"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Opinion:
    """How often a verdict was given about a rule in a month (its first day); `rule` is empty where none spoke.

    `action` is what the screen had decided. No cohort: within a small one, a count could point at somebody.
    """

    verdict: Verdict
    action: str
    rule: str
    month: date
    times: int


class FeedbackStore(Protocol):
    """Keeps the counts."""

    async def add(self, verdict: Verdict, action: str, rules: Sequence[str], month: date) -> None:
        """Count one verdict for each of the rules, or for none of them if there are none."""
        ...

    async def every(self) -> Sequence[Opinion]: ...
