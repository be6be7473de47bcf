"""Telling whoever runs the bot that something is broken which only they can mend."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.cards import Card, Tone
from bot.errors import MessengerError
from bot.people import Member
from bot.ports.clock import Clock
from bot.ports.messenger import Messenger
from bot.ports.words import Words

_log = logging.getLogger(__name__)
_QUIET = timedelta(minutes=10)


class Operator:
    """Sends alarms to the log, to a counter, and by direct message where the settings name a person.

    The same alarm is sent at most every ten minutes, so that a broken screen does not flood anybody.
    """

    def __init__(
        self, messenger: Messenger, words: Words, clock: Clock, whom: Member | None, count: Callable[[str], None]
    ) -> None:
        self._messenger = messenger
        self._words = words
        self._clock = clock
        self._whom = whom
        self._count = count
        self._last: dict[str, datetime] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def screen_failed(self, failure: str) -> None:
        """Raise the alarm; `failure` is the name of a kind of failure, never anybody's words. Returns at once."""
        self._count(failure)
        _log.error("the crisis screen failed (%s); a static card was shown instead", failure)
        self._alarm("care.operator.screen_failed", failure)

    def alert_untold(self, failure: str) -> None:
        """Raise the alarm that an alert does not reach its supervisors; says neither whose it is nor what of."""
        _log.error("an alert does not reach its supervisors (%s)", failure)
        self._alarm("care.operator.alert_untold", failure)

    def _alarm(self, said: str, failure: str) -> None:
        now, alarm = self._clock.now(), f"{said}/{failure}"
        if self._whom is None or now - self._last.get(alarm, now - _QUIET) < _QUIET:
            return
        self._last[alarm] = now
        card = Card(self._words.say(said, failure=failure), tone=Tone.WARNING)
        task = asyncio.create_task(self._send(self._whom, card))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, whom: Member, card: Card) -> None:
        try:
            await self._messenger.direct(whom, card, key=f"alarm-{secrets.token_hex(8)}")
        except MessengerError as error:
            _log.error("the operator could not be told by direct message (%s)", type(error).__name__)
