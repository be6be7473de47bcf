"""The promises of `CohortStore`, `MemberStore` and `SessionStore`, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from bot.errors import NotFound
from bot.people import AlertPolicy, ItemPolicy, Member, MemberSettings, Place, Platform, Workspace
from bot.ports.audit import Alert, AuditEntry
from bot.ports.duties import Duty, Ending, Schedule
from bot.ports.postings import Wish, WishKind
from bot.rhythm import once
from bot.storage.database import Database
from bot.storage.schema import metadata
from bot.storage.stores import Stores
from tests.contracts.examples import (
    DAY,
    HOME,
    MINUTE,
    MIRA,
    NOW,
    OTTO,
    advance,
    cohort,
    daily,
    reminder,
    response,
    session,
    with_cohort,
    with_posting,
)

HOUR = 60 * MINUTE


async def rows_of(database: Database) -> dict[str, int]:
    """Count the rows of every table that has some."""
    async with database.reading() as connection:
        found = {table.name: len((await connection.execute(select(table))).all()) for table in metadata.sorted_tables}
    return {name: count for name, count in found.items() if count}


async def test_a_cohort_comes_back_as_it_was_saved(stores: Stores) -> None:
    full = cohort(
        days=frozenset({0, 6}),
        time=time(7, 45),
        site_protocol="Call the ward – ☎ 12",
        on_call="Dr. Ö",
        coverage_hours="8–20",
        subdivision="9",
        locale="de",
        alert_policy=AlertPolicy.ON_REQUEST,
        open_days=3,
        paused_until=NOW,
        level=2,
        item_policy=ItemPolicy.APPROVED_ONLY,
        escalate_after=45,
        escalation_channel=Place(HOME, "on-call"),
    )
    for saved in (cohort(), full):
        await stores.cohorts.save(saved, daily(saved))
        assert await stores.cohorts.get("c1") == saved
        assert await stores.due.get("daily-c1") == daily(saved)
    assert await stores.cohorts.get("c2") is None


async def test_cohorts_are_found_by_workspace_and_place(stores: Stores) -> None:
    elsewhere = Workspace(Platform.SLACK, HOME.id)
    b, a = cohort("c1", name="B"), cohort("c2", name="A", supervisors_channel=Place(HOME, "channel-c1"))
    far = cohort("c0", workspace=elsewhere, channel=Place(elsewhere, "x"), supervisors_channel=Place(elsewhere, "y"))
    for each in (b, a, far):
        await stores.cohorts.save(each, daily(each))
    assert await stores.cohorts.in_workspace(HOME) == [a, b]
    assert await stores.cohorts.every() == [far, b, a]
    assert await stores.cohorts.at(b.channel) == b, "its own channel outranks another's supervisors' channel"
    assert await stores.cohorts.at(b.supervisors_channel) == b
    assert await stores.cohorts.at(Place(elsewhere, "y")) == far
    assert await stores.cohorts.at(Place(elsewhere, "channel-c1")) is None


async def test_a_cohort_with_a_channel_elsewhere_is_a_mistake(stores: Stores) -> None:
    stray = cohort(channel=Place(Workspace(Platform.SLACK, "T1"), "x"))
    with pytest.raises(ValueError, match="workspace"):
        await stores.cohorts.save(stray, daily(stray))


async def test_a_cohort_and_its_schedule_are_saved_together_or_not_at_all(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.cohorts.save(cohort(), daily(cohort("c9")))
    assert await stores.cohorts.get("c1") is None


async def test_saving_a_cohort_again_keeps_what_hangs_on_it(stores: Stores, database: Database) -> None:
    await with_posting(stores)
    await stores.responses.add(response())
    before = await rows_of(database)
    changed = cohort(name="Renamed")
    await stores.cohorts.save(changed, daily(changed))
    assert await rows_of(database) == before


async def test_removing_a_cohort_leaves_only_the_audit(stores: Stores, database: Database) -> None:
    await with_posting(stores)
    await stores.responses.add(response())
    await stores.responses.alias("p1", "tag-1", ["Heron"])
    await stores.responses.flag("r1", "tag-2")
    await stores.sessions.save(session(), [reminder(session())])
    await stores.members.set_dm("c1", MIRA, True)
    await stores.postings.wish(Wish("c1", "item-p1", WishKind.PIN))
    await stores.alerts.raise_alert(Alert("a1", "c1", "A", NOW))
    await stores.audit.append(AuditEntry("c1", NOW, OTTO, "remove"))
    await stores.due.claim_due(NOW, 1, advance)
    assert len(await rows_of(database)) == 12, "every table but members has a row that hangs on the cohort"
    await stores.cohorts.remove("c1")
    await stores.cohorts.remove("c1")
    assert await rows_of(database) == {"audit": 1}


async def test_removing_a_cohort_while_its_work_is_claimed_blocks_nobody(stores: Stores) -> None:
    for _ in range(5):
        await with_posting(stores)
        await asyncio.gather(
            stores.due.claim_due(NOW, 10, advance),
            stores.cohorts.remove("c1"),
            stores.due.lease(NOW, NOW + MINUTE, 10),
        )
        assert await stores.cohorts.get("c1") is None
        assert await stores.due.lease(NOW + DAY, NOW + 2 * DAY, 10) == []


async def test_settings_are_the_defaults_until_chosen(stores: Stores) -> None:
    assert await stores.members.settings(MIRA) == MemberSettings(MIRA)
    for chosen in (MemberSettings(MIRA, "NZ", "mi", True), MemberSettings(MIRA, None, "en")):
        await stores.members.save(chosen)
        assert await stores.members.settings(MIRA) == chosen
    assert await stores.members.settings(replace(MIRA, platform=Platform.SLACK)) == MemberSettings(
        replace(MIRA, platform=Platform.SLACK)
    )


async def test_direct_reminders_are_wanted_for_each_cohort(stores: Stores) -> None:
    await with_cohort(stores)
    await with_cohort(stores, "c2")
    for member in (OTTO, MIRA, MIRA):
        await stores.members.set_dm("c1", member, True)
    assert await stores.members.wanting_dm("c1") == [MIRA, OTTO]
    assert await stores.members.wanting_dm("c2") == []
    await stores.members.set_dm("c1", MIRA, False)
    assert await stores.members.wanting_dm("c1") == [OTTO]


async def test_forgetting_a_member_finds_all_of_her_everywhere(stores: Stores, database: Database) -> None:
    async def fill(member: Member) -> None:
        await stores.members.save(MemberSettings(member, "AT"))
        for cohort_id in ("c1", "c2"):
            await stores.members.set_dm(cohort_id, member, True)
            for number in range(3):
                id_ = f"{cohort_id}-{number}-{member.id}"
                at = NOW - number * MINUTE
                await stores.due.put(Schedule(id_, cohort_id, Duty.SNOOZE, once(at), at, "s1", member))
            await stores.alerts.raise_alert(Alert(f"{cohort_id}-{member.id}", cohort_id, "A", NOW))
            await stores.alerts.acknowledge(f"{cohort_id}-{member.id}", member, NOW)

    for cohort_id in ("c1", "c2"):
        saved = cohort(cohort_id)
        await stores.cohorts.save(saved, daily(saved, None))
    await stores.audit.append(AuditEntry("c1", NOW, MIRA, "hide", "r1"))
    await fill(OTTO)
    before = await rows_of(database)
    await fill(MIRA)
    await stores.due.claim_due(NOW - MINUTE, 100, advance)
    for delivery in (await stores.due.lease(NOW, NOW + MINUTE, 100))[:2]:
        await stores.due.finish(delivery, Ending.DONE)

    forgotten = await stores.members.forget(MIRA)

    assert forgotten == 1 + 2 + 6 + 4 + 2, "settings, direct reminders, snoozes, their deliveries, acknowledgements"
    after = await rows_of(database)
    assert after == before | {"deliveries": 4, "alerts": 4}
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            found = [row for row in await connection.execute(select(table)) if any(MIRA.id in str(v) for v in row)]
            assert (len(found) == 1) if table.name == "audit" else (found == [] or table.name == "alerts")
    alert = await stores.alerts.get(f"c1-{MIRA.id}")
    assert alert is not None
    assert (alert.acknowledged_by, alert.acknowledged_at) == (None, NOW)
    assert await stores.alerts.open_alerts("c1") == []
    assert await stores.members.forget(MIRA) == 0


async def test_a_session_comes_back_with_its_reminders(stores: Stores) -> None:
    await with_cohort(stores)
    weekly = session()
    await stores.sessions.save(weekly, [reminder(weekly), reminder(weekly, HOUR)])
    assert await stores.sessions.get("s1") == weekly
    assert await stores.due.get("s1-60") == reminder(weekly, HOUR)
    await stores.sessions.save(other := session("s2", title="Reading"), [])
    assert await stores.sessions.of_cohort("c1") == [other, weekly]
    assert await stores.sessions.of_cohort("c2") == []
    assert await stores.sessions.get("s3") is None


async def test_a_changed_session_drops_the_reminders_that_it_no_longer_has(stores: Stores) -> None:
    saved = await with_cohort(stores)
    await stores.cohorts.save(saved, daily(saved, None))
    await stores.sessions.save(session(), [reminder(session()), reminder(session(), HOUR)])
    await stores.due.claim_due(NOW, 10, advance)
    moved = replace(session(), title="Moved")
    await stores.sessions.save(moved, [reminder(moved, HOUR, NOW + DAY)])
    assert await stores.sessions.get("s1") == moved
    assert await stores.due.get("s1-1440") is None
    kept = await stores.due.get("s1-60")
    assert kept is not None
    assert kept.next_run_at == NOW + DAY
    claimed_before = [delivery.schedule_id for delivery in await stores.due.lease(NOW, NOW + MINUTE, 10)]
    assert claimed_before == ["s1-60"], "a reminder on its way is not lost by a change of the title"


async def test_ending_a_session_ends_its_reminders_and_snoozes(stores: Stores) -> None:
    saved = await with_cohort(stores)
    await stores.cohorts.save(saved, daily(saved, None))
    await stores.sessions.save(session(), [reminder(session())])
    await stores.due.put(Schedule("z", "c1", Duty.SNOOZE, once(NOW), NOW, "s1", MIRA))
    await stores.due.claim_due(NOW, 1, advance)
    assert await stores.sessions.end("s1")
    assert not await stores.sessions.end("s1")
    assert await stores.sessions.get("s1") is None
    assert await stores.due.next_due() is None
