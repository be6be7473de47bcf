"""Recurrence and zones: when something that repeats happens next, on people's clocks.

A rule is RRULE text on naive wall time plus an IANA zone, so that nine o'clock stays nine o'clock when the
clocks change. A wall time that the spring change skips happens an hour later by the clock; one that the
autumn change repeats happens once, the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """When something repeats.

    `anchor` is the naive wall time of one occurrence in `zone`; `rrule` None means just that once. `lead` is how
    long before the occurrence the rule fires: whole days are counted on the wall clock ("the day before, same
    time"), anything shorter in real time.
    """

    rrule: str | None
    zone: str
    anchor: datetime
    lead: timedelta = timedelta(0)

    def re_anchored(self, occurrence: datetime) -> Rule:
        """Move the anchor to an occurrence that this very rule gave, so that old rules stay cheap to compute."""
        zone = ZoneInfo(self.zone)
        day = occurrence.astimezone(zone).date()
        # The anchor is what the rule meant, not what the clock showed: an occurrence that the spring change pushed to
        # 03:30 (or past midnight, into the next day) keeps its 02:30.
        walls = (datetime.combine(day - n * _A_DAY, self.anchor.time()) for n in (0, 1))
        return replace(self, anchor=next(wall for wall in walls if _instant(wall, zone) == occurrence))


def on_days(days: frozenset[int], at: time, zone: str, from_day: date) -> Rule:
    """Make the rule of a daily posting: each of `days` (Monday is 0) at wall time `at` from `from_day` on."""
    text = "FREQ=WEEKLY;BYDAY=" + ",".join(_BYDAY[day] for day in sorted(days))
    first = next(from_day + timedelta(days=n) for n in range(7) if (from_day + timedelta(days=n)).weekday() in days)
    return Rule(text, zone, datetime.combine(first, at))


def every_weeks(weeks: int, starts: datetime, zone: str) -> Rule:
    """Make the rule of a supervision session every `weeks` weeks, first at naive wall time `starts`."""
    return Rule(f"FREQ=WEEKLY;INTERVAL={weeks}", zone, starts)


def once(at: datetime, zone: str = "UTC") -> Rule:
    """Make a rule that fires just once, at the aware instant `at`.

    The second of two like wall times cannot be said in wall time, and is then kept in UTC.
    """
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if _instant(wall, ZoneInfo(zone)) != at:
        return Rule(None, "UTC", at.astimezone(UTC).replace(tzinfo=None))
    return Rule(None, zone, wall)


def fires(rule: Rule, after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give (fire instant, occurrence instant), both aware UTC, for each firing strictly after `after`, in order."""
    zone = ZoneInfo(rule.zone)
    if rule.rrule is None:
        pair = _instants(rule.anchor, rule.lead, zone)
        if pair[0] > after:
            yield pair
        return
    series = rrulestr(rule.rrule, dtstart=rule.anchor)
    # Start two days early on the wall clock: offsets and the lead may move an instant across midnight.
    wall = after.astimezone(zone).replace(tzinfo=None) + rule.lead - 2 * _A_DAY
    for occurrence in series.xafter(wall, inc=True):
        pair = _instants(occurrence, rule.lead, zone)
        if pair[0] > after:
            yield pair


def next_fire(rule: Rule, after: datetime) -> tuple[datetime, datetime] | None:
    """Return the first (fire, occurrence) strictly after `after`, or None when the rule has come to its end."""
    return next(fires(rule, after), None)


def local_day(instant: datetime, zone: str) -> date:
    """Return the calendar day of an aware instant where people live by `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """Return the aware UTC instant at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _instants(wall: datetime, lead: timedelta, zone: ZoneInfo) -> tuple[datetime, datetime]:
    occurrence = _instant(wall, zone)
    if lead >= _A_DAY:
        return _instant(wall - lead, zone), occurrence
    return occurrence - lead, occurrence
