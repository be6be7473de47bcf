"""Supervisors and members at work on the items themselves: added, uploaded, reviewed, suggested, and told to be off."""

from __future__ import annotations

import pytest

from tests.conversations.dialogue import Dialogue
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS
from tests.features.library.items import FORM, PROMPT, text

TITLE, QUESTION, BODY = PROMPT["title"], PROMPT["question"], PROMPT["body"]
KEPT = "is in your cohort's pool now"
URGENT = "I have decided to kill myself tonight. Goodbye."


pytestmark = pytest.mark.parametrize("bare", ["rehearsal", "simcord"], indirect=True)
"""The commands, forms and files are Discord's; what Slack's door makes of them is tried in tests/doors/slack."""


def upload(dialogue: Dialogue, content: str | bytes, *, at: str = SUPERVISORS, name: str = "kettle.yaml") -> Dialogue:
    raw = content.encode() if isinstance(content, str) else content
    return dialogue.uses("library upload", at=at, file=(name, raw))


async def test_a_supervisor_adds_an_item_by_a_form_and_posts_it(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("library add", at=SUPERVISORS, kind="prompt", theme="mood-leak")
        .sees_form_says("The one question")
        .fills(**{**FORM, "question": "Did you notice?"})
        .sees_privately("One thing has to be mended first", "question", "yes or no cannot answer")
        .sees_privately("The kettle before the hour")
        .presses("Mend it")
        .sees_in_form(TITLE)
        .fills(question=QUESTION)
        .sees_privately(KEPT)
        .presses("Show it")
        .sees_privately(QUESTION, "Approved here", "Listen for", "Your cohort's own")
        .with_("Amara")
        .sees_nothing_of(QUESTION)
    )
    (own,) = await scene.venue.built.stores.own_items.of_cohort(scene.cohort.id if scene.cohort else "")
    await scene.with_("Ingrid").uses("pin", item=f"{own.cohort_id}/{own.id}").sees_privately("is pinned")
    await scene.goes_to("2026-11-24 09:00")
    await scene.with_("Amara").sees_in(DAILY, QUESTION)


async def test_a_file_with_faults_is_explained_and_the_mended_one_joins(scene: Scene) -> None:
    broken = text(intensty=2, question=None)
    await upload(scene.with_("Ingrid"), broken).sees_privately(
        "intensty", "Did you mean intensity?", "question", "Add question."
    )
    await upload(scene.with_("Ingrid"), text()).sees_privately(KEPT)
    await upload(scene.with_("Ingrid"), text()).sees_privately(KEPT)
    assert len(await scene.venue.built.stores.own_items.of_cohort(scene.cohort.id if scene.cohort else "")) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"x" * 33_000, "That file is too large"), (b"\xff\xfe\x00", "is not UTF-8 text"), (b"", "no fields found")],
)
async def test_a_file_that_is_none_gets_one_sentence(scene: Scene, content: bytes, said: str) -> None:
    await upload(scene.with_("Ingrid"), content).sees_privately(said)


async def test_trainees_add_and_review_nothing(scene: Scene) -> None:
    await (
        upload(scene.with_("Amara"), text(), at=DAILY)
        .sees_privately("That is not yours to do here.")
        .uses("library add", kind="prompt", theme="mood-leak")
        .sees_privately("That is not yours to do here.")
        .sees_no_form()
        .uses("library list")
        .sees_privately("That is not yours to do here.")
        .uses("library feedback")
        .sees_privately("That is not yours to do here.")
    )


async def test_what_is_typed_into_a_form_or_file_is_heeded(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("library add", at=SUPERVISORS, kind="prompt", theme="mood-leak")
        .fills(**{**FORM, "body": URGENT})
        .sees_privately("You matter here")
        .sees_privately("has to be mended first", "body")
    )
    label = "I will kill myself tonight"
    await (
        scene.with_("Joaquín")
        .uses("library add", at=SUPERVISORS, kind="prompt", theme="mood-leak", label=label)
        .fills(**FORM)
        .sees_privately("You matter here")
    )
    await upload(scene.with_("Joaquín"), URGENT).sees_privately("You matter here")
    await (
        scene.with_("Bence").uses("suggest", theme=URGENT).sees_privately("You matter here").sees_privately("no theme")
    )


async def test_a_choice_that_there_is_not_is_named_before_any_form(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("library add", at=SUPERVISORS, kind="prompt", theme="weather")
        .sees_privately("“weather” cannot be used for theme", "advice-pull")
        .sees_no_form()
    )
    offers = await scene.venue.offers("Ingrid", scene.venue.channels[SUPERVISORS], "library add", "theme", "silence")
    assert ("silence" in {meant for _, meant in offers}) or offers


async def test_review_is_done_from_the_item_itself(scene: Scene) -> None:
    (first, *_) = await scene.venue.offers(
        "Ingrid", scene.venue.channels[SUPERVISORS], "library show", "item", "The sentence that arrived early"
    )
    await (
        scene.with_("Ingrid")
        .uses("library show", at=SUPERVISORS, item=first[1])
        .sees_privately("The sentence that arrived early", "The library")
        .presses("Approve for us")
        .sees_privately("is approved here")
        .uses("library show", at=SUPERVISORS, item=first[1])
        .sees_privately("Approved here: a supervisor of this cohort has read it.")
        .presses("Edit a copy")
        .fills(title="Our own sentence")
        .sees_privately("Our own sentence", "retired for you")
        .uses("library list", at=SUPERVISORS)
        .sees_privately("Your own: 1", "Our own sentence", "Retired for you: 1", "The sentence that arrived early")
        .uses("library show", at=SUPERVISORS, item=first[1])
        .presses("Bring it back")
        .sees_privately("is back in your cohort's pool")
    )


async def test_a_suggestion_without_a_name_is_taken_by_a_supervisor(scene: Scene) -> None:
    amara = str(scene.venue.people["Amara"])
    await (
        scene.with_("Amara")
        .uses("suggest", theme="mood-leak")
        .sees_form_says("What would stand there?")
        .fills(title=TITLE, body=BODY, question=QUESTION)
        .sees_privately("Your supervisors see it now")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "A suggestion: The kettle before the hour", QUESTION, "I have not kept who")
        .sees_nothing_in(SUPERVISORS, amara, "Amara")
        .presses("Take it as it is")
        .sees_privately(KEPT)
        .sees_in(SUPERVISORS, "Approved: it is in the pool.")
        .sees_button("Decline", there=False)
        .uses("library suggestions", at=SUPERVISORS)
        .sees_privately("No suggestion waits for you.")
    )


async def test_a_named_suggestion_is_declined_and_then_nobodys(scene: Scene) -> None:
    amara = str(scene.venue.people["Amara"])
    await (
        scene.with_("Amara")
        .uses("suggest", theme="mood-leak", named="yes")
        .fills(title=TITLE, body=BODY, question=QUESTION)
        .with_("Ingrid")
        .sees_in(SUPERVISORS, f"<@{amara}>")
        .presses("Edit a copy")
        .sees_in_form(TITLE)
        .fills(title="x" * 60)
        .sees_privately("title")
        .presses("Decline")
        .sees_privately("Declined.")
        .sees_nothing_in(SUPERVISORS, amara)
        .forges("tc:suggestion-approve:sg-none", on=SUPERVISORS)
        .sees_privately("That is not there any more")
    )


async def test_something_off_is_counted_once_and_read_from_five_on(scene: Scene) -> None:
    await scene.morning()
    for name in ("Amara", "Bence", "Chioma", "Devi"):
        await scene.with_(name).presses("Something off?").presses("Stereotype").sees_privately("It is counted")
    await scene.with_("Amara").presses("Something off?").presses("Too close").sees_privately("It is counted")
    reads = scene.with_("Ingrid").uses("library feedback", at=SUPERVISORS)
    await reads.sees_privately("Nothing was said of any item by 5 people or more.")
    await scene.with_("Elif").presses("Something off?").presses("Stereotype")
    await (
        scene.with_("Ingrid")
        .uses("library feedback", at=SUPERVISORS)
        .sees_privately("Stereotype, 5 or more")
        .sees_nothing_of("Too close, ")
    )


async def test_after_a_restart_a_form_is_forgotten_and_its_words_are_not(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("library add", at=SUPERVISORS, kind="prompt", theme="mood-leak")
    await scene.venue.restart()
    await (
        scene.with_("Ingrid").fills(**FORM).sees_privately("I don't have this draft any more").sees_privately(QUESTION)
    )


async def test_everything_is_there_in_spanish(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("me language", language="es")
        .uses("library add", at=SUPERVISORS, kind="prompt", theme="mood-leak")
        .sees_form_says("La única pregunta")
        .fills(**{**FORM, "title": "x" * 60})
        .sees_privately("Antes hay que arreglar una cosa")
        .presses("Arreglarla")
        .fills(**FORM)
        .sees_privately("está ya en la reserva de tu grupo")
        .with_("Amara")
        .uses("me language", language="es")
        .uses("suggest")
        .sees_form_says("¿Y la única pregunta?")
        .fills(title="Otra", body=BODY + " Y algo más.", question=QUESTION)
        .sees_privately("Tus supervisores ya la ven.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "A suggestion: Otra")
    )
