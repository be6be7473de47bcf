"""Reminders going out: the cohort's in its channel, and one person's by direct message.

The channel's reminder is posted under a key that follows from its delivery and is looked for after a crash. Personal
copies are deliveries of their own, so that one closed mailbox neither delays nor doubles anybody else's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.cards import Card, Tone
from bot.duties.performer import Done, Missed, Outcome, Skipped
from bot.errors import CannotReach, NotPermitted, PlaceGone
from bot.people import Cohort, Member
from bot.ports.cohorts import CohortStore, MemberStore
from bot.ports.duties import Delivery, DueTable
from bot.ports.messenger import Messenger
from bot.ports.sessions import SessionStore, SupervisionSession
from bot.ports.words import Words
from bot.supervision.reminding import LEADS, is_snoozed, meets_at, message_key, personal, reminder_id
from bot.supervision.wording import SessionWords

_LATE = timedelta(minutes=10)


class _Meetings:
    """Finds what a reminder is about, and whether it is still worth sending."""

    def __init__(self, sessions: SessionStore, cohorts: CohortStore) -> None:
        self._sessions = sessions
        self._cohorts = cohorts

    async def of(self, delivery: Delivery, now: datetime) -> tuple[SupervisionSession, Cohort] | Outcome:
        """Return session and cohort, or how a delivery ends that has become pointless."""
        session = await self._sessions.get(delivery.subject)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if session is None or cohort is None or not meets_at(session, delivery.occurrence):
            return Skipped("no such meeting")
        if now >= delivery.occurrence:
            return Missed("the session had begun")
        if cohort.is_paused(now):
            return Skipped("paused")
        return session, cohort


class Reminders:
    """Performs `Duty.REMINDER`: a card in the cohort's channel, and a copy for everyone who asked for one."""

    def __init__(
        self,
        sessions: SessionStore,
        cohorts: CohortStore,
        members: MemberStore,
        due: DueTable,
        messenger: Messenger,
        words: Words,
    ) -> None:
        self._meetings = _Meetings(sessions, cohorts)
        self._sessions = sessions
        self._cohorts = cohorts
        self._members = members
        self._due = due
        self._messenger = messenger
        self._words = words
        self._cards = SessionWords(words)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Remind the cohort, unless the session has begun, is gone, or everything is paused."""
        found = await self._meetings.of(delivery, now)
        if not isinstance(found, tuple):
            return found
        session, cohort = found
        start = delivery.occurrence
        if delivery.schedule_id == reminder_id(session.id, "day") and now >= start - LEADS["hour"]:
            return Skipped("the hour's reminder speaks")
        key = message_key(delivery)
        if delivery.attempts == 1 or await self._messenger.find(cohort.channel, key) is None:
            late = now - delivery.due > _LATE
            card = self._cards.reminder(session, start, now, cohort.locale, late=late)
            buttons = self._cards.snooze_buttons(session, start, now, cohort.locale)
            await self._messenger.post(cohort.channel, replace(card, buttons=buttons), key=key)
        for member in await self._members.wanting_dm(cohort.id):
            await self._due.put(personal(f"copy-{_lead(delivery)}", session, member, delivery.due, start))
        return Done()

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Tell the supervisors which reminder does not go, and what would mend it."""
        session = await self._sessions.get(delivery.subject)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if session is None or cohort is None:
            return
        match error:
            case NotPermitted():
                kind = "not_permitted"
            case PlaceGone():
                kind = "place_gone"
            case _:
                kind = "other"
        # An error's own text is shown only where the port promises that it names nothing but a permission.
        missing = str(error) if isinstance(error, NotPermitted) else ""
        body = self._words.say(
            f"supervision.trouble.{kind}",
            cohort.locale,
            title=session.title,
            moment=self._cards.moment(session, delivery.occurrence, cohort.locale),
            missing=missing,
        )
        card = Card(body, self._words.say("supervision.trouble.title", cohort.locale), tone=Tone.WARNING)
        key = message_key(delivery, "t")
        if await self._messenger.find(cohort.supervisors_channel, key) is None:
            await self._messenger.post(cohort.supervisors_channel, card, key=key)


class Snoozes:
    """Performs `Duty.SNOOZE`: one person's reminder, which she snoozed or asked to have copied to her."""

    def __init__(
        self,
        sessions: SessionStore,
        cohorts: CohortStore,
        members: MemberStore,
        messenger: Messenger,
        words: Words,
    ) -> None:
        self._meetings = _Meetings(sessions, cohorts)
        self._members = members
        self._messenger = messenger
        self._words = words
        self._cards = SessionWords(words)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Send it, unless it has become pointless, she has left the cohort, or she takes no direct messages."""
        found = await self._meetings.of(delivery, now)
        if not isinstance(found, tuple):
            return found
        session, cohort = found
        member = delivery.member
        if member is None:
            return Skipped("nobody's")
        if not await self._belongs(cohort, member):
            # What a cohort meets for, and where, is not for those who have left it.
            await self._members.set_dm(cohort.id, member, False)
            return Skipped("left the cohort")
        locale = (await self._members.settings(member)).locale or cohort.locale
        card = self._cards.reminder(session, delivery.occurrence, now, locale)
        footer = self._words.say(f"supervision.reminder.{'snoozed' if is_snoozed(delivery) else 'copied'}", locale)
        try:
            await self._messenger.direct(member, replace(card, footer=footer), key=message_key(delivery, "m"))
        except CannotReach:
            return Missed("cannot be reached")
        return Done()

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Tell nobody: what one person asked for is not her supervisors' affair."""

    async def _belongs(self, cohort: Cohort, member: Member) -> bool:
        roles = (cohort.trainee_role, cohort.supervisor_role)
        return any([await self._messenger.supervises(cohort.workspace, member, role) for role in roles])


def _lead(delivery: Delivery) -> str:
    return delivery.schedule_id.rpartition("-")[2]
