"""Telling members how this works here, above all what supervisors learn when words point to danger.

Nobody should find out afterwards. So the card stands in the cohort's channel before a policy that shows more takes
effect, and after one that shows less does: whatever breaks in between, nobody was promised more than holds.
"""

from __future__ import annotations

from bot.cards import Card
from bot.errors import MessengerError
from bot.people import AlertPolicy, Cohort
from bot.ports.clock import Clock
from bot.ports.messenger import Messenger
from bot.ports.words import Words

_SHOWS = (AlertPolicy.ON_REQUEST, AlertPolicy.NOTICE_ONLY, AlertPolicy.WITH_TEXT)


def shows_more(after: AlertPolicy, before: AlertPolicy) -> bool:
    """Say whether supervisors learn more under one policy than under another."""
    return _SHOWS.index(after) > _SHOWS.index(before)


class Telling:
    """Posts the card that members read."""

    def __init__(self, messenger: Messenger, words: Words, clock: Clock) -> None:
        self._messenger = messenger
        self._words = words
        self._clock = clock

    async def first(self, cohort: Cohort) -> bool:
        """Say how this works, once for a new cohort; return whether it stands in the channel."""
        return await self._tell(cohort, f"how-{cohort.id}", "first")

    async def again(self, cohort: Cohort) -> bool:
        """Say what holds from now on; return whether it stands in the channel."""
        return await self._tell(cohort, f"how-{cohort.id}-{int(self._clock.now().timestamp()):x}", "again")

    async def _tell(self, cohort: Cohort, key: str, occasion: str) -> bool:
        try:
            if await self._messenger.find(cohort.channel, key) is None:
                await self._messenger.post(cohort.channel, self._card(cohort, occasion), key=key)
        except MessengerError:
            return False
        return True

    def _card(self, cohort: Cohort, occasion: str) -> Card:
        def say(key: str, **values: object) -> str:
            return self._words.say(f"cohorts.how.{key}", cohort.locale, **values)

        hours = say("hours", hours=cohort.coverage_hours) if cohort.coverage_hours else say("no_hours")
        danger = (say(f"policy.{cohort.alert_policy.name.lower()}"), say("danger"), hours)
        return Card(
            say(f"{occasion}.body"),
            title=say(f"{occasion}.title"),
            fields=(
                (say("danger_title"), "\n".join(danger)),
                (say("anonymity_title"), say("anonymity")),
                (say("help_title"), say("help")),
            ),
        )
