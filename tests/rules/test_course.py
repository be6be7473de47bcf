"""A curriculum laid over real weeks: holidays, pauses, weeks left out, groups that post on three days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.ports.plans import Enrolment
from bot.prompts.course import first_week, place
from bot.prompts.item import Sequence, Slot, Week
from bot.prompts.turnout import is_quiet

MONDAY = date(2027, 1, 4)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
COURSE = Sequence(
    id="three",
    title="Three weeks",
    weeks=tuple(Week(f"Week {n}", f"Open {n}.", f"Close {n}.") for n in (1, 2, 3)),
    audience_level=(1,),
    slots=tuple(Slot(week, day, f"p-theme-{week}{day:02}") for week in (1, 2, 3) for day in (1, 2, 5)),
    opening_text="Welcome.",
    closing_text="That was all.",
)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def laid(
    today: date,
    posted: set[date],
    expected: Callable[[date], bool] = weekdays,
    skipped: frozenset[int] = frozenset(),
    started: date = MONDAY,
) -> dict[date, tuple[int, str, str, str | None]]:
    enrolment = Enrolment("c", "three", started, skipped)
    course = place(COURSE, enrolment, today, today + timedelta(days=28), posted, expected)
    return {
        day: (each.lesson.week, each.lesson.opening, each.lesson.closing, each.slot.item_id if each.slot else None)
        for day, each in course.items()
    }


def test_three_weeks_have_their_slots_and_open_and_close() -> None:
    course = laid(MONDAY, set())
    assert len(course) == 15
    assert course[MONDAY] == (1, "Welcome.\n\nOpen 1.", "", "p-theme-101")
    assert course[MONDAY + 2 * DAY] == (1, "", "", None), "a day between slots belongs to its week"
    assert course[MONDAY + 4 * DAY] == (1, "", "Close 1.", "p-theme-105")
    assert course[MONDAY + 2 * WEEK] == (3, "Open 3.", "", "p-theme-301")
    assert course[MONDAY + 2 * WEEK + 4 * DAY] == (3, "", "Close 3.\n\nThat was all.", "p-theme-305")


def test_a_holiday_moves_the_opening_and_a_week_of_them_costs_nobody_a_week() -> None:
    course = laid(MONDAY, set(), lambda day: weekdays(day) and day != MONDAY)
    assert course[MONDAY + DAY][:2] == (1, "Welcome.\n\nOpen 1.")
    free = laid(MONDAY, set(), lambda day: weekdays(day) and not MONDAY + WEEK <= day < MONDAY + 2 * WEEK)
    assert {day: each[0] for day, each in free.items() if day.weekday() == 0} == {
        MONDAY: 1,
        MONDAY + 2 * WEEK: 2,
        MONDAY + 3 * WEEK: 3,
    }


def test_where_it_is_follows_from_what_was_posted() -> None:
    posted = {MONDAY, MONDAY + DAY, MONDAY + 2 * WEEK}
    today = MONDAY + 2 * WEEK + DAY
    course = laid(today, posted)
    assert course[today] == (2, "", "", "p-theme-202"), "the week between was silent"
    assert course[today + 3 * DAY][2] == "Close 2."
    assert course[MONDAY + 3 * WEEK][0] == 3
    assert MONDAY + 4 * WEEK not in course


def test_a_week_left_out_is_not_met_and_the_frame_closes_all_the_same() -> None:
    course = laid(MONDAY, set(), skipped=frozenset({1, 3}))
    assert {each[0] for each in course.values()} == {2}
    assert course[MONDAY][1] == "Welcome.\n\nOpen 2."
    assert course[MONDAY + 4 * DAY][2] == "Close 2.\n\nThat was all."


def test_it_begins_when_it_begins_and_ends_when_it_ends() -> None:
    assert min(laid(MONDAY - WEEK, set())) == MONDAY
    done = {MONDAY + n * WEEK for n in range(3)}
    assert laid(MONDAY + 3 * WEEK, done) == {}


def test_a_group_that_posts_on_three_days_meets_their_slots() -> None:
    course = laid(MONDAY, set(), lambda day: day.weekday() in (0, 2, 4))
    assert [each[3] for each in course.values()][:3] == ["p-theme-101", None, "p-theme-105"]
    assert course[MONDAY + 4 * DAY][2] == "Close 1."


@pytest.mark.parametrize(
    ("today", "posted", "monday"),
    [
        (MONDAY, set(), MONDAY),
        (MONDAY + 2 * DAY, set(), MONDAY),
        (MONDAY + 2 * DAY, {MONDAY + DAY}, MONDAY + WEEK),
        (MONDAY, {MONDAY - 3 * DAY}, MONDAY),
    ],
)
def test_which_week_is_the_first(today: date, posted: set[date], monday: date) -> None:
    assert first_week(today, posted) == monday


@pytest.mark.parametrize(
    ("counts", "quiet"),
    [
        ([], False),
        ([4] * 12 + [0, 0, 0], True),
        ([4] * 12 + [1, 1, 0], True),
        ([4] * 12 + [1, 1, 1], False),
        ([4] * 12 + [0, 4, 0], False),
        ([1] * 12 + [0, 0, 0], False),
        ([9] * 5 + [0, 0, 0], False),
        ([0] * 15, False),
        ([40] * 20 + [2] * 12 + [2, 2, 2], False),
    ],
)
def test_a_group_is_quiet_only_by_its_total_and_only_if_it_used_to_answer(counts: list[int], quiet: bool) -> None:
    assert is_quiet(counts) is quiet
