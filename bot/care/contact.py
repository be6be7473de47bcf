"""The ways from a card to a supervisor: by name, as an alias, later, or not at all. Nothing goes out unpressed."""

from __future__ import annotations

import hmac
import secrets

from bot.cards import Button, Card, Tone
from bot.care.alerts import Alerts
from bot.care.cards import ACTION_CHOICES, CareCards
from bot.care.finding import Finding
from bot.crisis.escalation import Choice
from bot.errors import MessengerError, NotFound, StorageError
from bot.people import Caller, Cohort, Member, Place
from bot.ports.words import Words


class Contact:
    """Carries out what somebody chose on a card."""

    def __init__(self, alerts: Alerts, cards: CareCards, finding: Finding, words: Words) -> None:
        self._alerts = alerts
        self._cards = cards
        self._finding = finding
        self._words = words
        # Forgotten with the process: after a restart a second wish is passed on like a first one.
        self._secret = secrets.token_bytes(32)

    def hers(self, about: str, member: Member) -> str:
        """Return what the buttons of her card are about: `about` (`<cohort or ->/<key>`) and a mark of 18 hex digits.

        The mark proves that the card was made for her, whatever becomes of her role. It names nobody, helps nobody
        else, and holds as long as the process.
        """
        mark = hmac.digest(self._secret, f"hers/{member.platform}/{member.id}/{about}".encode(), "sha256").hex()[:18]
        return f"{about}/{mark}"

    async def chosen(self, caller: Caller, choice: str, subject: str) -> Card:
        """Carry out a choice about an open message, a direct one or a form.

        Who was given the card gets through, and so does whoever is in the cohort, for a mark is gone after a restart.
        To anybody else it says whom to call. Raises NotFound for no choice of ours.
        """
        cohort_id, _, rest = subject.partition("/")
        key = rest.partition("/")[0]
        about = f"{cohort_id}/{key}"
        marked = self.hers(about, caller.member)
        cohort = await self._finding.by_id(cohort_id) if cohort_id != "-" else None
        settings = await self._finding.settings(caller.member)
        locale = settings.locale or (cohort.locale if cohort else "en")
        wanted = ACTION_CHOICES.get(choice)
        if wanted is None:
            raise NotFound
        if wanted is Choice.NOT_NOW or cohort is None:
            said = "care.contact.later" if wanted is Choice.NOT_NOW else "care.contact.no_cohort"
            return Card(self._words.say("care.contact.safe" if wanted is Choice.SAFE else said, locale))
        given = hmac.compare_digest(subject.encode(), marked.encode())
        if not given and not await self._finding.belongs(caller, cohort):
            return self._unproven(wanted, cohort, locale)
        if wanted is Choice.SAFE:
            await self._alerts.resolved(key, cohort)
            wrong = Button("wrong", about, self._words.say("care.button.wrong", locale))
            return Card(self._words.say("care.contact.safe", locale), buttons=(wrong,))
        if wanted is Choice.TALK:
            return self._cards.ways(self._words.say("care.contact.how", locale), settings, cohort, marked)
        return await self.reach(caller.member, cohort, self._apart(key), locale)

    def _apart(self, key: str) -> str:
        """Return an id that nobody can join to the alert's: a wish has a name, the alert of a form must have none."""
        return hmac.digest(self._secret, key.encode(), "sha256").hex()[:18]

    async def without_response(self, caller: Caller, place: Place | None, choice: str, key: str) -> Card:
        """Carry out a choice on the card of a response that nobody can find any more, its alias and alert with it.

        Only what still can be is: nothing goes out but the caller's own name, and that only where she pressed it.
        That the card was hers cannot be told either, so whoever is not in the cohort learns whom to call.
        Raises NotFound for a choice about the response itself.
        """
        wanted = ACTION_CHOICES.get(choice)
        if wanted is None or wanted in (Choice.PUBLISH, Choice.KEEP_PRIVATE):
            raise NotFound
        cohort = await self._finding.around(caller, place)
        settings = await self._finding.settings(caller.member)
        locale = self._cards.locale(settings, cohort)
        if wanted is not Choice.NOT_NOW and cohort and not await self._finding.belongs(caller, cohort):
            return self._unproven(wanted, cohort, locale)
        subject = self.hers(f"{cohort.id if cohort else '-'}/{key}", caller.member)
        if wanted not in (Choice.AS_ALIAS, Choice.SAFE):
            return await self.chosen(caller, choice, subject)
        said = "care.contact.alias_gone" if wanted is Choice.AS_ALIAS else "care.contact.safe_gone"
        body = self._words.say(said, locale)
        return self._cards.ways(body, settings, cohort, subject) if cohort else Card(body)

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
        who = None if alias else member
        try:
            if not await self._alerts.wish(f"{key}-c", cohort, who=who, alias=alias, thread=thread):
                return Card(self._words.say("care.contact.open", locale, contact=cohort.on_call or "-"))
        except (MessengerError, StorageError):
            return self.failed(cohort, locale)
        return Card(self._words.say("care.contact.alias_sent" if alias else "care.contact.name_sent", locale))

    def failed(self, cohort: Cohort, locale: str) -> Card:
        """Say that supervisors could not be reached, and whom to call."""
        return Card(self._words.say("care.contact.failed", locale, contact=cohort.on_call or "-"), tone=Tone.CARE)

    def _unproven(self, wanted: Choice, cohort: Cohort, locale: str) -> Card:
        """Answer somebody who may well have been given the card, and may not: nothing goes out in her name."""
        if wanted is Choice.SAFE:
            return Card(self._words.say("care.contact.safe_gone", locale), tone=Tone.CARE)
        return self.failed(cohort, locale)
