"""Where a schedule goes after a claim, on time and after downtime."""

# Wall time has no zone of its own.
# ruff: noqa: DTZ001

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.duties.advance import advance
from bot.ports.duties import Duty, Schedule
from bot.rhythm import Rule, every_weeks, fires, local_day, next_fire, on_days, once

BERLIN = "Europe/Berlin"
WORKDAYS = frozenset(range(5))


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


def prompt(rule: Rule, due: datetime) -> Schedule:
    return Schedule("daily", "c1", Duty.PROMPT, rule, due)


DAILY = on_days(WORKDAYS, time(9), BERLIN, date(2026, 10, 5))


def test_on_time_it_goes_to_the_next_day() -> None:
    step = advance(prompt(DAILY, berlin(10, 20, 9)), berlin(10, 20, 9))
    assert (step.occurrence, step.next_run_at) == (berlin(10, 20, 9), berlin(10, 21, 9))
    assert step.rule.anchor == datetime(2026, 10, 21, 9)


def test_a_friday_goes_to_monday_across_the_clock_change() -> None:
    step = advance(prompt(DAILY, berlin(10, 23, 9)), berlin(10, 23, 9, 1))
    assert step.next_run_at == berlin(10, 26, 9)
    assert step.next_run_at - berlin(10, 23, 9) == timedelta(days=3, hours=1)


def test_after_downtime_missed_days_are_one_delivery_of_the_latest_and_today_follows() -> None:
    step = advance(prompt(DAILY, berlin(10, 6, 9)), berlin(10, 22, 14))
    assert step.occurrence == berlin(10, 21, 9)
    assert step.next_run_at == berlin(10, 22, 9)


def test_what_is_late_within_its_day_is_not_taken_for_missed() -> None:
    step = advance(prompt(DAILY, berlin(10, 22, 9)), berlin(10, 22, 23, 59))
    assert (step.occurrence, step.next_run_at) == (berlin(10, 22, 9), berlin(10, 23, 9))


def test_a_reminder_leads_up_to_the_session_and_not_to_itself() -> None:
    weekly = every_weeks(2, datetime(2026, 10, 6, 18, 30), BERLIN)
    rule = Rule(weekly.rrule, BERLIN, weekly.anchor, timedelta(days=1))
    step = advance(Schedule("s-day", "c1", Duty.REMINDER, rule, berlin(10, 5, 18, 30)), berlin(10, 5, 18, 30))
    assert step.occurrence == berlin(10, 6, 18, 30)
    assert step.next_run_at == berlin(10, 19, 18, 30)


def test_what_is_for_once_ends() -> None:
    at = berlin(10, 6, 9)
    step = advance(Schedule("close", "c1", Duty.CLOSE, once(at), at), at + timedelta(days=90))
    assert (step.occurrence, step.next_run_at) == (at, None)


def test_a_schedule_that_has_ended_is_not_advanced() -> None:
    with pytest.raises(ValueError, match="ended"):
        advance(Schedule("close", "c1", Duty.CLOSE, once(berlin(10, 6, 9)), None), berlin(10, 7, 9))


@pytest.mark.parametrize(
    "rule", [Rule("FREQ=WEEKLY", "Europe/Atlantis", DAILY.anchor), Rule("?", BERLIN, DAILY.anchor)]
)
def test_a_rule_that_cannot_be_read_goes_out_now_and_is_tried_again_tomorrow(
    rule: Rule, caplog: pytest.LogCaptureFixture
) -> None:
    now = berlin(10, 20, 9, 5)
    with caplog.at_level(logging.ERROR):
        step = advance(prompt(rule, berlin(10, 20, 9)), now)
    assert (step.occurrence, step.next_run_at, step.rule) == (berlin(10, 20, 9), now + timedelta(days=1), rule)
    assert "daily" in caplog.text


@settings(max_examples=150, deadline=None)
@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(time, st.integers(0, 23), st.sampled_from((0, 30))),
    st.sampled_from(("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca")),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from((timedelta(0), timedelta(hours=1), timedelta(days=1))),
    st.lists(st.timedeltas(timedelta(0), timedelta(days=20)), min_size=1, max_size=20),
)
def test_however_long_the_bot_sleeps_every_day_it_wakes_on_is_served_once(
    days: frozenset[int], at: time, zone: str, start: date, lead: timedelta, naps: list[timedelta]
) -> None:
    made = on_days(days, at, zone, start)
    rule = Rule(made.rrule, zone, made.anchor, lead)
    before = datetime.combine(start - timedelta(days=3), time(0), UTC)
    first = next_fire(rule, before)
    assert first is not None
    schedule, now = Schedule("s", "c", Duty.PROMPT, rule, first[0]), first[0]
    served: list[datetime] = []
    for nap in naps:
        now += nap
        while schedule.next_run_at is not None and schedule.next_run_at <= now:
            step = advance(schedule, now)
            served.append(step.occurrence)
            schedule = Schedule("s", "c", Duty.PROMPT, step.rule, step.next_run_at)
        assert schedule.next_run_at is not None
        assert (schedule.next_run_at, local_day(now, zone)) > (now, date.min)
        # Whatever should have fired today, and has had time to, was served.
        for fire, occurrence in fires(rule, before):
            if fire > now:
                break
            if local_day(fire, zone) == local_day(now, zone):
                assert occurrence in served
    assert len(set(served)) == len(served)
    assert served == sorted(served)
