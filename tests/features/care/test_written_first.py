"""What supervisors are to be told is written down first, so that a crash or a fault on the way loses none of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.care import care as waits
from tests.acting import AMARA, SUPERVISORS, Stage
from tests.features.care.test_care import HEAVY, Silent, said


async def test_a_crash_while_her_card_is_on_its_way_loses_no_alert(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, never = asyncio.Event(), asyncio.Event()

    async def slow(*_: object, **__: object) -> None:
        under_way.set()
        await never.wait()

    monkeypatch.setattr(at_work.messenger, "direct", slow)
    listening = asyncio.create_task(at_work.works.house.care.listen(said(HEAVY)))
    await under_way.wait()
    listening.cancel()
    assert len(await at_work.stores.alerts.open_alerts(at_work.cohort.id)) == 1
    assert at_work.messenger.in_place(SUPERVISORS) == []
    at_work.clock.advance(minutes=16)
    await at_work.works.rounds.go_round()
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert AMARA.member.id not in repr(alert)


async def test_a_store_that_hangs_keeps_her_card_no_longer_than_a_moment_and_no_alert_from_the_channel(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    care, released = at_work.works.house.care, asyncio.Event()
    raise_alert = care._alerts._alerts.raise_alert

    async def slow(*given: Any) -> bool:
        await released.wait()
        return await raise_alert(*given)

    monkeypatch.setattr(care._alerts._alerts, "raise_alert", slow)
    monkeypatch.setattr(waits, "WRITING_SECONDS", 0.0)
    monkeypatch.setattr(waits, "ALERT_SECONDS", 0.0)
    await care.listen(said(HEAVY))
    assert len(at_work.messenger.directs) == 1
    assert at_work.messenger.in_place(SUPERVISORS) == []
    released.set()
    await asyncio.gather(*care._under_way)
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert AMARA.member.id in alert.card.body


async def test_a_store_that_fails_keeps_neither_her_card_nor_the_alert(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = at_work.works.house.care
    for store in ("_alerts", "_due"):
        monkeypatch.setattr(care._alerts, store, Silent())
    await care.listen(said(HEAVY))
    assert len(at_work.messenger.directs) == 1
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
