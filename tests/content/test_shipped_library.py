"""The library that ships: without an error, broad enough to live on, and honest about how far it was read."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.catalogue.check import check
from bot.catalogue.load import load
from bot.prompts.item import CastRole, Format, Function, Intensity, Kind, Library, Setting, Status
from bot.prompts.rotation import Choice, Wishes, preview

CONTENT = Path(__file__).resolve().parents[2] / "content"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(CONTENT)


def test_the_lint_finds_no_error() -> None:
    assert [str(finding) for finding in check(CONTENT) if finding.is_error] == []


def test_the_tables_are_complete(library: Library) -> None:
    assert sum(theme.from_seeds for theme in library.themes.values()) == 52
    assert len(library.themes) == 70
    assert len(library.competencies) == 12


def test_nobody_claims_more_reading_than_was_done(library: Library) -> None:
    assert {item.status for item in library.items} <= {Status.DRAFT, Status.PEER_READ}


def test_the_items_are_spread(library: Library) -> None:
    items = library.items
    kinds = Counter(item.kind for item in items)
    assert kinds[Kind.PROMPT] >= 26
    assert kinds[Kind.VIGNETTE] >= 14
    assert len({item.theme for item in items}) >= 25
    assert {item.format for item in items} >= set(Format) - {Format.PAUSE}
    assert {slug for item in items for slug in item.competency} == set(library.competencies)
    levels = Counter(item.primary_level for item in items)
    assert all(levels[level] / len(items) >= share for level, share in ((1, 0.3), (2, 0.3), (3, 0.15)))
    functions = Counter(item.function for item in items)
    assert functions[Function.RESTORATIVE] / len(items) >= 0.22
    heavy = sum(item.intensity is Intensity.HEAVY for item in items)
    assert heavy / len(items) <= 0.15


def test_vignettes_have_more_than_one_kind_of_room_and_both_sides_are_named(library: Library) -> None:
    vignettes = [item for item in library.items if item.kind is Kind.VIGNETTE]
    remote = sum(item.setting in {Setting.VIDEO, Setting.PHONE} for item in vignettes)
    assert remote / len(vignettes) >= 0.25
    assert all(any(person.role is CastRole.THERAPIST for person in item.cast) for item in vignettes)


def test_a_cohort_that_accepts_drafts_lives_on_it_for_eight_weeks(library: Library) -> None:
    wishes = Wishes(status_floor=Status.DRAFT, seed="demo")
    first = date(2027, 1, 4)
    days = list(wishes.posting_dates(first, first + timedelta(days=55)))
    outcomes = preview(library.items, [], days, wishes)
    chosen = [outcome for _, outcome in outcomes if isinstance(outcome, Choice)]
    assert len(chosen) == 40
    seen = [choice.item.id for choice in chosen]
    repeats = [choice for choice in chosen if choice.why.last_used is not None]
    assert len(set(seen)) >= 36
    assert all(choice.why.waiting == choice.why.unseen for choice in repeats)
