"""What every adapter promises of cohorts' own items, suggestions and opinions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

from bot.people import Member, Platform
from bot.ports.library import OwnText, Suggestion, Take, Takes
from bot.storage.stores import Stores
from tests.contracts.examples import with_cohort, with_posting

OWN = OwnText("own-1", "c1", "title: A thing\n", date(2026, 11, 23), "p-silence-001")
AMARA = Member(Platform.DISCORD, "77")
WISH = Suggestion("s1", "c1", "prompt", "A title", "A body", "What then?", "silence", "why not", AMARA)


async def _two_cohorts(stores: Stores) -> None:
    for name in ("c1", "c2"):
        await with_cohort(stores, name)


async def test_an_item_is_kept_once_and_is_its_cohorts_alone(stores: Stores) -> None:
    await _two_cohorts(stores)
    assert await stores.own_items.keep(OWN) == OWN
    assert await stores.own_items.keep(replace(OWN, text="title: Another\n")) == OWN
    assert await stores.own_items.of_cohort("c1") == [OWN]
    assert await stores.own_items.of_cohort("c2") == []
    await stores.cohorts.remove("c1")
    assert await stores.own_items.of_cohort("c1") == []


async def test_a_suggestion_is_decided_once_and_then_forgets_who_made_it(stores: Stores) -> None:
    await _two_cohorts(stores)
    assert await stores.suggestions.add(WISH)
    assert not await stores.suggestions.add(WISH)
    assert await stores.suggestions.open("c1") == [WISH]
    assert await stores.suggestions.open("c2") == []
    decided = await asyncio.gather(*(stores.suggestions.decide("s1", word) for word in ("approved", "declined")))
    assert sorted(decided) == [False, True]
    kept = await stores.suggestions.get("s1")
    assert kept is not None
    assert kept.shown is None
    assert kept.decided in {"approved", "declined"}
    assert await stores.suggestions.open("c1") == []


async def test_a_forgotten_member_is_no_longer_shown(stores: Stores) -> None:
    await _two_cohorts(stores)
    await stores.suggestions.add(WISH)
    await stores.suggestions.add(replace(WISH, id="s2", shown=None))
    assert await stores.members.forget(AMARA) == 1
    assert [each.shown for each in await stores.suggestions.open("c1")] == [None, None]


async def test_an_opinion_counts_once_a_tag(stores: Stores) -> None:
    await _two_cohorts(stores)
    await with_posting(stores)
    said = Takes("c1", "p-silence-001", Take.STEREOTYPE, 0)
    both = await asyncio.gather(*(stores.opinions.add("p1", "tag", said) for _ in range(2)))
    assert sorted(both) == [False, True]
    assert not await stores.opinions.add("p1", "tag", replace(said, take=Take.MISSED))
    assert await stores.opinions.add("p1", "other", said)
    assert await stores.opinions.of_cohort("c1") == [replace(said, times=2)]
    assert await stores.opinions.of_cohort("c2") == []
    assert await stores.opinions.every() == [replace(said, times=2)]


async def test_tags_go_with_the_key_and_counts_stay(stores: Stores) -> None:
    await _two_cohorts(stores)
    await with_posting(stores)
    said = Takes("c1", "p-silence-001", Take.MISSED, 0)
    await stores.opinions.add("p1", "tag", said)
    await stores.opinions.add("p1", "hers", said)
    await stores.responses.forget_tag("p1", "hers")
    assert not await stores.opinions.add("p1", "tag", said)
    await stores.responses.forget_authors("p1")
    assert await stores.opinions.of_cohort("c1") == [replace(said, times=2)]
    assert await stores.opinions.add("p1", "tag", said), "a tag was kept after the posting's end"
