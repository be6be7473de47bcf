"""The promises of `PlanStore`, on every database."""

from __future__ import annotations

from dataclasses import replace

from bot.ports.plans import Arrangement, ArrangementKind, Enrolment, Showing
from bot.storage.stores import Stores
from tests.contracts.examples import DAY, TODAY, with_cohort

HOLD = Arrangement("c1", ArrangementKind.HOLD, "client-death", TODAY)
SEASON = Arrangement("c1", ArrangementKind.SEASON, "break", TODAY, TODAY + 7 * DAY)


async def test_what_is_arranged_again_replaces_what_stood_there(stores: Stores) -> None:
    await with_cohort(stores)
    longer = replace(SEASON, last=TODAY + 9 * DAY)
    for each in (SEASON, HOLD, longer):
        await stores.plans.arrange(each)
    assert await stores.plans.arranged("c1") == [HOLD, longer]
    assert await stores.plans.arranged("c2") == []
    assert await stores.plans.undo("c1", ArrangementKind.HOLD, "client-death")
    assert not await stores.plans.undo("c1", ArrangementKind.HOLD, "client-death")
    assert not await stores.plans.undo("c1", ArrangementKind.REQUEST, "break")
    assert await stores.plans.arranged("c1") == [longer]


async def test_a_cohort_is_in_one_curriculum(stores: Stores) -> None:
    await with_cohort(stores)
    assert await stores.plans.enrolment("c1") is None
    first = Enrolment("c1", "twelve", TODAY)
    for each in (first, replace(first, sequence_id="other", skipped=frozenset({2, 11}))):
        await stores.plans.enrol(each)
        assert await stores.plans.enrolment("c1") == each
    assert await stores.plans.leave("c1")
    assert not await stores.plans.leave("c1")
    assert await stores.plans.enrolment("c1") is None


async def test_one_item_is_shown_for_a_day(stores: Stores) -> None:
    await with_cohort(stores)
    shown = [Showing("c1", TODAY + n * DAY, f"item-{n}", {"source": "pool"}) for n in range(3)]
    for each in (*reversed(shown), replace(shown[1], item_id="other")):
        await stores.plans.show(each)
    assert [each.item_id for each in await stores.plans.shown("c1", TODAY)] == ["item-0", "other", "item-2"]
    assert await stores.plans.shown("c1", TODAY + 2 * DAY) == [shown[2]]
    await stores.plans.unshow("c1", TODAY)
    assert [each.day for each in await stores.plans.shown("c1", TODAY)] == [TODAY + DAY, TODAY + 2 * DAY]


async def test_it_goes_with_its_cohort(stores: Stores) -> None:
    await with_cohort(stores)
    await stores.plans.arrange(HOLD)
    await stores.plans.enrol(Enrolment("c1", "twelve", TODAY))
    await stores.plans.show(Showing("c1", TODAY, "item", {}))
    await stores.cohorts.remove("c1")
    assert await stores.plans.arranged("c1") == []
    assert await stores.plans.enrolment("c1") is None
    assert await stores.plans.shown("c1", TODAY) == []
