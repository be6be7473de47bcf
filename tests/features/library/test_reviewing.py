"""Local review: what a cohort's supervisors say of items holds for their cohort, and is shown wherever the item is."""

from __future__ import annotations

import pytest

from bot.cohorts.form import SetupForm
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import ItemPolicy
from bot.prompts.item import Status
from tests.acting import AMARA, CHANNEL, INGRID, Stage, buttons
from tests.acting import FORM as COHORT

ITEM = "p-advice-pull-001"


async def standing(at_work: Stage, cohort_id: str = "", item: str = ITEM) -> Status:
    return (await at_work.works.house.reviewing._shelf.item(cohort_id or at_work.cohort.id, item)).status


async def test_an_item_is_shown_with_its_notes_standing_and_what_can_be_done(at_work: Stage) -> None:
    reviewing = at_work.works.house.reviewing
    ((subject, title),) = list(await reviewing.find(INGRID, CHANNEL, "sentence that arrived early"))
    assert "advice-pull" in title
    card = await reviewing.show(INGRID, *subject.split("/"))
    assert set(buttons(card)) == {"library-approve", "library-copy", "library-retire"}
    assert "Listen for" in str(card.fields)
    assert "The library" in str(card.fields)


async def test_approving_holds_here_and_nowhere_else(at_work: Stage) -> None:
    house = at_work.works.house
    form = SetupForm(
        **{
            **{name: getattr(COHORT, name) for name in COHORT.__slots__},
            "name": "B",
            "channel": "2101",
            "supervisors_channel": "2102",
        }
    )
    other = (await house.cohorts.setup(INGRID, form, "setup-2")).cohort
    before = await standing(at_work)
    card = await house.reviewing.approve(INGRID, at_work.cohort.id, ITEM)
    assert "holds for your cohort alone" in card.body
    assert await standing(at_work) is Status.APPROVED_HERE
    assert await standing(at_work, other.id) is before
    assert "Approved here" in (await house.reviewing.show(INGRID, at_work.cohort.id, ITEM)).footer
    (entry, *_) = await at_work.stores.audit.latest(at_work.cohort.id, 5)
    assert (entry.act, entry.subject, entry.actor) == ("approve item", ITEM, INGRID.member)


async def test_where_only_approved_items_go_out_an_approved_one_does(at_work: Stage) -> None:
    await at_work.set(item_policy=ItemPolicy.APPROVED_ONLY)
    await at_work.works.house.reviewing.approve(INGRID, at_work.cohort.id, ITEM)
    assert (await at_work.morning()).item_id == ITEM


async def test_a_retired_item_comes_no_more_until_it_is_brought_back(at_work: Stage) -> None:
    house = at_work.works.house
    await at_work.set(item_policy=ItemPolicy.APPROVED_ONLY)
    await house.reviewing.approve(INGRID, at_work.cohort.id, ITEM)
    await house.reviewing.retire(INGRID, at_work.cohort.id, ITEM)
    card = await house.reviewing.show(INGRID, at_work.cohort.id, ITEM)
    assert set(buttons(card)) == {"library-restore"}
    with pytest.raises(BadInput, match=r"prompts.pin_never"):
        await house.prompts.pin(INGRID, at_work.cohort.id, ITEM)
    at_work.clock.advance(seconds=5)
    await at_work.works.rounds.go_round()
    assert await at_work.stores.postings.latest(at_work.cohort.id) is None
    await house.reviewing.restore(INGRID, at_work.cohort.id, ITEM)
    assert await standing(at_work) is not Status.RETIRED


async def test_the_list_says_where_everything_stands(at_work: Stage) -> None:
    house = at_work.works.house
    await house.reviewing.approve(INGRID, at_work.cohort.id, ITEM)
    await house.reviewing.retire(INGRID, at_work.cohort.id, "p-supervision-002")
    (card,) = await house.reviewing.listed(INGRID, CHANNEL)
    assert "Approved here: a supervisor of this cohort has read it. 1" in card.body
    assert ITEM in str(card.fields)
    assert "p-supervision-002" in str(card.fields)


async def test_only_supervisors_review(at_work: Stage) -> None:
    reviewing = at_work.works.house.reviewing
    assert await reviewing.find(AMARA, CHANNEL, "advice") == []
    for act in (reviewing.show, reviewing.approve, reviewing.retire, reviewing.restore):
        with pytest.raises(NotAllowed):
            await act(AMARA, at_work.cohort.id, ITEM)
        with pytest.raises(NotFound):
            await act(INGRID, at_work.cohort.id, "p-no-such-001")
        with pytest.raises(NotFound):
            await act(INGRID, "no-such", ITEM)
    with pytest.raises(NotAllowed):
        await reviewing.listed(AMARA, CHANNEL)
