"""Where a cohort is in its curriculum: which slot a day has, and which words open and close its week.

A week of the curriculum is a week in which the cohort posts. One that is all holiday or pause does not count, so that
nobody loses a week; which week it is follows from when the curriculum began and what was posted since. Slots lie on
weekdays: a cohort that posts on three days meets the slots of these three.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.ports.plans import Enrolment
from bot.prompts.item import Sequence, Slot
from bot.prompts.why import Lesson

_A_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Placed:
    """What the curriculum has for one day; a day between its slots has a lesson all the same."""

    lesson: Lesson
    slot: Slot | None


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _A_DAY


def first_week(today: date, posted: Collection[date]) -> date:
    """Return the Monday on which a curriculum begins that is chosen today: this week's, if nothing came in it."""
    monday = monday_of(today)
    return monday + _A_WEEK if any(monday <= day <= today for day in posted) else monday


def week_number(sequence: Sequence, enrolment: Enrolment, monday: date, counts: Callable[[date], bool]) -> int | None:
    """Return which week of the curriculum, from 1, begins on `monday`; None before it begins and after it has ended.

    `counts` says of an earlier Monday whether its week was one in which the cohort posts.
    """
    if monday < enrolment.started_on:
        return None
    left = [number for number in range(1, len(sequence.weeks) + 1) if number not in enrolment.skipped]
    done = sum(map(counts, _mondays(enrolment.started_on, monday - _A_DAY)))
    return left[done] if done < len(left) else None


def place(
    sequence: Sequence,
    enrolment: Enrolment,
    today: date,
    until: date,
    posted: Collection[date],
    expected: Callable[[date], bool],
) -> Mapping[date, Placed]:
    """Lay the curriculum over the days from `today` to `until`.

    `posted` are the days of the daily postings so far; `expected` says of a day from today on whether one will come.
    """

    def days_of(monday: date) -> list[date]:
        week = (monday + n * _A_DAY for n in range(7))
        return [day for day in week if day in posted or (day >= today and expected(day))]

    placed: dict[date, Placed] = {}
    slots = {(slot.week, slot.day): slot for slot in sequence.slots}
    for monday in _mondays(monday_of(today), until):
        number = week_number(sequence, enrolment, monday, lambda week: bool(days_of(week)))
        days = days_of(monday)
        if number is None:
            continue
        for day in days:
            if today <= day <= until:
                lesson = _lesson(sequence, enrolment, number, opens=day == days[0], closes=day == days[-1])
                placed[day] = Placed(lesson, slots.get((number, day.isoweekday())))
    return placed


def _lesson(sequence: Sequence, enrolment: Enrolment, number: int, *, opens: bool, closes: bool) -> Lesson:
    week = sequence.weeks[number - 1]
    left = [each for each in range(1, len(sequence.weeks) + 1) if each not in enrolment.skipped]
    opening = [sequence.opening_text, week.opening] if number == left[0] else [week.opening]
    closing = [week.closing, sequence.closing_text] if number == left[-1] else [week.closing]
    return Lesson(
        sequence_id=sequence.id,
        week=number,
        weeks=len(sequence.weeks),
        title=week.title,
        opening="\n\n".join(opening) if opens else "",
        closing="\n\n".join(closing) if closes else "",
    )


def _mondays(first: date, last: date) -> Iterator[date]:
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += _A_WEEK
