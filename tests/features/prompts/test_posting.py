"""The daily prompt: at its time, once, never lost, and honest about what it could not do."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BadInput, NotAllowed, NotPermitted, OutcomeUnknown, PlaceGone, TryLater
from bot.ports.postings import PostingState
from bot.storage.database import Database
from tests.acting import AMARA, CHANNEL, INGRID, SUPERVISORS, Died, MovedClock, Stage, buttons, contents, stage


async def rounds(at_work: Stage, times: int = 1, **step: float) -> None:
    for _ in range(times):
        at_work.clock.advance(**step)
        await at_work.works.rounds.go_round()


async def test_it_comes_at_the_cohorts_time_with_its_buttons_and_thread(at_work: Stage) -> None:
    await at_work.works.rounds.go_round()
    assert at_work.messenger.in_place(CHANNEL) == []
    posting = await at_work.morning()
    (standing,) = at_work.messenger.in_place(CHANNEL)
    assert {"respond", "mine"} <= set(buttons(standing.card))
    assert standing.key == posting.id
    assert posting.thread == at_work.messenger.threads[standing.ref]
    item = contents().library.item(posting.item_id)
    assert item.question in standing.card.body
    assert any("alias" in text and "can't hide" in text for _, text in standing.card.fields)


async def test_it_keeps_wall_time_across_the_clock_change(sqlite: Database, tmp_path: Path) -> None:
    friday = datetime(2027, 3, 26, 8, 59, tzinfo=UTC)  # Good Friday: a holiday; Monday is Easter Monday
    async with stage(sqlite, tmp_path, MovedClock(friday)) as at_work:
        await at_work.set(subdivision="ENG")
        await rounds(at_work, 24 * 6, hours=1)
        posted = list(at_work.messenger.in_place(CHANNEL))
        days = [p.day.isoformat() for p in await at_work.stores.postings.history(at_work.cohort.id)]
        assert days == ["2027-03-30", "2027-03-31", "2027-04-01"], "skips Good Friday, the weekend and Easter Monday"
        assert len(posted) == 3
        due = await at_work.stores.due.next_due()
        assert due is not None
        assert due.hour == 8, "nine o'clock in London is eight in UTC now"


@pytest.mark.parametrize("error", [TryLater(), OutcomeUnknown(), NotPermitted("Send Messages"), PlaceGone()])
@pytest.mark.parametrize("method", ["post", "open_thread"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_fault_is_retried_and_doubles_nothing(
    at_work: Stage, error: Exception, method: str, after: bool
) -> None:
    at_work.messenger.faults.append((method, error, after))
    await rounds(at_work, 1, seconds=5)
    assert await at_work.stores.postings.latest(at_work.cohort.id) is None
    await rounds(at_work, 4, minutes=5)
    assert len(at_work.messenger.in_place(CHANNEL)) == 1
    stored = await at_work.stores.postings.latest(at_work.cohort.id)
    assert stored is not None
    assert stored.state is PostingState.OPEN


async def test_supervisors_hear_at_once_what_only_they_can_mend(at_work: Stage) -> None:
    at_work.messenger.faults += [("post", NotPermitted("Send Messages"), False)]
    await rounds(at_work, 1, seconds=5)
    (told,) = at_work.messenger.in_place(SUPERVISORS)
    assert "Send Messages" in told.card.body
    assert CHANNEL.id in told.card.body


async def test_downtime_within_the_day_is_caught_up(at_work: Stage) -> None:
    at_work.clock.advance(hours=9)
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(CHANNEL)) == 1
    assert at_work.messenger.in_place(SUPERVISORS) == []


async def test_downtime_over_days_is_said_once_and_not_flushed(at_work: Stage) -> None:
    at_work.clock.advance(days=3, minutes=1)
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(CHANNEL)) == 1, "today's alone"
    (told,) = at_work.messenger.in_place(SUPERVISORS)
    assert "not running" in told.card.body


async def test_a_pause_and_its_end(at_work: Stage) -> None:
    moderation = at_work.works.house.moderation
    await moderation.pause(INGRID, CHANNEL, "2026-11-25")
    await rounds(at_work, 3, hours=12)
    assert at_work.messenger.in_place(CHANNEL) == []
    await rounds(at_work, 3, hours=12)
    assert len(at_work.messenger.in_place(CHANNEL)) == 1
    with pytest.raises(NotAllowed):
        await moderation.resume(AMARA, CHANNEL)


async def unable(at_work: Stage) -> str:
    """Let the daily item be planned and not go out; return it."""
    at_work.messenger.faults.append(("post", TryLater(), False))
    await rounds(at_work, 1, seconds=5)
    (planned,) = await at_work.stores.postings.history(at_work.cohort.id)
    return planned.item_id


async def test_a_pause_holds_for_what_could_not_go_out_before_it(at_work: Stage) -> None:
    await unable(at_work)
    await at_work.works.house.moderation.pause(INGRID, CHANNEL, "2026-11-25")
    await rounds(at_work, 3, minutes=5)
    assert at_work.messenger.in_place(CHANNEL) == []
    assert await at_work.stores.postings.history(at_work.cohort.id) == []


async def test_what_was_retired_before_it_could_go_out_is_replaced(at_work: Stage) -> None:
    item_id = await unable(at_work)
    await at_work.works.house.reviewing.retire(INGRID, at_work.cohort.id, item_id)
    await rounds(at_work, 2, minutes=5)
    posting = await at_work.stores.postings.latest(at_work.cohort.id)
    assert posting is not None
    assert posting.item_id != item_id
    assert at_work.keys.get(posting.id) is not None


async def test_what_is_retired_is_not_posted_by_an_old_button(at_work: Stage) -> None:
    prompts = at_work.works.house.prompts
    cohort_id, item_id = buttons(await prompts.on_demand(INGRID, CHANNEL, "prompt", "e-1"))["post"].subject.split("/")
    await at_work.works.house.reviewing.retire(INGRID, cohort_id, item_id)
    with pytest.raises(BadInput, match=r"prompts.post_retired"):
        await prompts.post_now(INGRID, cohort_id, item_id)


async def test_nothing_repeats_while_there_is_something_new(at_work: Stage) -> None:
    await rounds(at_work, 4 * 30, hours=6)
    used = [p.item_id for p in await at_work.stores.postings.history(at_work.cohort.id)]
    assert len(used) > 15
    assert len(set(used)) == len(used)


async def test_what_the_preview_shows_is_what_comes(at_work: Stage) -> None:
    prompts = at_work.works.house.prompts
    coming = await prompts.preview(INGRID, CHANNEL)
    with pytest.raises(NotAllowed):
        await prompts.preview(AMARA, CHANNEL)
    posting = await at_work.morning()
    assert contents().library.item(posting.item_id).title in coming[0].body


@pytest.mark.parametrize("act", ["swap", "skip"])
async def test_swapping_and_skipping_bring_another(at_work: Stage, act: str) -> None:
    prompts = at_work.works.house.prompts
    first = (await prompts.preview(INGRID, CHANNEL))[0]
    cohort_id, item_id = buttons(first)[act].subject.split("/")
    with pytest.raises(NotAllowed):
        await getattr(prompts, act)(AMARA, cohort_id, item_id)
    await getattr(prompts, act)(INGRID, cohort_id, item_id)
    posting = await at_work.morning()
    assert posting.item_id != item_id


async def test_a_pin_comes_next_and_is_spent(at_work: Stage) -> None:
    prompts = at_work.works.house.prompts
    await at_work.morning()
    used = {p.item_id for p in await at_work.stores.postings.history(at_work.cohort.id)}
    light = next(i for i in contents().library.items if i.intensity == 1 and i.id not in used)
    await prompts.pin(INGRID, at_work.cohort.id, light.id)
    await rounds(at_work, 1, days=1)
    latest = await at_work.stores.postings.latest(at_work.cohort.id)
    assert latest is not None
    assert latest.item_id == light.id
    assert await at_work.stores.postings.wishes(at_work.cohort.id) == []
    assert "pinned" in (await prompts.why(AMARA, CHANNEL)).fields[0][1]


async def test_why_shows_the_facilitators_notes_to_supervisors_alone(at_work: Stage) -> None:
    posting = await at_work.morning()
    trap = contents().library.item(posting.item_id).facilitator.trap
    prompts = at_work.works.house.prompts
    assert any(text == trap for _, text in (await prompts.why(INGRID, CHANNEL)).fields)
    assert not any(text == trap for _, text in (await prompts.why(AMARA, CHANNEL)).fields)


async def test_on_demand_is_private_and_goes_to_the_channel_by_a_supervisor_once(at_work: Stage) -> None:
    prompts = at_work.works.house.prompts
    assert not buttons(await prompts.on_demand(AMARA, CHANNEL, "prompt", "e-1"))
    card = await prompts.on_demand(INGRID, CHANNEL, "vignette", "e-2")
    assert at_work.messenger.in_place(CHANNEL) == []
    cohort_id, item_id = buttons(card)["post"].subject.split("/")
    with pytest.raises(NotAllowed):
        await prompts.post_now(AMARA, cohort_id, item_id)
    for _ in range(2):
        await prompts.post_now(INGRID, cohort_id, item_id)
        await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(CHANNEL)) == 1


@pytest.mark.parametrize("die_at", range(1, 15))
async def test_dead_at_any_call_to_the_platform_it_stands_once_afterwards(
    sqlite: Database, tmp_path: Path, die_at: int
) -> None:
    clock = MovedClock()
    async with stage(sqlite, tmp_path, clock) as first:
        clock.advance(seconds=5)
        first.messenger.die_at = first.messenger.calls + die_at
        with contextlib.suppress(Died):
            await first.works.rounds.go_round()
        async with stage(sqlite, tmp_path, clock) as second:
            second.messenger.messages = first.messenger.messages
            second.messenger.threads = first.messenger.threads
            clock.advance(minutes=3)
            await second.works.rounds.go_round()
            assert len(second.messenger.in_place(CHANNEL)) == 1
            posting = await second.stores.postings.latest(second.cohort.id)
            assert posting is not None
            assert posting.state is PostingState.OPEN
            assert second.keys.get(posting.id) is not None
            close = await second.stores.due.get(f"close-{posting.id}")
            assert close is not None
            assert close.next_run_at is not None
            assert close.next_run_at - clock.now() > timedelta(days=6)
