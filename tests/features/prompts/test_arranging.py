"""Holds, seasons, requests, released and retired items: what a supervisor arranges, and what the week makes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInput, NotAllowed, NotFound
from bot.ports.plans import ArrangementKind
from bot.ports.responses import AnonymousResponse, ResponseState
from bot.prompts.arranging import Arranging
from bot.prompts.item import HoldFlag, Intensity, Item, Pool, Season
from bot.storage.database import Database
from tests.acting import AMARA, CHANNEL, FORM, INGRID, SUPERVISORS, MovedClock, Stage, buttons, contents, stage
from tests.features.prompts.test_week_ahead import DAY, EARLY, MONDAY, at_nine, days, title, until

ITEMS = contents().library.items


def arranging(at: Stage) -> Arranging:
    return at.works.house.arranging


async def posted(at: Stage, count: int) -> list[Item]:
    """Let some days pass; return what was posted on them."""
    for number in range(count):
        day = MONDAY + number * DAY
        if day.weekday() < 5:
            await until(at, at_nine(day))
    history = await at.stores.postings.history(at.cohort.id)
    return [contents().library.item(each.item_id) for each in history]


@pytest.mark.parametrize(
    "act",
    [
        lambda a: a.raise_hold(AMARA, CHANNEL, "client-death"),
        lambda a: a.lower_hold(AMARA, CHANNEL, "client-death"),
        lambda a: a.set_season(AMARA, CHANNEL, "break", "2027-01-07", "2027-01-08"),
        lambda a: a.end_season(AMARA, CHANNEL, "break"),
        lambda a: a.request(AMARA, CHANNEL, "silence"),
        lambda a: a.arrangements(AMARA, CHANNEL),
        lambda a: a.held_items(AMARA, CHANNEL, ""),
        lambda a: a.themes(AMARA, CHANNEL, ""),
    ],
)
async def test_a_trainee_arranges_nothing(at_work: Stage, act: Callable[[Arranging], Awaitable[Any]]) -> None:
    with pytest.raises(NotAllowed):
        await act(arranging(at_work))
    assert await at_work.stores.plans.arranged(at_work.cohort.id) == []


async def test_a_trainee_retires_and_releases_nothing(at_work: Stage) -> None:
    for act in (arranging(at_work).retire, arranging(at_work).show_held):
        with pytest.raises(NotAllowed):
            await act(AMARA, at_work.cohort.id, ITEMS[0].id)
        with pytest.raises(NotFound):
            await act(INGRID, at_work.cohort.id, "p-nowhere-999")


@pytest.mark.parametrize("flag", HoldFlag)
async def test_a_hold_keeps_every_item_back_that_names_it_until_it_is_lowered(at_work: Stage, flag: HoldFlag) -> None:
    raised = await arranging(at_work).raise_hold(INGRID, CHANNEL, flag.value)
    held = sum(flag in item.hold_when for item in ITEMS)
    assert f"{held} items" in raised.body
    shown = (await arranging(at_work).arrangements(INGRID, CHANNEL)).body
    assert "Hold since Monday 23 November 2026" in shown
    came = await posted(at_work, 40)
    assert len(came) >= 25
    assert all(flag not in item.hold_when for item in came)
    lowered = await arranging(at_work).lower_hold(INGRID, CHANNEL, flag.value)
    assert "lowered" in lowered.body
    assert "Nothing is arranged" in (await arranging(at_work).arrangements(INGRID, CHANNEL)).body
    with pytest.raises(BadInput):
        await arranging(at_work).lower_hold(INGRID, CHANNEL, flag.value)
    with pytest.raises(NotFound):
        await arranging(at_work).raise_hold(INGRID, CHANNEL, "bad-weather")


async def test_a_hold_changes_days_that_were_shown_and_says_so(sqlite: Database, tmp_path: Path) -> None:
    form = replace(FORM, item_policy="preview")
    async with stage(sqlite, tmp_path, MovedClock(EARLY), form) as at:
        named = next(i for i in ITEMS if i.hold_when and i.pool is Pool.CORE and i.intensity is Intensity.STIRRING)
        await at.works.house.prompts.pin(INGRID, at.cohort.id, named.id)
        await at.works.rounds.go_round()
        assert title(days(at)[MONDAY + DAY]) == named.title
        flag = next(iter(named.hold_when))
        answer = await arranging(at).raise_hold(INGRID, CHANNEL, flag.value)
        assert f"“{named.title}” was shown to you" in answer.body
        now = title(days(at)[MONDAY + DAY])
        assert now != named.title
        assert now in answer.body
        await until(at, at_nine(MONDAY))
        posting = await until(at, at_nine(MONDAY + DAY))
        assert posting is not None
        assert posting.item_id != named.id


async def test_a_season_brings_its_items_in_its_days_alone(at_work: Stage) -> None:
    of_season = [item for item in ITEMS if item.pool is Pool.SEASONAL and Season.ENDINGS in item.season]
    assert of_season
    answer = await arranging(at_work).set_season(INGRID, CHANNEL, "endings", "2026-12-01", "2026-12-11")
    assert "Tuesday 1 December 2026" in answer.body
    assert "Season from" in (await arranging(at_work).arrangements(INGRID, CHANNEL)).body
    await posted(at_work, 30)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    seasonal = [each.day for each in history if contents().library.item(each.item_id).pool is Pool.SEASONAL]
    assert seasonal
    assert all(date(2026, 12, 1) <= day <= date(2026, 12, 11) for day in seasonal)
    first = next(each for each in history if each.day == seasonal[0])
    assert first.why["source"] == "seasonal"
    await arranging(at_work).end_season(INGRID, CHANNEL, "endings")
    with pytest.raises(BadInput):
        await arranging(at_work).end_season(INGRID, CHANNEL, "endings")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-11", "2026-12-01"), ("2026-01-01", "2026-02-01"), ("2026-12-01", "2028-12-01"), ("soon", "later")],
)
async def test_a_season_without_sense_is_sent_back(at_work: Stage, first: str, last: str) -> None:
    with pytest.raises(BadInput):
        await arranging(at_work).set_season(INGRID, CHANNEL, "break", first, last)
    assert await at_work.stores.plans.arranged(at_work.cohort.id) == []


async def test_a_theme_that_was_asked_for_comes_once(at_work: Stage) -> None:
    offered = await arranging(at_work).themes(INGRID, CHANNEL, "silen")
    assert "silence" in [slug for slug, _ in offered]
    await arranging(at_work).request(INGRID, CHANNEL, "silence")
    assert "Silence" in (await arranging(at_work).arrangements(INGRID, CHANNEL)).body
    first, second = (await posted(at_work, 2))[:2]
    assert first.theme == "silence"
    assert second.theme != "silence"
    why = await at_work.works.house.prompts.why(INGRID, CHANNEL)
    assert "asked for" not in why.fields[0][1]
    assert await at_work.stores.plans.arranged(at_work.cohort.id) == []
    with pytest.raises(BadInput):
        await arranging(at_work).request(INGRID, CHANNEL, "the weather")


async def test_a_retired_item_does_not_come_and_comes_back(at_work: Stage) -> None:
    coming = (await at_work.works.house.prompts.preview(INGRID, CHANNEL))[0]
    cohort_id, item_id = buttons(coming)["pin"].subject.split("/")
    await at_work.works.house.prompts.pin(INGRID, cohort_id, item_id)
    done = await arranging(at_work).retire(INGRID, cohort_id, item_id)
    assert "does not come here any more" in done.body
    came = await posted(at_work, 5)
    assert item_id not in [item.id for item in came]
    back = await arranging(at_work).retire(INGRID, cohort_id, item_id)
    assert "again" in back.body
    wishes = await at_work.stores.postings.wishes(cohort_id)
    assert not [wish for wish in wishes if wish.item_id == item_id]


async def test_a_held_item_is_read_with_its_notes_and_comes_only_when_it_is_released(at_work: Stage) -> None:
    offered = await arranging(at_work).held_items(INGRID, CHANNEL, "")
    held = {item.id: item for item in ITEMS if item.pool is Pool.RELEASED}
    assert {subject.split("/")[1] for subject, _ in offered} <= set(held)
    assert len(offered) == min(25, len(held))
    item = held[offered[0][0].split("/")[1]]
    card = await arranging(at_work).show_held(INGRID, at_work.cohort.id, item.id)
    assert item.facilitator.trap in [text for _, text in card.fields]
    assert "never comes by itself" in card.fields[0][1]
    assert not any(each.pool is Pool.RELEASED for each in await posted(at_work, 10))
    cohort_id, item_id = buttons(card)["pin"].subject.split("/")
    answer = await at_work.works.house.prompts.pin(INGRID, cohort_id, item_id)
    if "pin-anyway" in buttons(answer):
        await at_work.works.house.prompts.pin(INGRID, cohort_id, item_id, anyway=True)
    await until(at_work, datetime(2026, 12, 3, 9, 0, 5, tzinfo=UTC))
    latest = await at_work.stores.postings.latest(at_work.cohort.id)
    assert latest is not None
    assert latest.item_id == item.id
    core = next(each for each in ITEMS if each.pool is Pool.CORE)
    with pytest.raises(BadInput):
        await arranging(at_work).show_held(INGRID, at_work.cohort.id, core.id)


async def test_every_act_is_in_the_audit(at_work: Stage) -> None:
    acts = arranging(at_work)
    await acts.raise_hold(INGRID, CHANNEL, "client-death")
    await acts.set_season(INGRID, SUPERVISORS, "break", "2026-12-01", "2026-12-04")
    await acts.request(INGRID, CHANNEL, "silence")
    await acts.retire(INGRID, at_work.cohort.id, ITEMS[0].id)
    told = (await at_work.works.house.moderation.audit(INGRID, CHANNEL)).body
    assert all(act in told for act in ("hold", "season", "request", "retire"))
    kinds = {each.kind for each in await at_work.stores.plans.arranged(at_work.cohort.id)}
    assert kinds == set(ArrangementKind)


async def test_a_group_that_goes_quiet_is_given_less_and_is_told_why(at_work: Stage) -> None:
    await at_work.set(created_on=MONDAY - timedelta(days=60))
    for number in range(11):
        day = MONDAY + number * DAY
        if day.weekday() > 4:
            continue
        posting = await until(at_work, at_nine(day))
        assert posting is not None
        for member in range(3 if number < 7 else 0):
            await _answer(at_work, posting.id, f"{number}-{member}")
    posting = await until(at_work, at_nine(MONDAY + 11 * DAY))
    assert posting is not None
    assert contents().library.item(posting.item_id).intensity is Intensity.LIGHT
    assert "quiet-group" in posting.why["limits"]
    assert "has been quiet lately" in (await at_work.works.house.prompts.why(AMARA, CHANNEL)).fields[0][1]


async def _answer(at: Stage, posting_id: str, words: str) -> None:
    ident = f"r-{words}"
    await at.stores.responses.add(
        AnonymousResponse(ident, posting_id, f"Heron {words}", words, b"sealed", ResponseState.WAITING)
    )
    await at.stores.responses.published(ident, f"m-{words}")
