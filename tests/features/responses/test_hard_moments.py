"""Whatever goes wrong around a response, its writer gets her card and a true sentence, and moderation holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.crisis.assessment import Assessment
from bot.errors import BadInput, NotAllowed, NotFound, NotPermitted, StorageError, TryLater
from bot.ports.responses import AnonymousResponse, ResponseState
from bot.responses import anonymity
from bot.responses.outcomes import HeldForCare, HeldForCheck, NeedsChange, Posted, Refused, Waiting
from bot.responses.responses import Responses
from tests.acting import AMARA, BENCE, HERE, INGRID, STRANGER, SUPERVISOR, SUPERVISORS, Stage, buttons

WORDS = "I noticed how quickly I wanted to be of use."
RUDE = "You are all useless."
HEAVY = "I am going to kill myself tonight, I have the pills here."
DARK = "Some days I wish I did not exist any more."
NAMED = "My client called Anneliese Brandt, 34, rings me on 020 7946 0958."
CAREFUL_SECRET = f"{DARK} Ring me on 020 7946 0958."


def bodies(at_work: Stage, posting: Any) -> list[str]:
    return [m.card.body for m in at_work.messenger.in_place(posting.thread)]


def breaking(monkeypatch: pytest.MonkeyPatch, responses: Responses, store: str, verb: str) -> None:
    """Let one verb of one store that responses use fail, as a full disk would."""

    class Broken:
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            if name != verb:
                return getattr(self._inner, name)

            async def fail(*_: object) -> None:
                raise StorageError("the disk is full")

            return fail

    monkeypatch.setattr(responses, store, Broken(getattr(responses, store)))


@pytest.mark.parametrize(
    ("store", "verb"), [("_postings", "get"), ("_responses", "of_tag"), ("_responses", "alias"), ("_responses", "add")]
)
async def test_a_database_that_fails_costs_nobody_her_card(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch, store: str, verb: str
) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    breaking(monkeypatch, responses, store, verb)
    outcome = await responses.submit(AMARA, posting.id, HEAVY, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert outcome.text == HEAVY
    assert "call" in outcome.card.body
    assert "kept for you" not in outcome.card.body
    with pytest.raises(StorageError):
        await responses.submit(AMARA, posting.id, WORDS, "event-2")


async def test_words_to_a_posting_that_is_gone_are_screened(at_work: Stage) -> None:
    responses = at_work.works.house.responses
    assert isinstance(await responses.submit(AMARA, "0" * 16, HEAVY, "event-1"), HeldForCare)
    with pytest.raises(NotFound):
        await responses.submit(AMARA, "0" * 16, WORDS, "event-2")


async def test_new_words_for_a_response_that_is_gone_are_screened(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    posted = await responses.submit(AMARA, posting.id, WORDS, "event-1")
    ident = buttons(posted.card)["edit"].subject
    await at_work.works.house.moderation.close(INGRID, posting.id)
    outcome = await responses.edit(AMARA, ident, HEAVY)
    assert isinstance(outcome, HeldForCare)
    assert outcome.text == HEAVY
    with pytest.raises(NotFound):
        await responses.edit(AMARA, ident, "Better said.")


@pytest.mark.parametrize("text", [HEAVY, f"{HEAVY} {'word ' * 400}"])
async def test_where_nothing_is_kept_the_card_says_so_and_its_ways_to_a_person_work(at_work: Stage, text: str) -> None:
    posting = await at_work.morning()
    if text == HEAVY:
        await at_work.works.house.moderation.close(INGRID, posting.id)
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, text, "event-1")
    assert isinstance(outcome, HeldForCare)
    assert "kept for you" not in outcome.card.body
    assert "closed" in outcome.card.body or "characters" in outcome.card.body
    assert not [action for action in buttons(outcome.card) if action.startswith("choose-")]
    care = at_work.works.house.care
    await care.contact(AMARA, "name", buttons(outcome.card)["contact-name"].subject)
    assert f"<@{AMARA.member.id}>" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
    await care.contact(AMARA, "safe", buttons(outcome.card)["contact-safe"].subject)
    assert "safe" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body


async def test_new_words_for_a_hidden_response_get_their_card_and_cannot_be_restored(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    await house.moderation.hide(INGRID, ident)
    held = await house.responses.edit(AMARA, ident, HEAVY)
    assert isinstance(held, HeldForCare)
    assert "999" in held.card.body
    assert held.text == HEAVY
    named = await house.responses.edit(AMARA, ident, NAMED)
    assert isinstance(named, NeedsChange)
    assert isinstance(await house.responses.edit(AMARA, ident, WORDS), Waiting)
    await house.moderation.restore(INGRID, ident)
    assert bodies(at_work, posting) == [WORDS]


@pytest.mark.parametrize("change", [DARK, NAMED])
@pytest.mark.parametrize("act", ["hide", "delete"])
async def test_no_change_under_way_shields_what_stands(at_work: Stage, change: str, act: str) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    await house.responses.edit(AMARA, ident, change)
    assert bodies(at_work, posting) == [RUDE]
    await house.moderation.flag(BENCE, ident)
    with pytest.raises(NotFound):
        await house.moderation.restore(INGRID, ident)
    await getattr(house.moderation, act)(INGRID, ident)
    assert bodies(at_work, posting) == []
    assert change in (await house.responses.mine(AMARA, posting.id))[0].body, "the new words are hers"


async def test_what_stands_when_the_posting_closes_stays_supervisors_to_hide(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    await house.responses.edit(AMARA, ident, DARK)
    await house.moderation.close(INGRID, posting.id)
    await house.moderation.hide(INGRID, ident)
    assert RUDE not in bodies(at_work, posting)[0]


async def test_a_response_hidden_while_its_author_is_read_stays_hidden(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    watch = house.care._watch
    assess = watch.assess

    async def slowly(text: str) -> Assessment | str:
        await house.moderation.hide(INGRID, ident)
        return await assess(text)

    monkeypatch.setattr(watch, "assess", slowly)
    assert isinstance(await house.responses.edit(AMARA, ident, f"{RUDE} Still."), Waiting)
    kept = await at_work.stores.responses.get(ident)
    assert kept is not None
    assert kept.state is ResponseState.HIDDEN
    assert RUDE not in bodies(at_work, posting)[0]


@pytest.mark.parametrize(
    ("text", "answer", "restored"),
    [(HEAVY, HeldForCare, RUDE), (DARK, HeldForCare, RUDE), (NAMED, NeedsChange, RUDE), (WORDS, Waiting, WORDS)],
)
async def test_a_response_hidden_while_new_words_are_kept_takes_none_that_must_not_stand(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch, text: str, answer: type, restored: str
) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    publisher = house.responses._publisher

    async def hidden(response: AnonymousResponse) -> AnonymousResponse:
        await house.moderation.hide(INGRID, ident)
        return response

    monkeypatch.setattr(publisher, "settled", hidden)
    outcome = await house.responses.edit(AMARA, ident, text)
    assert isinstance(outcome, answer)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == (text == HEAVY), "alerted once"
    await house.moderation.restore(INGRID, ident)
    assert bodies(at_work, posting) == [restored]


async def test_words_that_worried_the_screen_are_no_supervisors_to_restore(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    await house.moderation.hide(INGRID, ident)
    before, key = bodies(at_work, posting), at_work.keys.get(posting.id)
    assert key is not None
    await at_work.stores.responses.reseal(ident, anonymity.seal(key, ident, HEAVY), "A")
    with pytest.raises(NotFound):
        await house.moderation.restore(INGRID, ident)
    assert bodies(at_work, posting) == before
    assert isinstance(await house.responses.edit(AMARA, ident, WORDS), Waiting)
    await house.moderation.restore(INGRID, ident)
    assert bodies(at_work, posting) == [WORDS]


@pytest.mark.parametrize("roles", [frozenset(), frozenset({SUPERVISOR})], ids=["left", "supervisor"])
@pytest.mark.parametrize(
    ("choice", "said", "notice"),
    [
        ("name", "now know", f"<@{AMARA.member.id}> would like to hear"),
        ("alias", "now know", "The trainee who writes as"),
        ("safe", "Thank you", "An answer to the alert above"),
    ],
)
async def test_whatever_became_of_her_role_her_card_leads_to_a_person(
    at_work: Stage, roles: frozenset[str], choice: str, said: str, notice: str
) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    ident = buttons((await responses.submit(AMARA, posting.id, HEAVY, "event-1")).card)["choose-name"].subject
    now = replace(AMARA, roles=roles)
    assert "choose-name" in buttons((await responses.choose(now, ident, "talk")).card)
    assert isinstance(await responses.choose(now, ident, "later"), HeldForCare)
    assert said in (await responses.choose(now, ident, choice)).card.body
    assert notice in at_work.messenger.in_place(SUPERVISORS)[-1].card.body
    await responses.choose(now, ident, "private")
    with pytest.raises((NotAllowed, BadInput)):
        await responses.choose(now, ident, "publish")
    for other in (BENCE, INGRID, STRANGER):
        with pytest.raises(NotFound):
            await responses.choose(other, ident, "publish")


@pytest.mark.parametrize("text", [WORDS, HEAVY])
async def test_a_posting_that_closes_while_words_are_read_keeps_none_of_them(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    watch = house.care._watch
    assess = watch.assess

    async def slowly(words: str) -> Assessment | str:
        if at_work.keys.get(posting.id):
            await house.moderation.close(INGRID, posting.id)
        return await assess(words)

    monkeypatch.setattr(watch, "assess", slowly)
    if text == HEAVY:
        outcome = await house.responses.submit(AMARA, posting.id, text, "event-1")
        assert isinstance(outcome, HeldForCare)
        assert "closed" in outcome.card.body
        assert outcome.text == text
    else:
        with pytest.raises(BadInput, match="posting_closed"):
            await house.responses.submit(AMARA, posting.id, text, "event-1")
    assert await at_work.stores.responses.of_posting(posting.id) == []


async def test_keeping_it_private_takes_it_back_at_any_time_and_it_can_be_posted_again(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, DARK, "event-1")
    ident = buttons(held.card)["choose-private"].subject
    for _ in range(2):
        assert isinstance(await responses.choose(AMARA, ident, "publish"), Posted)
        assert bodies(at_work, posting) == [DARK]
        await responses.choose(AMARA, ident, "private")
        assert bodies(at_work, posting) == []
        kept = await at_work.stores.responses.get(ident)
        assert kept is not None
        assert kept.state is ResponseState.PRIVATE


async def test_a_response_whose_message_was_deleted_by_hand_can_still_be_changed(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    posted = await responses.submit(AMARA, posting.id, WORDS, "event-1")
    at_work.messenger.messages = [m for m in at_work.messenger.messages if m.ref.place != posting.thread]
    assert isinstance(await responses.edit(AMARA, buttons(posted.card)["edit"].subject, "Better said."), Posted)
    assert bodies(at_work, posting) == ["Better said."]


async def test_what_stands_in_the_thread_does_not_tell_that_anybody_worried(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    held = await house.responses.submit(AMARA, posting.id, DARK, "event-1")
    ident = buttons(held.card)["choose-private"].subject
    await house.responses.choose(AMARA, ident, "publish")
    standing = await at_work.stores.responses.get(ident)
    assert standing is not None
    assert standing.level == "N"
    await house.responses.edit(AMARA, ident, HEAVY)
    await at_work.stores.responses.move(ident, ResponseState.HIDDEN, only_from=tuple(ResponseState))
    await house.moderation.close(INGRID, posting.id)
    assert [r.level for r in await at_work.stores.responses.of_posting(posting.id)] == ["N"]


async def test_she_is_asked_about_names_also_after_a_card_of_care(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    held = await responses.submit(AMARA, posting.id, CAREFUL_SECRET, "event-1")
    assert isinstance(held, HeldForCare)
    ident = buttons(held.card)["choose-publish"].subject
    assert isinstance(await responses.choose(AMARA, ident, "publish"), HeldForCheck)
    assert bodies(at_work, posting) == []
    assert isinstance(await responses.choose(AMARA, ident, "publish"), Posted)


async def test_saying_that_she_is_safe_answers_the_alert_that_a_change_raised(at_work: Stage) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    posted = await responses.submit(AMARA, posting.id, WORDS, "event-1")
    ident = buttons(posted.card)["edit"].subject
    assert isinstance(await responses.edit(AMARA, ident, HEAVY), HeldForCare)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1
    await responses.choose(AMARA, ident, "safe")
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 2


async def test_a_flag_whose_notice_did_not_go_out_goes_out_when_pressed_again(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    ident = buttons((await house.responses.submit(AMARA, posting.id, RUDE, "event-1")).card)["edit"].subject
    at_work.messenger.faults.append(("post", TryLater(), False))
    with pytest.raises(TryLater):
        await house.moderation.flag(BENCE, ident)
    for _ in range(2):
        await house.moderation.flag(BENCE, ident)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_one_thread_out_of_reach_does_not_keep_the_others_from_being_forgotten(at_work: Stage) -> None:
    first = await at_work.morning()
    responses = at_work.works.house.responses
    await responses.submit(AMARA, first.id, WORDS, "event-1")
    at_work.clock.advance(days=1)
    second = await at_work.morning()
    await responses.submit(AMARA, second.id, WORDS, "event-2")
    at_work.messenger.faults.append(("delete", NotPermitted("View Channel"), False))
    with pytest.raises(NotPermitted):
        await responses.forget(AMARA.member, HERE)
    assert len(bodies(at_work, first)) + len(bodies(at_work, second)) == 1


async def test_a_refusal_without_a_worry_stays_a_refusal(at_work: Stage) -> None:
    posting = await at_work.morning()
    await at_work.works.house.moderation.close(INGRID, posting.id)
    refused = await at_work.works.house.responses.submit(replace(AMARA), posting.id, WORDS, "event-1")
    assert isinstance(refused, Refused)
    assert refused.text == WORDS


async def test_forgetting_leaves_neither_her_flags_nor_her_hold_on_an_alias(at_work: Stage) -> None:
    posting = await at_work.morning()
    house = at_work.works.house
    key = at_work.keys.get(posting.id)
    assert key is not None
    tag = anonymity.tag_of(key, AMARA.member)
    await house.responses.submit(AMARA, posting.id, WORDS, "event-1")
    theirs = buttons((await house.responses.submit(BENCE, posting.id, WORDS, "event-2")).card)["edit"].subject
    hers = at_work.messenger.in_place(posting.thread)[0].card.title  # type: ignore[arg-type]
    await house.moderation.flag(AMARA, theirs)
    await house.privacy.forget_me(AMARA)
    assert await at_work.stores.responses.flag(theirs, tag) == 1, "no flag of hers is left"
    assert await at_work.stores.responses.alias(posting.id, tag, [hers, "Another Name"]) == "Another Name"


@pytest.mark.parametrize("blank", ["\u200b\u2060", "\u202e \u2066", "\x00\x07"])
async def test_what_nobody_can_see_is_no_response(at_work: Stage, blank: str) -> None:
    posting = await at_work.morning()
    assert isinstance(await at_work.works.house.responses.submit(AMARA, posting.id, blank, "event-1"), NeedsChange)
