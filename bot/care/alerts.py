"""Telling supervisors, and going on telling until somebody has taken it.

An alert names no author of a response. It is written down before it is sent, its next step is a row in the due
table, and so neither a platform's fault nor a crash loses it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.care import chain
from bot.duties.performer import Done, Outcome, Skipped
from bot.errors import MessengerError, NotAllowed, NotFound, NotPermitted, PlaceGone, StorageError
from bot.people import Caller, Cohort, Member, MessageRef, Place, Role
from bot.ports.audit import Alert, AlertStore, AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.ports.messenger import Messenger
from bot.ports.words import Words
from bot.rhythm import once

_log = logging.getLogger(__name__)

WISH = "wish"
"""The level of somebody's wish to hear from a supervisor, which waits for one as an alert does."""


_MOST_TAKEN = 5

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
        self._clock = clock
        self._alarm = alarm

    async def tell(
        self,
        alert_id: str,
        cohort: Cohort,
        level: str,
        *,
        text: str | None = None,
        open_message: MessageRef | None = None,
        writer: Member | None = None,
        unreached: bool = False,
        unchecked: bool = False,
    ) -> Telling:
        """Alert the cohort's supervisors and say how that went.

        `writer` and `open_message` are given for open messages alone, where everybody sees both anyway. `unchecked`
        says that nobody has lately checked the help lines for the cohort's country. The same words may come again
        under the same id: while the alert about them is open they raise no other, and once it was taken they do. A
        store that fails keeps no alert from the channel, and a channel that fails keeps none from the due table.
        """
        now = self._clock.now()
        written = False
        if before := await self._newest(alert_id):
            if before.acknowledged_at is None or now - before.acknowledged_at < _SAME_EVENT:
                return await self._standing(before, cohort)
            alert_id = chain.following(before.id)
        try:
            # The step first: `perform` makes up an alert that a crash kept from being written after it.
            await self._due.put(self._step(f"escalate-{alert_id}", cohort, alert_id, now + _patience(cohort)))
            written = True
            if not await self._alerts.raise_alert(Alert(alert_id, cohort.id, level, now)):
                return Telling.COMING
        except StorageError as error:
            _log.error("an alert could not be written down (%s); it is posted all the same", type(error).__name__)
        paragraphs = [self._words.say("care.alert.open" if open_message else "care.alert.response", cohort.locale)]
        if writer and open_message:
            paragraphs.append(
                self._words.say("care.alert.where", cohort.locale, channel=open_message.place.id, writer=writer.id)
            )
        if text is not None:
            quoted = "\n".join(f"> {line}" for line in text[:1500].splitlines())
            paragraphs.append(self._words.say("care.alert.text", cohort.locale, text=quoted))
        if unreached:
            paragraphs.append(self._words.say("care.alert.unreached", cohort.locale))
        paragraphs.append(self._words.say("care.alert.what", cohort.locale))
        if unchecked:
            paragraphs.append(self._words.say("care.alert.unchecked", cohort.locale))
        card = self._card(cohort, alert_id, "\n\n".join(paragraphs))
        try:
            await self._messenger.post(cohort.supervisors_channel, card, key=alert_id)
        except MessengerError as error:
            if not written:
                self._alarm(type(error).__name__)
                return Telling.LOST
            # The due table repeats it at once, without the words: those are kept nowhere.
            await self._due.put(self._step(f"escalate-{alert_id}", cohort, alert_id, now))
            return self._unsent(error, cohort)
        return Telling.STANDS

    async def wish(
        self, alert_id: str, cohort: Cohort, *, who: Member | None, alias: str | None, thread: Place | None = None
    ) -> bool:
        """Pass on that somebody wants to hear from a supervisor, and go on until one says that she will see to it.

        It is written down once it stands: of the name or the alias, which only the notice has, nothing is kept.
        A wish that was taken is no answer to the next one, which is passed on like the first. Return False where
        supervisors know already and none has taken it yet: then nothing is posted, as it was repeated or will be.
        Raises MessengerError if it could not be posted.
        """
        if before := await self._newest(alert_id):
            if before.acknowledged_by is None:
                return False
            alert_id = chain.following(before.id)
        notice = "care.contact.alias_notice" if alias else "care.contact.name_notice"
        body = self._words.say(notice, cohort.locale, who=who.id if who else "", alias=alias, thread=_link(thread))
        title = self._words.say("care.contact.title", cohort.locale)
        card = self._card(cohort, alert_id, body, title)
        try:
            await self._messenger.post(cohort.supervisors_channel, card, key=alert_id)
        except (PlaceGone, NotPermitted) as error:
            self._alarm(type(error).__name__)
            raise
        now = self._clock.now()
        if await self._alerts.raise_alert(Alert(alert_id, cohort.id, WISH, now)):
            await self._due.put(self._step(f"escalate-{alert_id}", cohort, alert_id, now + _patience(cohort)))
        return True

    async def resolved(self, alert_id: str, cohort: Cohort) -> None:
        """Pass on that the person said she is safe, or that it was not about her; only where an alert was raised."""
        alert = await chain.newest(self._alerts, alert_id)
        if alert is None or alert.cohort_id != cohort.id:
            return
        card = Card(
            self._words.say("care.alert.safe", cohort.locale), tone=Tone.WARNING, mention=cohort.supervisor_role
        )
        with suppress(MessengerError):
            await self._messenger.post(cohort.supervisors_channel, card, key=f"{alert.id}-safe")

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
        say, hers = self._words.say, cohort.heard_by(caller)
        zone, found = ZoneInfo(cohort.zone), await self._alerts.open_alerts(cohort.id)
        lines = [
            say("care.waiting.line", hers.locale, day=self._words.day(raised, hers.locale), clock=f"{raised:%H:%M}")
            for raised in (alert.raised_at.astimezone(zone) for alert in found)
        ]
        takes = tuple(Button("ack", alert.id, say("care.alert.ack", hers.locale)) for alert in found[:_MOST_TAKEN])
        body = say("care.waiting.some", hers.locale) if found else say("care.waiting.none", hers.locale)
        tone = Tone.WARNING if found else Tone.NOTICE
        return Card("\n".join([body, *lines]), say("care.waiting.title", hers.locale), buttons=takes, tone=tone)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Repeat an alert that nobody has taken, in the second channel if there is one, naming who is on call."""
        alert = await self._alerts.get(delivery.subject)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None or (alert and alert.acknowledged_by is not None):
            return Skipped("acknowledged")
        if alert is None:
            alert = Alert(delivery.subject, cohort.id, "A", now)
            await self._alerts.raise_alert(alert)
        try:
            if alert.level != WISH:
                stood = await self._messenger.find(cohort.supervisors_channel, alert.id) is not None
                if not stood:
                    again = self._card(cohort, alert.id, self._again(cohort))
                    await self._messenger.post(cohort.supervisors_channel, again, key=alert.id)
                rests = (alert.raised_at if stood else now) + _patience(cohort)
                if now < rests:
                    # It came only now, or was only thought lost: nobody has had the time yet to take it.
                    await self._due.put(self._step(f"escalate-{alert.id}-2", cohort, alert.id, rests))
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

    async def _escalate(self, place: Place, cohort: Cohort, alert: Alert) -> None:
        key = f"{alert.id}-esc"
        if await self._messenger.find(place, key) is not None:
            return
        say, locale = self._words.say, cohort.locale
        lines = [say("care.contact.escalated" if alert.level == WISH else "care.alert.escalated", locale)]
        if place != cohort.supervisors_channel:
            lines.append(say("care.alert.first_told", locale, channel=cohort.supervisors_channel.id))
        if cohort.on_call:
            lines.append(say("care.alert.on_call", locale, contact=cohort.on_call))
        await self._messenger.post(place, self._card(cohort, alert.id, "\n\n".join(lines)), key=key)

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Nobody to tell but the operator: the supervisors' channel is the very thing that does not work."""
        self._alarm(type(error).__name__)

    async def _standing(self, alert: Alert, cohort: Cohort) -> Telling:
        """Say how an alert fares that was raised before."""
        if alert.acknowledged_by or alert.escalated:
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

    def _again(self, cohort: Cohort) -> str:
        say = self._words.say
        return f"{say('care.alert.late', cohort.locale)}\n\n{say('care.alert.what', cohort.locale)}"

    def _card(self, cohort: Cohort, alert_id: str, body: str, title: str = "") -> Card:
        say = self._words.say
        return Card(
            body,
            title=title or say("care.alert.title", cohort.locale),
            buttons=(Button("ack", alert_id, say("care.alert.ack", cohort.locale), Style.PRIMARY),),
            tone=Tone.WARNING,
            mention=cohort.supervisor_role,
        )


def _link(place: Place | None) -> str:
    return f"<#{place.id}>" if place else ""
