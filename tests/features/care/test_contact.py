"""Whoever was given a card gets through it to a person, whatever became of her role; nobody does on another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cards import Button, Card
from bot.care.care import Care
from bot.errors import TryLater
from bot.people import Caller, Workspace
from bot.wiring import build
from tests.acting import AMARA, BENCE, CHANNEL, HERE, STRANGER, SUPERVISORS, Stage, buttons, contents, person
from tests.features.care.test_care import DARK, HEAVY, said

LEFT = Caller(AMARA.member, AMARA.workspace)
"""Amara without her role: on Slack's free plan that is whoever left the channel."""
FROM_DM = Caller(STRANGER.member, Workspace(HERE.platform, "dm"))
OF_ANOTHER_COHORT = person(60, "3101")
WRITERS = pytest.mark.parametrize(
    ("writer", "presser"),
    [(STRANGER, STRANGER), (STRANGER, FROM_DM), (OF_ANOTHER_COHORT, OF_ANOTHER_COHORT), (AMARA, LEFT)],
    ids=["no role yet", "from a direct message", "of another cohort", "left"],
)
UNHEARD = {"name": "extension 204", "talk": "extension 204", "safe": "could not pass this on"}


async def card_of(at_work: Stage, writer: Caller, text: str, number: int = 1) -> dict[str, Button]:
    await at_work.works.house.care.listen(said(text, writer, number))
    return buttons(at_work.messenger.directs[-1][1])


async def aside(care: Care, writer: Caller) -> Card:
    met = await care.typed(writer, CHANNEL, HEAVY)
    assert met is not None
    return await care.aside(writer, CHANNEL, met)


def notices(at_work: Stage) -> list[str]:
    return [m.card.body for m in at_work.messenger.in_place(SUPERVISORS)]


@WRITERS
@pytest.mark.parametrize("text", [DARK, HEAVY])
async def test_her_wish_reaches_the_supervisors_of_the_cohort_that_the_card_is_from(
    at_work: Stage, writer: Caller, presser: Caller, text: str
) -> None:
    card = await card_of(at_work, writer, text)
    assert "now know" in (await at_work.works.house.care.contact(presser, "name", card["contact-name"].subject)).body
    assert f"<@{writer.member.id}> would like to hear" in notices(at_work)[-1]


@WRITERS
async def test_that_she_is_safe_reaches_them_and_not_now_closes(
    at_work: Stage, writer: Caller, presser: Caller
) -> None:
    care = at_work.works.house.care
    card = await card_of(at_work, writer, HEAVY)
    (alert,) = notices(at_work)
    assert "That is all right" in (await care.contact(presser, "later", card["contact-later"].subject)).body
    assert notices(at_work) == [alert]
    safe = await care.contact(presser, "safe", card["contact-safe"].subject)
    assert "An answer to the alert above" in notices(at_work)[-1]
    await at_work.works.house.feedback.wrong_alarm(presser, buttons(safe)["wrong"].subject)
    assert len(await at_work.stores.feedback.every()) > 0, "her word on the screen counts as well"


@WRITERS
async def test_asked_how_she_gets_through_too(at_work: Stage, writer: Caller, presser: Caller) -> None:
    care = at_work.works.house.care
    card = await card_of(at_work, writer, "My client just texted that he is going to kill himself tonight. What now?")
    asked = await care.contact(presser, "talk", card["contact-talk"].subject)
    assert "now know" in (await care.contact(presser, "name", buttons(asked)["contact-name"].subject)).body


@WRITERS
async def test_typed_words_and_the_copy_of_their_card_lead_there_as_well(
    at_work: Stage, writer: Caller, presser: Caller
) -> None:
    care = at_work.works.house.care
    name = buttons(await aside(care, writer))["contact-name"]
    assert "now know" in (await care.contact(presser, "name", name.subject)).body


@pytest.mark.parametrize(
    "forged",
    [lambda hers, mine: hers, lambda hers, mine: f"{hers.rpartition('/')[0]}/{mine.rpartition('/')[2]}"],
    ids=["replayed", "under her own mark"],
)
@pytest.mark.parametrize("choice", UNHEARD)
async def test_on_somebody_elses_card_nobody_gets_through(
    at_work: Stage, choice: str, forged: Callable[[str, str], str]
) -> None:
    hers = (await card_of(at_work, AMARA, HEAVY))["contact-name"].subject
    mine = (await card_of(at_work, STRANGER, DARK, number=2))["contact-name"].subject
    before = notices(at_work)
    card = await at_work.works.house.care.contact(STRANGER, choice, forged(hers, mine))
    assert UNHEARD[choice] in card.body
    assert card.buttons == ()
    assert notices(at_work) == before


@pytest.mark.parametrize("choice", UNHEARD)
async def test_after_a_restart_her_role_leads_there_and_without_one_she_learns_whom_to_call(
    at_work: Stage, choice: str
) -> None:
    subject = (await card_of(at_work, AMARA, HEAVY))["contact-name"].subject
    before = notices(at_work)
    care = build(contents(), at_work.stores, at_work.keys, at_work.clock, at_work.messenger).house.care
    assert UNHEARD[choice] in (await care.contact(LEFT, choice, subject)).body
    assert "That is all right" in (await care.contact(LEFT, "later", subject)).body
    assert notices(at_work) == before
    card = await care.contact(AMARA, choice, subject)
    if choice == "talk":
        await care.contact(LEFT, "name", buttons(card)["contact-name"].subject)
    assert len(notices(at_work)) == len(before) + 1


async def test_where_nobody_can_look_up_her_role_she_learns_whom_to_call(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unanswered(*_: object) -> bool:
        raise TryLater

    monkeypatch.setattr(at_work.messenger, "supervises", unanswered)
    subject = f"{at_work.cohort.id}/{'0' * 18}/{'0' * 18}"
    assert "extension 204" in (await at_work.works.house.care.contact(LEFT, "name", subject)).body
    wish = await at_work.works.house.care.contact(BENCE, "name", subject)
    assert "now know" in wish.body
