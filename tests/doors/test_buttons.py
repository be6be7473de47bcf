"""Buttons and forms: routed by their custom id alone, acknowledged in time, answered privately."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
import simcord

from bot.cards import Button, Card
from bot.catalogue.messages import MessageCatalogue
from bot.errors import BadInput, NotAllowed, NotFound, StorageError, TryLater
from bot.people import Caller, Member, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.visit import Visit
from bot.responses.outcomes import HeldForCare, Invitation, NeedsChange, Posted
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes

INVITATION = Invitation("A title", "Your response", "No client details", 2000)

PLAIN_ACTIONS = {
    "draw": ("dealing.draw", {"posting_id": "p1"}, "p1"),
    "mine": ("responses.mine", {"posting_id": "p1"}, "p1"),
    "withdraw": ("responses.withdraw", {"response_id": "r1"}, "r1"),
    "flag": ("moderation.flag", {"response_id": "r1"}, "r1"),
    "hide": ("moderation.hide", {"response_id": "r1"}, "r1"),
    "restore": ("moderation.restore", {"response_id": "r1"}, "r1"),
    "delete": ("moderation.delete", {"response_id": "r1"}, "r1"),
    "lock": ("moderation.lock", {"posting_id": "p1"}, "p1"),
    "unlock": ("moderation.unlock", {"posting_id": "p1"}, "p1"),
    "close": ("moderation.close", {"posting_id": "p1"}, "p1"),
    "reopen": ("moderation.reopen", {"posting_id": "p1"}, "p1"),
    "post": ("prompts.post_now", {"cohort_id": "c1", "item_id": "i1"}, "c1/i1"),
    "swap": ("prompts.swap", {"cohort_id": "c1", "item_id": "i1"}, "c1/i1"),
    "skip": ("prompts.skip", {"cohort_id": "c1", "item_id": "i1"}, "c1/i1"),
    "pin": ("prompts.pin", {"cohort_id": "c1", "item_id": "i1"}, "c1/i1"),
    "pin-anyway": ("prompts.pin", {"cohort_id": "c1", "item_id": "i1", "anyway": True}, "c1/i1"),
    **{
        f"week-{act}": ("week.act", {"act": act, "subject": "w-c1-261123/0a1b2c3d"}, "w-c1-261123/0a1b2c3d")
        for act in ("approve", "swap", "skip", "post")
    },
    **{
        f"library-{act}": (f"reviewing.{act}", {"cohort_id": "c1", "item_id": "i1"}, "c1/i1")
        for act in ("show", "approve", "retire", "restore")
    },
    "suggestion-decline": ("suggesting.decline", {"suggestion_id": "sg-1"}, "sg-1"),
    "opine": ("opinions.ask", {"posting_id": "p1"}, "p1"),
    "opinion-too-close": ("opinions.give", {"posting_id": "p1", "said": "too-close"}, "p1"),
    "open": ("prompts.reveal", {"posting_id": "p1"}, "p1"),
    "snooze": ("supervision.snooze", {"session_id": "s1", "epoch": 1750000000, "minutes": 15}, "s1/1750000000/15"),
    "lines": ("care.more_lines", {"country": "GB"}, "GB"),
    "contact-name": ("care.contact", {"choice": "name", "subject": "c1/k1"}, "c1/k1"),
    "contact-safe": ("care.contact", {"choice": "safe", "subject": "c1/k1"}, "c1/k1"),
    "ack": ("care.acknowledge", {"alert_id": "a1"}, "a1"),
    "wrong": ("feedback.wrong_alarm", {"subject": "c1/k1"}, "c1/k1"),
}


@pytest.mark.parametrize("action", PLAIN_ACTIONS)
async def test_a_button_makes_one_call_and_is_answered_privately(scene: Scene, notes: Notes, action: str) -> None:
    verb, given, subject = PLAIN_ACTIONS[action]
    notes.answers["responses.mine"] = [Card("responses.mine")]
    message = await scene.post((f"tc:{action}:{subject}", "x"))
    result = await scene.trainee.click(message, label="x")
    called = notes.only(verb)
    assert {name: called[name] for name in given} == given
    assert _caller(called) == scene.trainee.id
    assert result.acknowledged
    shown = result.response or result.followups[0]
    assert shown.embeds[0].description == verb
    assert shown.ephemeral


async def test_a_preview_is_replaced_where_it_stands_and_survives_a_refusal(scene: Scene, notes: Notes) -> None:
    notes.answers["prompts.preview"] = [Card("monday", buttons=(Button("swap", "c1/i1", "Swap"),))]
    preview = await scene.supervisor.slash(scene.channel, "preview")
    assert preview.response is not None
    notes.answers["prompts.swap"] = BadInput("cohorts.none")
    refused = await scene.supervisor.click(preview.response, label="Swap")
    assert len(refused.followups) == 1
    assert preview.response.embeds[0].description == "monday"
    notes.answers["prompts.swap"] = Card("tuesday")
    await scene.supervisor.click(preview.response, label="Swap")
    assert preview.response.embeds[0].description == "tuesday"


def test_every_action_that_a_card_may_carry_is_tried_here(scene: Scene) -> None:
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    forms = {"respond", "submit", "edit", "resubmit", "choose-*"}
    # Forms of items, and what becomes of them: tests/conversations/test_library.py.
    forms |= {f"library-{act}" for act in ("again", "copy", "filled", "anyway")}
    forms |= {"suggest-filled", "suggestion-approve", "suggestion-copy"}
    families = ("contact", "opinion")
    tried = {action.partition("-")[0] + "-*" if action.startswith(families) else action for action in PLAIN_ACTIONS}
    assert {action for action in client.router.actions if not action.startswith("setup-")} == tried | forms


async def test_responding_opens_the_form_and_submits_after_acknowledging(scene: Scene, notes: Notes) -> None:
    notes.answers["responses.begin"] = INVITATION
    notes.answers["responses.submit"] = Posted(Card("it stands", buttons=(Button("edit", "r1", "Change it"),)))
    message = await scene.post(("tc:respond:p1", "Respond"))
    form = await scene.trainee.click(message, label="Respond")
    assert form.modal is not None
    assert form.modal["title"] == INVITATION.title
    notes.watch = lambda: scene.env.http_requests[-1].path
    result = await scene.trainee.submit_modal(form, {"text": "what I noticed"})
    assert notes.seen[0].endswith("/callback")  # the acknowledgement went out before the feature was called
    given = notes.only("responses.submit")
    assert (given["posting_id"], given["text"]) == ("p1", "what I noticed")
    assert given["token"]
    assert result.ephemeral
    assert result.response is not None
    assert result.response.embeds[0].description == "it stands"


async def test_a_form_that_is_not_for_this_person_is_refused_before_it_opens(
    scene: Scene, notes: Notes, words: MessageCatalogue
) -> None:
    notes.answers["responses.begin"] = NotAllowed()
    result = await scene.supervisor.click(await scene.post(("tc:respond:p1", "Respond")), label="Respond")
    assert result.modal is None
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content == words.say("discord.error.not_allowed")


async def test_editing_opens_the_form_with_her_words(scene: Scene, notes: Notes) -> None:
    notes.answers["responses.begin_edit"] = Invitation("t", "l", "p", 2000, text="my earlier words")
    notes.answers["responses.edit"] = Posted(Card("changed"))
    form = await scene.trainee.click(await scene.post(("tc:edit:r1", "x")), label="x")
    assert form.modal is not None
    assert form.modal["components"][0]["component"]["value"] == "my earlier words"
    await scene.trainee.submit_modal(form, {"text": "better words"})
    assert notes.only("responses.edit")["text"] == "better words"


async def test_a_choice_is_passed_on_by_its_name(scene: Scene, notes: Notes) -> None:
    notes.answers["responses.choose"] = HeldForCare(Card("chosen"))
    for choice in ("publish", "private", "safe", "talk", "alias"):
        await scene.trainee.click(await scene.post((f"tc:choose-{choice}:r1", "x")), label="x")
    assert [given["choice"] for given in notes.of("responses.choose")] == [
        "publish",
        "private",
        "safe",
        "talk",
        "alias",
    ]


async def test_words_that_cannot_be_taken_come_back_whole(scene: Scene, notes: Notes) -> None:
    long = " ".join(f"word{number}" for number in range(500))
    notes.answers["responses.begin"] = Invitation("t", "l", "p", 4000)
    notes.answers["responses.submit"] = NeedsChange(Card("too long"), long)
    form = await scene.trainee.click(await scene.post(("tc:respond:p1", "x")), label="x")
    result = await scene.trainee.submit_modal(form, {"text": long})
    assert long in _all_texts(result)


async def test_words_come_back_when_the_house_fails(scene: Scene, notes: Notes, words: MessageCatalogue) -> None:
    notes.answers["responses.begin"] = INVITATION
    notes.answers["responses.submit"] = StorageError("the disk is full")
    form = await scene.trainee.click(await scene.post(("tc:respond:p1", "x")), label="x")
    result = await scene.trainee.submit_modal(form, {"text": "what I wrote"})
    said = _all_texts(result)
    assert words.say("discord.error.storage") in said
    assert "what I wrote" in said
    assert all(shown.ephemeral for shown in result.followups)


@pytest.mark.parametrize(
    "custom_id",
    [
        "tc:nonsense:p1",
        "tc:respond:",
        "tc:choose",
        "other:respond:p1",
        "tc:post:c1",
        "tc:post:c1/i1/more",
        "tc:snooze:s1/soon/15",
        "tc:snooze:s1/1750000000/99999999999999999999",
        "tc:setup-next:unknown-draft",
        "tc:submit",
    ],
)
async def test_a_stale_or_forged_button_gets_one_sentence_and_no_call(
    scene: Scene, notes: Notes, custom_id: str
) -> None:
    result = await scene.trainee.click(await scene.post((custom_id, "x")), label="x")
    shown = [found for found in (result.response, *result.followups) if found and found.content]
    assert len(shown) == 1
    assert [call for call in notes.calls if call.verb not in {"owed"}] == []


async def test_a_button_about_something_gone_gets_one_sentence(
    scene: Scene, notes: Notes, words: MessageCatalogue
) -> None:
    notes.answers["moderation.hide"] = NotFound()
    result = await scene.supervisor.click(await scene.post(("tc:hide:r1", "x")), label="x")
    assert result.response is not None
    assert result.response.content == words.say("discord.error.not_found")


async def test_buttons_posted_before_a_restart_work_after_it(scene: Scene, notes: Notes, new_client) -> None:
    message = await scene.post(("tc:flag:r1#some-key", "Flag"))
    await scene.env.restart_bot(new_client())
    result = await scene.trainee.click(message, label="Flag")
    assert notes.only("moderation.flag")["response_id"] == "r1"
    assert result.response is not None


async def test_the_same_event_twice_is_acted_on_once(scene: Scene, notes: Notes) -> None:
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    delivered = []
    client.add_listener(_keep(delivered), "on_interaction")
    await scene.trainee.click(await scene.post(("tc:flag:r1", "x")), label="x")
    await client.on_interaction(delivered[0])
    assert len(notes.of("moderation.flag")) == 1


async def test_a_feature_too_slow_for_a_form_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.visit.QUICK", 0.01)
    interaction: Any = None
    with pytest.raises(TryLater):
        await Visit(interaction).quickly(asyncio.get_running_loop().create_future())


async def test_a_card_that_no_direct_message_could_bring_is_shown_next(scene: Scene, notes: Notes) -> None:
    notes.answers["care.owed"] = Card("the owed card")
    result = await scene.trainee.click(await scene.post(("tc:flag:r1", "x")), label="x")
    assert [shown.embeds[0].description for shown in result.followups] == ["the owed card"]
    assert all(shown.ephemeral for shown in result.followups)


async def test_the_caller_is_who_discord_says_with_the_roles_of_this_moment(scene: Scene, notes: Notes) -> None:
    message = await scene.post(("tc:flag:r1", "x"))
    await scene.trainee.click(message, label="x")
    await scene.manager.click(message, label="x")
    workspace = Workspace(Platform.DISCORD, str(scene.guild.id))
    first, second = (given["caller"] for given in notes.of("moderation.flag"))
    assert first == Caller(
        Member(Platform.DISCORD, str(scene.trainee.id)),
        workspace,
        frozenset({str(scene.trainee_role.id), str(scene.guild.id)}),
        manages_workspace=False,
    )
    assert second.manages_workspace


def _caller(given: dict[str, object]) -> int:
    caller = given["caller"]
    assert isinstance(caller, Caller)
    return int(caller.member.id)


def _all_texts(result: simcord.InteractionResult) -> str:
    said = []
    for shown in filter(None, (result.response, *result.followups)):
        said += [shown.content, *(embed.description or "" for embed in shown.embeds)]
    return " ".join(said)


def _keep(delivered: list[object]):
    async def on_interaction(interaction: object) -> None:
        with contextlib.suppress(Exception):
            delivered.append(interaction)

    return on_interaction
