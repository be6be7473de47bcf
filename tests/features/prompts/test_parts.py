"""The second part of a vignette: once, the next day or when a supervisor says so."""

from __future__ import annotations

import pytest

from bot.errors import NotAllowed, OutcomeUnknown
from bot.ports.postings import Posting
from tests.acting import AMARA, INGRID, Stage, Standing, contents

TOLD = next(item for item in contents().library.items if item.beats)
WHOLE = next(item for item in contents().library.items if not item.beats)


async def posted(at_work: Stage, item_id: str = TOLD.id) -> Posting:
    await at_work.works.house.prompts.post_now(INGRID, at_work.cohort.id, item_id)
    await at_work.works.rounds.go_round()
    posting = await at_work.stores.postings.latest(at_work.cohort.id)
    assert posting is not None
    return posting


def second_parts(at_work: Stage, posting: Posting) -> list[Standing]:
    assert posting.thread is not None
    return [m for m in at_work.messenger.in_place(posting.thread) if m.key == f"{posting.id}-2"]


async def test_it_comes_the_next_day_into_the_thread(at_work: Stage) -> None:
    posting = await posted(at_work)
    standing = next(m for m in at_work.messenger.messages if m.key == posting.id)
    assert any("tomorrow" in text for _, text in standing.card.fields)
    at_work.clock.advance(hours=23, minutes=50)
    await at_work.works.rounds.go_round()
    assert second_parts(at_work, posting) == []
    at_work.clock.advance(minutes=15)
    await at_work.works.rounds.go_round()
    (part,) = second_parts(at_work, posting)
    assert TOLD.beats[0].body.strip() in part.card.body
    assert TOLD.beats[0].question.strip() in part.card.body
    assert [button.action for button in part.card.buttons] == ["respond"]


async def test_a_supervisor_brings_it_now_and_once(at_work: Stage) -> None:
    posting = await posted(at_work)
    parts = at_work.works.house.parts
    with pytest.raises(NotAllowed):
        await parts.release(AMARA, posting.id)
    await parts.release(INGRID, posting.id)
    await at_work.works.rounds.go_round()
    assert len(second_parts(at_work, posting)) == 1
    assert "already" in (await parts.release(INGRID, posting.id)).body
    at_work.clock.advance(days=1, minutes=5)
    await at_work.works.rounds.go_round()
    assert len(second_parts(at_work, posting)) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_fault_neither_loses_nor_doubles_it(at_work: Stage, after: bool) -> None:
    posting = await posted(at_work)
    at_work.messenger.faults.append(("post", OutcomeUnknown(), after))
    await at_work.works.house.parts.release(INGRID, posting.id)
    for _ in range(3):
        await at_work.works.rounds.go_round()
        at_work.clock.advance(minutes=6)
    assert len(second_parts(at_work, posting)) == 1


async def test_a_pause_puts_it_off(at_work: Stage) -> None:
    posting = await posted(at_work)
    house, here = at_work.works.house, at_work.cohort.channel
    until = (at_work.clock.now().date()).replace(day=at_work.clock.now().day + 2)
    await house.moderation.pause(INGRID, here, until.isoformat())
    at_work.clock.advance(days=1, minutes=5)
    await at_work.works.rounds.go_round()
    assert second_parts(at_work, posting) == []
    at_work.clock.advance(days=2)
    await at_work.works.rounds.go_round()
    await at_work.works.rounds.go_round()
    assert len(second_parts(at_work, posting)) == 1


@pytest.mark.parametrize("spared", ["hold", "retirement"])
async def test_what_the_group_is_to_be_spared_waits_for_a_supervisor(at_work: Stage, spared: str) -> None:
    item = next(i for i in contents().library.items if i.beats and i.hold_when)
    posting, house = await posted(at_work, item.id), at_work.works.house
    if spared == "hold":
        await house.arranging.raise_hold(INGRID, at_work.cohort.channel, next(iter(item.hold_when)).value)
    else:
        await house.reviewing.retire(INGRID, at_work.cohort.id, item.id)
    for _ in range(2):
        at_work.clock.advance(days=1, minutes=5)
        await at_work.works.rounds.go_round()
    assert second_parts(at_work, posting) == []
    await house.parts.release(INGRID, posting.id)
    await at_work.works.rounds.go_round()
    assert len(second_parts(at_work, posting)) == 1


async def test_nothing_comes_into_a_closed_posting(at_work: Stage) -> None:
    posting = await posted(at_work)
    await at_work.works.house.moderation.close(INGRID, posting.id)
    at_work.clock.advance(days=1, minutes=5)
    await at_work.works.rounds.go_round()
    assert second_parts(at_work, posting) == []
    assert "closed" in (await at_work.works.house.parts.release(INGRID, posting.id)).body


async def test_an_item_told_at_once_has_none(at_work: Stage) -> None:
    posting = await posted(at_work, WHOLE.id)
    assert "no second part" in (await at_work.works.house.parts.release(INGRID, posting.id)).body
