"""The promises of `AuditStore` and `AlertStore`, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from bot.ports.audit import Alert, AuditEntry
from bot.ports.feedback import Opinion, Verdict
from bot.storage.database import Database
from bot.storage.stores import Stores
from tests.contracts.examples import MINUTE, MIRA, NOW, OTTO, with_cohort


async def test_the_audit_gives_the_newest_first(stores: Stores) -> None:
    first = AuditEntry("c1", NOW, MIRA, "hide", "r1", "names a client")
    second = AuditEntry("c1", NOW, OTTO, "restore", "r1")
    third = AuditEntry("c1", NOW + MINUTE, MIRA, "pause")
    for entry in (first, second, third, AuditEntry("c2", NOW, OTTO, "lock")):
        await stores.audit.append(entry)
    assert await stores.audit.latest("c1", 10) == [third, second, first]
    assert await stores.audit.latest("c1", 1) == [third]


_ON_BOTH = ("UPDATE audit SET reason = 'nothing happened'", "DELETE FROM audit")
_REPLACING = (
    "INSERT OR REPLACE INTO audit"
    " SELECT id, cohort_id, at, actor_platform, actor_id, 'other', subject, reason FROM audit"
)
_TAMPERINGS = [
    *(("sqlite", statement) for statement in (*_ON_BOTH, _REPLACING)),
    *(pytest.param("postgres", each, marks=pytest.mark.postgres) for each in (*_ON_BOTH, "TRUNCATE audit")),
]


@pytest.mark.parametrize(("database", "tampering"), _TAMPERINGS, indirect=["database"])
async def test_the_database_refuses_to_change_the_audit(stores: Stores, database: Database, tampering: str) -> None:
    entry = AuditEntry("c1", NOW, MIRA, "hide", "r1")
    await stores.audit.append(entry)
    with pytest.raises(StorageError):
        async with database.writing() as connection:
            await connection.execute(text(tampering))
    assert await stores.audit.latest("c1", 10) == [entry]


async def test_an_alert_is_raised_and_acknowledged_once(stores: Stores) -> None:
    await with_cohort(stores)
    alert = Alert("a1", "c1", "A", NOW)
    raised = await asyncio.gather(*(stores.alerts.raise_alert(alert) for _ in range(4)))
    assert sorted(raised) == [False] * 3 + [True]
    assert await stores.alerts.get("a1") == alert
    assert await stores.alerts.get("a2") is None
    acknowledged = await asyncio.gather(*(stores.alerts.acknowledge("a1", by, NOW) for by in (MIRA, OTTO)))
    assert sorted(acknowledged) == [False, True]
    by = MIRA if acknowledged[0] else OTTO
    assert await stores.alerts.get("a1") == replace(alert, acknowledged_by=by, acknowledged_at=NOW)


async def test_an_alert_is_escalated_once_and_only_while_it_waits(stores: Stores) -> None:
    await with_cohort(stores)
    for id_ in ("a1", "a2"):
        await stores.alerts.raise_alert(Alert(id_, "c1", "B", NOW))
    assert await stores.alerts.mark_escalated("a1")
    assert not await stores.alerts.mark_escalated("a1")
    await stores.alerts.acknowledge("a2", OTTO, NOW)
    assert not await stores.alerts.mark_escalated("a2")
    assert not await stores.alerts.mark_escalated("a3")
    assert await stores.alerts.open_alerts("c1") == [Alert("a1", "c1", "B", NOW, escalated=True)]


async def test_open_alerts_come_oldest_first(stores: Stores) -> None:
    await with_cohort(stores)
    for id_, at in (("a1", NOW + MINUTE), ("a2", NOW)):
        await stores.alerts.raise_alert(Alert(id_, "c1", "A", at))
    assert [alert.id for alert in await stores.alerts.open_alerts("c1")] == ["a2", "a1"]
    assert await stores.alerts.open_alerts("c2") == []


async def test_feedback_is_counted_by_rule_and_month(stores: Stores) -> None:
    march, april = date(2026, 3, 27), date(2026, 4, 2)
    await asyncio.gather(*(stores.feedback.add(Verdict.WRONG_ALARM, "A", ("r2", "r1", "r2"), march) for _ in range(3)))
    await stores.feedback.add(Verdict.WRONG_ALARM, "A", ("r1",), april)
    await stores.feedback.add(Verdict.MISSED, "N", (), april)
    assert await stores.feedback.every() == [
        Opinion(Verdict.MISSED, "N", "", date(2026, 4, 1), 1),
        Opinion(Verdict.WRONG_ALARM, "A", "r1", date(2026, 3, 1), 3),
        Opinion(Verdict.WRONG_ALARM, "A", "r1", date(2026, 4, 1), 1),
        Opinion(Verdict.WRONG_ALARM, "A", "r2", date(2026, 3, 1), 3),
    ]
