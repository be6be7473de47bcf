"""A door that stumbles before anybody read what was typed: it is read all the same, and its card finds a way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.cards import Card, Tone
from bot.errors import NotAllowed
from bot.platforms.discord.visit import Visit
from bot.responses.outcomes import HeldForCare, Invitation
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes

CANARY = "heron under the plum tree"


@pytest.fixture
def too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Discord take no answer any more, not even the acknowledgement."""

    async def refused(*_: object, **__: object) -> None:
        gone: Any = SimpleNamespace(status=404, reason="Not Found")
        raise discord.NotFound(gone, {"code": 10062, "message": "Unknown interaction"})

    monkeypatch.setattr(Visit, "wait", refused)
    monkeypatch.setattr(Visit, "send", refused)


@pytest.mark.usefixtures("too_late")
async def test_options_of_a_command_that_came_too_late_are_heeded_and_the_card_is_sent(
    scene: Scene, notes: Notes
) -> None:
    notes.answers["care.typed"] = Card("a card of care")
    await scene.trainee.slash(scene.channel, "me country", country=CANARY)
    _ = scene.env.errors
    assert notes.only("care.typed")["text"] == CANARY
    assert notes.only("care.bring")["card"] == Card("a card of care")
    assert notes.of("privacy.set_country") == []


async def test_a_form_that_came_too_late_is_heeded_and_the_card_is_sent(
    scene: Scene, notes: Notes, request: pytest.FixtureRequest
) -> None:
    notes.answers |= {"responses.begin": Invitation("t", "l", "p", 4000), "care.typed": Card("a card of care")}
    opened = await scene.trainee.click(await scene.post(("tc:respond:p1", "x")), label="x")
    request.getfixturevalue("too_late")
    await scene.trainee.submit_modal(opened, {"text": CANARY})
    assert notes.only("care.typed")["text"] == CANARY
    assert notes.only("care.bring")["card"] == Card("a card of care")


async def test_a_card_about_a_response_that_cannot_be_shown_is_sent_without_what_leads_to_it(
    scene: Scene, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldForCare(Card("held", tone=Tone.CARE))
    notes.answers |= {"responses.begin": Invitation("t", "l", "p", 4000), "responses.submit": held}
    opened = await scene.trainee.click(await scene.post(("tc:respond:p1", "x")), label="x")

    async def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(Visit, "send", broken)
    await scene.trainee.submit_modal(opened, {"text": CANARY})
    assert notes.only("care.aside")["card"] == held.card
    assert notes.only("care.bring")["card"] == Card("care.aside")
    assert notes.of("care.typed") == [], "what was read once raises no second alert"


@pytest.mark.parametrize(("answer", "heeded"), [(Card("tried"), []), (NotAllowed(), [CANARY])])
async def test_a_sentence_to_try_the_screen_is_heeded_where_that_is_refused(
    scene: Scene, notes: Notes, answer: Card | Exception, heeded: list[str]
) -> None:
    notes.answers |= {"feedback.try_out": answer, "care.typed": Card("a card of care")}
    result = await scene.trainee.slash(scene.channel, "supervisor screen-test", sentence=CANARY)
    _ = scene.env.errors
    assert [given["text"] for given in notes.of("care.typed")] == heeded
    assert result.response is not None
    assert [e.description for e in result.response.embeds] == (["a card of care"] if heeded else ["tried"])


@pytest.mark.usefixtures("too_late")
async def test_a_trial_of_the_screen_that_came_too_late_is_no_cry_for_help(scene: Scene, notes: Notes) -> None:
    await scene.supervisor.slash(scene.channel, "supervisor screen-test", sentence=CANARY)
    _ = scene.env.errors
    assert notes.of("care.typed") == []
