"""The card of a response that is gone, closed or withdrawn, still leads to a person, and says nothing unpressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards import Card
from bot.errors import NotFound
from bot.people import Place
from bot.responses.outcomes import HeldForCare
from tests.acting import AMARA, CHANNEL, HERE, INGRID, STRANGER, SUPERVISORS, Stage, buttons
from tests.features.responses.test_hard_moments import HEAVY

pytestmark = pytest.mark.parametrize("gone", ["closed", "withdrawn", "reopened"])
ELSEWHERE = Place(HERE, "77")


async def gone_card(at_work: Stage, gone: str) -> tuple[str, int]:
    """Let Amara's response be held, then end it; return its id and how many notices stand."""
    posting = await at_work.morning()
    house = at_work.works.house
    held = await house.responses.submit(AMARA, posting.id, HEAVY, "event-1")
    ident = buttons(held.card)["choose-name"].subject
    if gone == "withdrawn":
        await house.responses.withdraw(AMARA, ident)
    else:
        await house.moderation.close(INGRID, posting.id)
    if gone == "reopened":
        await house.moderation.reopen(INGRID, posting.id)
    return ident, len(at_work.messenger.in_place(SUPERVISORS))


async def choose(at_work: Stage, ident: str, choice: str, place: Place | None = CHANNEL) -> Card:
    outcome = await at_work.works.house.responses.choose(AMARA, ident, choice, place)
    assert isinstance(outcome, HeldForCare)
    return outcome.card


@pytest.mark.parametrize("place", [CHANNEL, ELSEWHERE, None])
async def test_by_name_she_reaches_her_supervisors(at_work: Stage, gone: str, place: Place | None) -> None:
    ident, before = await gone_card(at_work, gone)
    assert "now know" in (await choose(at_work, ident, "name", place)).body
    (notice,) = at_work.messenger.in_place(SUPERVISORS)[before:]
    assert f"<@{AMARA.member.id}>" in notice.card.body
    assert "pills" not in at_work.messenger.everything()
    assert "nobody has taken it" in (await choose(at_work, ident, "name", place)).body


@pytest.mark.parametrize(
    ("choice", "said"),
    [("alias", "no longer known"), ("safe", "could not pass this on"), ("talk", "How would you like")],
)
async def test_what_cannot_be_kept_is_said_and_contact_by_name_is_offered(
    at_work: Stage, gone: str, choice: str, said: str
) -> None:
    ident, before = await gone_card(at_work, gone)
    card = await choose(at_work, ident, choice)
    assert said in card.body
    assert len(at_work.messenger.in_place(SUPERVISORS)) == before, "nothing goes out that was not pressed"
    sent = await at_work.works.house.care.contact(AMARA, "name", buttons(card)["contact-name"].subject)
    assert "now know" in sent.body
    assert f"<@{AMARA.member.id}>" in at_work.messenger.in_place(SUPERVISORS)[-1].card.body


async def test_not_now_is_all_right_and_about_the_response_nothing_is_found(at_work: Stage, gone: str) -> None:
    ident, before = await gone_card(at_work, gone)
    assert "That is all right" in (await choose(at_work, ident, "later")).body
    for choice in ("publish", "private", "nonsense"):
        with pytest.raises(NotFound):
            await choose(at_work, ident, choice)
    assert len(at_work.messenger.in_place(SUPERVISORS)) == before


async def test_who_is_not_in_the_cohort_reaches_nobody_and_learns_whom_to_call(at_work: Stage, gone: str) -> None:
    ident, before = await gone_card(at_work, gone)
    await at_work.set(trainee_role="3009")
    outsider = replace(STRANGER, roles=frozenset({"3001"}))
    ident = ident if gone == "withdrawn" else "a" * 16
    for choice, said in (("name", "extension 204"), ("alias", "extension 204"), ("safe", "could not pass this on")):
        card = (await at_work.works.house.responses.choose(outsider, ident, choice, CHANNEL)).card
        assert said in card.body
        assert not card.buttons
    assert len(at_work.messenger.in_place(SUPERVISORS)) == before
