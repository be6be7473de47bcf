"""Items that are answered in their own way, as their readers meet them."""

from __future__ import annotations

from bot.prompts.item import Format, Item
from tests.acting import contents
from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene


def first(format_: Format) -> Item:
    return next(item for item in contents().library.items if item.format is format_)


async def posts(scene: Scene, item: Item) -> None:
    ingrid, cohort = scene.caller("Ingrid", "supervisor"), scene.cohort
    assert cohort is not None
    await scene.venue.built.house.prompts.post_now(ingrid, cohort.id, item.id)
    await scene.venue.pass_time(1)


async def test_two_voices_are_given_a_field_each(scene: Scene) -> None:
    await posts(scene, first(Format.TWO_VOICES))
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .fills(text="Stay where you are.", more1="Go, while you still can.")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread("One voice", "Stay where you are.", "The other voice", "Go, while you still can.")
        .with_("Amara")
        .presses("Change it")
        .sees_in_form("**One voice**\nStay where you are.\n\n**The other voice**\nGo, while you still can.")
    )


async def test_advice_in_a_balint_round_may_be_turned(scene: Scene) -> None:
    await posts(scene, first(Format.BALINT_WONDER))
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types("She should simply say no.")
        .sees_privately("Would you turn it into a wonder?")
        .with_("Bence")
        .sees_nothing_of("She should simply say no.")
        .with_("Amara")
        .presses("Turn it")
        .types("I wonder what a no would cost her.")
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread("I wonder what a no would cost her.")
    )


async def test_a_role_card_is_seen_by_her_who_drew_it(scene: Scene) -> None:
    item = next(item for item in contents().library.items if item.role_cards)
    await posts(scene, item)
    await (
        scene.with_("Amara")
        .presses("Draw a role card")
        .sees_privately("Only you see this card")
        .with_("Ingrid")
        .presses("Draw a role card")
        .sees_privately(*item.role_cards)
    )


async def test_a_supervisor_brings_the_second_part(scene: Scene) -> None:
    item = next(item for item in contents().library.items if item.beats)
    await posts(scene, item)
    await (
        scene.with_("Ingrid")
        .uses("posting next", at=THREAD)
        .sees_privately("on its way")
        .with_("Bence")
        .sees_in_thread("What came next", item.beats[0].question)
    )
