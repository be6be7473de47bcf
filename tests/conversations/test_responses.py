"""Answering a posting without one's name, and keeping one's hand on it."""

from __future__ import annotations

from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS

WORDS = "The silence went on, and I filled it because I could not bear it."
OTHERS = "I noticed that I looked at the clock."
BETTER = "The silence went on, and I let it be for once."
WITH_A_NAME = "Sarah Miller came late again, her number is 07700 900123."


async def test_the_daily_prompt_appears_and_takes_an_anonymous_response(scene: Scene) -> None:
    await scene.with_("Amara").sees_button("Respond anonymously", there=False)
    await scene.morning()
    await (
        scene.with_("Amara")
        .sees_in(DAILY, "Who can see that it was you", "Open until")
        .presses("Respond anonymously")
        .types(WORDS)
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread(WORDS)
        .sees_nothing_of("Amara", str(scene.venue.people["Amara"]), "It stands in the thread as")
        .with_("Ingrid")
        .sees_in_thread(WORDS)
        .sees_nothing_in(SUPERVISORS, WORDS)
        .sees_nothing_of("Amara", str(scene.venue.people["Amara"]), "It stands in the thread as")
    )


async def test_an_alias_is_stable_in_its_thread_and_another_in_the_next(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(WORDS)
        .with_("Bence")
        .presses("Respond anonymously")
        .types(OTHERS)
        .with_("Amara")
        .presses("Respond anonymously")
        .types("And one thing more.")
    )
    amara, bence = scene.alias(WORDS), scene.alias(OTHERS)
    assert scene.alias("And one thing more.") == amara != bence
    await scene.goes_to("2026-11-24 09:00")
    await scene.with_("Amara").presses("Respond anonymously").types("A new day.").sees_in_thread("A new day.")
    assert len(scene.venue.threads(DAILY)) == 2
    assert scene.alias("A new day.") != amara


async def test_an_author_changes_and_withdraws_what_is_hers(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(WORDS)
        .presses("Change it")
        .sees_in_form(WORDS)
        .types(BETTER)
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread(BETTER)
        .sees_nothing_of(WORDS)
        .with_("Amara")
        .presses("My responses")
        .sees_privately(BETTER, "In the thread.")
        .presses("Withdraw")
        .sees_privately("It is gone, here and from the thread.")
        .with_("Bence")
        .sees_nothing_of(BETTER, WORDS)
        .with_("Amara")
        .presses("My responses")
        .sees_privately("You have not answered this posting.")
    )


async def test_what_looks_like_a_client_is_asked_about_first(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(WITH_A_NAME)
        .sees_privately("I have not posted this yet", "a phone number")
        .with_("Bence")
        .sees_nothing_of("Sarah Miller")
        .with_("Amara")
        .presses("Change it")
        .sees_in_form(WITH_A_NAME)
        .types("Someone came late again.")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread("Someone came late again.")
        .sees_nothing_of("Sarah Miller")
    )


async def test_whoever_knows_better_posts_it_as_it_is(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types("I rang 07700 900123, which is my own number.")
        .sees_privately("I have not posted this yet")
        .presses("No client in it: post it")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread("which is my own number")
    )


async def test_my_responses_are_shown_to_me_alone(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(WORDS)
        .with_("Bence")
        .presses("My responses")
        .sees_privately("You have not answered this posting.")
        .with_("Ingrid")
        .presses("My responses")
        .sees_privately("Anonymous responses are for")
    )


async def test_a_supervisor_is_told_to_write_under_her_name(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Ingrid")
        .presses("Respond anonymously")
        .sees_no_form()
        .sees_privately("Supervisors write in the thread")
    )


async def test_a_long_paste_comes_back_whole(scene: Scene) -> None:
    posting = await scene.morning()
    paste = " ".join(f"word{number}" for number in range(1500))[:10_000]
    assert len(paste) == 10_000
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .cannot(lambda she: she.types(paste))
        .forges_form(f"tc:submit:{posting.id}", {"text": paste})
        .sees_privately("10,000 characters")
        .with_("Bence")
        .sees_nothing_of("word17 word18")
    )
    given_back = " ".join(m.text for m in scene.venue.private("Amara") if m.text.startswith("word"))
    assert given_back.split() == paste.split()


async def test_a_closed_posting_takes_nothing_and_knows_nobody(scene: Scene) -> None:
    posting = await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously").types(WORDS)
    await scene.goes_to("2026-12-01 09:00")
    await (
        scene.with_("Amara")
        .sees_in(DAILY, "Closed. The key is destroyed")
        .forges(f"tc:respond:{posting.id}")
        .sees_privately("This posting is closed")
        .sees_no_form()
        .forges(f"tc:mine:{posting.id}")
        .sees_privately("Its key is destroyed")
        .forges_form(f"tc:submit:{posting.id}", {"text": "an afterthought"})
        .sees_privately("This posting is closed")
        .sees_privately("an afterthought")
        .with_("Bence")
        .sees_nothing_of("an afterthought")
    )
    first = scene.venue.threads(DAILY)[0]
    assert not scene.venue.takes_words(first)
    assert any(WORDS in message.text for message in scene.venue.standing("Bence", first))


async def test_everything_goes_on_after_a_restart(scene: Scene) -> None:
    await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously").types(WORDS)
    alias = scene.alias(WORDS)
    await scene.venue.restart()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types("After the restart.")
        .presses("Change it", on="It stands in the thread as")
        .types("After the restart, once more.")
        .sees_in(THREAD, "After the restart, once more.")
    )
    assert scene.alias("once more") == alias
    assert len(scene.venue.threads(DAILY)) == 1
