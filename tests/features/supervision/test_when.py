"""Dates and times as supervisors type them."""

# Wall time has no zone of its own.
# ruff: noqa: DTZ001

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rhythm import Rule, every_weeks
from bot.supervision.when import clock_change, parse_day, parse_time

THURSDAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("1 Dec 2026", date(2026, 12, 1)),
        ("1. december 2026", date(2026, 12, 1)),
        ("1st of December, 2026", date(2026, 12, 1)),
        ("  Dec  1,  2026 ", date(2026, 12, 1)),
        ("december 1st", date(2026, 12, 1)),
        ("1 Dec", date(2026, 12, 1)),
        ("3 Sept", date(2027, 9, 3)),
        ("18 nov", date(2027, 11, 18)),
        ("19 nov", THURSDAY),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("today", THURSDAY),
        ("Tomorrow", date(2026, 11, 20)),
        ("friday", date(2026, 11, 20)),
        ("Wed", date(2026, 11, 25)),
        ("thursday", date(2026, 11, 26)),
    ],
)
def test_days_that_have_one_meaning_are_read(text: str, day: date) -> None:
    assert parse_day(text, THURSDAY) == day


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("01/12/2026", "date"),
        ("1.12.26", "date"),
        ("2026-13-01", "date"),
        ("2026-02-30", "date"),
        ("30 Feb", "date"),
        ("31 Jum 2026", "date"),
        ("1 decimal 2026", "date"),
        ("next week", "date"),
        ("", "date"),
        ("2026-11-18", "past"),
        ("1 Dec 2025", "past"),
        ("2062-12-01", "far"),
    ],
)
def test_any_other_day_is_sent_back_with_the_mend(text: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_day(text, THURSDAY)
    assert (caught.value.key, caught.value.values) == (f"supervision.bad.{key}", {"field": "date"})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:30", time(18, 30)),
        ("18.30", time(18, 30)),
        (" 9:05 ", time(9, 5)),
        ("6:30pm", time(18, 30)),
        ("6:30 P.M.", time(18, 30)),
        ("6pm", time(18)),
        ("12am", time(0)),
        ("12:15 pm", time(12, 15)),
        ("00:00", time(0)),
    ],
)
def test_times_are_read(text: str, at: time) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize("text", ["18", "24:00", "18:60", "13pm", "0am", "half past six", "", "18:3", "6:30 xm"])
def test_any_other_time_is_sent_back_with_the_mend(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_time(text)
    assert (caught.value.key, caught.value.values) == ("supervision.bad.time", {"field": "time"})


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_readers(text: str) -> None:
    with suppress(BadInput):
        assert parse_day(text, THURSDAY) >= THURSDAY
    with suppress(BadInput):
        parse_time(text)


@given(st.dates(THURSDAY, date(2028, 11, 1)))
def test_every_day_to_come_can_be_written(day: date) -> None:
    assert parse_day(day.isoformat(), THURSDAY) == day
    assert parse_day(f"{day:%d %B %Y}", THURSDAY) == day
    assert parse_day(f"{day:%b} {day.day}, {day.year}", THURSDAY) == day


NOVEMBER = datetime(2026, 11, 19, tzinfo=UTC)


def test_a_wall_time_that_the_spring_skips_is_foreseen() -> None:
    change = clock_change(every_weeks(1, datetime(2026, 11, 22, 2, 30), "Europe/Berlin"), NOVEMBER)
    assert change is not None
    assert (change.occurrence, change.shows, change.skipped) == (
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        time(3, 30),
        True,
    )


def test_a_wall_time_that_the_autumn_doubles_is_foreseen() -> None:
    change = clock_change(every_weeks(1, datetime(2026, 11, 22, 1, 30), "America/New_York"), NOVEMBER)
    assert change is not None
    assert (change.occurrence, change.skipped) == (datetime(2027, 11, 7, 5, 30, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "rule",
    [
        every_weeks(1, datetime(2026, 11, 24, 18, 30), "Europe/Berlin"),
        every_weeks(1, datetime(2026, 11, 22, 2, 30), "UTC"),
        Rule(None, "Europe/Berlin", datetime(2026, 12, 6, 2, 30)),
    ],
)
def test_most_sessions_know_nothing_of_it(rule: Rule) -> None:
    assert clock_change(rule, NOVEMBER) is None
