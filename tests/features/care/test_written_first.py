"""What supervisors are to be told is written down first, so that a crash or a fault on the way loses none of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.care import care as waits
from bot.errors import OutcomeUnknown, StorageError, TryLater
from tests.acting import AMARA, INGRID, SUPERVISORS, Died, Stage, buttons
from tests.features.care.test_care import DARK, HEAVY, Silent, said


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


async def wishes(at_work: Stage) -> str:
    """Let Amara press for a supervisor by name on the newest card; return what she reads."""
    if not at_work.messenger.directs:
        await at_work.works.house.care.listen(said(DARK))
    subject = buttons(at_work.messenger.directs[-1][1])["contact-name"].subject
    return (await at_work.works.house.care.contact(AMARA, "name", subject)).body


def notices(at_work: Stage) -> int:
    return sum(AMARA.member.id in message.card.body for message in at_work.messenger.in_place(SUPERVISORS))


async def take(at_work: Stage) -> str:
    """Let Ingrid press the button of what stands last in her channel; return what she reads."""
    card = at_work.messenger.in_place(SUPERVISORS)[-1].card
    return (await at_work.works.house.care.acknowledge(INGRID, buttons(card)["ack"].subject)).body


async def later(at_work: Stage, minutes: int) -> None:
    at_work.clock.advance(minutes=minutes)
    await at_work.works.rounds.go_round()


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_beside_the_notice_of_a_wish_keeps_neither_it_nor_the_next_from_supervisors(
    at_work: Stage, after: bool
) -> None:
    at_work.messenger.faults.append(("post", Died(), after))
    with pytest.raises(Died):
        await wishes(at_work)
    again = await wishes(at_work)
    assert ("nobody has taken it yet" if after else "now know") in again
    assert notices(at_work) == 1
    await later(at_work, 16)
    assert "asked to hear from a supervisor" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
    assert "Thank you" in await take(at_work)


@pytest.mark.parametrize("late", [False, True])
async def test_a_wish_that_could_not_be_posted_does_not_pass_for_known(at_work: Stage, late: bool) -> None:
    at_work.messenger.faults.append(("post", TryLater(), False))
    assert "could not reach" in await wishes(at_work)
    if late:
        await later(at_work, 16)
        assert notices(at_work) == 0, "that somebody asked is repeated, and not who"
    assert "now know" in await wishes(at_work)
    assert notices(at_work) == 1
    assert "nobody has taken it yet" in await wishes(at_work)
    assert notices(at_work) == 1
    assert "Thank you" in await take(at_work)


async def test_a_wish_whose_answer_was_lost_can_be_taken(at_work: Stage) -> None:
    at_work.messenger.faults.append(("post", OutcomeUnknown(), True))
    assert "could not reach" in await wishes(at_work)
    assert "Thank you" in await take(at_work)


async def test_a_wish_that_could_not_be_written_whole_is_repeated_as_a_wish(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(at_work.works.house.care._alerts._alerts, "raise_alert", full)
        assert "now know" in await wishes(at_work)
    await later(at_work, 16)
    assert "asked to hear from a supervisor" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
    assert [alert.level for alert in await at_work.stores.alerts.open_alerts(at_work.cohort.id)] == ["wish"]
    assert "Thank you" in await take(at_work)


async def test_a_store_that_fails_keeps_no_wish_from_the_channel_and_she_reads_whom_to_call(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in ("_alerts", "_due"):
        monkeypatch.setattr(at_work.works.house.care._alerts, store, Silent())
    assert "extension 204" in await wishes(at_work)
    assert notices(at_work) == 1
