"""What a workspace's owners can export: no direct message says which response is whose."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.care.cards import ACTION_CHOICES
from bot.errors import MessengerError
from bot.platforms.slack.answering import Beside, InModal
from rehearsal.slack import demo
from tests.conversations.on_slack import SlackVenue, on_slack
from tests.conversations.scene import Scene
from tests.conversations.venue import SUPERVISORS

URGENT = "I have decided to kill myself tonight. Goodbye."
HEAVY = "I can't go on like this any more. I have thought about not being alive."
ABOUT_A_CLIENT = "My client told me she plans to kill herself tonight and I do not know what to do."


@pytest.fixture
async def venue(tmp_path: Path) -> AsyncIterator[SlackVenue]:
    async with on_slack(tmp_path) as opened:
        yield opened


@pytest.fixture
async def bare(venue: SlackVenue) -> Scene:
    """The bot in a workspace where nobody has set it up yet."""
    return Scene(venue)


@pytest.mark.parametrize("shown", [True, False], ids=["shown", "unshown"])
@pytest.mark.parametrize("words", [URGENT, HEAVY, ABOUT_A_CLIENT], ids=["a", "b", "c"])
async def test_no_direct_message_leads_to_a_response(
    bare: Scene, venue: SlackVenue, monkeypatch: pytest.MonkeyPatch, words: str, shown: bool
) -> None:
    await bare.set_up()
    posting = await bare.morning()
    if not shown:
        for surface in (Beside, InModal):
            monkeypatch.setattr(surface, "show", refused)
    await bare.with_("Amara").presses("Respond anonymously").types(words)
    (response,) = await venue.built.stores.responses.of_posting(posting.id)
    for choice in (*ACTION_CHOICES, "safe", "publish"):
        await bare.with_("Amara").forges(f"tc:choose-{choice}:{response.id}")
    team = venue.door.world.teams[demo.TEAM]
    in_thread = [message for message in team.messages[demo.DAILY_REFLECTION].values() if message.is_reply]
    assert response.id in repr(in_thread), "the response stands, under the id that may stand nowhere else"
    sent = list(team.messages[venue.dm("Amara")].values())
    assert any("999" in repr(message) for message in sent)
    assert response.id not in repr(sent), "direct messages can be exported, and would say whose it is"
    assert response.alias not in repr(sent)


async def refused(*_: object) -> None:
    raise MessengerError("it takes no more")


async def test_she_reaches_a_supervisor_from_the_card_that_was_sent_to_her(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(URGENT)
    sent = venue.standing("Amara", venue.dm("Amara"))[-1]
    assert [label for label, _ in sent.buttons] == ["Reach a supervisor, with my name", "More lines"]
    await (
        bare.with_("Amara")
        .presses("Reach a supervisor, with my name", on="999")
        .sees_privately("Your supervisors now know")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "would like to hear from a supervisor", venue.people["Amara"])
    )


async def test_she_says_that_she_is_safe_when_the_form_with_her_card_is_closed(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(URGENT)
    venue.door.people.reload(demo.TEAM, venue.people["Amara"])
    await (
        bare.with_("Amara")
        .presses("My responses")
        .presses("I'm safe / this was not about me")
        .sees_privately("Thank you for telling me.")
        .presses("Post it")
        .sees_in_thread(URGENT)
    )
