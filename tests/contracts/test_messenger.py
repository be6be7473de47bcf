"""What every messenger promises, tried over the platform's own wire with faults on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import pytest

from bot.cards import Button, Card
from bot.errors import CannotReach, MessengerError, NotPermitted, OutcomeUnknown, PlaceGone, TryLater
from bot.people import MessageRef, Place
from tests.contracts.messenger_stages import Stage, on_discord
from tests.contracts.slack_stage import on_slack

STAGES: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {"discord": on_discord, "slack": on_slack}
KEY = "0123456789abcdef"
CANARY = "heron under the plum tree"
WITH_BUTTON = Card("a card with a button", buttons=(Button("flag", "5e55", "Flag"),))
WITHOUT_BUTTON = Card("a card with none", title="Title", footer="Footer")
KEY_IN_SUBJECT = Card("a posting", buttons=(Button("respond", KEY, "Respond"), Button("mine", KEY, "Mine")))


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param]() as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py wait out its retries in no time."""

    class Hurried:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, _: float) -> None:
            await asyncio.sleep(0)

    monkeypatch.setattr("discord.http.asyncio", Hurried())


@pytest.mark.parametrize("card", [WITH_BUTTON, WITHOUT_BUTTON, KEY_IN_SUBJECT], ids=["button", "plain", "subject"])
async def test_a_post_stands_and_is_found_by_its_key(stage: Stage, card: Card) -> None:
    ref = await stage.messenger.post(stage.channel, card, key=KEY)
    assert ref.place == stage.channel
    assert stage.texts(stage.channel) == [card.body]
    assert await stage.messenger.find(stage.channel, KEY) == ref


async def test_a_key_finds_its_own_message_among_others(stage: Stage) -> None:
    first = await stage.messenger.post(stage.channel, WITHOUT_BUTTON, key=f"{KEY}-t")
    second = await stage.messenger.post(stage.channel, WITH_BUTTON, key=f"{KEY}-f1")
    third = await stage.messenger.post(stage.channel, WITH_BUTTON, key=f"{KEY}-f12")
    assert await stage.messenger.find(stage.channel, f"{KEY}-t") == first
    assert await stage.messenger.find(stage.channel, f"{KEY}-f1") == second
    assert await stage.messenger.find(stage.channel, f"{KEY}-f12") == third
    assert await stage.messenger.find(stage.channel, KEY) is None


async def test_a_message_that_loses_its_buttons_keeps_the_key_it_is_told(stage: Stage) -> None:
    about_more = Card("a day", buttons=(Button("week-swap", f"{KEY}/0a1b2c3d", "Swap"),))
    ref = await stage.messenger.post(stage.channel, about_more, key=KEY)
    for card in (WITHOUT_BUTTON, about_more, WITHOUT_BUTTON):
        await stage.messenger.edit(ref, card, key=KEY)
        assert await stage.messenger.find(stage.channel, KEY) == ref


async def test_a_member_cannot_forge_a_key(stage: Stage) -> None:
    await stage.somebody_writes(stage.channel, f"look [{KEY}]")
    assert await stage.messenger.find(stage.channel, KEY) is None


async def test_the_same_key_twice_is_one_message(stage: Stage) -> None:
    first = await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    assert await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY) == first
    assert len(stage.texts(stage.channel)) == 1


async def test_the_same_key_in_two_places_is_two_messages(stage: Stage) -> None:
    thread = await _thread(stage)
    await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    there = await stage.messenger.post(thread, WITH_BUTTON, key=KEY)
    await stage.messenger.direct(stage.trainee, WITH_BUTTON, key=KEY)
    assert there.place == thread
    assert stage.texts(thread) == stage.private_texts(stage.trainee) == [WITH_BUTTON.body]


async def test_a_long_card_loses_no_word(stage: Stage) -> None:
    words = [f"word{number}" for number in range(2200)]
    ref = await stage.messenger.post(stage.channel, Card(" ".join(words), buttons=WITH_BUTTON.buttons), key=KEY)
    assert " ".join(stage.texts(stage.channel)).split() == words
    assert await stage.messenger.find(stage.channel, KEY) == ref


async def test_a_cut_after_the_effect_leaves_a_doubt_that_find_settles(stage: Stage) -> None:
    stage.cut(after=True)
    with pytest.raises(OutcomeUnknown):
        await stage.messenger.post(stage.channel, WITHOUT_BUTTON, key=KEY)
    found = await stage.messenger.find(stage.channel, KEY)
    assert found is not None
    assert await stage.messenger.post(stage.channel, WITHOUT_BUTTON, key=KEY) == found
    assert len(stage.texts(stage.channel)) == 1


async def test_a_cut_before_the_effect_leaves_nothing_to_find(stage: Stage) -> None:
    stage.cut(after=False)
    with pytest.raises(OutcomeUnknown):
        await stage.messenger.post(stage.channel, WITHOUT_BUTTON, key=KEY)
    assert await stage.messenger.find(stage.channel, KEY) is None
    await stage.messenger.post(stage.channel, WITHOUT_BUTTON, key=KEY)
    assert len(stage.texts(stage.channel)) == 1


@pytest.mark.usefixtures("impatient")
async def test_being_asked_to_slow_down_is_waited_out(stage: Stage) -> None:
    stage.slow_down(2)
    await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    assert len(stage.texts(stage.channel)) == 1


@pytest.mark.usefixtures("impatient")
async def test_being_asked_again_and_again_means_later(stage: Stage) -> None:
    stage.slow_down(5)
    with pytest.raises(TryLater) as told:
        await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    assert told.value.after > 0
    assert stage.texts(stage.channel) == []


async def test_an_overloaded_platform_means_later(stage: Stage) -> None:
    stage.break_down(1, overloaded=True)
    with pytest.raises(TryLater):
        await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    assert stage.texts(stage.channel) == []


@pytest.mark.usefixtures("impatient")
async def test_a_broken_platform_leaves_a_doubt_and_no_double(stage: Stage) -> None:
    stage.break_down(5)
    with pytest.raises(OutcomeUnknown):
        await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    assert len(stage.texts(stage.channel)) == 1


async def test_a_message_of_ours_can_be_replaced(stage: Stage) -> None:
    ref = await stage.messenger.post(stage.channel, KEY_IN_SUBJECT, key=KEY)
    await stage.messenger.edit(ref, Card("locked", buttons=KEY_IN_SUBJECT.buttons[1:]))
    assert stage.texts(stage.channel) == ["locked"]
    assert await stage.messenger.find(stage.channel, KEY) == ref


async def test_deleting_twice_is_no_error(stage: Stage) -> None:
    ref = await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    await stage.messenger.delete(ref)
    await stage.messenger.delete(ref)
    assert stage.texts(stage.channel) == []


async def test_what_is_gone_is_named_so(stage: Stage) -> None:
    ref = await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    await stage.messenger.delete(ref)
    with pytest.raises(PlaceGone):
        await stage.messenger.edit(ref, WITH_BUTTON)
    thread = await _thread(stage)
    stage.remove(thread)
    for act in (
        stage.messenger.post(thread, WITH_BUTTON, key=KEY),
        stage.messenger.find(thread, KEY),
        stage.messenger.set_thread_locked(thread, True),
    ):
        with pytest.raises(PlaceGone):
            await act


async def test_a_thread_is_opened_once(stage: Stage) -> None:
    ref = await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    thread = await stage.messenger.open_thread(ref, "A title " * 20)
    assert await stage.messenger.open_thread(ref, "another title") == thread
    assert stage.threads() == [thread.id]


async def test_a_cut_while_opening_a_thread_leaves_one_thread(stage: Stage) -> None:
    ref = await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)
    stage.cut(after=True, act="thread")
    with pytest.raises(OutcomeUnknown) if stage.opening_asks else nullcontext():
        await stage.messenger.open_thread(ref, "title")
    thread = await stage.messenger.open_thread(ref, "title")
    assert stage.threads() == [thread.id]


async def test_a_thread_is_locked_and_unlocked(stage: Stage) -> None:
    thread = await _thread(stage)
    await stage.messenger.set_thread_locked(thread, True)
    assert stage.is_locked(thread)
    await stage.messenger.set_thread_locked(thread, False)
    assert not stage.is_locked(thread)


@pytest.mark.parametrize("locked", [False, True])
async def test_an_archived_thread_is_woken_to_post_change_and_delete(stage: Stage, locked: bool) -> None:
    thread = await _thread(stage)
    await stage.messenger.set_thread_locked(thread, locked)
    stage.archive(thread)
    ref = await stage.messenger.post(thread, WITH_BUTTON, key="in-the-thread")
    stage.archive(thread)
    await stage.messenger.edit(ref, Card("changed"))
    assert stage.texts(thread) == ["changed"]
    stage.archive(thread)
    await stage.messenger.delete(ref)
    assert stage.texts(thread) == []


async def test_a_direct_message_arrives_once(stage: Stage) -> None:
    await stage.messenger.direct(stage.trainee, WITHOUT_BUTTON, key=KEY)
    await stage.messenger.direct(stage.trainee, WITHOUT_BUTTON, key=KEY)
    assert stage.private_texts(stage.trainee) == [WITHOUT_BUTTON.body]


async def test_who_takes_no_direct_messages_cannot_be_reached(stage: Stage) -> None:
    stage.refuse_direct(stage.trainee)
    with pytest.raises(CannotReach):
        await stage.messenger.direct(stage.trainee, WITHOUT_BUTTON, key=KEY)
    with pytest.raises(CannotReach):
        await stage.messenger.direct(stage.stranger, WITHOUT_BUTTON, key=KEY)


async def test_nothing_pings_but_the_role_that_the_card_names(stage: Stage) -> None:
    loud = Card(f"@everyone @here <@{stage.trainee.id}> <@&{stage.trainee_role}>", title="@everyone")
    quiet = await stage.messenger.post(stage.channel, loud, key="quiet")
    assert stage.pinged(quiet) == set()
    alert = await stage.messenger.post(stage.channel, Card("x", mention=stage.trainee_role), key="alert")
    assert stage.pinged(alert) == {stage.trainee_role}


async def test_a_missing_permission_is_named_with_its_mend(stage: Stage) -> None:
    assert list(await stage.messenger.troubles(stage.channel, threads=True)) == []
    await stage.revoke_posting()
    troubles = await stage.messenger.troubles(stage.channel, threads=True)
    assert [trouble.what for trouble in troubles] == [stage.posting_permission]
    assert stage.posting_permission in troubles[0].mend
    with pytest.raises(NotPermitted, match=stage.posting_permission):
        await stage.messenger.post(stage.channel, WITH_BUTTON, key=KEY)


async def test_roles_are_asked_for_at_that_moment(stage: Stage) -> None:
    supervises = stage.messenger.supervises
    assert await supervises(stage.workspace, stage.trainee, stage.trainee_role)
    assert not await supervises(stage.workspace, stage.trainee, stage.supervisor_role)
    assert not await supervises(stage.workspace, stage.stranger, stage.trainee_role)


@pytest.mark.parametrize("breaking", ["cut", "break_down", "revoke", "gone"])
@pytest.mark.usefixtures("impatient")
async def test_no_error_carries_what_was_said(stage: Stage, breaking: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    place = stage.channel
    if breaking == "cut":
        stage.cut(after=True)
    elif breaking == "break_down":
        stage.break_down(5)
    elif breaking == "revoke":
        await stage.revoke_posting()
    else:
        place = await _thread(stage)
        stage.remove(place)
    with pytest.raises(MessengerError) as told:
        await stage.messenger.post(place, Card(CANARY), key=KEY)
    assert CANARY not in f"{told.value!s} {told.value!r} {told.value.__cause__!r}"
    assert CANARY not in caplog.text


async def _thread(stage: Stage) -> Place:
    ref: MessageRef = await stage.messenger.post(stage.channel, Card("under this"), key="thread-starter")
    return await stage.messenger.open_thread(ref, "title")
