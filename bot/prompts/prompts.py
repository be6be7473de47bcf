"""What people may ask about items: one on demand, why this one, what comes, and supervisors' wishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot.cards import Button, Card, Style, Tone
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Cohort, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.duties import DueTable, Duty, Schedule
from bot.ports.postings import Posting, PostingStore, Wish, WishKind
from bot.ports.words import Words
from bot.prompts.cards import ItemCards, text_of
from bot.prompts.item import Item, Kind, Status
from bot.prompts.planning import Planner
from bot.prompts.posting import posting_id
from bot.prompts.reasons import say_nothing, say_why
from bot.prompts.rotation import Choice, Why
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import WeekAhead
from bot.prompts.why import Refusal
from bot.rhythm import local_day, once

SKIPPED_FOR = timedelta(days=30)
"""A skipped item returns after this long (the content guide's rule)."""

_NEVER = frozenset({Refusal.RETIRED, Refusal.STATUS})


class Prompts:
    """The use cases around items."""

    def __init__(
        self,
        shelf: Shelf,
        planner: Planner,
        week: WeekAhead,
        cohorts: Cohorts,
        postings: PostingStore,
        due: DueTable,
        audit: AuditStore,
        words: Words,
        clock: Clock,
        poke: Callable[[], None],
    ) -> None:
        self._shelf = shelf
        self._week = week
        self._planner = planner
        self._cohorts = cohorts
        self._postings = postings
        self._due = due
        self._audit = audit
        self._words = words
        self._clock = clock
        self._poke = poke
        self._cards = ItemCards(words)

    async def on_demand(self, caller: Caller, place: Place, kind: str, token: str) -> Card:
        """Show one item to the asker alone; a supervisor may send it to the channel from there."""
        cohort, role = await self._cohort(caller, place)
        choice = await self._planner.draw(cohort, self._today(cohort), Kind(kind), token)
        locale = cohort.heard_by(caller).locale
        if not isinstance(choice, Choice):
            return Card(say_nothing(choice, self._words, locale))
        buttons: tuple[Button, ...] = ()
        if role is Role.SUPERVISOR:
            label = self._words.say("prompts.button.post", locale)
            buttons = (Button("post", f"{cohort.id}/{choice.item.id}", label, Style.PRIMARY),)
        return self._cards.private(choice.item, locale, buttons)

    async def post_now(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Send an item to the cohort's channel now, through the due table, so that no crash loses it.

        Once a day: a second press, or a second supervisor, must not send it twice.
        """
        cohort = await self._supervised(caller, cohort_id)
        item, locale = await self._item(cohort, item_id), cohort.heard_by(caller).locale
        if item.status is Status.RETIRED:
            raise BadInput("prompts.post_retired", title=item.title)
        now = self._clock.now()
        ident = posting_id("asked", cohort.id, item.id, local_day(now, cohort.zone).isoformat())
        is_asked = await self._due.get(f"now-{ident}") is not None
        if not is_asked:
            await self._due.put(
                Schedule(f"now-{ident}", cohort.id, Duty.PROMPT, once(now), now, subject=f"{ident}/{item.id}")
            )
            await self._note(caller, cohort, "post", item.id)
        self._poke()
        return Card(
            self._words.say("prompts.posting_already" if is_asked else "prompts.posting", locale, title=item.title)
        )

    async def reveal(self, caller: Caller, posting_id: str) -> Card:
        """Show the body of a posting that stands collapsed, to whoever asked for it."""
        posting = await self._postings.get(posting_id)
        if posting is None:
            raise NotFound
        cohort = await self._cohorts.known(posting.cohort_id)
        if cohort.role_of(caller) is None:
            raise NotAllowed
        return self._cards.private(await self._item(cohort, posting.item_id), cohort.heard_by(caller).locale)

    async def standing(self, caller: Caller, cohort: Cohort) -> tuple[str, Card] | None:
        """Return the id and the card of the cohort's latest item, for a member to see elsewhere; None before one."""
        if cohort.role_of(caller) is None:
            raise NotAllowed
        posting = await self._postings.latest(cohort.id)
        if posting is None or posting.message is None:
            return None
        hers = cohort.heard_by(caller)
        return posting.id, self._cards.standing(
            await self._item(cohort, posting.item_id), posting, hers, posting.closes_at
        )

    async def why(self, caller: Caller, place: Place) -> Card:
        """Say why the item in this thread, or the cohort's latest, was chosen; supervisors see its notes too."""
        cohort, role = await self._cohort(caller, place)
        cohort = cohort.heard_by(caller)
        posting = await self._postings.in_thread(place) or await self._postings.latest(cohort.id)
        if posting is None:
            return Card(self._words.say("prompts.none_yet", cohort.locale))
        item = await self._item(cohort, posting.item_id)
        fields = [(self._words.say("prompts.why.title", cohort.locale), self._reasons(posting, cohort))]
        if role is Role.SUPERVISOR:
            fields += self._cards.notes(item, cohort.locale)
        footer = self._words.say(f"prompts.status.{item.status.value}", cohort.locale)
        return Card(await self._about(item, cohort), title=item.title, fields=tuple(fields), footer=footer)

    async def preview(self, caller: Caller, place: Place) -> list[Card]:
        """Show a supervisor what the coming week would bring, a card a day."""
        cohort, role = await self._cohort(caller, place)
        if role is not Role.SUPERVISOR:
            raise NotAllowed
        now = self._clock.now()
        first = self._today(cohort)
        if any(p.day == first and not p.on_demand for p in await self._postings.history(cohort.id, first)):
            first += timedelta(days=1)
        cards, hers = [], cohort.heard_by(caller)
        for day, outcome in await self._planner.preview(cohort, first):
            title = self._words.day(day, hers.locale)
            if not isinstance(outcome, Choice):
                cards.append(Card(say_nothing(outcome, self._words, hers.locale), title=title))
                continue
            item, subject = outcome.item, f"{cohort.id}/{outcome.item.id}"
            buttons = tuple(
                Button(action, subject, self._words.say(f"prompts.button.{action}", hers.locale))
                for action in ("swap", "skip", "pin")
            )
            body = f"**{item.title}**\n{await self._about(item, hers)}\n\n{text_of(item)}"
            fields = (
                self._words.say("prompts.why.title", hers.locale),
                say_why(outcome.why, self._words, hers.locale),
            )
            footer = self._words.say(f"prompts.status.{item.status.value}", hers.locale)
            cards.append(Card(body, title=title, fields=(fields,), footer=footer, buttons=buttons, tone=Tone.PROMPT))
        if cohort.is_paused(now):
            cards.insert(0, Card(self._words.say("prompts.paused", hers.locale), tone=Tone.WARNING))
        return cards

    async def swap(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Put something else on the item's coming day; the item itself may come the day after."""
        cohort, day = await self._coming(caller, cohort_id, item_id)
        return await self.instead(caller, cohort, "swap", item_id, day)

    async def skip(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Leave an item out for a month."""
        cohort, day = await self._coming(caller, cohort_id, item_id)
        return await self.instead(caller, cohort, "skip", item_id, day)

    async def pin(self, caller: Caller, cohort_id: str, item_id: str, *, anyway: bool = False) -> Card:
        """Make an item the next one (or keep it on the day where the preview shows it)."""
        cohort = await self._supervised(caller, cohort_id)
        item = await self._item(cohort, item_id)
        day = await self._day_of(cohort, item_id) or self._next_day(cohort)
        objections = await self._planner.objections(cohort, day, item_id)
        if _NEVER & set(objections):
            raise BadInput("prompts.pin_never", title=item.title)
        locale = cohort.heard_by(caller).locale
        if objections and not anyway:
            said = [self._words.say(f"prompts.refusal.{refusal.value}", locale) for refusal in objections]
            label = self._words.say("prompts.button.pin_anyway", locale)
            return Card(
                self._words.say("prompts.pin_breaks", locale, title=item.title, what="; ".join(said)),
                buttons=(Button("pin-anyway", f"{cohort.id}/{item_id}", label, Style.CAREFUL),),
                tone=Tone.WARNING,
            )
        kind = WishKind.PIN_ANYWAY if anyway else WishKind.PIN
        await self._postings.wish(Wish(cohort.id, item_id, kind, day))
        await self._postings.unwish(cohort.id, item_id, WishKind.SKIP)
        await self._note(caller, cohort, "pin", item_id)
        await self._week.refresh(cohort)
        when = self._words.day(day, locale)
        return Card(self._words.say("prompts.pinned", locale, title=item.title, day=when))

    async def find_items(self, caller: Caller, place: Place, typed: str) -> list[tuple[str, str]]:
        """Offer items whose title, theme or id holds what a supervisor typed: (id, title), at most 25."""
        cohort, role = await self._cohort(caller, place)
        if role is not Role.SUPERVISOR:
            return []
        wanted = typed.casefold().strip()
        found = (
            (f"{cohort.id}/{item.id}", f"{item.title} · {item.theme}"[:100])
            for item in sorted((await self._shelf.of(cohort.id)).items, key=lambda item: item.title)
            if wanted in f"{item.title} {item.theme} {item.id}".casefold() and item.status is not Status.RETIRED
        )
        return [pair for pair, _ in zip(found, range(25), strict=False)]

    async def instead(self, caller: Caller, cohort: Cohort, act: str, item_id: str, day: date) -> Card:
        """Swap or skip an item on its day, and say what comes instead. Rights are the caller's."""
        until = self._today(cohort) + SKIPPED_FOR if act == "skip" else day + timedelta(days=1)
        await self._postings.wish(Wish(cohort.id, item_id, WishKind.SKIP, until))
        for kind in (WishKind.PIN, WishKind.PIN_ANYWAY):
            await self._postings.unwish(cohort.id, item_id, kind)
        await self._note(caller, cohort, act, item_id)
        await self._week.refresh(cohort)
        locale = cohort.heard_by(caller).locale
        coming = dict(await self._planner.preview(cohort, self._today(cohort), day, candidates=True)).get(day)
        now = coming.item.title if isinstance(coming, Choice) else self._words.say("prompts.nothing_title", locale)
        when = self._words.day(day, locale)
        was = (await self._item(cohort, item_id)).title
        return Card(self._words.say(f"prompts.{act}ped", locale, was=was, now=now, day=when))

    async def _coming(self, caller: Caller, cohort_id: str, item_id: str) -> tuple[Cohort, date]:
        cohort = await self._supervised(caller, cohort_id)
        day = await self._day_of(cohort, item_id)
        if day is None:
            raise BadInput("prompts.not_coming", title=(await self._item(cohort, item_id)).title)
        return cohort, day

    async def _day_of(self, cohort: Cohort, item_id: str) -> date | None:
        for day, outcome in await self._planner.preview(cohort, self._today(cohort)):
            if isinstance(outcome, Choice) and outcome.item.id == item_id:
                return day
        return None

    def _next_day(self, cohort: Cohort) -> date:
        today = self._today(cohort)
        days = (today + timedelta(days=n) for n in range(8))
        return next(day for day in days if day > today and day.weekday() in cohort.days)

    def _reasons(self, posting: Posting, cohort: Cohort) -> str:
        if posting.on_demand:
            return self._words.say("prompts.why.asked", cohort.locale)
        return say_why(Why.from_dict(posting.why), self._words, cohort.locale)

    async def _about(self, item: Item, cohort: Cohort) -> str:
        theme = (await self._shelf.of(cohort.id)).themes[item.theme].title
        return self._cards.about(item, theme, cohort.locale)

    async def _note(self, caller: Caller, cohort: Cohort, act: str, subject: str) -> None:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act, subject))

    async def _item(self, cohort: Cohort, item_id: str) -> Item:
        try:
            return await self._shelf.item(cohort.id, item_id)
        except KeyError:
            raise NotFound from None

    def _today(self, cohort: Cohort) -> date:
        return local_day(self._clock.now(), cohort.zone)

    async def _supervised(self, caller: Caller, cohort_id: str) -> Cohort:
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        return cohort

    async def _cohort(self, caller: Caller, place: Place) -> tuple[Cohort, Role]:
        posting = await self._postings.in_thread(place)
        cohort = await (self._cohorts.known(posting.cohort_id) if posting else self._cohorts.of(caller, place))
        role = cohort.role_of(caller)
        if role is None:
            raise NotAllowed
        return cohort, role
