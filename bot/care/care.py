"""What happens when words worry us: the person first, then whom she wants, then whom the cohort's policy names.

Each consequence stands on its own. A supervisor's channel that is gone, a direct message that is not accepted, a
screen that breaks: none of these may cost anybody her card.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.cards import Card
from bot.care.alert_cards import Shown
from bot.care.alerts import Alerts, Telling
from bot.care.cards import CareCards
from bot.care.contact import Contact
from bot.care.decisions import Decisions
from bot.care.finding import Finding
from bot.care.incoming import IncomingMessage
from bot.care.owing import Owing, Reach
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
from bot.people import AlertPolicy, Caller, Cohort, Member, Place
from bot.ports.clock import Clock
from bot.ports.words import Words
from bot.privacy.naming import country_code, country_name

T = TypeVar("T")

SOFTENED_FOR = timedelta(days=1)

FAILED_AGAIN = timedelta(minutes=10)
"""While the screen is broken, nobody gets the static card for every single thing that she says openly."""

ALERT_SECONDS = 2.5
"""How long the person's own card waits to learn whether supervisors could be told. The alert goes on beside it."""

WRITING_SECONDS = 0.5
"""How long somebody's card waits until the alert about her is written down. Writing goes on beside it."""

SENDING_SECONDS = 5.0
"""How long an alert waits to learn whether its writer could be shown the card."""


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
        finding: Finding,
        owing: Owing,
        words: Words,
        clock: Clock,
    ) -> None:
        self._watch = watch
        self._decisions = decisions
        self._cards = cards
        self._alerts = alerts
        self._finding = finding
        self._owing = owing
        self._words = words
        self._clock = clock
        self._contact = Contact(alerts, cards, finding, words)
        # An alert's id can be neither guessed from a message's id, to answer it in another's name, nor traced back.
        self._secret = secrets.token_bytes(32)
        # Both are forgotten with the process, on purpose: they would tell who had a hard day.
        self._supported: dict[Member, datetime] = {}
        self._told_of_failure: dict[Member, datetime] = {}
        self._under_way: set[asyncio.Task[Any]] = set()

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
                shown = Shown(text if step.with_text else None, unchecked=self._cards.unchecked(cohort))
                writing = self._alerts.write_down(alert_id, cohort, step.level.value)
                telling = self._alerts.tell(writing, cohort, shown)
                told = _told(await self._within(ALERT_SECONDS, telling), step)
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
        cohort, concerns_us = await self._finding.of_message(message)
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
        told, writing = Told.NOBODY, None
        if alert and cohort:
            # Before her card goes out, which can take seconds: a crash meanwhile must not lose the alert.
            writing = self._beside(self._alerts.write_down(key, cohort, alert.level.value))
            private = Told.WITH_TEXT if alert.with_text else Told.NOTICE
            told = Told.WITH_NAME if door is Door.OPEN else private
        card = await self._card(consequences, message.author, cohort, subject, "contact", told)
        urgent = isinstance(found, Assessment) and found.action is Action.A
        if writing:
            await asyncio.wait({writing}, timeout=WRITING_SECONDS)
        sending = self._owing.send(message.author, key, card, urgent=urgent)
        reach = await self._within(SENDING_SECONDS, sending)
        if alert and cohort and writing:
            is_open = door is Door.OPEN
            shown = Shown(
                text=message.text if alert.with_text else None,
                open_message=message.ref if is_open else None,
                writer=message.author if is_open else None,
                unreached=reach is Reach.CLOSED,
                unchecked=self._cards.unchecked(cohort),
            )
            telling = self._alerts.tell(writing, cohort, shown)
            if await self._within(ALERT_SECONDS, telling) in (Telling.FAILED, Telling.LOST):
                await self._within(SENDING_SECONDS, self._say_untold(message.author, cohort, key))

    async def typed(self, caller: Caller, place: Place | None, text: str) -> Card | None:
        """Screen any other text that somebody typed into a form or a command option."""
        cohort = await self._finding.around(caller, place)
        key = self._key(caller.member.platform, caller.member.id, text, self._clock.now().date().isoformat())
        subject = f"{cohort.id if cohort else '-'}/{key}"
        met = await self.meet(text, Door.FORM, caller.member, cohort, subject=subject, alert_id=key)
        return met.card

    def owed(self, caller: Caller) -> Card | None:
        """Return, once, a card that could not be sent to this person. A door asks after every interaction."""
        return self._owing.take(caller.member)

    def owe(self, caller: Caller, card: Card) -> None:
        """Take a card back that a door could not show after all."""
        self._owing.owe(caller.member, self._key("again", caller.member.id), card, urgent=True, again=False)

    async def bring(self, caller: Caller, token: str, card: Card) -> None:
        """Send her a card that a door could not show, or owe it to her. Raises nothing of the platform's.

        `token` is the platform's id of what she did, so that the same card comes once for it.
        """
        key = self._key("unshown", token, card.title, card.body)
        await self._owing.send(caller.member, key, card, urgent=True)

    async def aside(self, caller: Caller, place: Place | None, card: Card) -> Card:
        """Return a card about a response as it may stand in direct messages, which can be exported.

        Nothing on it leads to the response: the ways to a supervisor go by a subject that occurs nowhere else.
        """
        cohort = await self._finding.around(caller, place)
        subject = self._contact.hers(f"{cohort.id}/{secrets.token_hex(9)}", caller.member) if cohort else None
        return self._cards.aside(card, subject)

    async def try_again(self) -> None:
        """Send the cards that a passing fault kept back; called now and then."""
        await self._owing.try_again()

    async def resources(self, caller: Caller, place: Place | None, country: str | None = None) -> Card:
        """Show help lines, to anybody, at any time."""
        settings = await self._finding.settings(caller.member)
        cohort = await self._finding.around(caller, place)
        if not country:
            return self._cards.compose(CareCard.RESOURCES, settings, cohort)
        # Whoever asks for lines gets some, whatever she typed.
        locale = self._cards.locale(settings, cohort)
        code = country_code(country, (locale, *self._cards.locales))
        card = self._cards.compose(CareCard.RESOURCES, settings, cohort, country=code)
        if code is None:
            note = self._words.say("care.no_country", locale, given=country[:40])
        elif not self._cards.knows(code):
            note = self._words.say("care.no_lines", locale, country=country_name(code, locale))
        else:
            return card
        return replace(card, body=f"{note}\n\n{card.body}")

    async def more_lines(self, caller: Caller, country: str) -> Card:
        """Show all lines of a country."""
        settings = await self._finding.settings(caller.member)
        return self._cards.more(country, settings, await self._finding.around(caller, None))

    async def contact(self, caller: Caller, choice: str, subject: str) -> Card:
        """Carry out what someone chose on a card about an open message, a direct one or a form."""
        return await self._contact.chosen(caller, choice, subject)

    async def without_response(self, caller: Caller, place: Place | None, choice: str, response_id: str) -> Card:
        """Carry out what someone chose on the card of a response that is gone. Raises NotFound where nothing can be."""
        member = caller.member
        key = self._key("gone", member.platform, member.id, response_id)
        return await self._contact.without_response(caller, place, choice, key)

    async def reach(
        self,
        member: Member,
        cohort: Cohort,
        key: str,
        locale: str,
        *,
        alias: str | None = None,
        thread: Place | None = None,
    ) -> Card:
        """Tell the supervisors that someone wants to hear from one: by name, or as her alias in a thread."""
        return await self._contact.reach(member, cohort, key, locale, alias=alias, thread=thread)

    async def resolved(self, alert_id: str, cohort: Cohort) -> None:
        """Supervisors were told of a worry; its being over concerns them as much."""
        await self._alerts.resolved(alert_id, cohort)

    async def waiting(self, caller: Caller, cohort: Cohort) -> Card:
        """Show a supervisor the alerts that nobody has taken."""
        return await self._alerts.waiting(caller, cohort)

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
        if prefix == "contact":
            subject = self._contact.hers(subject, member)
        return self._cards.compose(
            show.card,
            await self._finding.settings(member),
            cohort,
            buttons=[(choice, prefix, subject) for choice in choices],
            told=told if show.card is CareCard.URGENT else None,
            held=held,
            protocol_first=protocol,
        )

    async def _say_untold(self, member: Member, cohort: Cohort, key: str) -> None:
        """Correct a card that has gone out and says that supervisors are being told."""
        locale = self._cards.locale(await self._finding.settings(member), cohort)
        await self._owing.send(member, f"{key}-not", self._contact.failed(cohort, locale), urgent=True)

    def _was_told_lately(self, member: Member) -> bool:
        now = self._clock.now()
        before = self._told_of_failure.get(member)
        if before is not None and now - before < FAILED_AGAIN:
            return True
        self._told_of_failure[member] = now
        return False

    async def _within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T | None:
        """Wait for `work` so long and no longer; it goes on beside. None for that, and for whatever it raises."""
        task = self._beside(self._safely(work))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else None

    def _beside(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do `work` beside, and keep hold of it until it is done."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _safely(self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return await work
        except Exception as error:
            # Each consequence stands on its own; the operator hears of this one.
            self._watch.alarm(type(error).__name__)
            return None

    def _open_key(self, message: IncomingMessage, found: Assessment | str) -> str:
        # An edit that makes the words graver is met anew, and so is every one to an A; the same event delivered twice
        # has the same words, and is not.
        if not message.edited:
            return self._key("open", message.ref.id)
        grade = found.action.value if isinstance(found, Assessment) else "F"
        return self._key("edit", message.ref.id, grade, message.text if grade == Action.A.value else "")

    def _key(self, *parts: str) -> str:
        return hmac.digest(self._secret, "/".join(parts).encode(), "sha256").hex()[:18]


def _told(telling: Telling | None, step: AlertSupervisors) -> Told:
    """Say on her card just what is true: told, about to be, or nobody."""
    match telling:
        case Telling.STANDS:
            return Told.WITH_TEXT if step.with_text else Told.NOTICE
        case Telling.LOST:
            return Told.NOBODY
        case Telling.FAILED:
            return Told.FAILED
        case None if step.with_text:
            # Still under way, and with her words: better to say so too early than too late.
            return Told.WITH_TEXT
        case _:
            return Told.COMING
