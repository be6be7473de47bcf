"""Rotation over simulated months: what must hold on every day, whatever the library and the cohort."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.prompts.coverage import covered_days
from bot.prompts.item import (
    CastMember,
    CastRole,
    FacilitatorNote,
    Format,
    Function,
    HoldFlag,
    Intensity,
    Item,
    Kind,
    Pool,
    Season,
    Slot,
    Stage,
    Status,
)
from bot.prompts.rotation import (
    Choice,
    Nothing,
    Pin,
    Request,
    SeasonRange,
    Shown,
    Used,
    Why,
    Wishes,
    choose,
    pin_objections,
    preview,
)
from bot.prompts.why import Limit, Reason, Refusal, Remark, Rule, Source

MONDAY = date(2027, 1, 4)
DAY = timedelta(days=1)
NOTE = FacilitatorNote(("x",), ("x",), "x", "x")
DRAFTS = Wishes(status_floor=Status.DRAFT, seed="cohort-1")


def item(number: int = 1, **changes: object) -> Item:
    base = Item(
        id=f"p-theme-{number:03}",
        kind=Kind.PROMPT,
        format=Format.MOMENT,
        title=f"Title {number}",
        body=f"Opening number {number} and the rest.",
        question="What then?",
        theme=f"theme-{number}",
        competency=("reflection",),
        level=(1,),
        stage=Stage.WHAT,
        function=Function.FORMATIVE,
        intensity=Intensity.LIGHT,
        facilitator=NOTE,
        status=Status.DRAFT,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def library(size: int, seed: int = 0, themes: int = 25) -> list[Item]:
    """A pool with the guide's proportions, mixed by a fixed seed."""
    rng = random.Random(seed)
    pool = []
    for number in range(size):
        vignette = number % 3 == 2
        pool.append(
            item(
                number,
                id=f"{'v' if vignette else 'p'}-theme-{number:03}",
                kind=Kind.VIGNETTE if vignette else Kind.PROMPT,
                format=rng.choice([Format.MOMENT, Format.DILEMMA, Format.NEXT_LINE]) if vignette else Format.MOMENT,
                theme=f"theme-{number % themes}",
                competency=(rng.choice("abcdefghijkl"),),
                level=(rng.choice([1, 1, 2, 2, 3]),),
                function=rng.choices(list(Function), [50, 22, 28])[0],
                intensity=rng.choices(list(Intensity), [45, 40, 15])[0],
                cast=(CastMember(f"Name {number % 200}", CastRole.CLIENT),) if vignette else (),
            )
        )
    # A library has something light and restorative to fall back on.
    pool[0] = replace(pool[0], intensity=Intensity.LIGHT, function=Function.RESTORATIVE)
    return pool


def posting_days(count: int, wishes: Wishes, first: date = MONDAY) -> list[date]:
    return list(wishes.posting_dates(first, first + timedelta(days=count * 8)))[:count]


def chosen(outcomes: Sequence[tuple[date, Choice | Nothing]]) -> list[tuple[date, Choice]]:
    """The choices; a day goes without one only where everything that it permits was here within half a year."""
    assert {outcome.reason for _, outcome in outcomes if isinstance(outcome, Nothing)} <= {Reason.ALL_RECENT}
    return [(day, outcome) for day, outcome in outcomes if isinstance(outcome, Choice)]


def one(outcome: Choice | Nothing) -> Choice:
    assert isinstance(outcome, Choice)
    return outcome


weekday_sets = st.sampled_from(
    [frozenset({0, 1, 2, 3, 4}), frozenset(range(7)), frozenset({0, 2, 4}), frozenset({1}), frozenset({0, 1, 5})]
)


@st.composite
def cohorts(draw: st.DrawFn) -> tuple[list[Item], Wishes, list[date]]:
    pool = library(draw(st.integers(4, 90)), draw(st.integers(0, 10_000)), draw(st.integers(1, 30)))
    wishes = replace(
        DRAFTS,
        posting_days=draw(weekday_sets),
        covered_days=draw(st.sampled_from([frozenset(), frozenset({0, 1}), frozenset(range(7))])),
        seed=draw(st.text(max_size=4)),
        quiet_days=frozenset(MONDAY + timedelta(days=n) for n in draw(st.sets(st.integers(0, 200), max_size=15))),
    )
    return pool, wishes, posting_days(draw(st.integers(5, 70)), wishes)


simulated = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@simulated
@given(cohorts(), st.randoms(use_true_random=False))
def test_every_day_has_an_item_while_any_is_rested_and_the_order_of_the_library_does_not_matter(
    cohort: tuple[list[Item], Wishes, list[date]], rng: random.Random
) -> None:
    pool, wishes, days = cohort
    shuffled = list(pool)
    rng.shuffle(shuffled)
    outcomes = preview(pool, [], days, wishes)
    assert outcomes == preview(shuffled, [], days, wishes)
    used: dict[str, date] = {}
    for day, outcome in outcomes:
        if isinstance(outcome, Choice):
            assert outcome.item.id not in used or day - used[outcome.item.id] >= timedelta(days=180)
            used[outcome.item.id] = day
        else:
            rested = [i for i in pool if i.id not in used or day - used[i.id] >= timedelta(days=180)]
            assert all(i.intensity > Intensity.LIGHT for i in rested)


@simulated
@given(cohorts())
def test_nothing_repeats_while_anything_eligible_is_unseen(cohort: tuple[list[Item], Wishes, list[date]]) -> None:
    pool, wishes, days = cohort
    last_used: dict[str, date] = {}
    for day, choice in chosen(preview(pool, [], days, wishes)):
        if choice.item.id in last_used:
            heaviest = _heaviest_permitted(choice.why)
            unseen = [i for i in pool if i.id not in last_used and i.intensity <= heaviest]
            assert unseen == []
            assert choice.why.last_used == last_used[choice.item.id]
            assert choice.why.waiting == sum(1 for i in pool if i.id not in last_used)
        else:
            assert choice.why.last_used is None
        last_used[choice.item.id] = day


def _heaviest_permitted(why: Why) -> int:
    """Read back from the record; the weekly sum may lower it further, so it is an upper bound."""
    if Limit.AFTER_A_HEAVY in why.limits or Limit.WEEKLY_SUM in why.limits:
        return 1
    return 2 if why.limits else 3


@simulated
@given(cohorts())
def test_the_intensity_budget_holds_on_every_day(cohort: tuple[list[Item], Wishes, list[date]]) -> None:
    pool, wishes, days = cohort
    posted = [(day, choice.item.intensity) for day, choice in chosen(preview(pool, [], days, wishes))]
    budget = 2 * len(wishes.posting_days)
    for index, (day, intensity) in enumerate(posted):
        week = [i for d, i in posted[: index + 1] if day - d < timedelta(days=7)]
        assert sum(week) <= budget
        assert week.count(Intensity.HEAVY) <= 1
        if intensity is Intensity.HEAVY:
            assert day.weekday() in wishes.covered_days
            assert day - days[0] >= timedelta(days=14)
            assert any(wishes.posts_on(day + DAY * ahead) for ahead in (1, 2))
        if index and posted[index - 1][1] is Intensity.HEAVY:
            assert intensity is Intensity.LIGHT


@simulated
@given(cohorts())
def test_each_week_ends_restored_while_unseen_restorative_items_last(
    cohort: tuple[list[Item], Wishes, list[date]],
) -> None:
    pool, wishes, days = cohort
    weeks: dict[tuple[int, int], list[Choice | Nothing]] = {}
    for day, outcome in preview(pool, [], days, wishes):
        weeks.setdefault(day.isocalendar()[:2], []).append(outcome)
    whole_weeks = list(weeks.values())[:-1]
    for week in whole_weeks:
        restored = any(o.item.function is Function.RESTORATIVE for o in week if isinstance(o, Choice))
        # A week may also end with nothing at all, when every item was used within the half year.
        if isinstance(week[-1], Choice) and not restored:
            assert Rule.RESTORATIVE in week[-1].why.relaxed


@simulated
@given(cohorts())
def test_a_preview_is_what_then_happens(cohort: tuple[list[Item], Wishes, list[date]]) -> None:
    pool, wishes, days = cohort
    history: list[Used] = []
    for index, day in enumerate(days[:30]):
        coming = preview(pool, history, days[index : index + 3], wishes)
        today = choose(pool, history, day, wishes)
        assert coming[0] == (day, today)
        if isinstance(today, Choice):
            history.append(Used(today.item.id, day))
        if index + 1 < len(days):
            assert coming[1:2] == [(days[index + 1], choose(pool, history, days[index + 1], wishes))]


@pytest.mark.parametrize("seed", range(2))
def test_a_full_library_goes_a_year_without_repeat_or_relaxing_the_theme_gap(seed: int) -> None:
    pool = library(365, seed, themes=70)
    outcomes = chosen(preview(pool, [], posting_days(260, DRAFTS), DRAFTS))
    themes = [choice.item.theme for _, choice in outcomes]
    assert len({choice.item.id for _, choice in outcomes}) == 260
    assert all(themes[n] not in themes[max(0, n - 9) : n] for n in range(len(themes)))
    formats = [(choice.item.kind, choice.item.format) for _, choice in outcomes]
    assert all(len(set(formats[n : n + 3])) > 1 for n in range(len(formats) - 2))
    vignettes = sum(choice.item.kind is Kind.VIGNETTE for _, choice in outcomes)
    assert 65 <= vignettes <= 110
    restorative = sum(choice.item.function is Function.RESTORATIVE for _, choice in outcomes)
    assert 52 <= restorative <= 90


def test_levels_rise_over_the_first_half_year() -> None:
    outcomes = chosen(preview(library(365, 1, 70), [], posting_days(250, DRAFTS), DRAFTS))
    levels = [choice.item.primary_level for _, choice in outcomes]
    assert 3 not in levels[:25]
    assert levels[:25].count(1) >= 14
    assert levels[150:].count(3) > levels[25:75].count(3)
    assert levels[150:].count(1) < 50


def test_two_cohorts_see_different_orders_and_one_cohort_always_the_same() -> None:
    pool = library(60)
    days = posting_days(20, DRAFTS)
    here = [c.item.id for _, c in chosen(preview(pool, [], days, DRAFTS))]
    there = [c.item.id for _, c in chosen(preview(pool, [], days, replace(DRAFTS, seed="cohort-2")))]
    assert here != there
    again = [c.item.id for _, c in chosen(preview(pool, [], days, replace(DRAFTS)))]
    assert here == again


def test_the_order_is_fixed_across_machines_and_releases() -> None:
    """Whoever changes this list changes what running cohorts see next: knowingly, please."""
    outcomes = chosen(preview(library(40), [], posting_days(5, DRAFTS), DRAFTS))
    order = ["p-theme-009", "v-theme-008", "p-theme-031", "v-theme-029", "p-theme-003"]
    assert [choice.item.id for _, choice in outcomes] == order


def test_why_survives_a_round_trip_through_json() -> None:
    pool = library(12, 2, 3)
    for _, choice in chosen(preview(pool, [], posting_days(30, DRAFTS), DRAFTS)):
        assert Why.from_dict(json.loads(json.dumps(choice.why.to_dict()))) == choice.why


def test_a_pause_and_a_quiet_day_are_silent_but_a_draw_on_demand_ignores_the_holiday() -> None:
    pool = library(5)
    paused = replace(DRAFTS, paused_until=MONDAY + DAY)
    assert choose(pool, [], MONDAY, paused) == Nothing(MONDAY, Reason.PAUSED)
    assert isinstance(choose(pool, [], MONDAY + DAY, paused), Choice)
    holiday = replace(DRAFTS, quiet_days=frozenset({MONDAY}))
    assert choose(pool, [], MONDAY, holiday) == Nothing(MONDAY, Reason.QUIET_DAY)
    assert isinstance(choose(pool, [], MONDAY, replace(holiday, on_demand=True)), Choice)


@pytest.mark.parametrize(
    ("changes", "wishes", "refusal"),
    [
        ({}, {"retired": frozenset({"p-theme-001"})}, Refusal.RETIRED),
        ({"status": Status.RETIRED}, {}, Refusal.STATUS),
        ({}, {"status_floor": Status.PEER_READ}, Refusal.STATUS),
        ({"locale": "es"}, {}, Refusal.LOCALE),
        ({"level": (3,)}, {"levels": frozenset({1, 2})}, Refusal.LEVELS),
        ({}, {"kind": Kind.VIGNETTE}, Refusal.KIND),
        ({}, {"theme": "silence"}, Refusal.THEME),
        (
            {"hold_when": frozenset({HoldFlag.CLIENT_DEATH})},
            {"holds": frozenset({HoldFlag.CLIENT_DEATH})},
            Refusal.HELD,
        ),
        ({}, {"skipped": {"p-theme-001": MONDAY + DAY}}, Refusal.SKIPPED),
        ({"pool": Pool.SEASONAL, "season": frozenset({Season.BREAK})}, {}, Refusal.OUT_OF_SEASON),
        ({"pool": Pool.RELEASED}, {}, Refusal.RELEASED_ONLY),
        ({}, {"pinned": (Pin("p-theme-001", MONDAY + DAY),)}, Refusal.RESERVED),
    ],
)
def test_what_a_cohort_does_not_accept_is_not_posted(
    changes: dict[str, object], wishes: dict[str, object], refusal: Refusal
) -> None:
    outcome = choose([item(1, **changes)], [], MONDAY, replace(DRAFTS, **wishes))  # type: ignore[arg-type]
    assert outcome == Nothing(MONDAY, Reason.NOTHING_ELIGIBLE, {refusal: 1})


def test_a_skipped_item_returns_on_its_day() -> None:
    wishes = replace(DRAFTS, skipped={"p-theme-001": MONDAY + DAY})
    assert one(choose([item(1)], [], MONDAY + DAY, wishes)).item.id == "p-theme-001"


def test_only_heavy_items_left_unseen_wait_and_the_oldest_returns() -> None:
    pool = [item(1), item(2), item(3, intensity=Intensity.HEAVY)]
    history = [Used("p-theme-002", MONDAY - DAY * 184), Used("p-theme-001", MONDAY - DAY * 183)]
    uncovered = replace(DRAFTS, covered_days=frozenset({1}))
    choice = one(choose(pool, history, MONDAY, uncovered))
    assert choice.item.id == "p-theme-002"
    assert choice.why.last_used == MONDAY - DAY * 184
    assert choice.why.waiting == 1
    assert Limit.NO_MODERATOR in choice.why.limits
    assert one(choose(pool, history, MONDAY + DAY, uncovered)).item.id == "p-theme-003"


def test_nothing_comes_again_within_half_a_year_but_on_demand() -> None:
    history = [Used("p-theme-001", MONDAY - DAY * 179)]
    assert choose([item(1)], history, MONDAY, DRAFTS) == Nothing(MONDAY, Reason.ALL_RECENT, {Refusal.RECENT: 1})
    again = one(choose([item(1)], history, MONDAY + DAY, DRAFTS))
    assert again.why.last_used == MONDAY - DAY * 179
    asked = one(choose([item(1)], history, MONDAY, replace(DRAFTS, on_demand=True)))
    assert Rule.REPEAT_AGE in asked.why.relaxed


def test_what_supervisors_were_shown_comes_unless_something_speaks_against_it() -> None:
    pool = [item(n, hold_when=frozenset({HoldFlag.CLIENT_DEATH}) if n == 7 else frozenset()) for n in range(20)]
    free = one(choose(pool, [], MONDAY, DRAFTS))
    seen = replace(free.why, day=MONDAY, fitting=3)
    wishes = replace(DRAFTS, shown={MONDAY: Shown("p-theme-007", seen)})
    kept = one(choose(pool, [], MONDAY, wishes))
    assert kept.item.id == "p-theme-007"
    assert (kept.why.fitting, [note.remark for note in kept.why.notes]) == (3, [Remark.SHOWN_BEFORE])
    for against in (
        {"holds": frozenset({HoldFlag.CLIENT_DEATH})},
        {"retired": frozenset({"p-theme-007"})},
        {"skipped": {"p-theme-007": MONDAY + DAY}},
    ):
        other = one(choose(pool, [], MONDAY, replace(wishes, **against)))
        assert other.item.id != "p-theme-007"
        assert [(note.remark, note.about) for note in other.why.notes] == [(Remark.SHOWN_CHANGED, "p-theme-007")]
    posted = [Used("p-theme-007", MONDAY - DAY)]
    assert one(choose(pool, posted, MONDAY, wishes)).item.id != "p-theme-007"
    earlier = replace(DRAFTS, shown={MONDAY + DAY: Shown(free.item.id, seen)})
    assert one(choose(pool, [], MONDAY, earlier)).item.id != free.item.id
    pin = replace(wishes, pinned=(Pin("p-theme-003", MONDAY),))
    assert one(choose(pool, [], MONDAY, pin)).item.id == "p-theme-003"


def test_what_supervisors_approved_reaches_any_floor_but_retired_does_not() -> None:
    pool = [item(1), item(2, status=Status.RETIRED)]
    strict = Wishes(seed="x", approved=frozenset({"p-theme-001", "p-theme-002"}))
    assert one(choose(pool, [], MONDAY, strict)).item.id == "p-theme-001"
    assert choose(pool[1:], [], MONDAY, strict) == Nothing(MONDAY, Reason.NOTHING_ELIGIBLE, {Refusal.STATUS: 1})


def test_a_quiet_group_is_given_less_to_carry_and_never_more() -> None:
    pool = [
        item(1, intensity=Intensity.STIRRING),
        item(2, body="A long body. " * 60),
        item(3, kind=Kind.VIGNETTE, body="Short."),
        item(4, format=Format.PAUSE, body="A pause. " * 60),
    ]
    wishes = replace(DRAFTS, started=MONDAY - DAY * 100, is_quiet=True)
    order = [choice.item.id for _, choice in chosen(preview(pool, [], posting_days(3, wishes), wishes))]
    assert order == ["p-theme-004", "p-theme-003", "p-theme-002"]
    assert Limit.QUIET_GROUP in one(choose(pool, [], MONDAY, wishes)).why.limits
    lively = [one(choose(pool, [], MONDAY, replace(wishes, is_quiet=False, seed=str(n)))).item.id for n in range(9)]
    assert "p-theme-001" in lively


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ("", set()),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("Mon to Fri, 9 to 17", {0, 1, 2, 3, 4}),
        ("mo-th 9-12, Saturdays", {0, 1, 2, 3, 5}),
        ("Fri\u2013Mon", {4, 5, 6, 0}),
        ("Tuesdays and Thursdays", {1, 3}),
        ("lunes a viernes", {0, 1, 2, 3, 4}),
        ("martes y s\u00e1bados", {1, 5}),
        ("8 to 20", set(range(7))),
        ("We answer in the evening; do ask the desk", set(range(7))),
    ],
)
def test_the_days_are_read_from_the_hours_when_supervisors_are_there(hours: str, days: set[int]) -> None:
    assert covered_days(hours) == days


def test_nothing_light_enough_is_said_and_not_posted() -> None:
    outcome = choose([item(1, intensity=Intensity.HEAVY)], [], MONDAY, DRAFTS)
    assert outcome == Nothing(MONDAY, Reason.NOTHING_LIGHT_ENOUGH, {Refusal.INTENSITY: 1})


def test_the_theme_gap_gives_way_before_a_day_goes_without() -> None:
    pool = [item(1, theme="silence"), item(2, theme="silence")]
    choice = one(choose(pool, [Used("p-theme-001", MONDAY)], MONDAY + DAY, DRAFTS))
    assert choice.item.id == "p-theme-002"
    assert choice.why.relaxed == (Rule.THEME_GAP,)


def test_rules_give_way_in_their_order_format_before_theme_gap_before_level() -> None:
    used = [item(1, theme="silence"), item(2)]
    history = [Used("p-theme-001", MONDAY), Used("p-theme-002", MONDAY + DAY)]
    same_format = item(3)
    near_theme = item(4, kind=Kind.VIGNETTE, theme="silence")
    too_hard = item(5, kind=Kind.VIGNETTE, level=(3,))
    day = MONDAY + DAY * 2
    order = []
    left = [same_format, near_theme, too_hard]
    while left:
        choice = one(choose([*used, *left], history, day, DRAFTS))
        order.append((choice.item.id, choice.why.relaxed))
        left.remove(choice.item)
    assert order == [
        ("p-theme-003", (Rule.FORMAT,)),
        ("p-theme-004", (Rule.THEME_GAP,)),
        ("p-theme-005", (Rule.LEVEL,)),
    ]


def test_names_and_openings_are_spaced() -> None:
    someone = (CastMember("Noa", CastRole.CLIENT),)
    pool = [
        item(1, kind=Kind.VIGNETTE, cast=someone, body="The kettle clicks off."),
        item(2, kind=Kind.VIGNETTE, cast=someone),
        item(3, body="The kettle clicks again."),
        item(4),
    ]
    days = [MONDAY, MONDAY + DAY, MONDAY + DAY * 2]
    history = [Used("v-none-001", MONDAY), Used("p-theme-001", MONDAY)]
    assert one(choose(pool, history, days[1], DRAFTS)).item.id == "p-theme-004"
    after = [*history, Used("p-theme-004", days[1])]
    relaxed = one(choose(pool, after, days[2], DRAFTS)).why.relaxed
    assert relaxed in {(Rule.OPENING,), (Rule.CAST,)}


def test_a_pin_comes_first_on_its_day_and_is_kept_for_it() -> None:
    pool = [item(n) for n in range(20)]
    wishes = replace(DRAFTS, pinned=(Pin("p-theme-007", MONDAY + DAY * 3),))
    week = chosen(preview(pool, [], posting_days(5, wishes), wishes))
    assert [choice.item.id == "p-theme-007" for _, choice in week] == [False, False, False, True, False]
    assert week[3][1].why.source is Source.PINNED
    assert Source.PINNED not in [choice.why.source for day, choice in week if day != MONDAY + DAY * 3]


def test_an_undated_pin_is_used_once_even_if_nobody_removes_it() -> None:
    pool = [item(n) for n in range(20)]
    wishes = replace(DRAFTS, pinned=(Pin("p-theme-007"),))
    assert one(choose(pool, [], MONDAY, wishes)).item.id == "p-theme-007"
    used = [Used("p-theme-007", MONDAY)]
    assert one(choose(pool, used, MONDAY + DAY, wishes)).item.id != "p-theme-007"


def test_a_pin_that_breaks_the_budget_waits_for_a_supervisor_to_confirm() -> None:
    pool = [item(1), item(2, intensity=Intensity.HEAVY)]
    assert pin_objections(pool, [], MONDAY, DRAFTS, "p-theme-002") == (Refusal.INTENSITY,)
    waiting = one(choose(pool, [], MONDAY, replace(DRAFTS, pinned=(Pin("p-theme-002"),))))
    assert waiting.item.id == "p-theme-001"
    assert [note.remark for note in waiting.why.notes] == [Remark.PIN_NEEDS_CONFIRMATION]
    meant = replace(DRAFTS, pinned=(Pin("p-theme-002", confirmed=True),))
    confirmed = one(choose(pool, [], MONDAY, meant))
    assert confirmed.item.id == "p-theme-002"
    assert [note.remark for note in confirmed.why.notes] == [Remark.PIN_CONFIRMED]


def test_a_confirmed_pin_does_not_post_what_the_status_floor_forbids() -> None:
    pool = [item(1, status=Status.PEER_READ), item(2)]
    wishes = replace(DRAFTS, status_floor=Status.PEER_READ, pinned=(Pin("p-theme-002", confirmed=True),))
    choice = one(choose(pool, [], MONDAY, wishes))
    assert choice.item.id == "p-theme-001"
    assert [note.remark for note in choice.why.notes] == [Remark.PIN_BELOW_FLOOR]


def test_an_overspent_week_goes_on_with_light_items() -> None:
    pool = [item(n, intensity=Intensity(1 + n % 3)) for n in range(30)]
    heavy = [i for i in pool if i.intensity is Intensity.HEAVY][:4]
    history = [Used(heavy[n].id, MONDAY + DAY * n) for n in range(4)]
    assert one(choose(pool, history, MONDAY + DAY * 4, DRAFTS)).item.intensity is Intensity.LIGHT


def test_a_sequence_slot_goes_before_the_pool_and_only_the_theme_gap_is_waived() -> None:
    pool = [item(1, theme="silence"), item(2, theme="silence"), item(3)]
    slots = {MONDAY: Slot(1, 1, "p-theme-001"), MONDAY + DAY: Slot(1, 2, "p-theme-002")}
    outcomes = chosen(preview(pool, [], [MONDAY, MONDAY + DAY], replace(DRAFTS, slots=slots)))
    assert [choice.item.id for _, choice in outcomes] == ["p-theme-001", "p-theme-002"]
    assert {choice.why.source for _, choice in outcomes} == {Source.SEQUENCE}
    assert outcomes[1][1].why.relaxed == ()


def test_a_slot_too_heavy_for_the_day_falls_back_to_the_pool_and_says_so() -> None:
    pool = [item(1, intensity=Intensity.HEAVY), item(2)]
    choice = one(choose(pool, [], MONDAY, replace(DRAFTS, slots={MONDAY: Slot(1, 1, "p-theme-001")})))
    assert (choice.item.id, choice.why.source) == ("p-theme-002", Source.POOL)
    assert [note.remark for note in choice.why.notes] == [Remark.SLOT_UNAVAILABLE]


def test_a_request_is_answered_once() -> None:
    pool = library(20, themes=20)
    wishes = replace(DRAFTS, requests=(Request(theme="theme-6"),))
    outcomes = chosen(preview(pool, [], posting_days(3, wishes), wishes))
    assert outcomes[0][1].item.theme == "theme-6"
    assert [choice.why.source for _, choice in outcomes] == [Source.REQUEST, Source.POOL, Source.POOL]


def test_seasonal_items_come_in_their_season_and_not_every_day() -> None:
    season = {"pool": Pool.SEASONAL, "season": frozenset({Season.PLACEMENT_START})}
    pool = [*library(20), *(item(100 + n, **season) for n in range(5))]
    weeks = SeasonRange(Season.PLACEMENT_START, MONDAY + DAY * 7, MONDAY + DAY * 11)
    wishes = replace(DRAFTS, seasons=(weeks,))
    outcomes = chosen(preview(pool, [], posting_days(15, wishes), wishes))
    seasonal = [day for day, choice in outcomes if choice.why.source is Source.SEASONAL]
    assert seasonal == [MONDAY + DAY * 7, MONDAY + DAY * 10]


def test_a_draw_on_demand_leaves_pins_slots_and_requests_to_the_schedule() -> None:
    pool = [item(n) for n in range(6)]
    wishes = replace(
        DRAFTS,
        on_demand=True,
        pinned=(Pin("p-theme-000"), Pin("p-theme-001", MONDAY)),
        slots={MONDAY: Slot(1, 1, "p-theme-002")},
        requests=(Request(theme="theme-3"),),
    )
    drawn = {one(choose(pool, [], MONDAY, replace(wishes, seed=str(n)))).item.id for n in range(30)}
    assert drawn == {"p-theme-003", "p-theme-004", "p-theme-005"}
    sources = {one(choose(pool, [], MONDAY, wishes)).why.source}
    assert sources == {Source.POOL}


def test_draws_on_demand_are_never_heavy_and_do_not_starve_the_schedule() -> None:
    pool = [item(n, intensity=Intensity(1 + n % 3), kind=list(Kind)[n % 2]) for n in range(60)]
    wishes = replace(DRAFTS, on_demand=True, kind=Kind.VIGNETTE, started=MONDAY - DAY * 100)
    history: list[Used] = []
    for _ in range(8):
        drawn = one(choose(pool, history, MONDAY, wishes)).item
        assert drawn.kind is Kind.VIGNETTE
        assert drawn.intensity is not Intensity.HEAVY
        history.append(Used(drawn.id, MONDAY, on_demand=True))
    scheduled = one(choose(pool, history, MONDAY, replace(DRAFTS, started=wishes.started)))
    assert Limit.WEEKLY_SUM not in scheduled.why.limits
