"""A trainee's words from the button to the thread, and her hand on them while the posting is open."""

from __future__ import annotations

import pytest

from bot.errors import BadInput, NotAllowed, NotFound, OutcomeUnknown, TryLater
from bot.people import Caller, Member, Platform, Workspace
from bot.ports.responses import ResponseState
from bot.responses import anonymity
from bot.responses.outcomes import HeldForCare, HeldForCheck, NeedsChange, Posted, Refused, Waiting
from bot.responses.rules import MAX_CHARACTERS, MAX_PER_PERSON
from tests.acting import AMARA, BENCE, HERE, INGRID, STRANGER, SUPERVISORS, TRAINEE, Stage, buttons

WORDS = "I noticed how quickly I wanted to be of use."
HEAVY = "I am going to kill myself tonight, I have the pills here."
DARK = "Some days I wish I did not exist any more."
NAMED = "My client called Anneliese Brandt, 34, rings me on 020 7946 0958."


async def test_a_response_stands_in_the_thread_under_an_alias(at_work: Stage) -> None:
    posting = await at_work.morning()
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert isinstance(outcome, Posted)
    assert posting.thread is not None
    (standing,) = at_work.messenger.in_place(posting.thread)
    assert standing.card.body == WORDS
    assert standing.card.title in outcome.card.body
    assert AMARA.member.id not in at_work.messenger.everything()


async def test_the_alias_is_stable_in_a_thread_and_different_in_the_next(at_work: Stage) -> None:
    first = await at_work.morning()
    responses = at_work.works.house.responses
    await responses.submit(AMARA, first.id, WORDS, "event-1")
    await responses.submit(AMARA, first.id, "And again.", "event-2")
    await responses.submit(BENCE, first.id, "Mine.", "event-3")
    assert first.thread is not None
    names = [m.card.title for m in at_work.messenger.in_place(first.thread)]
    assert names[0] == names[1] != names[2]
    at_work.clock.advance(days=1)
    second = await at_work.morning()
    assert second.id != first.id
    await responses.submit(AMARA, second.id, WORDS, "event-4")
    assert second.thread is not None
    assert at_work.messenger.in_place(second.thread)[0].card.title != names[0]


async def test_the_same_event_twice_is_one_response(at_work: Stage) -> None:
    posting = await at_work.morning()
    for _ in range(2):
        await at_work.works.house.responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert posting.thread is not None
    assert len(at_work.messenger.in_place(posting.thread)) == 1


@pytest.mark.parametrize("error", [TryLater(), OutcomeUnknown()])
@pytest.mark.parametrize("after", [False, True])
async def test_a_fault_while_posting_loses_and_doubles_nothing(at_work: Stage, error: Exception, after: bool) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    at_work.messenger.faults.append(("post", error, after))
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert isinstance(outcome, Waiting)
    assert await at_work.works.publisher.publish_waiting() == 1
    assert [m.card.body for m in at_work.messenger.in_place(posting.thread)] == [WORDS]
    assert await at_work.works.publisher.publish_waiting() == 0


async def test_editing_and_withdrawing_are_the_authors_alone(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    posted = await responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert isinstance(posted, Posted)
    ident = buttons(posted.card)["edit"].subject
    for other in (BENCE, INGRID, STRANGER):
        with pytest.raises((NotFound, NotAllowed, BadInput)):
            await responses.begin_edit(other, ident)
        with pytest.raises((NotFound, NotAllowed, BadInput)):
            await responses.withdraw(other, ident)
    assert (await responses.begin_edit(AMARA, ident)).text == WORDS
    assert isinstance(await responses.edit(AMARA, ident, "Better said."), Posted)
    assert posting.thread is not None
    assert [m.card.body for m in at_work.messenger.in_place(posting.thread)] == ["Better said."]
    await responses.withdraw(AMARA, ident)
    assert at_work.messenger.in_place(posting.thread) == []
    assert await at_work.stores.responses.get(ident) is None


async def test_words_of_crisis_are_held_and_met_privately(at_work: Stage) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert "999" in outcome.card.body
    assert at_work.messenger.in_place(posting.thread) == []
    alert = at_work.messenger.in_place(SUPERVISORS)[-1]
    assert "pills" not in alert.card.body
    assert AMARA.member.id not in at_work.messenger.everything()


async def test_an_urgent_response_is_published_only_after_its_author_says_she_is_safe(at_work: Stage) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(held, HeldForCare)
    ident = buttons(held.card)["choose-safe"].subject
    assert not isinstance(await responses.choose(AMARA, ident, "publish"), Posted)
    assert at_work.messenger.in_place(posting.thread) == []
    for choice in ("private", "publish"):
        with pytest.raises(NotFound):
            await responses.choose(BENCE, ident, choice)
    told = len(at_work.messenger.messages)
    assert "could not pass this on" in (await responses.choose(BENCE, ident, "safe")).card.body
    assert len(at_work.messenger.messages) == told
    assert not isinstance(await responses.choose(AMARA, ident, "publish"), Posted)
    safe = await responses.choose(AMARA, ident, "safe")
    assert "choose-publish" in buttons(safe.card)
    assert isinstance(await responses.choose(AMARA, ident, "publish"), Posted)
    assert len(at_work.messenger.in_place(posting.thread)) == 1


async def test_an_urgent_response_kept_private_is_posted_only_after_its_author_says_she_is_safe(at_work: Stage) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, HEAVY, "event-1")
    ident = buttons(held.card)["choose-safe"].subject
    await responses.choose(AMARA, ident, "later")
    await responses.choose(AMARA, ident, "private")
    (hers,) = await responses.mine(AMARA, posting.id)
    assert "choose-publish" not in buttons(hers)
    refused = await responses.choose(AMARA, ident, "publish")
    assert isinstance(refused, HeldForCare)
    assert {"choose-safe", "choose-talk"} <= set(buttons(refused.card))
    assert at_work.messenger.in_place(posting.thread) == []
    safe = await responses.choose(AMARA, buttons(hers)["choose-safe"].subject, "safe")
    assert "choose-publish" in buttons(safe.card)
    assert isinstance(await responses.choose(AMARA, ident, "publish"), Posted)


async def test_a_dark_response_waits_for_its_authors_choice(at_work: Stage) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, DARK, "event-1")
    assert isinstance(held, HeldForCare)
    assert at_work.messenger.in_place(SUPERVISORS) == []
    ident = buttons(held.card)["choose-private"].subject
    assert isinstance(await responses.choose(AMARA, ident, "private"), Refused)
    kept = await at_work.stores.responses.get(ident)
    assert kept is not None
    assert kept.state is ResponseState.PRIVATE
    assert DARK in (await responses.mine(AMARA, posting.id))[0].body


async def test_a_failed_alert_never_costs_the_card(at_work: Stage) -> None:
    posting = await at_work.morning()
    at_work.messenger.faults += [("post", TryLater(), False)]
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert "999" in outcome.card.body
    assert "It has not reached them yet" in outcome.card.body
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1, "the alert comes by the due table"


async def test_what_may_name_a_client_is_asked_about_first(at_work: Stage) -> None:
    posting = await at_work.morning()
    assert posting.thread is not None
    responses = at_work.works.house.responses
    outcome = await responses.submit(AMARA, posting.id, NAMED, "event-1")
    assert isinstance(outcome, HeldForCheck)
    assert at_work.messenger.in_place(posting.thread) == []
    ident = buttons(outcome.card)["choose-publish"].subject
    assert isinstance(await responses.choose(AMARA, ident, "publish"), Posted)


async def test_too_long_and_empty_texts_come_back_whole(at_work: Stage) -> None:
    posting = await at_work.morning()
    long = "word " * 2000
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, long, "event-1")
    assert isinstance(outcome, NeedsChange)
    assert outcome.text == long
    assert f"{MAX_CHARACTERS:,}" in outcome.card.body
    assert isinstance(await at_work.works.house.responses.submit(AMARA, posting.id, " \n", "e-2"), NeedsChange)


async def test_words_of_crisis_get_their_card_even_where_nothing_can_be_kept(at_work: Stage) -> None:
    posting = await at_work.morning()
    await at_work.works.house.moderation.close(INGRID, posting.id)
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert outcome.text == HEAVY
    assert "999" in outcome.card.body


async def test_nobody_floods_a_thread(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    for number in range(MAX_PER_PERSON):
        assert isinstance(await responses.submit(AMARA, posting.id, WORDS, f"event-{number}"), Posted)
    refused = await responses.submit(AMARA, posting.id, WORDS, "one too many")
    assert isinstance(refused, Refused)
    assert refused.text == WORDS


async def test_supervisors_and_strangers_do_not_answer_anonymously(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    elsewhere = Caller(AMARA.member, Workspace(Platform.DISCORD, "4000"), frozenset({TRAINEE}))
    for caller in (INGRID, STRANGER, elsewhere):
        with pytest.raises((BadInput, NotAllowed)):
            await responses.begin(caller, posting.id)
        refused = await responses.submit(caller, posting.id, WORDS, "forged")
        assert isinstance(refused, Refused)
        assert refused.text == WORDS
        assert isinstance(await responses.submit(caller, posting.id, HEAVY, "forged too"), HeldForCare)
    assert await at_work.stores.responses.of_posting(posting.id) == []


async def test_closing_destroys_the_way_back_to_authors(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    posted = await responses.submit(AMARA, posting.id, WORDS, "event-1")
    await responses.submit(BENCE, posting.id, DARK, "event-2")
    assert isinstance(posted, Posted)
    ident = buttons(posted.card)["edit"].subject
    key = at_work.keys.get(posting.id)
    assert key is not None
    at_work.clock.advance(days=8)
    await at_work.works.rounds.go_round()
    assert at_work.keys.get(posting.id) is None
    kept = await at_work.stores.responses.of_posting(posting.id)
    assert [r.id for r in kept] == [ident], "what was held is dropped, what stands is known by id alone"
    assert kept[0].tag != anonymity.tag_of(key, AMARA.member)
    assert kept[0].sealed == b""
    with pytest.raises((NotFound, BadInput)):
        await responses.begin(AMARA, posting.id)
    assert posting.thread in at_work.messenger.locked


async def test_forgetting_reaches_every_open_posting(at_work: Stage) -> None:
    first = await at_work.morning()
    responses = at_work.works.house.responses
    await responses.submit(AMARA, first.id, WORDS, "event-1")
    await responses.submit(AMARA, first.id, "More.", "event-2")
    at_work.clock.advance(days=1)
    second = await at_work.morning()
    await responses.submit(AMARA, second.id, DARK, "event-3")
    await responses.submit(BENCE, second.id, WORDS, "event-4")
    assert await responses.forget(AMARA.member, HERE) == 3
    assert first.thread is not None
    assert second.thread is not None
    assert at_work.messenger.in_place(first.thread) == []
    assert len(at_work.messenger.in_place(second.thread)) == 1
    assert await responses.forget(Member(Platform.DISCORD, "1"), HERE) == 0
