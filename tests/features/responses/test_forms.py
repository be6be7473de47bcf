"""Formats that ask in their own way: a line to say, two voices, a Balint round, role cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, NotAllowed, NotFound
from bot.ports.postings import Posting
from bot.prompts.item import Format, Item
from bot.responses.forms import invitation, one_text
from bot.responses.outcomes import HeldForCare, HeldForCheck, Posted
from bot.responses.rules import MAX_CHARACTERS, wanting
from bot.responses.turning import is_advice
from tests.acting import AMARA, BENCE, INGRID, STRANGER, Stage, buttons, contents

LINE, WHY = "You came all this way to tell me it is fine.", "To let the journey count."
WONDER = "I wonder whether she is the only one in that house who sleeps."
ADVICE = "She should tell her supervisor that it is too much."


def of_format(format_: Format) -> Item:
    return next(item for item in contents().library.items if item.format is format_)


async def posted(at_work: Stage, item: Item) -> Posting:
    await at_work.works.house.prompts.post_now(INGRID, at_work.cohort.id, item.id)
    await at_work.works.rounds.go_round()
    posting = await at_work.stores.postings.latest(at_work.cohort.id)
    assert posting is not None
    assert posting.item_id == item.id
    return posting


def in_thread(at_work: Stage, posting: Posting) -> list[str]:
    assert posting.thread is not None
    return [m.card.body for m in at_work.messenger.in_place(posting.thread)]


@pytest.mark.parametrize("format_", [Format.NEXT_LINE, Format.TWO_VOICES])
async def test_two_fields_become_one_response_under_two_headings(at_work: Stage, format_: Format) -> None:
    posting = await posted(at_work, of_format(format_))
    responses = at_work.works.house.responses
    form = await responses.begin(AMARA, posting.id)
    assert len(form.more) == 1
    await responses.submit(AMARA, posting.id, LINE, "event-1", (WHY,))
    (text,) = in_thread(at_work, posting)
    first, _, second = text.partition("\n\n")
    assert first.endswith(f"**\n{LINE}")
    assert second.endswith(f"**\n{WHY}")


async def test_one_field_alone_stays_as_it_is_and_is_changed_in_one(at_work: Stage) -> None:
    posting = await posted(at_work, of_format(Format.NEXT_LINE))
    responses = at_work.works.house.responses
    done = await responses.submit(AMARA, posting.id, LINE, "event-1", ("  ",))
    assert in_thread(at_work, posting) == [LINE]
    form = await responses.begin_edit(AMARA, buttons(done.card)["edit"].subject)
    assert (form.text, form.limit, form.more) == (LINE, MAX_CHARACTERS, ())


async def test_danger_in_the_second_field_is_heard(at_work: Stage) -> None:
    posting = await posted(at_work, of_format(Format.NEXT_LINE))
    outcome = await at_work.works.house.responses.submit(
        AMARA, posting.id, LINE, "event-1", ("I am going to kill myself tonight, I have the pills here.",)
    )
    assert isinstance(outcome, HeldForCare)
    assert in_thread(at_work, posting) == []


@given(parts=st.lists(st.text(max_size=60), min_size=1, max_size=2), item=st.sampled_from(list(Format)))
def test_no_word_of_any_field_is_lost(parts: list[str], item: Format) -> None:
    whole = one_text(of_format(item), contents().words, "en", parts)
    assert all(part in whole for part in parts if part.strip())


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("format_", list(Format))
def test_what_fits_into_the_form_fits_into_a_response(format_: Format, locale: str) -> None:
    item = of_format(format_)
    form = invitation(item, contents().words, locale)
    full = ["x" * form.limit, *("x" * more.limit for more in form.more)]
    assert wanting(one_text(item, contents().words, locale, full)) is None
    assert all(len(label) <= 45 for label in (form.title, form.label, *(more.label for more in form.more)))
    assert all(len(hint) <= 100 for hint in (form.placeholder, *(more.placeholder for more in form.more)))


async def test_advice_in_a_balint_round_is_handed_back_once(at_work: Stage) -> None:
    posting = await posted(at_work, of_format(Format.BALINT_WONDER))
    responses = at_work.works.house.responses
    asked = await responses.submit(AMARA, posting.id, ADVICE, "event-1")
    assert isinstance(asked, HeldForCheck)
    assert in_thread(at_work, posting) == []
    turned = await responses.edit(AMARA, buttons(asked.card)["edit"].subject, WONDER)
    assert isinstance(turned, Posted)
    stands = await responses.submit(BENCE, posting.id, ADVICE, "event-2")
    assert isinstance(stands, HeldForCheck)
    done = await responses.choose(BENCE, buttons(stands.card)["choose-publish"].subject, "publish")
    assert isinstance(done, Posted)
    assert in_thread(at_work, posting) == [WONDER, ADVICE]


async def test_elsewhere_advice_stands(at_work: Stage) -> None:
    posting = await posted(at_work, of_format(Format.DILEMMA))
    assert isinstance(await at_work.works.house.responses.submit(AMARA, posting.id, ADVICE, "event-1"), Posted)


@pytest.mark.parametrize(
    "text",
    [
        ADVICE,
        "Have you tried ringing earlier?",
        "I'd tell him straight out.",
        "Next time she could say no.",
        "If I were her I would leave.",
        "Debería decírselo a su supervisora.",
        "¿Por qué no se lo dice?",
    ],
)
def test_this_is_advice(text: str) -> None:
    assert is_advice(text)


@pytest.mark.parametrize(
    "text",
    [
        WONDER,
        "I wonder if she should have been told.",
        "He must have felt so small.",
        "There is a heaviness in me when I read it.",
        "Part of me wants to say: you must run.",
        "Me pregunto si debería sentir tanta culpa.",
        "Nobody in this story has to be right.",
    ],
)
def test_this_wonders(text: str) -> None:
    assert not is_advice(text)


def with_role_cards() -> Item:
    return next(item for item in contents().library.items if len(item.role_cards) > 2)


async def test_a_role_card_is_dealt_privately_and_stays(at_work: Stage) -> None:
    item = with_role_cards()
    posting = await posted(at_work, item)
    house = at_work.works.house
    standing = next(m for m in at_work.messenger.messages if m.key == posting.id)
    assert "draw" in buttons(standing.card)
    drawn = await house.dealing.draw(AMARA, posting.id)
    assert drawn.body in item.role_cards
    assert (await house.dealing.draw(AMARA, posting.id)) == drawn
    everyone = await house.dealing.draw(INGRID, posting.id)
    assert all(card in everyone.body for card in item.role_cards)
    with pytest.raises(NotAllowed):
        await house.dealing.draw(STRANGER, posting.id)


async def test_the_cards_go_round(at_work: Stage) -> None:
    """One person draws differently in different postings: chance deals, and not who she is."""
    item, drawn = with_role_cards(), set()
    for _ in range(12):
        await at_work.works.house.prompts.post_now(INGRID, at_work.cohort.id, item.id)
        await at_work.works.rounds.go_round()
        latest = next(
            p
            for p in await at_work.stores.postings.history(at_work.cohort.id)
            if p.day == at_work.clock.now().date() and p.item_id == item.id
        )
        drawn.add((await at_work.works.house.dealing.draw(AMARA, latest.id)).body)
        at_work.clock.advance(days=1)
    assert len(drawn) > 1


async def test_no_cards_no_draw_and_none_after_closing(at_work: Stage) -> None:
    plain = await posted(at_work, next(item for item in contents().library.items if not item.role_cards))
    with pytest.raises(NotFound):
        await at_work.works.house.dealing.draw(AMARA, plain.id)
    posting = await posted(at_work, with_role_cards())
    await at_work.works.house.moderation.close(INGRID, posting.id)
    with pytest.raises(BadInput):
        await at_work.works.house.dealing.draw(AMARA, posting.id)
