"""Trying the screen, saying that it was wrong, and an alert that goes on until somebody takes it."""

from __future__ import annotations

from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS

URGENT = "I have decided to kill myself tonight. Goodbye."
CARD = "You matter here"
ALERT = "Someone here may need a person"


async def test_a_supervisor_tries_a_sentence_and_nobody_hears_of_it(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("supervisor screen-test", sentence=URGENT)
        .sees_privately("A, urgent.", "the writer's own risk", "/resources", "stored and logged nowhere")
        .sees_nothing_of(CARD, ALERT)
        .with_("Bence")
        .sees_nothing_of("A, urgent.", "kill myself", ALERT)
        .uses("supervisor screen-test", sentence="What about this?")
        .sees_privately("That is not yours to do here.")
        .sees_nothing_of(CARD)
        .uses("supervisor screen-report")
        .sees_privately("That is not yours to do here.")
        .with_("Ingrid")
        .uses("supervisor screen-report")
        .sees_privately("Fewer than 5 of each")
    )


async def test_whoever_may_not_try_the_screen_is_taken_at_her_word(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .uses("supervisor screen-test", sentence=URGENT)
        .sees_privately(CARD, "999")
        .sees_privately("That is not yours to do here.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT, "No name is known here")
    )


async def test_a_wrong_alarm_and_a_missed_message_are_counted_without_anybodys_name(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .presses("I'm safe / this was not about me")
        .presses("This was a wrong alarm")
        .sees_privately("I count the rules that spoke")
        .with_("Chioma")
        .writes("The tea was cold again.", at=THREAD)
        .with_("Bence")
        .uses_menu("You missed this", on="The tea was cold again.")
        .sees_privately("I count which rules were silent", "Ring the duty desk.")
        .with_("Chioma")
        .sees_nothing_of("I count which rules were silent")
    )
    kept = await scene.venue.built.stores.feedback.every()
    assert {opinion.verdict for opinion in kept} == {"wrong alarm", "missed"}
    assert all(str(scene.venue.people[name]) not in repr(kept) for name in ("Amara", "Bence", "Chioma"))


async def test_an_alert_that_nobody_takes_is_repeated_in_the_second_channel(scene: Scene) -> None:
    second = str(scene.venue.channels[COMMON])
    await (
        scene.with_("Ingrid")
        .uses("setup change", field="escalate_after", value="30")
        .uses("setup change", field="escalation_channel", value=f"<#{second}>")
        .sees_privately("after 30 minutes it is repeated", second)
        .with_("Amara")
        .writes(URGENT)
    )
    await scene.venue.pass_time(29 * 60)
    await scene.with_("Ingrid").sees_nothing_in(COMMON, "Nobody has taken this alert yet")
    await scene.venue.pass_time(2 * 60)
    await (
        scene.with_("Ingrid")
        .sees_in(COMMON, "Nobody has taken this alert yet", "Duty desk, extension 204")
        .presses("I am on it", on="Nobody has taken")
        .sees_privately("Thank you. This is noted with your name")
        .sees_in(SUPERVISORS, "is on it.")
        .sees_in(COMMON, "is on it.")
    )


async def test_members_read_what_holds_before_their_words_are_shown(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .sees_in(DAILY, "How this works here", "no words, no name", "Nobody watches", "weekdays")
        .with_("Ingrid")
        .uses("setup change", field="alert_policy", value="with text")
        .sees_privately("These are the settings")
        .with_("Amara")
        .sees_in(DAILY, "What holds here from now on", "Supervisors see the words")
        .uses("privacy")
        .sees_privately("supervisors then see the words", "Supervisors are usually there: weekdays")
    )


async def test_a_policy_that_nobody_can_be_told_of_does_not_begin(scene: Scene) -> None:
    await scene.venue.permit(DAILY, "send_messages", False)
    await (
        scene.with_("Ingrid")
        .uses("setup change", field="alert_policy", value="with text")
        .sees_privately("so nothing is changed")
        .uses("setup show")
        .sees_privately("notice only")
    )
