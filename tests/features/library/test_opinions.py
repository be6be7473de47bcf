"""What is said against an item: once a person a posting, by nobody's name, seen from five on."""

from __future__ import annotations

import pytest

from bot.errors import BadInput, NotAllowed, NotFound
from bot.ports.library import Take
from tests.acting import AMARA, CHANNEL, INGRID, STRANGER, TRAINEE, Stage, buttons, person


async def counted(at_work: Stage) -> dict[Take, int]:
    return {each.take: each.times for each in await at_work.stores.opinions.of_cohort(at_work.cohort.id)}


async def test_it_counts_once_a_person_a_posting_whatever_she_presses(at_work: Stage) -> None:
    posting, opinions = await at_work.morning(), at_work.works.house.opinions
    assert "opine" in buttons(at_work.messenger.in_place(CHANNEL)[-1].card)
    card = await opinions.ask(AMARA, posting.id)
    assert set(buttons(card)) == {"opinion-missed", "opinion-stereotype", "opinion-too-close"}
    thanks = [await opinions.give(AMARA, posting.id, said) for said in ("stereotype", "stereotype", "missed")]
    assert len({card.body for card in thanks}) == 1, "the answer does not tell whether it was counted"
    assert await counted(at_work) == {Take.STEREOTYPE: 1}


async def test_supervisors_see_five_or_more_rounded_down(at_work: Stage) -> None:
    posting, opinions = await at_work.morning(), at_work.works.house.opinions
    item = await opinions._shelf.item(at_work.cohort.id, posting.item_id)
    for number in range(4):
        await opinions.give(person(100 + number, TRAINEE), posting.id, "missed")
    assert item.title not in (await opinions.report(INGRID, CHANNEL)).body
    for number in range(4, 9):
        await opinions.give(person(100 + number, TRAINEE), posting.id, "missed")
    assert (
        f"**{item.title}** (`{item.id}`): Missed the mark, 5 or more" in (await opinions.report(INGRID, CHANNEL)).body
    )


async def test_when_the_key_is_gone_nobody_can_be_counted_and_no_tag_is_left(at_work: Stage) -> None:
    posting, opinions = await at_work.morning(), at_work.works.house.opinions
    await opinions.give(AMARA, posting.id, "too-close")
    await at_work.works.house.moderation.close(INGRID, posting.id)
    with pytest.raises(BadInput, match=r"library.opinion.closed"):
        await opinions.give(AMARA, posting.id, "missed")
    assert await counted(at_work) == {Take.TOO_CLOSE: 1}


async def test_her_mark_is_not_that_of_her_responses_and_forgetting_takes_it_along(at_work: Stage) -> None:
    posting, house = await at_work.morning(), at_work.works.house
    await house.responses.submit(AMARA, posting.id, "I noticed the clock.", "t1")
    await house.opinions.give(AMARA, posting.id, "missed")
    await house.privacy.forget_me(AMARA)
    await house.opinions.give(AMARA, posting.id, "missed")
    assert await counted(at_work) == {Take.MISSED: 2}, "nothing was left to know her by"


async def test_only_members_say_it_and_only_supervisors_read_it(at_work: Stage) -> None:
    posting, opinions = await at_work.morning(), at_work.works.house.opinions
    for act in (opinions.ask(STRANGER, posting.id), opinions.give(STRANGER, posting.id, "missed")):
        with pytest.raises(NotAllowed):
            await act
    with pytest.raises(BadInput, match=r"library.opinion.for_trainees"):
        await opinions.give(INGRID, posting.id, "missed")
    assert await counted(at_work) == {}
    with pytest.raises(NotFound):
        await opinions.give(AMARA, posting.id, "boring")
    with pytest.raises(NotFound):
        await opinions.ask(AMARA, "no-such")
    with pytest.raises(NotAllowed):
        await opinions.report(AMARA, CHANNEL)
