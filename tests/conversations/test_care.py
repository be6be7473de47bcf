"""Words that worry us: the person's card first and privately, then whom the cohort's policy names, and nobody else."""

from __future__ import annotations

import pytest

from tests.conversations.dialogue import DM, THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS

URGENT = "I have decided to kill myself tonight. Goodbye."
HEAVY = "I can't go on like this any more. I have thought about not being alive."
ABOUT_A_CLIENT = "My client told me she plans to kill herself tonight and I do not know what to do."
FIGURATIVE = "That exam killed me, and my supervisor's joke was to die for."
CARD = "You matter here"
ALERT = "Someone here may need a person"


async def test_an_urgent_response_is_held_and_its_writer_met_privately(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .sees_privately(CARD, "999", "I have not posted what you wrote.", "They see no name and none of your words.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT, "No name is known here")
        .sees_nothing_of(URGENT, "kill myself", str(scene.venue.people["Amara"]))
        .with_("Bence")
        .sees_nothing_of(URGENT, CARD, ALERT)
    )
    assert scene.in_thread() == []


async def test_after_saying_that_she_is_safe_she_decides_what_happens_to_her_words(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .presses("I'm safe / this was not about me")
        .sees_privately("Thank you for telling me. I may have misread you.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "the writer says that they are safe")
        .with_("Amara")
        .presses("Post it")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread(URGENT)
    )


async def test_an_urgent_response_cannot_be_posted_over_the_card(scene: Scene) -> None:
    await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously").types(URGENT).sees_button("Post it", there=False)
    (response,) = await scene.venue.built.stores.responses.of_posting((await scene.posting()).id)
    await (
        scene.with_("Amara")
        .forges(f"tc:choose-publish:{response.id}")
        .sees_privately("Before I post this, please tell me that you are safe")
        .with_("Bence")
        .sees_nothing_of(URGENT)
    )


async def test_an_urgent_response_kept_private_is_posted_after_saying_that_she_is_safe(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .presses("Not now")
        .presses("Keep it private")
        .presses("My responses")
        .sees_privately(URGENT, "Kept private.")
        .sees_button("Post it", there=False)
        .presses("I'm safe / this was not about me", on=URGENT)
        .presses("Post it")
        .with_("Bence")
        .sees_in_thread(URGENT)
    )


@pytest.mark.parametrize(
    ("button", "told", "not_told"),
    [
        ("Reach a supervisor, with my name", "would like to hear from a supervisor", ""),
        ("Reach a supervisor, as my alias", "The trainee who writes as", "Amara"),
    ],
)
async def test_she_reaches_a_supervisor_by_name_or_alias(scene: Scene, button: str, told: str, not_told: str) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .presses(button)
        .sees_privately("Your supervisors now know")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, told)
        .with_("Bence")
        .sees_nothing_of(told, ALERT)
    )
    named = str(scene.venue.people["Amara"]) in scene.screen("Ingrid")
    assert named is (not not_told)


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("Reach a supervisor, with my name", "Your supervisors now know"),
        ("Reach a supervisor, as my alias", "Your alias is no longer known"),
        ("I'm safe / this was not about me", "I could not pass this on"),
        ("Not now", "That is all right"),
    ],
)
async def test_after_the_posting_closed_her_card_still_leads_to_a_person(scene: Scene, button: str, said: str) -> None:
    await scene.morning()
    posting, ingrid = await scene.posting(), scene.caller("Ingrid", "supervisor", manages=True)
    by_name = "Reach a supervisor, with my name"
    told = (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .then(lambda: scene.venue.built.house.moderation.close(ingrid, posting.id), "the posting closes")
        .presses(button)
        .sees_privately(said)
    )
    if button != by_name:
        told = told.with_("Ingrid").sees_nothing_of("would like to hear", str(scene.venue.people["Amara"]))
        told = told.with_("Amara").presses(by_name)
    await told.with_("Ingrid").sees_in(SUPERVISORS, "would like to hear", str(scene.venue.people["Amara"]))


async def test_a_heavy_response_waits_for_its_writer_and_alerts_nobody(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(HEAVY)
        .sees_privately("Thank you for saying it", "You choose what happens to it.")
        .with_("Ingrid")
        .sees_nothing_of(HEAVY, ALERT)
        .with_("Bence")
        .sees_nothing_of(HEAVY)
        .with_("Amara")
        .presses("Post it")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread(HEAVY)
    )


async def test_a_heavy_response_can_be_kept_private(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(HEAVY)
        .presses("Keep it private")
        .sees_privately("It stays with you alone")
        .presses("My responses")
        .sees_privately(HEAVY, "Kept private.")
        .with_("Ingrid")
        .sees_nothing_of(HEAVY)
    )


async def test_risk_of_a_client_shows_the_sites_protocol_and_waits(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(ABOUT_A_CLIENT)
        .sees_privately("Please take this to your supervisor now", "Ring the duty desk.", "extension 204")
        .with_("Ingrid")
        .sees_nothing_of(ABOUT_A_CLIENT, ALERT)
        .with_("Bence")
        .sees_nothing_of(ABOUT_A_CLIENT)
    )


async def test_a_figure_of_speech_is_just_posted(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(FIGURATIVE)
        .sees_privately("It stands in the thread as")
        .with_("Ingrid")
        .sees_nothing_of(ALERT)
    )


@pytest.mark.parametrize("policy", ["notice only", "with text", "only when the author asks"])
async def test_supervisors_see_what_the_policy_says_and_no_more(bare: Scene, policy: str) -> None:
    await bare.set_up(alert_policy=policy)
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(URGENT).sees_privately(CARD)
    screen = bare.screen("Ingrid")
    assert (ALERT in screen) is (policy != "only when the author asks")
    assert ("kill myself" in screen) is (policy == "with text")
    assert str(bare.venue.people["Amara"]) not in screen


async def test_an_alert_is_taken_once_and_otherwise_repeated(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .time_passes(minutes=16)
        .with_("Joaquín")
        .sees_in(SUPERVISORS, "Nobody has taken this alert yet.", "extension 204")
        .presses("I am on it")
        .sees_privately("nobody is asked who wrote it")
        .sees_in(SUPERVISORS, "is on it.")
        .with_("Ingrid")
        .presses("I am on it")
        .sees_privately("A colleague has taken this alert already.")
    )


@pytest.mark.parametrize("place", [DAILY, THREAD])
async def test_an_open_message_is_answered_by_a_direct_message(scene: Scene, place: str) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .writes(URGENT, at=place)
        .sees_by_dm(CARD, "999", "with your name, because your message stands in the channel")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT, str(scene.venue.people["Amara"]))
        .with_("Bence")
        .sees_in(place, URGENT)
        .sees_nothing_of(CARD, ALERT)
    )


async def test_other_channels_are_nobody_elses_business(scene: Scene) -> None:
    await scene.with_("Amara").writes(URGENT, at=COMMON).sees_nothing_of(CARD)
    await scene.with_("Ingrid").sees_nothing_of(ALERT)


async def test_an_edit_that_makes_it_graver_is_met_anew(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .writes("A hard day.")
        .sees_nothing_of(CARD)
        .time_passes(minutes=1)
        .rewrites(URGENT)
        .sees_by_dm(CARD)
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT)
    )


async def test_an_edit_to_other_urgent_words_hours_later_is_met_anew(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .writes("A hard day.")
        .time_passes(minutes=1)
        .rewrites(URGENT)
        .with_("Ingrid")
        .presses("I am on it")
        .with_("Amara")
        .time_passes(hours=9)
        .rewrites(f"{URGENT} I mean it.")
        .with_("Ingrid")
        .presses("I am on it")
        .sees_privately("nobody is asked who wrote it")
    )
    alerts = [m for m in scene.venue.standing("Ingrid", scene.where("Ingrid", SUPERVISORS)) if ALERT in m.title]
    cards = [m for m in scene.venue.standing("Amara", scene.venue.dm("Amara")) if CARD in m.title]
    assert len(alerts) == len(cards) == 2


async def test_who_takes_no_direct_messages_gets_the_card_at_her_next_step(scene: Scene) -> None:
    await scene.morning()
    await scene.venue.close_door("Amara")
    await (
        scene.with_("Amara")
        .writes(URGENT)
        .sees_nothing_of(CARD)
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT, "The writer does not accept direct messages")
        .with_("Bence")
        .uses("why")
        .sees_nothing_of(CARD)
        .with_("Amara")
        .uses("why")
        .sees_privately(CARD)
        .uses("why")
    )
    assert sum(CARD in note.text for note in scene.venue.private("Amara")) == 1


async def test_a_direct_message_to_the_bot_is_heard_too(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .writes(URGENT, at=DM)
        .sees_by_dm(CARD, "999")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT)
        .sees_nothing_of("kill myself", str(scene.venue.people["Amara"]))
    )


async def test_whoever_writes_directly_about_nothing_much_is_left_in_peace(scene: Scene) -> None:
    await scene.with_("Amara").writes("Good morning!", at=DM).sees_nothing_of(CARD)
    assert [m.text for m in scene.venue.standing("Amara", scene.venue.dm("Amara"))] == ["Good morning!"]


async def test_she_reaches_a_supervisor_from_the_direct_message(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .writes(HEAVY)
        .sees_by_dm("Thank you for saying it")
        .with_("Ingrid")
        .sees_nothing_of("would like to hear from a supervisor")
        .with_("Amara")
        .presses("Reach a supervisor, with my name")
        .sees_privately("Your supervisors now know")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "would like to hear from a supervisor", str(scene.venue.people["Amara"]))
    )


async def test_a_wish_that_was_taken_is_no_answer_to_the_next_one(scene: Scene) -> None:
    ask, notice = "Reach a supervisor, with my name", "would like to hear from a supervisor"
    await (
        scene.with_("Amara")
        .writes(HEAVY)
        .presses(ask)
        .presses(ask)
        .sees_privately("nobody has taken it yet", "extension 204")
        .with_("Ingrid")
        .presses("I am on it")
        .with_("Amara")
        .time_passes(hours=11)
        .presses(ask)
        .sees_privately("Your supervisors now know")
        .with_("Ingrid")
        .presses("I am on it")
        .sees_privately("nobody is asked who wrote it")
    )
    notices = [m for m in scene.venue.standing("Ingrid", scene.where("Ingrid", SUPERVISORS)) if notice in m.text]
    assert len(notices) == 2


async def test_words_typed_into_a_command_are_heard_too(scene: Scene) -> None:
    await (
        scene.with_("Amara")
        .uses("resources", country=URGENT[:90])
        .sees_privately(CARD)
        .with_("Bence")
        .sees_nothing_of(CARD)
    )


@pytest.mark.parametrize("place", [DAILY, COMMON, DM])
async def test_resources_are_there_for_everyone_anywhere(scene: Scene, place: str) -> None:
    await (
        scene.with_("Finn")
        .uses("resources", at=place)
        .sees_privately("People you can talk to", "999")
        .with_("Ingrid")
        .uses("resources", at=place, country="DE")
        .sees_privately("People you can talk to", "112")
        .with_("Bence")
        .sees_nothing_of("People you can talk to")
    )


@pytest.mark.parametrize(
    ("country", "seen"),
    [
        ("germany", ["112", "TelefonSeelsorge"]),
        ("uk", ["999", "Samaritans"]),
        ("Romania", ["I have no help lines for Romania yet", "112", "findahelpline"]),
        ("Ukraine", ["I have no help lines for Ukraine yet", "your local emergency number", "findahelpline"]),
        ("Atlantis", ["I don't know the country “Atlantis”", "999", "Samaritans"]),
    ],
)
async def test_whoever_asks_for_lines_gets_some(scene: Scene, country: str, seen: list[str]) -> None:
    await scene.with_("Finn").uses("resources", country=country).sees_privately("People you can talk to", *seen)
