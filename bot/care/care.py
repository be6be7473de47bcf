"""What happens when words worry us: the person first, then whom she wants, then whom the cohort's policy names.

Each consequence stands on its own. A supervisor's channel that is gone, a direct message that is not accepted, a
screen that breaks: none of these may cost anybody her card.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import Button, Card
from bot.care.alerts import Alerts
from bot.care.cards import ACTION_CHOICES, CareCards
from bot.care.decisions import Decisions
from bot.care.incoming import IncomingMessage
from bot.care.watching import Watch
from bot.crisis.assessment import Action, Assessment
from bot.crisis.care_cards import Held, Told
from bot.crisis.escalation import (
    AlertSupervisors,
    CareCard,
    Choice,
    Consequence,
    Door,
    HoldResponse,
    NoteSiteProtocol,
    Recent,
    ShowResources,
    decide,
    when_screen_failed,
)
from bot.errors import BadInput, MessengerError, NotAllowed, NotFound
from bot.people import AlertPolicy, Caller, Cohort, Member, MemberSettings, Place
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore, MemberStore
from bot.ports.messenger import Messenger
from bot.ports.words import Words

SOFTENED_FOR = timedelta(days=1)
_ASKED_AT_MOST = 25

FAILED_AGAIN = timedelta(minutes=10)
"""While the screen is broken, nobody gets the static card for every single thing that she says openly."""

LOOKING_UP_SECONDS = 2.0
"""How long help lines wait to learn which cohort's country somebody in a direct conversation is in."""


@dataclass(frozen=True, slots=True)
class Met:
    """How words were met: the level (A, B, C, N, or F when the screen failed) and the private card, if any."""

    level: str
    card: Card | None = None
    hold: bool = False


class Care:
    """Listens at both doors and carries consequences out."""

    def __init__(
        self,
        watch: Watch,
        decisions: Decisions,
        cards: CareCards,
        alerts: Alerts,
        cohorts: CohortStore,
        members: MemberStore,
        messenger: Messenger,
        words: Words,
        clock: Clock,
    ) -> None:
        self._watch = watch
        self._decisions = decisions
        self._cards = cards
        self._alerts = alerts
        self._cohorts = cohorts
        self._members = members
        self._messenger = messenger
        self._words = words
        self._clock = clock
        # An alert's id can be neither guessed from a message's id, to answer it in another's name, nor traced back.
        self._secret = secrets.token_bytes(32)
        # Both are forgotten with the process, on purpose: they would tell who had a hard day.
        self._supported: dict[Member, datetime] = {}
        self._owed: dict[Member, tuple[str, Card]] = {}
        self._told_of_failure: dict[Member, datetime] = {}

    async def meet(
        self,
        text: str,
        door: Door,
        member: Member,
        cohort: Cohort | None,
        *,
        subject: str,
        alert_id: str,
        prefix: str = "contact",
    ) -> Met:
        """Screen words that are not public and return the card for their author.

        `subject` is what the card's buttons are about; `alert_id` must be the same whenever the same words come in
        again, and say nothing about who wrote them.
        """
        found = await self._watch.assess(text)
        level = found.action.value if isinstance(found, Assessment) else "F"
        consequences = self._consequences(found, door, member, cohort)
        if not consequences:
            return Met(level)
        self._decisions.note(subject, found)
        told = Told.NOBODY
        for step in consequences:
            if isinstance(step, AlertSupervisors) and cohort is not None:
                shown = text if step.with_text else None
                if await self._told(alert_id, cohort, step, text=shown):
                    told = Told.WITH_TEXT if step.with_text else Told.NOTICE
        return Met(
            level,
            await self._card(consequences, member, cohort, subject, prefix, told),
            hold=any(isinstance(step, HoldResponse) for step in consequences),
        )

    async def listen(self, message: IncomingMessage) -> None:
        """Screen an open message, an edit, or a direct message to the bot, and reach its writer privately."""
        found = await self._watch.assess(message.text)
        if isinstance(found, Assessment) and found.action is Action.N:
            return
        try:
            cohort = await self._cohort_of(message)
            concerns_us = cohort is not None or message.direct
        except Exception as error:
            # A store that does not answer must not make us deaf: she gets her card, if without her cohort's contacts.
            self._watch.alarm(type(error).__name__)
            cohort, concerns_us = None, True
        if not concerns_us:
            return
        if isinstance(found, str) and self._was_told_lately(message.author):
            return
        door = Door.DIRECT if message.direct else Door.OPEN
        consequences = self._consequences(found, door, message.author, cohort)
        key = self._open_key(message, found)
        subject = f"{cohort.id if cohort else '-'}/{key}"
        self._decisions.note(subject, found)
        alert = next((step for step in consequences if isinstance(step, AlertSupervisors)), None)
        told = Told.NOBODY
        if alert and cohort:
            private = Told.WITH_TEXT if alert.with_text else Told.NOTICE
            told = Told.WITH_NAME if door is Door.OPEN else private
        card = await self._card(consequences, message.author, cohort, subject, "contact", told)
        reached = True
        try:
            await self._messenger.direct(message.author, card, key=key)
        except MessengerError:
            # Not accepted, or not just now: the card waits for her next step with the bot, and is tried again.
            reached = False
            self._owed[message.author] = key, card
        if alert and cohort:
            is_open = door is Door.OPEN
            await self._told(
                key,
                cohort,
                alert,
                text=message.text if alert.with_text else None,
                message=message if is_open else None,
                unreached=not reached,
            )

    async def typed(self, caller: Caller, place: Place | None, text: str) -> Card | None:
        """Screen any other text that somebody typed into a form or a command option."""
        try:
            cohort = (await self._cohorts.at(place) if place else None) or await self._of_caller(caller)
        except Exception as error:
            # As with an open message: no store is worth more than her card.
            self._watch.alarm(type(error).__name__)
            cohort = None
        key = self._key(caller.member.platform, caller.member.id, text, self._clock.now().date().isoformat())
        subject = f"{cohort.id if cohort else '-'}/{key}"
        met = await self.meet(text, Door.FORM, caller.member, cohort, subject=subject, alert_id=key)
        return met.card

    def owed(self, caller: Caller) -> Card | None:
        """Return, once, a card that could not be sent to this person. A door asks after every interaction."""
        return self._owed.pop(caller.member, ("", None))[1]

    async def try_again(self) -> None:
        """Send the cards that could not be sent, where a passing fault was the reason; called now and then."""
        for member, (key, card) in tuple(self._owed.items()):
            with suppress(MessengerError):
                await self._messenger.direct(member, card, key=key)
                self._owed.pop(member, None)

    async def resources(self, caller: Caller, place: Place | None, country: str | None = None) -> Card:
        """Show help lines, to anybody, at any time."""
        settings = await self._settings(caller.member)
        cohort = await self._around(caller, place)
        if country and not self._cards.knows(country):
            raise BadInput("care.no_country", field="country", given=country[:40])
        return self._cards.compose(CareCard.RESOURCES, settings, cohort, country=country)

    async def more_lines(self, caller: Caller, country: str) -> Card:
        """Show all lines of a country."""
        settings = await self._settings(caller.member)
        return self._cards.more(country, settings, await self._of_caller(caller))

    async def contact(self, caller: Caller, choice: str, subject: str) -> Card:
        """Carry out what someone chose on a card about an open message, a direct one or a form."""
        cohort_id, _, key = subject.partition("/")
        cohort = await self._cohorts.get(cohort_id) if cohort_id != "-" else None
        locale = (await self._settings(caller.member)).locale or (cohort.locale if cohort else "en")
        wanted = ACTION_CHOICES.get(choice)
        if wanted is None:
            raise NotFound
        if wanted is Choice.NOT_NOW or cohort is None:
            said = "care.contact.later" if wanted is Choice.NOT_NOW else "care.contact.no_cohort"
            return Card(self._words.say("care.contact.safe" if wanted is Choice.SAFE else said, locale))
        if not await self._belongs(caller, cohort):
            raise NotAllowed
        if wanted is Choice.SAFE:
            await self.resolved(key, cohort)
            wrong = Button("wrong", subject, self._words.say("care.button.wrong", locale))
            return Card(self._words.say("care.contact.safe", locale), buttons=(wrong,))
        return await self.reach(caller.member, cohort, key, locale)

    async def reach(self, member: Member, cohort: Cohort, key: str, locale: str, alias: str | None = None) -> Card:
        """Tell the supervisors that someone wants to hear from one: by name, or as her alias in a thread."""
        try:
            await self._alerts.wish(f"{key}-c", cohort, who=None if alias else member, alias=alias)
        except MessengerError:
            return Card(self._words.say("care.contact.failed", locale, contact=cohort.on_call or "-"))
        return Card(self._words.say("care.contact.alias_sent" if alias else "care.contact.name_sent", locale))

    async def resolved(self, alert_id: str, cohort: Cohort) -> None:
        """Supervisors were told of a worry; its being over concerns them as much."""
        await self._alerts.resolved(alert_id, cohort)

    async def acknowledge(self, caller: Caller, alert_id: str) -> Card:
        """A supervisor takes an alert."""
        return await self._alerts.acknowledge(caller, alert_id)

    def _consequences(
        self, found: Assessment | str, door: Door, member: Member, cohort: Cohort | None
    ) -> tuple[Consequence, ...]:
        if isinstance(found, str):
            return when_screen_failed(door, found)
        now = self._clock.now()
        before = self._supported.get(member)
        recent = Recent(supportive_cards=1 if before and now - before < SOFTENED_FOR else 0)
        if found.action is Action.B:
            self._supported[member] = now
        return decide(found, door, cohort.alert_policy if cohort else AlertPolicy.ON_REQUEST, recent)

    async def _card(
        self,
        consequences: tuple[Consequence, ...],
        member: Member,
        cohort: Cohort | None,
        subject: str,
        prefix: str,
        told: Told,
    ) -> Card:
        show = next(step for step in consequences if isinstance(step, ShowResources))
        hold = next((step for step in consequences if isinstance(step, HoldResponse)), None)
        protocol = any(isinstance(step, NoteSiteProtocol) for step in consequences)
        held = None
        if hold:
            held = Held.CLIENT if hold.remind_no_client_details else Held.WAITING if hold.may_publish else Held.URGENT
        choices = [choice for choice in show.choices if prefix == "choose" or choice is not Choice.AS_ALIAS]
        if cohort is None:
            choices = []
        return self._cards.compose(
            show.card,
            await self._settings(member),
            cohort,
            buttons=[(choice, prefix, subject) for choice in choices],
            told=told if show.card is CareCard.URGENT else None,
            held=held,
            protocol_first=protocol,
        )

    async def _settings(self, member: Member) -> MemberSettings:
        try:
            return await self._members.settings(member)
        except Exception as error:
            # Her country and language are a courtesy; the card does not wait for them.
            self._watch.alarm(type(error).__name__)
            return MemberSettings(member)

    async def _told(
        self,
        alert_id: str,
        cohort: Cohort,
        step: AlertSupervisors,
        *,
        text: str | None,
        message: IncomingMessage | None = None,
        unreached: bool = False,
    ) -> bool:
        try:
            return await self._alerts.tell(
                alert_id,
                cohort,
                step.level.value,
                text=text,
                open_message=message.ref if message else None,
                writer=message.author if message else None,
                unreached=unreached,
            )
        except Exception as error:
            # The card comes first, whatever has happened to the alert; the operator hears of it.
            self._watch.alarm(type(error).__name__)
            return False

    def _was_told_lately(self, member: Member) -> bool:
        now = self._clock.now()
        before = self._told_of_failure.get(member)
        if before is not None and now - before < FAILED_AGAIN:
            return True
        self._told_of_failure[member] = now
        return False

    async def _cohort_of(self, message: IncomingMessage) -> Cohort | None:
        for place in filter(None, (message.place, message.parent)):
            if found := await self._cohorts.at(place):
                return found
        return await self._of_member(message.author) if message.direct else None

    async def _around(self, caller: Caller, place: Place | None) -> Cohort | None:
        """Find whose help lines fit: the place's cohort, else hers; nobody waits long for them on that account."""
        if place and (here := await self._cohorts.at(place)):
            return here
        if place is not None:
            return await self._of_caller(caller)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOKING_UP_SECONDS):
                return await self._of_member(caller.member)
        return None

    async def _of_member(self, member: Member) -> Cohort | None:
        for cohort in await self._cohorts.every():
            if cohort.workspace.platform is not member.platform:
                continue
            try:
                if await self._messenger.supervises(cohort.workspace, member, cohort.trainee_role):
                    return cohort
            except MessengerError:
                continue
        return None

    async def _of_caller(self, caller: Caller) -> Cohort | None:
        cohorts = await self._cohorts.in_workspace(caller.workspace)
        return next((cohort for cohort in cohorts if cohort.role_of(caller)), None)

    async def _belongs(self, caller: Caller, cohort: Cohort) -> bool:
        if cohort.role_of(caller) is not None:
            return True
        # A button in a direct message comes without roles.
        for role in (cohort.trainee_role, cohort.supervisor_role):
            if await self._messenger.supervises(cohort.workspace, caller.member, role):
                return True
        return False

    def _open_key(self, message: IncomingMessage, found: Assessment | str) -> str:
        # An edit that makes the words graver is met anew; the same event delivered twice is not.
        grade = found.action.value if isinstance(found, Assessment) else "F"
        return self._key("open", message.ref.id, grade if message.edited else "", str(message.edited))

    def _key(self, *parts: str) -> str:
        return hmac.digest(self._secret, "/".join(parts).encode(), "sha256").hex()[:18]
