"""Reading dates and times as supervisors type them, and foreseeing what clock changes do to a session.

Only forms with one meaning are read. 1/12/2026 is January to some and December to others, so it is sent back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.rhythm import Rule, fires

_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=371)
_FARTHEST = timedelta(days=731)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?(?: of)? ([a-z]{3,9})\.?,?(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?)?")


def parse_day(text: str, today: date) -> date:
    """Read a day from `today` on: `2026-12-01`, `1 Dec 2026`, `Dec 1`, `today`, `tomorrow`, or a weekday's name.

    A weekday is the coming one, never today; a date without a year is its next. Raises BadInput for anything else,
    for the past, and for more than two years ahead.
    """
    words = " ".join(text.casefold().split())
    day = _named_day(words, today) or _written_day(words, today)
    if day is None:
        raise BadInput("supervision.bad.date", field="date")
    if day < today:
        raise BadInput("supervision.bad.past", field="date")
    if day > today + _FARTHEST:
        raise BadInput("supervision.bad.far", field="date")
    return day


def parse_time(text: str) -> time:
    """Read a time of day: `18:30`, `18.30`, `6:30pm`, `6 pm`. Raises BadInput for anything else."""
    match = _TIME.fullmatch(" ".join(text.casefold().split()))
    if match is None or (match[2] is None and match[3] is None):
        raise BadInput("supervision.bad.time", field="time")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "p" else 0) if 1 <= hour <= 12 else 24
    try:
        return time(hour, minute)
    except ValueError:
        raise BadInput("supervision.bad.time", field="time") from None


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One occurrence whose wall time the clocks skip, so that they `shows` another one, or show twice."""

    occurrence: datetime
    shows: time
    skipped: bool


def clock_change(rule: Rule, after: datetime) -> ClockChange | None:
    """Find the first occurrence in the year after `after` (aware UTC) that a change of the clocks hits, if any does."""
    zone = ZoneInfo(rule.zone)
    for _, occurrence in fires(rule, after):
        if occurrence > after + _A_YEAR:
            break
        shown = occurrence.astimezone(zone)
        if shown.time() != rule.anchor.time():
            return ClockChange(occurrence, shown.time(), skipped=True)
        if shown.utcoffset() != shown.replace(fold=1).utcoffset():
            return ClockChange(occurrence, shown.time(), skipped=False)
    return None


def _named_day(words: str, today: date) -> date | None:
    if words in ("today", "tomorrow"):
        return today + _DAY * (words == "tomorrow")
    for number, name in enumerate(_WEEKDAYS):
        if words in (name, name[:3]):
            return today + _DAY * ((number - today.weekday() - 1) % 7 + 1)
    return None


def _written_day(words: str, today: date) -> date | None:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return _date(int(words[:4]), int(words[5:7]), int(words[8:]))
    if match := _DAY_FIRST.fullmatch(words):
        day, month, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(words):
        month, day, year = match.groups()
    else:
        return None
    if month[:3] not in _MONTHS or not _MONTH_NAMES[_MONTHS.index(month[:3])].startswith(month):
        return None
    number = _MONTHS.index(month[:3]) + 1
    if year:
        return _date(int(year), number, int(day))
    coming = (_date(today.year + n, number, int(day)) for n in (0, 1))
    return next((found for found in coming if found and found >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
