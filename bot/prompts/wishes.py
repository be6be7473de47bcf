"""What a cohort and its supervisors have asked for: everything rotation knows besides items and history.

Plain values with safe defaults, so that a caller states only what differs. Dates are the cohort's own
calendar days; time zones end at the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.prompts.item import HoldFlag, Kind, Modality, Season, Slot, Status
from bot.prompts.why import Why

WEEKDAYS = frozenset({0, 1, 2, 3, 4})
PIN_HOLDS_FOR = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Used:
    """One item as it was posted. `on_demand` postings count for repeats and spacing, not for the weekly sum."""

    item_id: str
    day: date
    on_demand: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A supervisor's "this one": on `day`, or next where there is none.

    `confirmed` says that she was told what the pin breaks (a hold, the intensity budget) and meant it.
    """

    item_id: str
    day: date | None = None
    confirmed: bool = False

    def is_due(self, day: date) -> bool:
        """Whether it applies on `day`; a missed pin stays due for a week and then lapses."""
        return self.day is None or self.day <= day < self.day + PIN_HOLDS_FOR

    def is_ahead(self, day: date) -> bool:
        return self.day is not None and day < self.day


@dataclass(frozen=True, slots=True)
class Request:
    """An approved request of members: an item by id, or the next unseen one of a theme."""

    item_id: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What supervisors were shown for a day, with the reasons of that moment."""

    item_id: str
    why: Why


@dataclass(frozen=True, slots=True)
class SeasonRange:
    """When a season is on for this cohort, both days included."""

    season: Season
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Wishes:
    """The state of a cohort's choices.

    `kind` and `theme` narrow a draw on demand. `levels` is the supervisors' own limit; `level_target` their
    own mix of levels 1 to 3 in place of the curve over the first half year. `posting_days` are weekdays
    (Monday is 0); `quiet_days` are holidays and planned pauses, `paused_until` the first day that is not
    paused any more. `covered_days` are weekdays on which a supervisor is there. `approved` are items that the
    cohort's own supervisors said yes to. `is_quiet` says that the group as a whole answers far less than it used
    to. `started` is the cohort's first day (its first posting where unknown). `slots` places a sequence on dates,
    `shown` holds what supervisors have seen coming. `seed` is the cohort's id: two cohorts see different orders.
    """

    kind: Kind | None = None
    theme: str | None = None
    on_demand: bool = False
    pinned: tuple[Pin, ...] = ()
    slots: Mapping[date, Slot] = field(default_factory=dict)
    shown: Mapping[date, Shown] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    skipped: Mapping[str, date] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset({1, 2, 3})
    level_target: tuple[float, float, float] | None = None
    locales: frozenset[str] = frozenset({"en"})
    modalities: frozenset[Modality] = frozenset(Modality)
    status_floor: Status = Status.CLINICALLY_REVIEWED
    holds: frozenset[HoldFlag] = frozenset()
    seasons: tuple[SeasonRange, ...] = ()
    posting_days: frozenset[int] = WEEKDAYS
    quiet_days: frozenset[date] = frozenset()
    paused_until: date | None = None
    covered_days: frozenset[int] = frozenset(range(7))
    is_quiet: bool = False
    started: date | None = None
    seed: str = ""

    def seasons_on(self, day: date) -> frozenset[Season]:
        return frozenset(span.season for span in self.seasons if span.first <= day <= span.last)

    def posts_on(self, day: date) -> bool:
        """Whether a posting is expected on `day`."""
        return day.weekday() in self.posting_days and day not in self.quiet_days

    def posting_dates(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last`, both included, on which a posting is expected."""
        day = first
        while day <= last:
            if self.posts_on(day):
                yield day
            day += ONE_DAY
