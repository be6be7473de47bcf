"""An alert that nobody takes goes on: after the cohort's own time, to the cohort's second channel."""

from __future__ import annotations

import pytest

from bot.crisis.care_cards import Told
from bot.errors import NotPermitted, PlaceGone, TryLater
from bot.people import Place
from tests.acting import AMARA, BENCE, CHANNEL, HERE, INGRID, SUPERVISORS, Stage, buttons, contents
from tests.features.care.test_care import DARK, HEAVY, Silent, said

ON_CALL = Place(HERE, "2003")


async def later(at_work: Stage, minutes: int) -> None:
    at_work.clock.advance(minutes=minutes)
    await at_work.works.rounds.go_round()


async def test_the_cohorts_own_time_and_second_channel_hold(at_work: Stage) -> None:
    await at_work.set(escalate_after=40, escalation_channel=ON_CALL)
    await at_work.works.house.care.listen(said(HEAVY))
    await later(at_work, 39)
    assert at_work.messenger.in_place(ON_CALL) == []
    await later(at_work, 2)
    (repeated,) = at_work.messenger.in_place(ON_CALL)
    assert "extension 204" in repeated.card.body
    assert f"<#{SUPERVISORS.id}>" in repeated.card.body
    assert repeated.card.mention == at_work.cohort.supervisor_role
    assert AMARA.member.id not in repr(repeated), "where it stands is said once, to supervisors"
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
    await later(at_work, 600)
    assert len(at_work.messenger.in_place(ON_CALL)) == 1


async def _nothing(*_: object) -> None:
    return None


async def test_an_alert_that_was_deleted_is_posted_again_and_then_goes_on(at_work: Stage) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    await at_work.works.house.care.listen(said(HEAVY))
    (first,) = at_work.messenger.in_place(SUPERVISORS)
    await at_work.messenger.delete(first.ref)
    await later(at_work, 16)
    (again,) = at_work.messenger.in_place(SUPERVISORS)
    assert again.key != first.key, "a messenger posts nothing twice under one key"
    assert buttons(again.card)["ack"].subject == buttons(first.card)["ack"].subject
    assert at_work.messenger.in_place(ON_CALL) == [], "nobody there has had the time to take it"
    await at_work.messenger.delete(again.ref)
    for _ in range(4):
        await later(at_work, 16)
    assert at_work.messenger.in_place(SUPERVISORS) == []
    assert len(at_work.messenger.in_place(ON_CALL)) == 1


async def test_an_alert_that_stands_too_far_back_to_be_found_is_put_off_once(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    await at_work.works.house.care.listen(said(HEAVY))
    monkeypatch.setattr(at_work.messenger, "find", _nothing)
    for _ in range(6):
        await later(at_work, 16)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 2
    assert len(at_work.messenger.in_place(ON_CALL)) == 1


async def test_an_alert_that_was_posted_again_before_a_crash_is_not_posted_a_third_time(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_work.works.house.care.listen(said(HEAVY))
    at_work.messenger.messages.clear()
    with monkeypatch.context() as broken:
        broken.setattr(at_work.works.house.care._alerts, "_due", Silent())
        await later(at_work, 16)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
    await later(at_work, 1)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
    await later(at_work, 16)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 2, "and it is repeated all the same"


async def test_whoever_takes_it_is_named_in_both_channels(at_work: Stage) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    care = at_work.works.house.care
    await care.listen(said(HEAVY))
    await later(at_work, 16)
    ident = buttons(at_work.messenger.in_place(ON_CALL)[0].card)["ack"].subject
    await care.acknowledge(INGRID, ident)
    for place in (SUPERVISORS, ON_CALL):
        assert f"<@{INGRID.member.id}> is on it" in at_work.messenger.in_place(place)[-1].card.body
    (entry,) = [e for e in await at_work.stores.audit.latest(at_work.cohort.id, 20) if e.act == "acknowledge"]
    assert (entry.actor, entry.subject) == (INGRID.member, ident)


@pytest.mark.parametrize("error", [PlaceGone(), NotPermitted("View Channel")])
async def test_a_second_channel_that_is_gone_leaves_the_first(at_work: Stage, error: Exception) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    await at_work.works.house.care.listen(said(HEAVY))
    at_work.messenger.faults.append(("post", error, False))
    await later(at_work, 16)
    assert "Nobody has taken" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body


async def test_supervisors_whose_channel_is_gone_are_reached_in_the_second(at_work: Stage) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    at_work.messenger.faults += [("post", PlaceGone(), False), ("find", PlaceGone(), False)]
    await at_work.works.house.care.listen(said(HEAVY))
    await at_work.works.rounds.go_round()
    assert at_work.messenger.in_place(SUPERVISORS) == []
    assert len(at_work.messenger.in_place(ON_CALL)) == 1


async def test_a_wish_to_hear_from_a_supervisor_waits_like_an_alert(at_work: Stage) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    care = at_work.works.house.care
    for writer, number in ((AMARA, 1), (BENCE, 2)):
        await care.listen(said(DARK, writer, number))
        subject = buttons(at_work.messenger.directs[-1][1])["contact-name"].subject
        await care.contact(writer, "name", subject)
    hers, his = at_work.messenger.in_place(SUPERVISORS)
    assert BENCE.member.id in his.card.body
    await care.acknowledge(INGRID, buttons(hers.card)["ack"].subject)
    await later(at_work, 16)
    (repeated,) = at_work.messenger.in_place(ON_CALL)
    assert "asked to hear from a supervisor" in repeated.card.body
    for writer in (AMARA, BENCE):
        assert writer.member.id not in repr(repeated), "nothing of a name is kept to repeat"
    assert {alert.level for alert in await at_work.stores.alerts.open_alerts(at_work.cohort.id)} == {"wish"}


async def test_who_asks_again_after_one_has_seen_to_it_is_passed_on_again(at_work: Stage) -> None:
    await at_work.set(escalation_channel=ON_CALL)
    care = at_work.works.house.care
    await care.listen(said(DARK))
    subject = buttons(at_work.messenger.directs[-1][1])["contact-name"].subject
    taken = set()
    for asked in range(1, 4):
        assert "now know" in (await care.contact(AMARA, "name", subject)).body
        notices = [m for m in at_work.messenger.in_place(SUPERVISORS) if AMARA.member.id in m.card.body]
        assert len(notices) == len({m.key for m in notices}) == asked, "a key that stands would be posted nowhere"
        await later(at_work, 16)
        assert len(at_work.messenger.in_place(ON_CALL)) == 2 * asked - 1, "it is repeated like the first"
        ident = buttons(notices[-1].card)["ack"].subject
        assert "Thank you" in (await care.acknowledge(INGRID, ident)).body
        taken.add(ident)
        await later(at_work, 11 * 60)
    assert len(taken) == 3


async def test_who_asks_again_while_nobody_has_taken_it_reads_just_that(at_work: Stage) -> None:
    care = at_work.works.house.care
    await care.listen(said(DARK))
    subject = buttons(at_work.messenger.directs[-1][1])["contact-name"].subject
    await care.contact(AMARA, "name", subject)
    again = await care.contact(AMARA, "name", subject)
    assert "nobody has taken it yet" in again.body
    assert "extension 204" in again.body
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def take(at_work: Stage) -> None:
    """Let Ingrid take the newest alert."""
    card = next(m.card for m in reversed(at_work.messenger.in_place(SUPERVISORS)) if m.card.buttons)
    assert "Thank you" in (await at_work.works.house.care.acknowledge(INGRID, buttons(card)["ack"].subject)).body


def raised(at_work: Stage) -> list[str]:
    """The keys of the alerts that were raised, without what followed each."""
    return [m.key for m in at_work.messenger.in_place(SUPERVISORS) if "-" not in m.key]


async def test_an_edit_to_other_urgent_words_is_met_anew_and_the_same_edit_is_not(at_work: Stage) -> None:
    care = at_work.works.house.care
    for edits, text in enumerate((HEAVY, f"{HEAVY} Goodbye.", f"{HEAVY} I mean it."), start=1):
        for _ in range(2):
            await care.listen(said(text, edited=True))
        assert len(set(raised(at_work))) == len(raised(at_work)) == edits
        await take(at_work)
        await care.listen(said(text, edited=True))
        assert len(raised(at_work)) == edits, "delivered again once more, some minutes late"
        await later(at_work, 9 * 60)
    assert len(await at_work.stores.alerts.open_alerts(at_work.cohort.id)) == 0


async def test_the_same_words_later_that_day_raise_another_alert_once_the_first_was_taken(at_work: Stage) -> None:
    care = at_work.works.house.care
    stands = contents().cards.words_for("en").told[Told.NOTICE]
    first = await care.typed(AMARA, CHANNEL, HEAVY)
    await take(at_work)
    await later(at_work, 3 * 60)
    second = await care.typed(AMARA, CHANNEL, HEAVY)
    assert len(set(raised(at_work))) == len(raised(at_work)) == 2
    for card in (first, second):
        assert card is not None
        assert stands in card.body
    assert second is not None
    await later(at_work, 16)
    assert "Nobody has taken" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
    before = len(at_work.messenger.in_place(SUPERVISORS))
    await care.contact(AMARA, "safe", buttons(second)["contact-safe"].subject)
    assert at_work.messenger.in_place(SUPERVISORS)[before].key == f"{raised(at_work)[1]}-safe"


async def test_the_same_words_while_nobody_has_taken_the_alert_say_that_it_stands(at_work: Stage) -> None:
    care = at_work.works.house.care
    stands = contents().cards.words_for("en").told[Told.NOTICE]
    await care.typed(AMARA, CHANNEL, HEAVY)
    await later(at_work, 14)
    again = await care.typed(AMARA, CHANNEL, HEAVY)
    assert again is not None
    assert stands in again.body
    assert len(raised(at_work)) == 1
    await later(at_work, 2)
    assert "Nobody has taken" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body, "and nothing puts it off"
    again = await care.typed(AMARA, CHANNEL, HEAVY)
    assert again is not None
    assert stands in again.body


async def test_the_same_words_before_the_alert_could_be_sent_say_that_it_is_coming(at_work: Stage) -> None:
    care = at_work.works.house.care
    coming = contents().cards.words_for("en").told[Told.COMING]
    at_work.messenger.faults.append(("post", TryLater(), False))
    for _ in range(2):
        card = await care.typed(AMARA, CHANNEL, HEAVY)
        assert card is not None
        assert coming in card.body
    await at_work.works.rounds.go_round()
    assert len(raised(at_work)) == 1
