"""Trying the screen and saying what it got wrong: explained in full, kept as counts of rule ids and nothing else."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from sqlalchemy import select

from bot.cards import Card
from bot.care.feedback import FEW, rounded
from bot.crisis.assessment import Action
from bot.crisis.escalation import CareCard
from bot.errors import NotAllowed
from bot.people import Caller, MessageRef
from bot.ports.feedback import Opinion, Verdict
from bot.storage.database import Database
from bot.storage.feedback import screen_feedback
from tests.acting import AMARA, CHANNEL, INGRID, STRANGER, SUPERVISORS, Stage, buttons, contents
from tests.features.care.test_care import DARK, HEAVY, said

CASE = "My client said he wants to kill himself; we went through his safety plan and my supervisor is informed."


async def opinions(at_work: Stage) -> list[Opinion]:
    return list(await at_work.stores.feedback.every())


def shown(card: Card) -> str:
    return "\n".join([card.body, *(f"{name}: {value}" for name, value in card.fields), card.footer])


async def test_a_supervisor_sees_what_spoke_on_which_words_and_why(at_work: Stage) -> None:
    card = await at_work.works.house.feedback.try_out(INGRID, HEAVY)
    found = contents().screen.assess(HEAVY)
    text = shown(card)
    assert "**A, urgent.**" in text
    assert "the writer's own risk" in text
    assert "/resources is there for supervisors too" in text
    for rule, span in zip(found.rules, found.spans, strict=True):
        assert rule in text
        assert HEAVY[span.start : span.end][:80] in text
    assert contents().screen.reason(found.rules[0]) in text


async def test_what_was_silenced_is_shown_with_what_silenced_it(at_work: Stage) -> None:
    found = contents().screen.assess(CASE)
    assert found.suppressed, "the example is to be one in which something is silenced"
    text = shown(await at_work.works.house.feedback.try_out(INGRID, CASE))
    assert all(pair.partition(":")[0] in text and pair.partition(":")[2] in text for pair in found.suppressed)


async def test_a_test_tells_nobody_and_leaves_no_trace(
    at_work: Stage, caplog: pytest.LogCaptureFixture, sqlite: Database
) -> None:
    caplog.set_level("DEBUG")
    await at_work.works.house.feedback.try_out(INGRID, HEAVY)
    assert at_work.messenger.messages == []
    assert at_work.messenger.directs == []
    assert "pills" not in caplog.text
    assert await opinions(at_work) == []
    assert await at_work.stores.alerts.open_alerts(at_work.cohort.id) == []
    await at_work.works.house.care.listen(said(DARK, INGRID))
    assert at_work.messenger.directs[0][1].title == contents().cards.words_for("en").cards[CareCard.SUPPORTIVE][0]


@pytest.mark.parametrize("caller", [AMARA, STRANGER])
async def test_only_supervisors_try_and_read(at_work: Stage, caller: Caller) -> None:
    for act in (at_work.works.house.feedback.try_out(caller, HEAVY), at_work.works.house.feedback.report(caller)):
        with pytest.raises(NotAllowed):
            await act


async def test_a_wrong_alarm_is_counted_once_by_its_rules(at_work: Stage, sqlite: Database) -> None:
    care, feedback = at_work.works.house.care, at_work.works.house.feedback
    await care.listen(said(HEAVY))
    subject = buttons(at_work.messenger.directs[0][1])["contact-safe"].subject
    answer = await care.contact(AMARA, "safe", subject)
    wrong = buttons(answer)["wrong"]
    thanks = [await feedback.wrong_alarm(AMARA, wrong.subject) for _ in range(2)]
    assert thanks[0] == thanks[1]
    found = contents().screen.assess(HEAVY)
    kept = await opinions(at_work)
    assert {opinion.rule for opinion in kept} == set(found.rules)
    assert {(o.verdict, o.action, o.times, o.month.day) for o in kept} == {(Verdict.WRONG_ALARM, "A", 1, 1)}
    async with sqlite.reading() as connection:
        rows = repr((await connection.execute(select(screen_feedback))).all())
    for secret in (AMARA.member.id, at_work.cohort.id, subject, "pills"):
        assert secret not in rows


async def test_saying_that_it_was_wrong_switches_nothing_off(at_work: Stage) -> None:
    care = at_work.works.house.care
    for number in range(8):
        await care.listen(said(HEAVY, number=number))
        subject = buttons(at_work.messenger.directs[-1][1])["contact-safe"].subject
        await at_work.works.house.feedback.wrong_alarm(AMARA, subject)
    assert len({card.title for _, card in at_work.messenger.directs}) == 1
    assert len([m for m in at_work.messenger.in_place(SUPERVISORS) if "ack" in buttons(m.card)]) == 8


async def test_on_a_held_response_the_alarm_can_be_called_wrong(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, HEAVY, "event-1")
    cleared = await responses.choose(AMARA, buttons(held.card)["choose-safe"].subject, "safe")
    await at_work.works.house.feedback.wrong_alarm(AMARA, buttons(cleared.card)["wrong"].subject)
    assert {opinion.verdict for opinion in await opinions(at_work)} == {Verdict.WRONG_ALARM}


async def test_what_was_missed_is_counted_by_what_was_silenced(at_work: Stage) -> None:
    feedback = at_work.works.house.feedback
    for _ in range(2):
        answer = await feedback.missed(AMARA, MessageRef(CHANNEL, "71"), CASE)
    assert "extension 204" in answer.body
    quiet = {opinion.rule for opinion in await opinions(at_work)}
    assert quiet == {pair.partition(":")[0] for pair in contents().screen.assess(CASE).suppressed}
    assert {opinion.times for opinion in await opinions(at_work)} == {1}, "once a person and message"
    await feedback.missed(AMARA, MessageRef(CHANNEL, "72"), "Lunch was good.")
    assert Opinion(Verdict.MISSED, "N", "", (await opinions(at_work))[0].month, 1) in await opinions(at_work)


async def test_the_answer_does_not_tell_that_somebody_was_reached(at_work: Stage) -> None:
    feedback = at_work.works.house.feedback
    answers = [
        astuple(await feedback.missed(AMARA, MessageRef(CHANNEL, str(number)), text))
        for number, text in enumerate((HEAVY, DARK, "Lunch was good."))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert at_work.messenger.messages == []
    assert [opinion.rule for opinion in await opinions(at_work)] == [""], "what was met was not missed"
    with pytest.raises(NotAllowed):
        await feedback.missed(STRANGER, MessageRef(CHANNEL, "9"), HEAVY)


async def test_a_report_shows_no_small_count_and_no_exact_one(at_work: Stage) -> None:
    today = at_work.clock.now().date()
    rule = contents().screen.book.rules[0].id
    for _ in range(FEW - 1):
        await at_work.stores.feedback.add(Verdict.WRONG_ALARM, Action.A.value, [rule], today)
    assert rule not in shown(await at_work.works.house.feedback.report(INGRID))
    for _ in range(4):
        await at_work.stores.feedback.add(Verdict.WRONG_ALARM, Action.A.value, [rule], today)
    text = shown(await at_work.works.house.feedback.report(INGRID))
    assert f"**{rule}** (answered A): 5 or more" in text
    assert contents().screen.reason(rule) in text
    assert [rounded(n) for n in (4, 5, 9, 10)] == [0, 5, 5, 10]
