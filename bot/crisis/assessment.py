"""What the screen decided about one message, and why, without keeping a word of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """How to meet the writer, from most to least urgent."""

    A = "A"
    """Urgent: the writer is at imminent risk, or about to harm, or in danger now."""
    B = "B"
    """Supportive: the writer's own suffering, without time, means, plan or act."""
    C = "C"
    """Take it to your supervisor now: a client, friend or peer is at risk."""
    N = "N"
    """Nothing at all."""

    @property
    def urgency(self) -> int:
        """3 for A down to 0 for N, so that the most worrying finding of a message can win."""
        return {"A": 3, "B": 2, "C": 1, "N": 0}[self.value]


class Subject(StrEnum):
    """Whose risk the message speaks of."""

    SELF = "self"
    OTHER = "other"
    NOBODY = "nobody"


class Span(NamedTuple):
    """A half-open range of code points in the original message."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """The screen's answer. Safe to log and to store: it holds rule ids and offsets, never text.

    ``rules`` are the ids that decided, ``spans`` where they spoke (same order, original offsets),
    ``modifiers`` what strengthened or coloured them (a view such as ``folded``, ``time``, ``upgraded``)
    and ``suppressed`` the ``rule:reason`` pairs that would have spoken had the context not silenced them.
    """

    action: Action
    rules: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    subject: Subject = Subject.NOBODY
    modifiers: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()

    def explain(self) -> str:
        """One line for a supervisor or a log: ids and offsets only."""
        if self.action is Action.N and not self.suppressed:
            return "N: no rule spoke"
        parts = [f"{self.action}: {', '.join(self.rules) or 'no rule spoke'}"]
        if self.subject is not Subject.NOBODY:
            parts.append(f"about {self.subject}")
        if self.modifiers:
            parts.append(f"with {', '.join(self.modifiers)}")
        if self.suppressed:
            parts.append(f"silenced {', '.join(self.suppressed)}")
        return "; ".join(parts)


NOTHING = Assessment(Action.N)
