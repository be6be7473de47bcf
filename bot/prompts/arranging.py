"""What supervisors arrange around the pool: holds, seasons, requests, released items, and items taken out for good.

Each answer says what it changes in the days that were shown already, so that nobody finds out on the day itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from bot.cards import Button, Card, Style, Tone
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Cohort, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.plans import Arrangement, ArrangementKind, PlanStore
from bot.ports.postings import PostingStore, Wish, WishKind
from bot.ports.words import Words
from bot.prompts.cards import ItemCards
from bot.prompts.item import HoldFlag, Item, Pool, Season
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import Changed, WeekAhead
from bot.rhythm import local_day
from bot.supervision.when import parse_day

_LONGEST_SEASON = 370
ChoiceT = TypeVar("ChoiceT", HoldFlag, Season)


class Arranging:
    """The use cases; all are for supervisors alone."""

    def __init__(
        self,
        shelf: Shelf,
        cohorts: Cohorts,
        postings: PostingStore,
        plans: PlanStore,
        week: WeekAhead,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._shelf = shelf
        self._cohorts = cohorts
        self._postings = postings
        self._plans = plans
        self._week = week
        self._audit = audit
        self._words = words
        self._clock = clock
        self._cards = ItemCards(words)

    async def arrangements(self, caller: Caller, place: Place) -> Card:
        """Say what is arranged at present."""
        cohort = await self._cohorts.supervised(caller, place)
        return Card(await self._standing(cohort, cohort.heard_by(caller).locale))

    async def raise_hold(self, caller: Caller, place: Place, flag: str) -> Card:
        """Keep back every item that could hurt after something that happened."""
        cohort = await self._cohorts.supervised(caller, place)
        hold = _one_of(HoldFlag, flag)
        await self._plans.arrange(Arrangement(cohort.id, ArrangementKind.HOLD, hold.value, self._today(cohort)))
        held = sum(hold in item.hold_when for item in (await self._shelf.of(cohort.id)).items)
        return await self._done(caller, cohort, "hold", hold.value, "prompts.hold.raised", held=held)

    async def lower_hold(self, caller: Caller, place: Place, flag: str) -> Card:
        """Let the items come again that a flag kept back."""
        cohort = await self._cohorts.supervised(caller, place)
        hold = _one_of(HoldFlag, flag)
        if not await self._plans.undo(cohort.id, ArrangementKind.HOLD, hold.value):
            raise BadInput("prompts.hold.not_up", flag=self._flag(hold, cohort.heard_by(caller).locale))
        return await self._done(caller, cohort, "lower hold", hold.value, "prompts.hold.lowered")

    async def set_season(self, caller: Caller, place: Place, season: str, first_text: str, last_text: str) -> Card:
        """Say when a season of the training year is on for this cohort."""
        cohort = await self._cohorts.supervised(caller, place)
        wanted, today = _one_of(Season, season), self._today(cohort)
        first = parse_day(first_text, today)
        last = parse_day(last_text, first)
        if not 0 <= (last - first).days <= _LONGEST_SEASON or last < today:
            raise BadInput("prompts.season.range", field="last", given=last_text[:40])
        await self._plans.arrange(Arrangement(cohort.id, ArrangementKind.SEASON, wanted.value, first, last))
        locale = cohort.heard_by(caller).locale
        days = {"first": self._words.day(first, locale), "last": self._words.day(last, locale)}
        return await self._done(caller, cohort, "season", wanted.value, "prompts.season.set", **days)

    async def end_season(self, caller: Caller, place: Place, season: str) -> Card:
        """Take a season's dates away."""
        cohort = await self._cohorts.supervised(caller, place)
        wanted = _one_of(Season, season)
        if not await self._plans.undo(cohort.id, ArrangementKind.SEASON, wanted.value):
            raise BadInput("prompts.season.not_set")
        return await self._done(caller, cohort, "end season", wanted.value, "prompts.season.ended")

    async def request(self, caller: Caller, place: Place, theme: str) -> Card:
        """Ask for an item of a theme on the next day that it fits."""
        cohort = await self._cohorts.supervised(caller, place)
        themes = (await self._shelf.of(cohort.id)).themes
        if theme not in themes:
            raise BadInput("prompts.request.unknown", theme=theme[:40])
        await self._plans.arrange(Arrangement(cohort.id, ArrangementKind.REQUEST, theme, self._today(cohort)))
        title = themes[theme].title
        return await self._done(caller, cohort, "request", theme, "prompts.request.made", theme=title)

    async def themes(self, caller: Caller, place: Place, typed: str) -> list[tuple[str, str]]:
        """Offer themes while a supervisor types: (slug, title)."""
        cohort = await self._cohorts.supervised(caller, place)
        wanted = typed.casefold().strip()
        found = (await self._shelf.of(cohort.id)).themes.values()
        return [(each.slug, each.title) for each in found if wanted in f"{each.title} {each.slug}".casefold()][:25]

    async def retire(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Take an item out of this cohort's pool for good; asked again, let it come back."""
        cohort = await self._supervised(caller, cohort_id)
        item = await self._item(cohort, item_id)
        wishes = await self._postings.wishes(cohort.id)
        if any(wish.item_id == item_id and wish.kind is WishKind.RETIRE for wish in wishes):
            await self._postings.unwish(cohort.id, item_id, WishKind.RETIRE)
            return await self._done(caller, cohort, "unretire", item_id, "prompts.retire.back", title=item.title)
        for kind in (WishKind.PIN, WishKind.PIN_ANYWAY):
            await self._postings.unwish(cohort.id, item_id, kind)
        await self._postings.wish(Wish(cohort.id, item_id, WishKind.RETIRE))
        return await self._done(caller, cohort, "retire", item_id, "prompts.retire.done", title=item.title)

    async def held_items(self, caller: Caller, place: Place, typed: str) -> list[tuple[str, str]]:
        """Offer the items that wait for a supervisor to release them: (subject, title)."""
        cohort = await self._cohorts.supervised(caller, place)
        wanted = typed.casefold().strip()
        found = [
            (f"{cohort.id}/{item.id}", f"{item.title} · {item.theme}"[:100])
            for item in (await self._shelf.of(cohort.id)).items
            if item.pool is Pool.RELEASED and wanted in f"{item.title} {item.theme}".casefold()
        ]
        return sorted(found, key=lambda pair: pair[1])[:25]

    async def show_held(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Show an item written for after an event, with all its notes, before it is released."""
        cohort = await self._supervised(caller, cohort_id)
        item = await self._item(cohort, item_id)
        if item.pool is not Pool.RELEASED:
            raise BadInput("prompts.release.not_held", title=item.title)
        locale = cohort.heard_by(caller).locale
        label = self._words.say("prompts.button.release", locale)
        # What she presses is the pin: it asks for a second yes where the item breaks the week's budget.
        button = Button("pin", f"{cohort.id}/{item.id}", label, Style.CAREFUL)
        shown = self._cards.private(item, locale, (button,))
        explained = (self._words.say("prompts.release.title", locale), self._words.say("prompts.release.body", locale))
        return replace(shown, fields=(explained, *self._cards.later(item, locale), *self._cards.notes(item, locale)))

    async def _standing(self, cohort: Cohort, locale: str) -> str:
        say, lines = self._words.say, []
        themes = (await self._shelf.of(cohort.id)).themes
        for each in await self._plans.arranged(cohort.id):
            what = each.subject
            if each.kind is ArrangementKind.REQUEST and what in themes:
                what = themes[what].title
            elif each.kind is not ArrangementKind.REQUEST:
                what = say(f"prompts.{each.kind.value}.name.{each.subject}", locale)
            first = self._words.day(each.first, locale)
            last = self._words.day(each.last, locale) if each.last else ""
            lines.append("- " + say(f"prompts.arranged.{each.kind.value}", locale, what=what, first=first, last=last))
        return "\n".join(lines) or say("prompts.arranged.nothing", locale)

    async def _done(self, caller: Caller, cohort: Cohort, act: str, subject: str, key: str, **values: object) -> Card:
        """Write the act down, let the week follow it, and answer with what changed."""
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act, subject))
        locale = cohort.heard_by(caller).locale
        kind = key.split(".")[1]
        if kind in (ArrangementKind.HOLD.value, ArrangementKind.SEASON.value):
            values["name"] = self._words.say(f"prompts.{kind}.name.{subject}", locale)
        changed = await self._week.refresh(cohort)
        body = self._words.say(key, locale, **values)
        return Card("\n\n".join(filter(None, (body, say_changed(changed, self._words, locale)))), tone=Tone.NOTICE)

    def _flag(self, hold: HoldFlag, locale: str) -> str:
        return self._words.say(f"prompts.hold.name.{hold.value}", locale)

    def _today(self, cohort: Cohort) -> date:
        return local_day(self._clock.now(), cohort.zone)

    async def _item(self, cohort: Cohort, item_id: str) -> Item:
        try:
            return await self._shelf.item(cohort.id, item_id)
        except KeyError:
            raise NotFound from None

    async def _supervised(self, caller: Caller, cohort_id: str) -> Cohort:
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        return cohort


def say_changed(changed: Sequence[Changed], words: Words, locale: str) -> str:
    """Put into words which of the days that were shown bring something else now."""
    nothing = words.say("prompts.nothing_title", locale)
    return "\n".join(
        "- "
        + words.say(
            "prompts.week.changed", locale, day=words.day(each.day, locale), was=each.was, now=each.now or nothing
        )
        for each in changed
    )


def _one_of(kind: type[ChoiceT], text: str) -> ChoiceT:
    try:
        return kind(text)
    except ValueError:
        raise NotFound from None
