"""Telling supervisors, and going on telling until somebody has taken it.

An alert names no author of a response. It is written down before it is sent, its next step is a row in the due
table, and so neither a platform's fault nor a crash loses it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.cards import Card
from bot.care import chain
from bot.care.alert_cards import AlertCards, Shown
from bot.duties.performer import Done, Outcome, Skipped
from bot.errors import MessengerError, NotAllowed, NotFound, NotPermitted, PlaceGone, StorageError
from bot.people import Caller, Cohort, Member, Place, Role
from bot.ports.audit import WISH, Alert, AlertStore, AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.ports.messenger import Messenger
from bot.ports.words import Words
from bot.rhythm import once

_log = logging.getLogger(__name__)

_SAME_EVENT = timedelta(minutes=10)
"""How long after an alert was taken the same id is the same event still: Slack delivers one again for some minutes."""


def _patience(cohort: Cohort) -> timedelta:
    return timedelta(minutes=cohort.escalate_after)


class Telling(Enum):
    """How an alert fared."""

    STANDS = "stands"  # in the supervisors' channel
    COMING = "coming"  # written down; the due table brings it
    FAILED = "failed"  # written down, but supervisors have no channel that works until somebody mends it
    LOST = "lost"  # neither posted nor written down: nobody has been told, and nobody will be


@dataclass(frozen=True, slots=True)
class Written:
    """An alert as it was written down, before anybody was told.

    `known` says that one was raised before about the same words, which goes for these; `kept` that the due table goes
    on about it, whatever happens now.
    """

    alert: Alert
    known: bool
    kept: bool


class Alerts:
    """Raises, repeats and closes crisis alerts; performs `Duty.ESCALATE`.

    `alarm` hears the kind of failure that keeps an alert from its supervisors, and nothing of the alert.
    """

    def __init__(
        self,
        alerts: AlertStore,
        cohorts: CohortStore,
        due: DueTable,
        audit: AuditStore,
        messenger: Messenger,
        words: Words,
        clock: Clock,
        alarm: Callable[[str], None],
    ) -> None:
        self._alerts = alerts
        self._cohorts = cohorts
        self._due = due
        self._audit = audit
        self._messenger = messenger
        self._words = words
        self._cards = AlertCards(words)
        self._clock = clock
        self._alarm = alarm

    async def write_down(self, alert_id: str, cohort: Cohort, level: str) -> Written:
        """Write an alert and its next step down, so that it comes whatever happens before it is posted.

        The same words may come again under the same id: while the alert about them is open they raise no other, and
        once it was taken they do; a wish that was taken is no answer to the next one at all. Raises nothing of the
        store's.
        """
        now, known, kept = self._clock.now(), False, False
        if before := await self._newest(alert_id):
            since = now - before.acknowledged_at if before.acknowledged_at else None
            if since is None or (since < _SAME_EVENT and level != WISH):
                return Written(before, known=True, kept=True)
            alert_id = chain.following(before.id)
        alert = Alert(alert_id, cohort.id, level, now)
        try:
            # The step first: `perform` makes up an alert that a crash kept from being written after it.
            await self._due.put(self._step(_first_step(alert), cohort, alert_id, now + _patience(cohort)))
            kept = True
            known = not await self._alerts.raise_alert(alert)
        except StorageError as error:
            _log.error("an alert could not be written down (%s); it is posted all the same", type(error).__name__)
        return Written(alert, known, kept)

    async def tell(self, writing: Awaitable[Written], cohort: Cohort, shown: Shown) -> Telling:
        """Alert the cohort's supervisors to what `write_down` has written, and say how that went.

        A store that fails keeps no alert from the channel, and a channel that fails keeps none from the due table.
        """
        written = await writing
        alert = written.alert
        if written.known:
            return await self._standing(alert, cohort)
        card = self._cards.first(alert, cohort, shown)
        try:
            await self._messenger.post(cohort.supervisors_channel, card, key=alert.id)
        except MessengerError as error:
            if not written.kept:
                self._alarm(type(error).__name__)
                return Telling.LOST
            # The due table repeats it at once, without the words: those are kept nowhere.
            await self._due.put(self._step(_first_step(alert), cohort, alert.id, self._clock.now()))
            return self._unsent(error, cohort)
        return Telling.STANDS

    async def wish(
        self, alert_id: str, cohort: Cohort, *, who: Member | None, alias: str | None, thread: Place | None = None
    ) -> bool:
        """Pass on that somebody wants to hear from a supervisor, and go on until one says that she will see to it.

        Of the name or the alias, which only the notice has, nothing is kept; so whoever asks again, where the notice
        does not stand, is passed on anew. Return False where supervisors know already and none has taken it yet: then
        nothing is posted, as it was repeated or will be. Raises MessengerError if it could not be posted, and
        StorageError if it was posted and nothing goes on about it.
        """
        written = await self.write_down(alert_id, cohort, WISH)
        alert = written.alert
        if written.known and await self._standing(alert, cohort) is Telling.STANDS:
            return False
        try:
            card = self._cards.wish(alert, cohort, who, alias, thread)
            await self._messenger.post(cohort.supervisors_channel, card, key=alert.id)
        except (PlaceGone, NotPermitted) as error:
            self._alarm(type(error).__name__)
            raise
        if not written.kept:
            raise StorageError("a wish could not be written down")
        return True

    async def resolved(self, alert_id: str, cohort: Cohort) -> None:
        """Pass on that the person said she is safe, or that it was not about her; only where an alert was raised."""
        alert = await chain.newest(self._alerts, alert_id)
        if alert is None or alert.cohort_id != cohort.id:
            return
        with suppress(MessengerError):
            await self._messenger.post(cohort.supervisors_channel, self._cards.safe(cohort), key=f"{alert.id}-safe")

    async def acknowledge(self, caller: Caller, alert_id: str) -> Card:
        """Take an alert: recorded with the supervisor's name and no author's."""
        alert = await self._alerts.get(alert_id)
        cohort = await self._cohorts.get(alert.cohort_id) if alert else None
        if alert is None or cohort is None:
            raise NotFound
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        now = self._clock.now()
        if not await self._alerts.acknowledge(alert_id, caller.member, now):
            return Card(self._words.say("care.alert.already", cohort.heard_by(caller).locale))
        await self._audit.append(AuditEntry(cohort.id, now, caller.member, "acknowledge", alert_id))
        # A small courtesy to everybody who was alerted; the acknowledgement stands without it.
        taken = Card(self._words.say("care.alert.taken", cohort.locale, who=caller.member.id))
        told = [cohort.supervisors_channel]
        if alert.escalated and cohort.escalation_channel:
            told.append(cohort.escalation_channel)
        for place in told:
            with suppress(MessengerError):
                await self._messenger.post(place, taken, key=f"{alert_id}-ack")
        return Card(self._words.say("care.alert.thanks", cohort.heard_by(caller).locale))

    async def waiting(self, caller: Caller, cohort: Cohort) -> Card:
        """Show a supervisor the alerts that nobody has taken, the oldest first."""
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        found = await self._alerts.open_alerts(cohort.id)
        return self._cards.waiting(found, cohort, cohort.heard_by(caller).locale)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Repeat an alert that nobody has taken, in the second channel if there is one, naming who is on call."""
        alert = await self._alerts.get(delivery.subject)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None or (alert and alert.acknowledged_by is not None):
            return Skipped("acknowledged")
        if alert is None:
            alert = Alert(delivery.subject, cohort.id, WISH if delivery.schedule_id.startswith(WISH) else "A", now)
            await self._alerts.raise_alert(alert)
        put_off = f"escalate-{alert.id}-2"
        try:
            if alert.level != WISH and delivery.schedule_id != put_off:
                rests = await self._time_to_take(alert, cohort, now)
                if now < rests:
                    # Once and no more: a card that is not found may stand all the same, and be found no better then.
                    await self._due.put(self._step(put_off, cohort, alert.id, rests))
                    return Done()
        except (PlaceGone, NotPermitted):
            # The supervisors' channel itself is broken: the second one is there for just such a day.
            if cohort.escalation_channel is None:
                raise
        try:
            await self._escalate(cohort.escalation_channel or cohort.supervisors_channel, cohort, alert)
        except (PlaceGone, NotPermitted):
            if cohort.escalation_channel is None:
                raise
            await self._escalate(cohort.supervisors_channel, cohort, alert)
        await self._alerts.mark_escalated(alert.id)
        return Done()

    async def _time_to_take(self, alert: Alert, cohort: Cohort, now: datetime) -> datetime:
        """Return until when supervisors have time to take an alert, posting it now if it cannot be found."""
        rests = alert.raised_at + _patience(cohort)
        if await self._messenger.find(cohort.supervisors_channel, alert.id) is not None:
            return rests
        # A card that was lost may have been posted before: under its own key a messenger would not post it again.
        key = alert.id if now < rests else f"{alert.id}-late"
        await self._post_once(cohort.supervisors_channel, self._cards.late(alert, cohort), key)
        return now + _patience(cohort)

    async def _escalate(self, place: Place, cohort: Cohort, alert: Alert) -> None:
        await self._post_once(place, self._cards.escalated(alert, cohort, place), f"{alert.id}-esc")

    async def _post_once(self, place: Place, card: Card, key: str) -> None:
        """Post what may stand already, from a try that a crash cut short."""
        if await self._messenger.find(place, key) is None:
            await self._messenger.post(place, card, key=key)

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Nobody to tell but the operator: the supervisors' channel is the very thing that does not work."""
        self._alarm(type(error).__name__)

    async def _standing(self, alert: Alert, cohort: Cohort) -> Telling:
        """Say how an alert fares that was raised before; of a wish only the notice says whose it is."""
        if alert.acknowledged_by or (alert.escalated and alert.level != WISH):
            return Telling.STANDS
        try:
            found = await self._messenger.find(cohort.supervisors_channel, alert.id)
        except MessengerError as error:
            # Where nothing can be looked up, it may well stand.
            return Telling.COMING if isinstance(error, NotPermitted) else self._unsent(error, cohort)
        return Telling.COMING if found is None else Telling.STANDS

    def _unsent(self, error: MessengerError, cohort: Cohort) -> Telling:
        if cohort.escalation_channel or not isinstance(error, PlaceGone | NotPermitted):
            return Telling.COMING
        self._alarm(type(error).__name__)
        return Telling.FAILED

    async def _newest(self, alert_id: str) -> Alert | None:
        try:
            return await chain.newest(self._alerts, alert_id)
        except StorageError as error:
            # Told twice is a lesser harm than not told.
            _log.error("earlier alerts could not be looked up (%s)", type(error).__name__)
            return None

    @staticmethod
    def _step(schedule_id: str, cohort: Cohort, alert_id: str, at: datetime) -> Schedule:
        return Schedule(schedule_id, cohort.id, Duty.ESCALATE, once(at), at, subject=alert_id)


def _first_step(alert: Alert) -> str:
    """Return the id of an alert's first step, which tells a wish where a crash kept its row from being written."""
    return f"{WISH if alert.level == WISH else 'escalate'}-{alert.id}"
