"""Killed between a post and its mark, the answer lost, again and again: each message stands once on Slack."""

from __future__ import annotations

import random

from bot.cards import Card
from bot.errors import OutcomeUnknown
from bot.people import MessageRef
from bot.platforms.slack.messenger import SlackMessenger
from tests.contracts.slack_stage import SlackStage, on_slack

TIMES = 200


async def test_two_hundred_lost_answers_leave_two_hundred_messages() -> None:
    chance = random.Random(5)
    async with on_slack() as stage:
        thread = await stage.messenger.open_thread(
            await stage.messenger.post(stage.channel, Card("the day's item"), key="starter"), ""
        )
        for number in range(TIMES):
            place = thread if number % 2 else stage.channel
            key, card = f"k{number}", Card(f"message {number}")
            stage.cut(after=chance.random() < 0.7)
            try:
                await stage.messenger.post(place, card, key=key)
                raise AssertionError("the answer came")
            except OutcomeUnknown:
                pass
            reborn = _reborn(stage) if chance.random() < 0.5 else stage.messenger  # a new process has no memory
            found: MessageRef | None = await reborn.find(place, key)
            standing = found or await reborn.post(place, card, key=key)
            assert await reborn.find(place, key) == standing
        said = stage.texts(stage.channel)[1:] + stage.texts(thread)
        assert sorted(said) == sorted(f"message {number}" for number in range(TIMES))


def _reborn(stage: SlackStage) -> SlackMessenger:
    old = stage.messenger
    assert isinstance(old, SlackMessenger)
    return SlackMessenger(old._asking, old._people, old._words)
