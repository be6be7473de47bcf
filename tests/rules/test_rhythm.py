"""Recurrence against a slow reference that knows nothing of recurrence rules: it walks day by day."""

# Wall time has no zone of its own: that is what these tests are about.
# ruff: noqa: DTZ001

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rhythm import Rule, every_weeks, fires, local_day, next_fire, on_days, once, start_of_day

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/Nuuk",
    "Africa/Cairo",
    "UTC",
)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

zones = st.sampled_from(ZONES)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 1, 15, 30, 45, 59)))
walls = st.builds(datetime.combine, days, times)
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
leads = st.sampled_from((timedelta(0), timedelta(minutes=10), HOUR, DAY))


def reference_instant(wall: datetime, zone: str) -> datetime:
    """Find when people's clocks show `wall`: the first time they do; if never, as if they had not been moved."""
    tz = ZoneInfo(zone)
    naive_utc = wall.replace(tzinfo=UTC)
    offsets = {(naive_utc + timedelta(hours=h)).astimezone(tz).utcoffset() or timedelta(0) for h in range(-48, 49, 3)}
    shown = [t for off in offsets if (t := naive_utc - off).astimezone(tz).replace(tzinfo=None) == wall]
    return min(shown) if shown else naive_utc - min(offsets)


def reference_fires(rule: Rule, after: datetime, weeks: int, on: frozenset[int], until: date) -> list[datetime]:
    """Give the fire instants after `after`, for occurrences on days before `until`, by walking over the days."""
    monday = rule.anchor.date() - rule.anchor.weekday() * DAY
    found = []
    day = rule.anchor.date()
    while day < until:
        if day.weekday() in on and ((day - monday).days // 7) % weeks == 0:
            wall = datetime.combine(day, rule.anchor.time())
            fire = (
                reference_instant(wall - rule.lead, rule.zone)
                if rule.lead >= DAY
                else reference_instant(wall, rule.zone) - rule.lead
            )
            if fire > after:
                found.append(fire)
        day += DAY
    return found


def first_fires(rule: Rule, after: datetime, count: int) -> list[datetime]:
    return [fire for fire, _ in islice(fires(rule, after), count)]


@settings(max_examples=150, deadline=None)
@given(weekdays, times, zones, days, leads, st.integers(-3, 500))
def test_daily_rules_agree_with_walking_day_by_day(
    on: frozenset[int], at: time, zone: str, from_day: date, lead: timedelta, later: int
) -> None:
    made = on_days(on, at, zone, from_day)
    rule = Rule(made.rrule, zone, made.anchor, lead)
    after = datetime.combine(from_day + later * DAY, time(11, 17), UTC)
    begin = max(from_day, after.date())
    expected = reference_fires(rule, after, 1, on, begin + 45 * DAY)
    assert first_fires(rule, after, len(expected)) == expected
    assert expected


@settings(max_examples=150, deadline=None)
@given(st.sampled_from((1, 2)), walls, zones, leads, st.integers(-3, 700))
def test_sessions_agree_with_walking_day_by_day_and_stay_in_phase(
    weeks: int, starts: datetime, zone: str, lead: timedelta, later: int
) -> None:
    made = every_weeks(weeks, starts, zone)
    rule = Rule(made.rrule, zone, starts, lead)
    after = datetime.combine(starts.date() + later * DAY, time(3, 41), UTC)
    begin = max(starts.date(), after.date())
    expected = reference_fires(rule, after, weeks, frozenset({starts.weekday()}), begin + 200 * DAY)
    assert first_fires(rule, after, len(expected)) == expected
    assert len(expected) > 10


@settings(max_examples=100, deadline=None)
@given(st.sampled_from((1, 2)), walls, zones, leads, st.integers(0, 80))
def test_re_anchoring_gives_the_same_series(weeks: int, starts: datetime, zone: str, lead: timedelta, nth: int) -> None:
    rule = Rule(every_weeks(weeks, starts, zone).rrule, zone, starts, lead)
    series = list(islice(fires(rule, datetime(2000, 1, 1, tzinfo=UTC)), nth + 12))
    fire, occurrence = series[nth]
    moved = rule.re_anchored(occurrence)
    assert moved.anchor.time() == starts.time()
    assert list(islice(fires(moved, fire - timedelta(microseconds=1)), 12)) == series[nth:]


@settings(max_examples=100, deadline=None)
@given(weekdays, times, zones, days)
def test_re_anchoring_at_every_firing_never_loses_nor_doubles_one(
    on: frozenset[int], at: time, zone: str, from_day: date
) -> None:
    rule = on_days(on, at, zone, from_day)
    straight = list(islice(fires(rule, datetime(2000, 1, 1, tzinfo=UTC)), 60))
    stepped = []
    after = datetime(2000, 1, 1, tzinfo=UTC)
    while len(stepped) < 60:
        step = next_fire(rule, after)
        assert step is not None
        stepped.append(step)
        after, rule = step[0], rule.re_anchored(step[1])
    assert stepped == straight


@pytest.mark.parametrize("zone", ZONES)
def test_nine_in_the_morning_stays_nine_all_the_year(zone: str) -> None:
    rule = on_days(frozenset(range(7)), time(9), zone, date(2026, 1, 1))
    year = takewhile(lambda pair: pair[0].year == 2026, fires(rule, datetime(2026, 1, 1, tzinfo=UTC)))
    local = [fire.astimezone(ZoneInfo(zone)) for fire, _ in year]
    assert {moment.time() for moment in local} == {time(9)}
    assert [moment.date() for moment in local] == [local[0].date() + n * DAY for n in range(len(local))]
    assert len(local) >= 364


def test_a_skipped_wall_time_happens_an_hour_later_and_a_doubled_one_once() -> None:
    daily = on_days(frozenset(range(7)), time(2, 30), "Europe/Berlin", date(2026, 3, 28))
    spring = first_fires(daily, datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert spring == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)]
    autumn = first_fires(daily, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert autumn == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


def test_the_day_before_is_counted_on_the_wall_clock_and_the_hour_before_in_real_time() -> None:
    session = every_weeks(1, datetime(2026, 3, 29, 3, 15), "Europe/Berlin")
    before = datetime(2026, 3, 1, tzinfo=UTC)
    start = datetime(2026, 3, 29, 1, 15, tzinfo=UTC)
    a_day = next_fire(Rule(session.rrule, session.zone, session.anchor, DAY), before)
    an_hour = next_fire(Rule(session.rrule, session.zone, session.anchor, HOUR), before)
    assert a_day == (datetime(2026, 3, 28, 2, 15, tzinfo=UTC), start)
    assert an_hour == (datetime(2026, 3, 29, 0, 15, tzinfo=UTC), start)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), zones)
def test_once_fires_once_at_its_instant(naive: datetime, zone: str) -> None:
    at = naive.replace(tzinfo=UTC)
    rule = once(at, zone)
    assert list(fires(rule, at - timedelta(seconds=1))) == [(at, at)]
    assert next_fire(rule, at) is None
    assert local_day(at, zone) == at.astimezone(ZoneInfo(zone)).date()


def test_once_can_be_the_second_of_two_like_wall_times() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert next_fire(once(second, "Europe/Berlin"), second - HOUR) == (second, second)


@pytest.mark.parametrize(
    ("zone", "wall", "shown"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 3, 30)),
        ("America/Nuuk", datetime(2026, 3, 28, 23, 30), datetime(2026, 3, 29, 0, 30)),
    ],
)
def test_an_occurrence_that_the_spring_change_pushed_keeps_the_anchor_where_the_rule_meant_it(
    zone: str, wall: datetime, shown: datetime
) -> None:
    rule = every_weeks(1, wall - 7 * DAY, zone)
    pushed = first_fires(rule, datetime(2026, 3, 1, tzinfo=UTC), 9)
    occurrence = next(fire for fire in pushed if fire.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown)
    assert rule.re_anchored(occurrence).anchor == wall


@given(days, zones)
def test_a_day_begins_when_the_one_before_has_ended(day: date, zone: str) -> None:
    begins = start_of_day(day, zone)
    assert local_day(begins, zone) == day
    assert local_day(begins - timedelta(seconds=1), zone) == day - DAY


def test_a_broken_rule_is_not_taken_for_an_ended_one() -> None:
    with pytest.raises(ValueError, match="FREQ"):
        next_fire(Rule("FREQ=NOW", "UTC", datetime(2026, 1, 1)), datetime(2026, 1, 1, tzinfo=UTC))
