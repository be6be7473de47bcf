"""A cohort's curriculum: in its order, with its words, over holidays, restarts and weeks left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import BadInput, NotAllowed
from bot.prompts.curricula import Curricula
from bot.prompts.item import Sequence
from bot.storage.database import Database
from tests.acting import AMARA, CHANNEL, FORM, INGRID, STRANGER, SUPERVISORS, MovedClock, Stage, contents, stage
from tests.features.prompts.test_week_ahead import DAY, EARLY, MONDAY, at_nine, days, title, until

TWELVE = "first-twelve-weeks"
WEEK = timedelta(days=7)


def curricula(at: Stage) -> Curricula:
    return at.works.house.curricula


def course() -> Sequence:
    return contents().library.sequence(TWELVE)


async def run(at: Stage, first: date, last: date) -> None:
    day = first
    while day <= last:
        await until(at, at_nine(day))
        day += DAY


async def test_the_shipped_curricula_are_offered(at_work: Stage) -> None:
    offered = curricula(at_work).offers("")
    assert [ident for ident, _ in offered] == [TWELVE, "before-the-end"]
    assert [ident for ident, _ in curricula(at_work).offers("before")] == ["before-the-end"]
    assert len(course().weeks) == 12
    assert len(course().slots) == 60


async def test_twelve_weeks_come_in_order_with_their_words(at_work: Stage) -> None:
    answer = await curricula(at_work).start(INGRID, CHANNEL, TWELVE)
    assert "Monday 23 November 2026" in answer.body
    await run(at_work, MONDAY, MONDAY + 13 * WEEK)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    taught = [each for each in history if each.why.get("lesson")]
    assert {each.why["lesson"]["week"] for each in taught} == set(range(1, 13))
    followed = [each.item_id for each in taught if each.why["source"] == "sequence"]
    planned = [slot.item_id for slot in course().slots]
    assert followed == [item_id for item_id in planned if item_id in set(followed)], "in the order of the file"
    assert len(followed) >= 55, "holidays aside, nearly all of the sixty"
    after = history[-1]
    assert after.why.get("lesson") is None, "then the pool goes on"
    assert "is over" in (await curricula(at_work).status(AMARA, CHANNEL)).body


async def test_the_weeks_first_and_last_posting_carry_its_words(at_work: Stage) -> None:
    await curricula(at_work).start(INGRID, CHANNEL, TWELVE)
    await run(at_work, MONDAY, MONDAY + 4 * DAY)
    cards = [each.card for each in at_work.messenger.in_place(CHANNEL)]
    week = course().weeks[0]
    assert cards[0].fields[0][0] == "Week 1 of 12: Arriving"
    assert cards[0].fields[0][1] == f"{course().opening_text}\n\n{week.opening}"
    assert cards[4].fields[-1][1] == week.closing
    for card in cards[1:4]:
        assert not any("Week 1" in name or "end of week" in name for name, _ in card.fields)
    why = (await at_work.works.house.prompts.why(AMARA, CHANNEL)).fields[0][1]
    assert "place in the curriculum" in why


async def test_it_begins_next_week_where_this_one_has_begun(at_work: Stage) -> None:
    await at_work.morning()
    answer = await curricula(at_work).start(INGRID, CHANNEL, TWELVE)
    assert "Monday 30 November 2026" in answer.body
    await run(at_work, MONDAY + DAY, MONDAY + WEEK)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    assert [bool(each.why.get("lesson")) for each in history] == [False] * 5 + [True]


async def test_who_may_do_what(at_work: Stage) -> None:
    acts = curricula(at_work)
    with pytest.raises(NotAllowed):
        await acts.start(AMARA, CHANNEL, TWELVE)
    for act in (acts.skip, acts.stop):
        with pytest.raises(NotAllowed):
            await act(AMARA, CHANNEL)
    with pytest.raises(NotAllowed):
        await acts.status(STRANGER, CHANNEL)
    assert "no curriculum" in (await acts.status(AMARA, CHANNEL)).body
    for act in (acts.skip, acts.stop):
        with pytest.raises(BadInput):
            await act(INGRID, CHANNEL)
    with pytest.raises(BadInput):
        await acts.start(INGRID, CHANNEL, "forty-weeks")
    await acts.start(INGRID, CHANNEL, TWELVE)
    with pytest.raises(BadInput):
        await acts.start(INGRID, CHANNEL, "before-the-end")
    status = await acts.status(AMARA, CHANNEL)
    assert status.title == "The first twelve weeks"
    assert "week 1 of 12, Arriving" in status.body
    assert "week 2 of 12, Not knowing" in status.body
    told = (await at_work.works.house.moderation.audit(INGRID, CHANNEL)).body
    assert "curriculum start" in told


async def test_skipping_leaves_out_this_week_or_once_it_has_begun_the_next(at_work: Stage) -> None:
    acts = curricula(at_work)
    await acts.start(INGRID, CHANNEL, TWELVE)
    answer = await acts.skip(INGRID, CHANNEL)
    assert "Week 1" in answer.body
    assert "week 2 of 12" in (await acts.status(AMARA, CHANNEL)).body.splitlines()[0]
    await at_work.morning()
    answer = await acts.skip(INGRID, CHANNEL)
    assert "Week 3" in answer.body
    await run(at_work, MONDAY + DAY, MONDAY + WEEK)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    assert [each.why["lesson"]["week"] for each in history] == [2, 2, 2, 2, 2, 4]
    assert "Left out: week 1, 3" in (await acts.status(AMARA, CHANNEL)).body


async def test_stopping_gives_the_days_back_to_the_pool(at_work: Stage) -> None:
    acts = curricula(at_work)
    await acts.start(INGRID, CHANNEL, TWELVE)
    await at_work.morning()
    await acts.stop(INGRID, CHANNEL)
    posting = await until(at_work, at_nine(MONDAY + DAY))
    assert posting is not None
    assert posting.why["source"] == "pool"
    assert posting.why["lesson"] is None


async def test_a_pause_costs_the_curriculum_no_week(at_work: Stage) -> None:
    await curricula(at_work).start(INGRID, CHANNEL, TWELVE)
    await run(at_work, MONDAY, MONDAY + 4 * DAY)
    await at_work.works.house.moderation.pause(INGRID, CHANNEL, "2026-12-14")
    await run(at_work, MONDAY + WEEK, MONDAY + 3 * WEEK)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    assert [each.why["lesson"]["week"] for each in history] == [1] * 5 + [2]


async def test_it_survives_a_restart(sqlite: Database, tmp_path: Path) -> None:
    clock = MovedClock()
    async with stage(sqlite, tmp_path, clock) as first:
        await curricula(first).start(INGRID, CHANNEL, TWELVE)
        await run(first, MONDAY, MONDAY + 2 * DAY)
    async with stage(sqlite, tmp_path, clock) as second:
        await run(second, MONDAY + 3 * DAY, MONDAY + WEEK)
        history = await second.stores.postings.history(second.cohort.id)
        assert [each.why["lesson"]["week"] for each in history] == [1] * 5 + [2]


async def test_a_shown_week_is_planned_anew_when_a_curriculum_begins_and_ends(sqlite: Database, tmp_path: Path) -> None:
    form = replace(FORM, item_policy="preview")
    async with stage(sqlite, tmp_path, MovedClock(EARLY), form) as at:
        await at.works.rounds.go_round()
        before = {day: title(card) for day, card in days(at).items()}
        answer = await curricula(at).start(INGRID, CHANNEL, TWELVE)
        slots = [contents().library.item(slot.item_id or "").title for slot in course().slots[:5]]
        assert [title(card) for card in days(at).values()] == slots
        assert all(was in answer.body for was in before.values() if was not in slots)
        posting = await until(at, at_nine(MONDAY))
        assert posting is not None
        assert contents().library.item(posting.item_id).title == slots[0]
        assert len(at.messenger.in_place(SUPERVISORS)) == 6, "edited in place, and no card twice"
        await curricula(at).stop(INGRID, CHANNEL)
        assert title(days(at)[MONDAY]) == slots[0], "what is out stays as it was"
        assert {title(card) for day, card in days(at).items() if day > MONDAY}.isdisjoint(slots)


async def test_a_short_course_drawn_from_the_pool_works_the_same(at_work: Stage) -> None:
    await curricula(at_work).start(INGRID, CHANNEL, "before-the-end")
    await run(at_work, MONDAY, MONDAY + 2 * WEEK)
    history = await at_work.stores.postings.history(at_work.cohort.id)
    sourced = {each.day: each for each in history}
    for day, themes in ((MONDAY, {"endings"}), (MONDAY + 2 * DAY, {"forced-endings"}), (MONDAY + WEEK, {"whose-win"})):
        item = contents().library.item(sourced[day].item_id)
        assert sourced[day].why["source"] == "sequence"
        assert themes & {item.theme, *item.also}
    assert sourced[MONDAY + DAY].why["source"] == "pool"
    assert sourced[MONDAY + DAY].why["lesson"]["week"] == 1
    assert sourced[MONDAY + 2 * WEEK].why["lesson"] is None


def test_every_text_of_a_week_fits_where_it_is_shown() -> None:
    for sequence in contents().library.sequences:
        for week in sequence.weeks:
            assert len(f"{sequence.opening_text}\n\n{week.opening}") <= 1024
            assert len(f"{week.closing}\n\n{sequence.closing_text}") <= 1024
