"""Why an item was chosen, or nothing was: the record behind `/why`, kept with each posting.

Codes and values, no sentences: the doors put them into words of the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from bot.prompts.item import Item


class Source(StrEnum):
    """Where the choice came from, in order of priority."""

    PINNED = "pinned"
    SEQUENCE = "sequence"
    REQUEST = "request"
    SEASONAL = "seasonal"
    POOL = "pool"


class Rule(StrEnum):
    """Rules that give way when nothing else fits; they are given up in this order.

    Names and openings go first: a library short of names would otherwise never show its vignettes.
    """

    CAST = "cast"
    OPENING = "opening"
    FORMAT = "format"
    THEME_GAP = "theme-gap"
    LEVEL = "level"
    RESTORATIVE = "restorative"
    REPEAT_AGE = "repeat-age"


class Refusal(StrEnum):
    """Why an item of the library was out of the question on a day."""

    RETIRED = "retired"
    STATUS = "status"
    LOCALE = "locale"
    MODALITY = "modality"
    LEVELS = "levels"
    KIND = "kind"
    THEME = "theme"
    HELD = "held"
    SKIPPED = "skipped"
    OUT_OF_SEASON = "out-of-season"
    RELEASED_ONLY = "released-only"
    RESERVED = "reserved"
    RECENT = "recent"
    INTENSITY = "intensity"


class Limit(StrEnum):
    """What keeps the heavier items back on a day."""

    FIRST_FORTNIGHT = "first-fortnight"
    BEFORE_A_GAP = "before-a-gap"
    NO_MODERATOR = "no-moderator"
    HEAVY_THIS_WEEK = "heavy-this-week"
    AFTER_A_HEAVY = "after-a-heavy"
    WEEKLY_SUM = "weekly-sum"
    ON_DEMAND = "on-demand"
    QUIET_GROUP = "quiet-group"


class Remark(StrEnum):
    """Something a supervisor would want to know about how the choice came about."""

    PIN_UNKNOWN = "pin-unknown"
    PIN_BELOW_FLOOR = "pin-below-floor"
    PIN_NEEDS_CONFIRMATION = "pin-needs-confirmation"
    PIN_CONFIRMED = "pin-confirmed"
    SLOT_UNAVAILABLE = "slot-unavailable"
    REQUEST_WAITS = "request-waits"
    SHOWN_BEFORE = "shown-before"
    SHOWN_CHANGED = "shown-changed"


class Reason(StrEnum):
    """Why a day goes without an item."""

    PAUSED = "paused"
    QUIET_DAY = "quiet-day"
    NOTHING_ELIGIBLE = "nothing-eligible"
    NOTHING_LIGHT_ENOUGH = "nothing-light-enough"
    ALL_RECENT = "all-recent"
    NOT_SHOWN = "not-shown"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a pin, a slot or a request; `about` is an item id or a theme."""

    remark: Remark
    about: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """Where a day stands in a curriculum, with the words of its week where it is the first or the last posting of it.

    The words stand here, so that a posting keeps them whatever becomes of the curriculum's file.
    """

    sequence_id: str
    week: int
    weeks: int
    title: str
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The record of one choice.

    `eligible` items could be posted by this cohort at all, `unseen` of them had not been posted yet,
    `waiting` of the unseen were too heavy for the day because of `limits`, `fitting` were left to choose
    from. `relaxed` are the rules that the chosen item breaks. `last_used` is set when it is a repeat.
    `score` has the parts that decided between the fitting ones. `lesson` is the day's place in a curriculum.
    """

    day: date
    source: Source
    eligible: int = 0
    unseen: int = 0
    waiting: int = 0
    fitting: int = 0
    limits: tuple[Limit, ...] = ()
    relaxed: tuple[Rule, ...] = ()
    last_used: date | None = None
    score: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    lesson: Lesson | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return {
            "day": self.day.isoformat(),
            "source": self.source.value,
            "eligible": self.eligible,
            "unseen": self.unseen,
            "waiting": self.waiting,
            "fitting": self.fitting,
            "limits": [limit.value for limit in self.limits],
            "relaxed": [rule.value for rule in self.relaxed],
            "last_used": self.last_used.isoformat() if self.last_used else None,
            "score": dict(self.score),
            "notes": [{"remark": note.remark.value, "about": note.about} for note in self.notes],
            "lesson": asdict(self.lesson) if self.lesson else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; `KeyError` or `ValueError` for anything else."""
        return cls(
            day=date.fromisoformat(data["day"]),
            source=Source(data["source"]),
            eligible=data["eligible"],
            unseen=data["unseen"],
            waiting=data["waiting"],
            fitting=data["fitting"],
            limits=tuple(Limit(limit) for limit in data["limits"]),
            relaxed=tuple(Rule(rule) for rule in data["relaxed"]),
            last_used=date.fromisoformat(data["last_used"]) if data["last_used"] else None,
            score=dict(data["score"]),
            notes=tuple(Note(Remark(note["remark"]), note["about"]) for note in data["notes"]),
            # Postings from before there were curricula have no lesson.
            lesson=Lesson(**data["lesson"]) if data.get("lesson") else None,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The item for the day."""

    item: Item
    why: Why


@dataclass(frozen=True, slots=True)
class Nothing:
    """No item for the day; `refused` counts the library's items by what spoke against them."""

    day: date
    reason: Reason
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
