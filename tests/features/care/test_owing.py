"""What a bad moment must not cost: the alert when the store fails, the card when the platform does, the truth ever."""

from __future__ import annotations

import pytest

from bot.cards import Card
from bot.care.owing import Owing, Reach
from bot.errors import StorageError, TryLater
from bot.responses.outcomes import HeldForCare
from tests.acting import AMARA, SUPERVISORS, MemoryMessenger, Stage
from tests.features.care.test_care import HEAVY, said

URGENT, GENTLE = Card("the number"), Card("a kind word")


class Broken:
    def __getattr__(self, verb: str) -> object:
        async def fail(*_: object, **__: object) -> None:
            raise StorageError("the database does not answer")

        return fail


@pytest.mark.parametrize("store", ["_alerts", "_due"])
async def test_a_store_that_fails_keeps_no_alert_from_the_channel(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    monkeypatch.setattr(at_work.works.house.care._alerts, store, Broken())
    await at_work.works.house.care.listen(said(HEAVY))
    assert len(at_work.messenger.directs) == 1
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_nobody_was_told_is_said_only_where_nobody_will_be(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = await at_work.morning()
    monkeypatch.setattr(at_work.works.house.care._alerts, "_due", Broken())
    at_work.messenger.faults.append(("post", TryLater(), False))
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert "Nobody has been told" in outcome.card.body
    await at_work.works.rounds.go_round()
    assert at_work.messenger.in_place(SUPERVISORS) == []


async def test_an_alert_that_a_crash_kept_from_being_written_is_made_up(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.messenger.faults.append(("post", TryLater(), False))
    monkeypatch.setattr(at_work.works.house.care._alerts, "_alerts", Broken())
    await at_work.works.house.care.listen(said(HEAVY))
    monkeypatch.undo()
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_whatever_keeps_a_card_back_it_is_owed_and_the_alert_goes_out(at_work: Stage) -> None:
    at_work.messenger.faults.append(("direct", RuntimeError("a fault of ours"), False))
    await at_work.works.house.care.listen(said(HEAVY))
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
    owed = at_work.works.house.care.owed(AMARA)
    assert owed is not None
    at_work.works.house.care.owe(AMARA, owed)
    assert at_work.works.house.care.owed(AMARA) == owed, "a door that could not show it gives it back"


async def test_a_gentle_card_never_takes_the_place_of_an_urgent_one() -> None:
    messenger = MemoryMessenger(closed_doors={AMARA.member})
    owing = Owing(messenger)
    assert await owing.send(AMARA.member, "1", URGENT, urgent=True) is Reach.CLOSED
    for number in range(5):
        await owing.send(AMARA.member, f"gentle-{number}", GENTLE, urgent=False)
    assert owing.take(AMARA.member) == URGENT
    messenger.closed_doors.clear()
    await owing.try_again()
    assert messenger.directs == [], "closed doors are not knocked at again"


async def test_alias_wishes_name_the_thread(at_work: Stage) -> None:
    posting = await at_work.morning()
    held = await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(held, HeldForCare)
    subject = next(button.subject for button in held.card.buttons if button.action == "choose-alias")
    await at_work.works.house.responses.choose(AMARA, subject, "alias")
    assert posting.thread is not None
    assert f"<#{posting.thread.id}>" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
