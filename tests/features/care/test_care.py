"""The screen's consequences: privately, at once, each on its own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.care.care import Care
from bot.care.chain import following
from bot.care.incoming import IncomingMessage
from bot.care.watching import Watch
from bot.crisis.assessment import Assessment
from bot.crisis.care_cards import Told
from bot.crisis.escalation import Door
from bot.crisis.resources import HelpLine
from bot.errors import NotAllowed, NotPermitted, StorageError, TryLater
from bot.people import AlertPolicy, Caller, MessageRef, Place, Workspace
from tests.acting import AMARA, BENCE, CHANNEL, HERE, INGRID, STRANGER, SUPERVISORS, TRAINEE, Stage, buttons, contents

HEAVY = "I am going to kill myself tonight, I have the pills here."
DARK = "Some days I wish I did not exist any more."
SHOP_TALK = "My client disclosed passive ideation last month; we did the C-SSRS and updated her safety plan."


def said(text: str, caller: Caller = AMARA, number: int = 1, **changes: object) -> IncomingMessage:
    message = {"place": CHANNEL, "ref": MessageRef(CHANNEL, f"5{number:03}"), "text": text, **changes}
    return IncomingMessage(author=caller.member, **message)  # type: ignore[arg-type]


async def test_an_open_message_is_met_by_direct_message_and_alerts(at_work: Stage) -> None:
    await at_work.works.house.care.listen(said(HEAVY))
    ((whom, card),) = at_work.messenger.directs
    assert whom == AMARA.member
    assert "999" in card.body
    assert at_work.messenger.in_place(CHANNEL) == [], "never publicly"
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert "pills" not in alert.card.body, "notice only is the default"
    assert AMARA.member.id in alert.card.body, "it stands openly, so the alert says where"


async def test_shop_talk_is_met_by_nothing(at_work: Stage) -> None:
    await at_work.works.house.care.listen(said(SHOP_TALK))
    assert at_work.messenger.directs == []
    assert at_work.messenger.in_place(SUPERVISORS) == []


@pytest.mark.parametrize(
    ("policy", "alerted", "words"),
    [(AlertPolicy.NOTICE_ONLY, 1, False), (AlertPolicy.WITH_TEXT, 1, True), (AlertPolicy.ON_REQUEST, 0, False)],
)
async def test_the_cohorts_policy_says_what_supervisors_learn(
    at_work: Stage, policy: AlertPolicy, alerted: int, words: bool
) -> None:
    await at_work.set(alert_policy=policy)
    posting = await at_work.morning()
    await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    alerts = at_work.messenger.in_place(SUPERVISORS)
    assert len(alerts) == alerted
    assert ("pills" in at_work.messenger.everything()) is words
    assert AMARA.member.id not in at_work.messenger.everything()


async def test_the_same_event_twice_alerts_once(at_work: Stage) -> None:
    for _ in range(2):
        await at_work.works.house.care.listen(said(HEAVY))
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_closed_doors_owe_her_the_card_and_supervisors_know(at_work: Stage) -> None:
    at_work.messenger.closed_doors.add(AMARA.member)
    await at_work.works.house.care.listen(said(HEAVY))
    owed = at_work.works.house.care.owed(AMARA)
    assert owed is not None
    assert "999" in owed.body
    assert at_work.works.house.care.owed(AMARA) is None
    assert "does not accept direct messages" in at_work.messenger.in_place(SUPERVISORS)[0].card.body


async def test_nobody_acknowledging_names_the_on_call_contact(at_work: Stage) -> None:
    await at_work.works.house.care.listen(said(HEAVY))
    at_work.clock.advance(minutes=16)
    await at_work.works.rounds.go_round()
    escalated = at_work.messenger.in_place(SUPERVISORS)[-1]
    assert "extension 204" in escalated.card.body


async def test_an_acknowledged_alert_rests(at_work: Stage) -> None:
    care = at_work.works.house.care
    await care.listen(said(HEAVY))
    ident = buttons(at_work.messenger.in_place(SUPERVISORS)[0].card)["ack"].subject
    with pytest.raises(NotAllowed):
        await care.acknowledge(AMARA, ident)
    await care.acknowledge(INGRID, ident)
    stood = len(at_work.messenger.in_place(SUPERVISORS))
    at_work.clock.advance(hours=1)
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(SUPERVISORS)) == stood


async def test_repeated_b_is_softened_and_a_never(at_work: Stage) -> None:
    care = at_work.works.house.care
    for number, text in enumerate((DARK, DARK, HEAVY, HEAVY)):
        await care.listen(said(text, number=number))
    cards = [card for _, card in at_work.messenger.directs]
    assert cards[0].body != cards[1].body
    assert cards[2].title == cards[3].title != cards[0].title


async def test_contact_is_the_writers_choice(at_work: Stage) -> None:
    care = at_work.works.house.care
    await care.listen(said(DARK))
    subject = buttons(at_work.messenger.directs[0][1])["contact-name"].subject
    at_work.messenger.roles[AMARA.member] = {TRAINEE}
    from_dm = Caller(AMARA.member, Workspace(HERE.platform, "dm"))
    await care.contact(from_dm, "later", subject)
    assert at_work.messenger.in_place(SUPERVISORS) == []
    await care.contact(from_dm, "name", subject)
    (notice,) = at_work.messenger.in_place(SUPERVISORS)
    assert AMARA.member.id in notice.card.body
    assert "extension 204" in (await care.contact(STRANGER, "name", subject)).body
    assert at_work.messenger.in_place(SUPERVISORS) == [notice], "somebody else's card reaches nobody"


async def test_on_a_word_about_a_client_no_name_goes_out_unasked(at_work: Stage) -> None:
    care = at_work.works.house.care
    await care.listen(said("My client just texted that he is going to kill himself tonight. What do I do?"))
    talk = buttons(at_work.messenger.directs[0][1])["contact-talk"]
    asked = buttons(await care.contact(AMARA, "talk", talk.subject))
    assert set(asked) == {"contact-name", "contact-later"}
    assert at_work.messenger.in_place(SUPERVISORS) == []
    await care.contact(AMARA, "name", asked["contact-name"].subject)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


class Broken:
    def assess(self, text: str) -> Assessment:
        raise ValueError(text)


async def test_a_broken_screen_shows_the_static_card_and_raises_the_alarm(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    care: Care = at_work.works.house.care
    monkeypatch.setattr(care, "_watch", Watch(Broken(), alarms.append))
    met = await care.meet("anything", Door.RESPONSE, AMARA.member, at_work.cohort, subject="r", alert_id="a")
    assert met.hold
    assert met.card is not None
    assert "999" in met.card.body
    assert alarms == ["ValueError"], "the kind, never the words"


async def test_a_broken_screen_shows_the_static_card_to_whoever_writes_openly_now_and_then(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    care = at_work.works.house.care
    monkeypatch.setattr(care, "_watch", Watch(Broken(), alarms.append))
    for number in range(3):
        await care.listen(said("anything", number=number))
    await care.listen(said("anything", BENCE, 4))
    assert [whom for whom, _ in at_work.messenger.directs] == [AMARA.member, BENCE.member]
    at_work.clock.advance(minutes=11)
    await care.listen(said("anything", number=5))
    assert len(at_work.messenger.directs) == 3
    assert len(alarms) == 5
    assert at_work.messenger.messages == []


async def test_an_alert_that_cannot_be_sent_is_sent_later(at_work: Stage) -> None:
    at_work.messenger.faults.append(("post", NotPermitted("Send Messages"), False))
    await at_work.works.house.care.listen(said(HEAVY))
    card, untold = (card.body for _, card in at_work.messenger.directs)
    assert "999" in card
    assert "could not reach" in untold, "the card said before that they are being told"
    assert "extension 204" in untold
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_a_card_that_a_passing_fault_kept_back_is_sent_again(at_work: Stage) -> None:
    at_work.messenger.faults.append(("direct", TryLater(), False))
    await at_work.works.house.care.listen(said(HEAVY))
    assert at_work.messenger.directs == []
    await at_work.works.house.care.try_again()
    await at_work.works.house.care.try_again()
    assert len(at_work.messenger.directs) == 1
    assert at_work.works.house.care.owed(AMARA) is None


class Silent:
    def __getattr__(self, verb: str) -> Any:
        async def fail(*_: object, **__: object) -> None:
            raise StorageError("the database does not answer")

        return fail


async def test_a_store_that_does_not_answer_costs_nobody_her_card(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = at_work.works.house.care
    for store in ("_cohorts", "_members"):
        monkeypatch.setattr(care._finding, store, Silent())
    await care.listen(said(HEAVY))
    ((whom, card),) = at_work.messenger.directs
    assert whom == AMARA.member
    assert card.body


async def test_a_store_that_does_not_answer_keeps_no_card_from_a_form(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    care = at_work.works.house.care
    for store in ("_cohorts", "_members"):
        monkeypatch.setattr(care._finding, store, Silent())
    card = await care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    assert card.body


async def test_a_direct_message_says_truly_what_supervisors_see(at_work: Stage) -> None:
    await at_work.set(alert_policy=AlertPolicy.WITH_TEXT)
    at_work.messenger.roles[AMARA.member] = {TRAINEE}
    await at_work.works.house.care.listen(said(HEAVY, direct=True, place=Place(Workspace(HERE.platform, "@me"), "1")))
    ((_, card),) = at_work.messenger.directs
    assert contents().cards.words_for("en").told[Told.WITH_TEXT] in card.body
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert "pills" in alert.card.body
    assert AMARA.member.id not in alert.card.body


async def test_a_wish_by_name_cannot_be_joined_to_the_alert_about_her_words(at_work: Stage) -> None:
    """The alert of a form names nobody; ids stand in buttons, where whoever looks behind them can read them."""
    care = at_work.works.house.care
    at_work.messenger.roles[AMARA.member] = {TRAINEE}
    card = await care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    await care.contact(AMARA, "name", buttons(card)["contact-name"].subject)
    alert, wish = (buttons(message.card)["ack"].subject for message in at_work.messenger.in_place(SUPERVISORS))
    assert not wish.startswith(alert)
    assert wish != following(alert)
    await care.contact(AMARA, "name", buttons(card)["contact-name"].subject)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 2, "and she still makes one wish, not two"


@pytest.mark.parametrize("checked", [True, False])
async def test_an_alert_says_whether_anybody_has_checked_the_lines(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    monkeypatch.setattr(HelpLine, "is_fresh", lambda line, today: checked)
    at_work.messenger.roles[AMARA.member] = {TRAINEE}
    await at_work.works.house.care.listen(said(HEAVY))
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert ("Nobody has checked the help lines" in alert.card.body) is not checked


async def test_where_there_are_no_lines_none_are_said_to_be_unchecked(at_work: Stage) -> None:
    await at_work.set(country="RO")
    await at_work.works.house.care.listen(said(HEAVY))
    (alert,) = at_work.messenger.in_place(SUPERVISORS)
    assert "help lines for your country" not in alert.card.body


async def test_resources_for_everyone_anywhere(at_work: Stage) -> None:
    care = at_work.works.house.care
    for caller, place in ((AMARA, CHANNEL), (STRANGER, Place(HERE, "77")), (BENCE, None)):
        assert (await care.resources(caller, place)).body
    assert "999" in (await care.resources(AMARA, Place(HERE, "77"))).body, "her cohort's country, in any channel"
    at_work.messenger.roles[BENCE.member] = {TRAINEE}
    in_private = Caller(BENCE.member, Workspace(HERE.platform, "dm"))
    assert "999" in (await care.resources(in_private, None)).body, "and in a direct message"
    assert "911" in (await care.resources(AMARA, CHANNEL, "US")).body


async def test_other_typed_text_is_met_too(at_work: Stage) -> None:
    card = await at_work.works.house.care.typed(AMARA, CHANNEL, HEAVY)
    assert card is not None
    assert "999" in card.body
    assert await at_work.works.house.care.typed(AMARA, CHANNEL, "Group supervision, room 3") is None
