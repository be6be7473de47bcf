"""The week ahead: supervisors see what comes before anybody else does, and nothing goes out past them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards import Card
from bot.duties.performer import Done, Missed
from bot.errors import BadInput, NotAllowed, NotFound, OutcomeUnknown, PlaceGone, TryLater
from bot.people import ItemPolicy
from bot.ports.duties import Delivery, Duty
from bot.ports.postings import Posting, Wish, WishKind
from bot.prompts.item import Intensity
from bot.prompts.week_ahead import day_subject
from bot.storage.database import Database
from tests.acting import (
    AMARA,
    CHANNEL,
    FORM,
    INGRID,
    SUPERVISORS,
    Died,
    MovedClock,
    Stage,
    buttons,
    contents,
    stage,
)

EARLY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday, an hour before the daily prompt
MONDAY = EARLY.date()
DAY = timedelta(days=1)


@pytest.fixture
async def week(sqlite: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    """A cohort under the policy that a new one has, its first round done."""
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="preview")) as built:
        await built.works.rounds.go_round()
        yield built


def days(at: Stage) -> dict[date, Card]:
    """The cards of days that stand in the supervisors' channel."""
    found = {}
    for standing in at.messenger.in_place(SUPERVISORS):
        head, _, day = standing.key.rpartition("-")
        if head == f"w-{at.cohort.id}":
            when = datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007  a day has no zone
            assert when not in found, "a day's card stands once"
            found[when] = standing.card
    return found


def title(card: Card) -> str:
    return card.body.split("**")[1]


async def until(at: Stage, moment: datetime) -> Posting | None:
    at.clock.advance(seconds=(moment - at.clock.now()).total_seconds())
    await at.works.rounds.go_round()
    return await at.stores.postings.latest(at.cohort.id)


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, 5, tzinfo=UTC)


async def press(at: Stage, act: str, day: date) -> Card:
    button = buttons(days(at)[day])[f"week-{act}"]
    return await at.works.house.week.act(INGRID, act, button.subject)


async def test_a_new_cohort_sees_its_first_week_at_once_and_every_item_goes_out_as_shown(week: Stage) -> None:
    shown = days(week)
    assert list(shown) == [MONDAY + n * DAY for n in range(5)]
    assert all(set(buttons(card)) == {"week-approve", "week-swap", "week-skip"} for card in shown.values())
    (head,) = [each for each in week.messenger.in_place(SUPERVISORS) if each.key.endswith("-h")]
    assert "unless you swap or skip" in head.card.body
    assert week.messenger.in_place(CHANNEL) == []
    for day, card in shown.items():
        posting = await until(week, at_nine(day))
        assert posting is not None
        assert posting.day == day
        assert contents().library.item(posting.item_id).title == title(card)
        why = (await week.works.house.prompts.why(INGRID, CHANNEL)).fields[0][1]
        assert "shown this one before" in why


async def test_the_next_week_is_shown_on_thursday_once(week: Stage) -> None:
    await until(week, at_nine(MONDAY + 2 * DAY))
    assert max(days(week)) == MONDAY + 4 * DAY
    await until(week, at_nine(MONDAY + 3 * DAY))
    assert max(days(week)) == MONDAY + 11 * DAY
    count = len(week.messenger.in_place(SUPERVISORS))
    for hours in range(1, 30, 4):
        await until(week, at_nine(MONDAY + 3 * DAY) + timedelta(hours=hours))
    assert len(week.messenger.in_place(SUPERVISORS)) == count


async def test_it_keeps_wall_time_across_the_clock_change(sqlite: Database, tmp_path: Path) -> None:
    start = datetime(2027, 3, 16, 8, 0, tzinfo=UTC)
    async with stage(sqlite, tmp_path, MovedClock(start), replace(FORM, item_policy="preview")) as at:
        due = []
        for hour in range(24 * 24):
            at.clock.advance(hours=1)
            before = len(days(at))
            await at.works.rounds.go_round()
            if hour > 24 and len(days(at)) > before:
                due.append(at.clock.now())
        assert [moment.isoformat() for moment in due] == [
            "2027-03-18T09:00:00+00:00",
            "2027-03-25T09:00:00+00:00",
            "2027-04-01T08:00:00+00:00",
            "2027-04-08T08:00:00+00:00",
        ]


@pytest.mark.parametrize("act", ["swap", "skip"])
async def test_what_is_swapped_or_skipped_changes_its_card_and_does_not_go_out(week: Stage, act: str) -> None:
    tuesday = MONDAY + DAY
    before = days(week)
    answer = await press(week, act, tuesday)
    after = days(week)
    assert title(after[tuesday]) != title(before[tuesday])
    assert title(after[tuesday]) in answer.body
    assert {day: title(card) for day, card in after.items() if day != tuesday} == {
        day: title(card) for day, card in before.items() if day != tuesday
    }, "the other days stay as they were shown"
    posting = await until(week, at_nine(tuesday))
    assert posting is not None
    assert contents().library.item(posting.item_id).title == title(after[tuesday])


async def test_a_trainee_or_a_stranger_to_the_day_changes_nothing(week: Stage) -> None:
    key = buttons(days(week)[MONDAY + DAY])["week-swap"].subject
    with pytest.raises(NotAllowed):
        await week.works.house.week.act(AMARA, "swap", key)
    for wrong in ("w-x", "", f"w-{week.cohort.id}-269999"):
        with pytest.raises(NotFound):
            await week.works.house.week.act(INGRID, "swap", wrong)
    with pytest.raises(NotFound):
        await week.works.house.week.act(INGRID, "burn", key)
    await until(week, at_nine(MONDAY + DAY))
    for late in (key, day_subject(week.cohort.id, MONDAY + 30 * DAY, "p-silence-001")):
        with pytest.raises(BadInput):
            await week.works.house.week.act(INGRID, "swap", late)


async def test_only_what_was_approved_goes_out_where_that_is_the_policy(sqlite: Database, tmp_path: Path) -> None:
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="approved-only")) as at:
        await at.works.rounds.go_round()
        tuesday = MONDAY + DAY
        assert "Only what you approve" in next(
            each.card.body for each in at.messenger.in_place(SUPERVISORS) if each.key.endswith("-h")
        )
        answer = await press(at, "approve", tuesday)
        card = days(at)[tuesday]
        assert title(card) in answer.body
        assert "week-approve" not in buttons(card)
        assert "Approved by a supervisor" in card.footer
        assert await until(at, at_nine(MONDAY)) is None, "nothing was approved for Monday, and Tuesday's is Tuesday's"
        posting = await until(at, at_nine(tuesday))
        assert posting is not None
        assert contents().library.item(posting.item_id).title == title(card)
        assert await until(at, at_nine(tuesday + DAY)) == posting


async def test_what_nobody_was_shown_is_shown_and_not_posted(week: Stage) -> None:
    for day in days(week):
        await week.stores.plans.unshow(week.cohort.id, day)
    week.messenger.messages.clear()
    assert await until(week, at_nine(MONDAY)) is None
    assert week.messenger.in_place(CHANNEL) == []
    today = days(week)[MONDAY]
    assert "week-post" in buttons(today)
    await press(week, "post", MONDAY)
    posting = await until(week, at_nine(MONDAY) + timedelta(minutes=1))
    assert posting is not None
    assert contents().library.item(posting.item_id).title == title(today)
    tomorrow = await until(week, at_nine(MONDAY + DAY))
    assert tomorrow is not None
    assert tomorrow.day == MONDAY + DAY, "the rest of the week was shown with it"


async def test_what_was_shown_only_when_it_was_due_waits_for_a_supervisor(week: Stage) -> None:
    """Whichever comes first after downtime, showing or posting, and however often posting is tried."""
    for day in days(week):
        await week.stores.plans.unshow(week.cohort.id, day)
    week.messenger.messages.clear()
    week.clock.advance(hours=2)
    await week.works.house.cohorts.change(INGRID, None, CHANNEL, "name", "Third years")  # shows the week at once
    week.messenger.faults.append(("post", TryLater(), False))
    for _ in range(4):
        await week.works.rounds.go_round()
        week.clock.advance(minutes=5)
    assert week.messenger.in_place(CHANNEL) == []
    await press(week, "approve", MONDAY)
    await week.works.rounds.go_round()
    assert week.messenger.in_place(CHANNEL) == []
    await press(week, "post", MONDAY)
    await week.works.rounds.go_round()
    assert len(week.messenger.in_place(CHANNEL)) == 1


async def test_who_presses_under_a_card_that_changed_meanwhile_decides_nothing(
    sqlite: Database, tmp_path: Path
) -> None:
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="approved-only")) as at:
        await at.works.rounds.go_round()
        tuesday = MONDAY + DAY
        read = buttons(days(at)[tuesday])
        await press(at, "swap", tuesday)
        for act in ("approve", "swap", "skip"):
            with pytest.raises(BadInput, match=r"prompts.week.other"):
                await at.works.house.week.act(INGRID, act, read[f"week-{act}"].subject)
        assert await until(at, at_nine(tuesday)) is None, "she approved what she read, and that had gone"


@pytest.mark.parametrize("how", ["retired", "copied"])
async def test_what_the_library_lets_go_of_leaves_the_week_that_was_shown(week: Stage, how: str) -> None:
    tuesday, house = MONDAY + DAY, week.works.house
    before = days(week)[tuesday]
    shown = next(each for each in await week.stores.plans.shown(week.cohort.id, tuesday) if each.day == tuesday)
    if how == "retired":
        await house.reviewing.retire(INGRID, week.cohort.id, shown.item_id)
    else:
        form = await house.adding.begin_copy(INGRID, week.cohort.id, shown.item_id)
        filled = {field.name: field.text for field in form.fields} | {"title": "A Tuesday of our own"}
        told = await house.adding.filled(INGRID, form.draft_id, filled)
        assert await week.stores.own_items.of_cohort(week.cohort.id), told.card.body
    after = days(week)[tuesday]
    assert title(after) != title(before)
    posting = await until(week, at_nine(tuesday))
    assert posting is not None
    assert posting.day == tuesday, "the day does not stay empty"
    assert posting.item_id != shown.item_id


async def test_pressed_twice_it_is_posted_once(week: Stage) -> None:
    for day in days(week):
        await week.stores.plans.unshow(week.cohort.id, day)
    assert await until(week, at_nine(MONDAY)) is None
    button = buttons(days(week)[MONDAY])["week-post"]
    for _ in range(2):
        answer = await week.works.house.week.act(INGRID, "post", button.subject)
        await week.works.rounds.go_round()
    assert "already" in answer.body
    assert len(week.messenger.in_place(CHANNEL)) == 1


async def test_supervisors_see_all_that_will_be_posted_of_an_item(week: Stage) -> None:
    prompts, reviewing = week.works.house.prompts, week.works.house.reviewing
    told = next(i for i in contents().library.items if i.beats and i.intensity is Intensity.LIGHT)
    dealt = next(i for i in contents().library.items if i.role_cards)
    last = next(i for i in contents().library.items if i.afterword)
    await prompts.pin(INGRID, week.cohort.id, told.id)
    card = days(week)[MONDAY + DAY]
    assert title(card) == told.title
    assert any(told.beats[0].question in text for _, text in card.fields)
    for item, text in ((told, told.beats[0].body), (dealt, dealt.role_cards[0])):
        shown = await reviewing.show(INGRID, week.cohort.id, item.id)
        assert any(text in field for _, field in shown.fields)
    assert last.afterword is not None
    shown = await reviewing.show(INGRID, week.cohort.id, last.id)
    assert any(last.afterword.text in field for _, field in shown.fields)


async def test_a_pin_changes_the_card_of_its_day(week: Stage) -> None:
    before = days(week)
    shown = {title(card) for card in before.values()}
    light = next(i for i in contents().library.items if i.intensity is Intensity.LIGHT and i.title not in shown)
    await week.works.house.prompts.pin(INGRID, week.cohort.id, light.id)
    assert title(days(week)[MONDAY + DAY]) == light.title
    posting = await until(week, at_nine(MONDAY + DAY))
    assert posting is not None
    assert posting.item_id == light.id


async def test_a_change_of_policy_shows_the_week_or_ends_it(at_work: Stage) -> None:
    await at_work.works.rounds.go_round()
    assert days(at_work) == {}
    change = at_work.works.house.cohorts.change
    await change(INGRID, None, CHANNEL, "item_policy", "preview")
    await at_work.works.rounds.go_round()
    assert len(days(at_work)) == 5
    await change(INGRID, None, CHANNEL, "item_policy", "open")
    assert await at_work.stores.due.get(f"week-{at_work.cohort.id}") is None
    with pytest.raises(BadInput):
        await change(INGRID, None, CHANNEL, "item_policy", "whenever")


async def test_after_a_pause_the_week_is_shown_again_before_it_goes_on(week: Stage) -> None:
    moderation = week.works.house.moderation
    await moderation.pause(INGRID, CHANNEL, "2026-12-09")  # a Wednesday, two weeks on
    await until(week, at_nine(MONDAY + 14 * DAY))
    assert await week.stores.postings.latest(week.cohort.id) is None
    shown = days(week)
    for day in (date(2026, 12, 9), date(2026, 12, 10)):
        assert day in shown
        posting = await until(week, at_nine(day))
        assert posting is not None
        assert posting.day == day


async def test_downtime_over_the_hour_of_the_posting_shows_first_and_posts_nothing_unseen(
    sqlite: Database, tmp_path: Path
) -> None:
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="preview")) as at:
        assert await until(at, at_nine(MONDAY) + timedelta(hours=2)) is None
        assert len(days(at)) == 5
        assert "week-post" in buttons(days(at)[MONDAY])
        posting = await until(at, at_nine(MONDAY + DAY))
        assert posting is not None
        assert posting.day == MONDAY + DAY


@pytest.mark.parametrize("error", [TryLater(), OutcomeUnknown()])
@pytest.mark.parametrize("after", [False, True])
async def test_a_fault_while_showing_doubles_nothing(
    sqlite: Database, tmp_path: Path, error: Exception, after: bool
) -> None:
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="preview")) as at:
        for _ in range(3):
            at.messenger.faults.append(("post", error, after))
        for _ in range(6):
            await at.works.rounds.go_round()
            at.clock.advance(minutes=5)
        assert len(days(at)) == 5
        assert len([each for each in at.messenger.in_place(SUPERVISORS) if each.key.endswith("-h")]) == 1


@pytest.mark.parametrize("die_at", range(1, 14))
async def test_dead_at_any_call_the_week_stands_once_afterwards(sqlite: Database, tmp_path: Path, die_at: int) -> None:
    clock, form = MovedClock(EARLY), replace(FORM, item_policy="preview")
    async with stage(sqlite, tmp_path, clock, form) as first:
        first.messenger.die_at = first.messenger.calls + die_at
        with contextlib.suppress(Died):
            await first.works.rounds.go_round()
        async with stage(sqlite, tmp_path, clock, form) as second:
            second.messenger.messages = first.messenger.messages
            clock.advance(minutes=3)
            await second.works.rounds.go_round()
            assert len(days(second)) == 5
            posting = await until(second, at_nine(MONDAY))
            assert posting is not None
            assert contents().library.item(posting.item_id).title == title(days(second)[MONDAY])


async def test_the_weekly_card_asks_about_a_theme_that_is_skipped_again_and_again(week: Stage) -> None:
    same = [item for item in contents().library.items if item.theme == "silence"][:3]
    for item in same:
        await week.stores.postings.wish(Wish(week.cohort.id, item.id, WishKind.SKIP, MONDAY + 30 * DAY))
    await until(week, at_nine(MONDAY + 3 * DAY))
    heads = [each.card.body for each in week.messenger.in_place(SUPERVISORS) if each.key.endswith("-h")]
    assert "skipped 3 items" in heads[-1]
    assert "skipped" not in heads[0]
    assert week.cohort.item_policy is ItemPolicy.PREVIEW


async def test_a_supervisors_channel_that_is_gone_is_said_where_somebody_reads_it(
    sqlite: Database, tmp_path: Path
) -> None:
    async with stage(sqlite, tmp_path, MovedClock(EARLY), replace(FORM, item_policy="preview")) as at:
        at.messenger.faults.append(("find", PlaceGone(), False))
        await at.works.rounds.go_round()
        (told,) = at.messenger.in_place(CHANNEL)
        assert "cannot be reached" in told.card.body
        assert await until(at, EARLY + timedelta(minutes=10)) is None
        assert len(days(at)) == 5, "it goes on when it can"
        assert len(at.messenger.in_place(CHANNEL)) == 1


async def test_a_showing_that_never_went_is_given_up_before_the_next(week: Stage) -> None:
    late = Delivery("week-x", EARLY, EARLY, week.cohort.id, Duty.SHOW, "")
    showing = week.works.house.prompts._week
    assert isinstance(await showing.perform(late, EARLY + 7 * DAY), Missed)
    assert isinstance(await showing.perform(late, EARLY + 5 * DAY), Done)
