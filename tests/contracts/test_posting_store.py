"""The promises of `bot.ports.postings.PostingStore`, on every database."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import NotFound
from bot.people import Place, Platform, Workspace
from bot.ports.postings import PostingState, Wish, WishKind
from bot.storage.stores import Stores
from tests.contracts.examples import DAY, HOME, NOW, TODAY, message, posting, thread, with_cohort, with_posting

PLANNED, OPEN, LOCKED, CLOSED = PostingState


async def test_a_plan_comes_back_as_it_was_made(stores: Stores) -> None:
    await with_cohort(stores)
    planned = posting(why={"seed": 3, "left": ["ä", None], "nested": {"again": True}, "on_demand": True})
    assert await stores.postings.plan(planned) == planned
    assert await stores.postings.get("p1") == planned
    assert await stores.postings.get("p2") is None


async def test_planning_again_finds_the_first_choice(stores: Stores) -> None:
    first = await with_posting(stores)
    assert await stores.postings.plan(posting(item_id="another")) == first


async def test_planning_at_once_agrees_on_one_choice(stores: Stores) -> None:
    await with_cohort(stores)
    choices = [posting(item_id=f"item-{number}") for number in range(6)]
    planned = await asyncio.gather(*(stores.postings.plan(choice) for choice in choices))
    assert len({each.item_id for each in planned}) == 1
    others = await asyncio.gather(*(stores.postings.plan(posting(f"q{number}")) for number in range(6)))
    assert [each.id for each in others] == [f"q{number}" for number in range(6)]
    assert len(await stores.postings.history("c1")) == 7


async def test_planning_for_a_removed_cohort_is_refused(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.postings.plan(posting())


async def test_an_opened_posting_knows_where_it_stands(stores: Stores) -> None:
    opened = await with_posting(stores)
    assert opened == posting(state=OPEN, message=message(), thread=thread(), closes_at=NOW + 7 * DAY)
    await stores.postings.opened("p1", message("other"), thread("other"), NOW)
    assert await stores.postings.get("p1") == opened, "it opens once"
    assert await stores.postings.in_thread(thread()) == opened
    assert await stores.postings.in_thread(thread("other")) is None
    assert await stores.postings.in_thread(Place(Workspace(Platform.SLACK, HOME.id), thread().id)) is None
    await stores.postings.set_closing("p1", NOW)
    changed = await stores.postings.get("p1")
    assert changed is not None
    assert changed.closes_at == NOW


async def test_the_state_moves_only_as_told(stores: Stores) -> None:
    await with_posting(stores)
    assert not await stores.postings.move("p1", CLOSED, only_from=[PLANNED, LOCKED])
    assert await stores.postings.move("p1", LOCKED, only_from=[OPEN])
    moves = await asyncio.gather(*(stores.postings.move("p1", CLOSED, only_from=[LOCKED]) for _ in range(5)))
    assert sorted(moves) == [False] * 4 + [True]
    assert not await stores.postings.move("p2", OPEN, only_from=list(PostingState))


async def test_the_latest_is_the_newest_that_stands(stores: Stores) -> None:
    assert await stores.postings.latest("c1") is None
    await with_posting(stores, "tomorrow-planned")
    await stores.postings.plan(posting("zz", day=TODAY))
    await stores.postings.plan(posting("aa", day=TODAY))
    await stores.postings.plan(posting("old", day=TODAY - DAY))
    await stores.postings.plan(posting("future", day=TODAY + DAY))
    for id_ in ("old", "aa", "zz"):
        await stores.postings.opened(id_, message(id_), thread(id_), NOW)
    latest = await stores.postings.latest("c1")
    assert latest is not None
    assert latest.id == "aa", "planned after zz, opened before it"
    history = [each.id for each in await stores.postings.history("c1")]
    assert history == ["old", "tomorrow-planned", "zz", "aa", "future"]
    assert [each.id for each in await stores.postings.history("c1", TODAY + DAY)] == ["future"]
    assert await stores.postings.history("c2") == []


async def test_only_a_planned_posting_can_be_dropped(stores: Stores) -> None:
    await with_posting(stores)
    await stores.postings.plan(posting("p2"))
    for id_ in ("p1", "p2", "p3"):
        await stores.postings.unplanned(id_)
    assert [each.id for each in await stores.postings.history("c1")] == ["p1"]


async def test_wishes_replace_their_kind_and_can_be_taken_back(stores: Stores) -> None:
    await with_cohort(stores)
    pin, skip = Wish("c1", "item", WishKind.PIN), Wish("c1", "item", WishKind.SKIP, TODAY)
    pinned_for = Wish("c1", "item", WishKind.PIN, TODAY + DAY)
    for wish in (pin, skip, pinned_for):
        await stores.postings.wish(wish)
    assert await stores.postings.wishes("c1") == [pinned_for, skip]
    assert await stores.postings.wishes("c2") == []
    assert await stores.postings.unwish("c1", "item", WishKind.PIN)
    assert not await stores.postings.unwish("c1", "item", WishKind.PIN)
    assert await stores.postings.wishes("c1") == [skip]
