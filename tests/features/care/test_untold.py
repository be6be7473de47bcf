"""An alert that reaches nobody: whoever runs the bot hears of it, and the person is told the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.care.operator import Operator
from bot.crisis.care_cards import Told
from bot.errors import NotPermitted, PlaceGone, StorageError, TryLater
from bot.people import Member, Place, Platform
from tests.acting import AMARA, CHANNEL, HERE, SUPERVISORS, MemoryMessenger, MovedClock, Stage, buttons, contents
from tests.features.care.test_care import DARK, HEAVY, said

ON_CALL = Place(HERE, "2003")
GONE = [PlaceGone(), NotPermitted("Send Messages")]
CARD = contents().cards.words_for("en").told


@pytest.fixture
def alarms(at_work: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(at_work.works.house.care._alerts, "_alarm", heard.append)
    return heard


@pytest.mark.parametrize("error", GONE)
async def test_no_channel_is_left_and_the_card_and_the_operator_say_so(
    at_work: Stage, alarms: list[str], error: Exception
) -> None:
    at_work.messenger.faults += [("post", error, False), ("find", error, False)]
    card = await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    assert CARD[Told.FAILED] in card.body
    assert "extension 204" in card.body
    assert alarms == [type(error).__name__]
    await at_work.works.rounds.go_round()
    assert alarms == [type(error).__name__] * 2, "and again by the due table"
    at_work.clock.advance(minutes=1)
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1, "it goes on trying, for a channel may be mended"


async def test_the_same_words_again_are_no_more_told_than_before(at_work: Stage, alarms: list[str]) -> None:
    at_work.messenger.faults += [("post", PlaceGone(), False), ("find", PlaceGone(), False)]
    for _ in range(2):
        card = await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
        assert card is not None
        assert CARD[Told.FAILED] in card.body


async def test_a_second_channel_needs_no_operator(at_work: Stage, alarms: list[str]) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    at_work.messenger.faults += [("post", PlaceGone(), False), ("find", PlaceGone(), False)]
    card = await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    assert CARD[Told.COMING] in card.body
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(ON_CALL)) == 1
    assert alarms == []


async def test_a_fault_that_does_not_pass_is_the_operators_too(at_work: Stage, alarms: list[str]) -> None:
    at_work.messenger.faults += [("post", TryLater(), False), *[("find", TryLater(), False)] * 3]
    await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    for tries in range(1, 4):
        assert alarms == [], tries
        await at_work.works.rounds.go_round()
        at_work.clock.advance(minutes=1)
    assert alarms == ["TryLater"]


async def test_an_alert_that_is_neither_posted_nor_written_down_is_the_operators(
    at_work: Stage, alarms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(at_work.works.house.care._alerts._due, "put", full, raising=False)
    at_work.messenger.faults.append(("post", TryLater(), False))
    card = await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    assert CARD[Told.NOBODY] in card.body
    assert alarms == ["TryLater"]


@pytest.mark.parametrize("error", GONE)
async def test_a_wish_that_cannot_be_passed_on_is_the_operators_too(
    at_work: Stage, alarms: list[str], error: Exception
) -> None:
    care = at_work.works.house.care
    await care.listen(said(DARK))
    subject = buttons(at_work.messenger.directs[-1][1])["contact-name"].subject
    at_work.messenger.faults.append(("post", error, False))
    assert "extension 204" in (await care.contact(AMARA, "name", subject)).body
    assert alarms == [type(error).__name__]


async def test_the_operator_is_told_of_each_kind_now_and_then_and_of_no_one() -> None:
    messenger, clock, whom = MemoryMessenger(), MovedClock(), Member(Platform.DISCORD, "1")
    counted: list[str] = []
    operator = Operator(messenger, contents().words, clock, whom, counted.append)

    async def told(alarm: Callable[[str], None], failure: str) -> list[str]:
        before = len(messenger.directs)
        alarm(failure)
        await asyncio.gather(*operator._sending)
        return [card.body for _, card in messenger.directs[before:]]

    (untold,) = await told(operator.alert_untold, "PlaceGone")
    assert "does not reach" in untold
    assert "PlaceGone" in untold
    assert await told(operator.alert_untold, "PlaceGone") == []
    assert len(await told(operator.screen_failed, "PlaceGone")) == 1, "another alarm, of the same failure"
    clock.advance(minutes=11)
    assert len(await told(operator.alert_untold, "PlaceGone")) == 1
    assert counted == ["PlaceGone"], "the counter is the screen's"


async def test_the_house_gives_alerts_the_operators_ear(at_work: Stage, caplog: pytest.LogCaptureFixture) -> None:
    at_work.messenger.faults.append(("post", PlaceGone(), False))
    await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    assert "an alert does not reach its supervisors (PlaceGone)" in caplog.text
    assert AMARA.member.id not in caplog.text
