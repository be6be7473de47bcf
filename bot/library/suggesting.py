"""A member's wish for an item, on its way to the supervisors: without her name, unless she wants it there.

Her id is not stored with it at all, or no longer than until it is decided. That she may make only a few at a time is
remembered by this process, under a secret of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import Card
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, MessengerError, NotAllowed, NotFound
from bot.library.adding_cards import Field, Told
from bot.library.suggestion_cards import SuggestionCards
from bot.people import Caller, Cohort, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.library import DECLINED, Suggestion, SuggestionStore
from bot.ports.words import Words
from bot.privacy import guard
from bot.prompts.item import Kind
from bot.prompts.shelf import Shelf

MOST_A_DAY = 5
_DAY = timedelta(days=1)
_REMEMBERED = 2000
_LIMITS = {"title": 45, "body": 1100, "question": 160, "reason": 500}


@dataclass(frozen=True, slots=True)
class SuggestionForm:
    """A form for a suggestion. `subject` holds what was chosen before: kind, theme, and whether to show her."""

    title: str
    subject: str
    fields: tuple[Field, ...]


class Suggesting:
    """The use cases of suggestions."""

    def __init__(
        self,
        cohorts: Cohorts,
        shelf: Shelf,
        suggestions: SuggestionStore,
        cards: SuggestionCards,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._shelf = shelf
        self._suggestions = suggestions
        self._cards = cards
        self._audit = audit
        self._words = words
        self._clock = clock
        self._secret = secrets.token_bytes(16)
        self._made: OrderedDict[bytes, list[datetime]] = OrderedDict()

    async def begin(self, caller: Caller, place: Place, kind: str, theme: str, *, shown: bool) -> SuggestionForm:
        """Open the form, to any member of the cohort."""
        cohort = await self._cohort(caller, place)
        if theme and theme not in (await self._shelf.of(cohort.id)).themes:
            raise BadInput("library.bad.theme", field="theme", given=theme[:60])
        if self._is_full(caller):
            raise BadInput("library.suggestion.enough", count=MOST_A_DAY)
        locale, say = cohort.heard_by(caller).locale, self._words.say
        fields = tuple(
            Field(
                name,
                say(f"library.suggest.{name}", locale),
                say(f"library.suggest.hint.{name}", locale),
                limit,
                is_long=name in ("body", "reason"),
                is_needed=name != "reason",
            )
            for name, limit in _LIMITS.items()
        )
        who = "shown" if shown else "unnamed"
        subject = f"{cohort.id}/{Kind(kind).value}/{theme or '-'}/{who}"
        return SuggestionForm(say(f"library.suggest.{who}", locale), subject, fields)

    async def make(self, caller: Caller, subject: str, values: dict[str, str], token: str) -> Told:
        """Bring a suggestion before the supervisors. What may name a client goes back to its writer, whole."""
        cohort_id, kind, theme, who = [*subject.split("/"), "", "", ""][:4]
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is None:
            raise NotAllowed
        typed = {name: values.get(name, "").strip()[:limit] for name, limit in _LIMITS.items()}
        locale = cohort.heard_by(caller).locale
        whole = "\n\n".join(filter(None, typed.values()))
        if not (typed["title"] and typed["body"] and typed["question"]) or kind not in [*Kind]:
            return Told(Card(self._words.say("library.suggestion.empty", locale)), whole)
        if found := [finding for text in typed.values() for finding in guard.look(text)]:
            kinds = dict.fromkeys(self._words.say(f"responses.found.{each.kind}", locale) for each in found)
            return Told(Card(self._words.say("library.suggestion.check", locale, found=", ".join(kinds))), whole)
        if self._is_full(caller):
            raise BadInput("library.suggestion.enough", count=MOST_A_DAY)
        ident = f"sg-{hmac.digest(hashlib.sha256(cohort.id.encode()).digest(), token.encode(), 'sha256').hex()[:18]}"
        suggestion = Suggestion(
            ident,
            cohort.id,
            kind,
            theme="" if theme == "-" else theme,
            shown=caller.member if who == "shown" else None,
            **typed,
        )
        if await self._suggestions.add(suggestion):
            self._note(caller)
        try:
            await self._cards.post(suggestion, cohort)
        except MessengerError:
            # It is kept; supervisors find it in their list.
            return Told(Card(self._words.say("library.suggestion.kept", locale)))
        return Told(Card(self._words.say("library.suggestion.made", locale)))

    async def open(self, caller: Caller, place: Place) -> list[Card]:
        """Show supervisors what waits for their word."""
        cohort = await self._cohorts.supervised(caller, place)
        locale = cohort.heard_by(caller).locale
        waiting = await self._suggestions.open(cohort.id)
        cards = [self._cards.card(each, locale) for each in waiting[:10]]
        return cards or [Card(self._words.say("library.suggestion.none", locale))]

    async def decline(self, caller: Caller, suggestion_id: str) -> Card:
        """Say no, once."""
        suggestion = await self._suggestions.get(suggestion_id)
        if suggestion is None:
            raise NotFound
        cohort = await self._cohorts.known(suggestion.cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        if not await self._suggestions.decide(suggestion_id, DECLINED):
            raise BadInput("library.suggestion.decided")
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, "decline", suggestion_id))
        await self._cards.redraw(suggestion_id, cohort)
        return Card(self._words.say("library.suggestion.declined_done", cohort.heard_by(caller).locale))

    async def unsign(self, suggestion_ids: Iterable[str]) -> None:
        """Take the name off the cards of suggestions whose maker has been forgotten."""
        for suggestion_id in suggestion_ids:
            suggestion = await self._suggestions.get(suggestion_id)
            if suggestion is not None:
                await self._cards.redraw(suggestion_id, await self._cohorts.known(suggestion.cohort_id))

    def _mark(self, caller: Caller) -> bytes:
        return hmac.digest(self._secret, caller.member.id.encode(), "sha256")[:12]

    def _is_full(self, caller: Caller) -> bool:
        now = self._clock.now()
        return sum(now - at < _DAY for at in self._made.get(self._mark(caller), ())) >= MOST_A_DAY

    def _note(self, caller: Caller) -> None:
        mark, now = self._mark(caller), self._clock.now()
        self._made[mark] = [at for at in self._made.get(mark, []) if now - at < _DAY] + [now]
        self._made.move_to_end(mark)
        if len(self._made) > _REMEMBERED:
            self._made.popitem(last=False)

    async def _cohort(self, caller: Caller, place: Place) -> Cohort:
        cohort = await self._cohorts.of(caller, place)
        if cohort.role_of(caller) is None:
            raise NotAllowed
        return cohort
