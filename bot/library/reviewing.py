"""What a cohort's supervisors say of items: read and approved here, retired for us, and where everything stands.

That holds for their cohort alone. Nobody here can make an item more reviewed than two peers have made it for everybody.
"""

from __future__ import annotations

from collections import Counter

from bot.cards import Button, Card, Style
from bot.cohorts.cohorts import Cohorts
from bot.errors import NotAllowed, NotFound
from bot.people import Caller, Cohort, Place, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.library import OwnItemStore
from bot.ports.postings import PostingStore, Wish, WishKind
from bot.ports.words import Words
from bot.prompts.cards import ItemCards
from bot.prompts.item import Item, Status
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import WeekAhead

_LISTED = 30
_OFFERED = 25


class Reviewing:
    """The use cases of local review."""

    def __init__(
        self,
        cohorts: Cohorts,
        shelf: Shelf,
        own: OwnItemStore,
        postings: PostingStore,
        week: WeekAhead,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._shelf = shelf
        self._own = own
        self._postings = postings
        self._week = week
        self._audit = audit
        self._words = words
        self._clock = clock
        self._cards = ItemCards(words)

    async def find(self, caller: Caller, place: Place, typed: str) -> list[tuple[str, str]]:
        """Offer a supervisor items, retired ones too, by what she typed: (subject, title)."""
        cohort = await self._cohorts.of(caller, place)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            return []
        wanted = typed.casefold().strip()
        items = sorted((await self._shelf.of(cohort.id)).items, key=lambda item: item.title)
        found = [item for item in items if wanted in f"{item.title} {item.theme} {item.id}".casefold()]
        return [(f"{cohort.id}/{item.id}", f"{item.title} · {item.theme}"[:100]) for item in found[:_OFFERED]]

    async def find_themes(self, caller: Caller, place: Place, typed: str) -> list[tuple[str, str]]:
        """Offer themes by what somebody typed: (slug, title)."""
        cohort = await self._cohorts.of(caller, place)
        themes = (await self._shelf.of(cohort.id)).themes.values()
        wanted = typed.casefold().strip()
        found = [(each.slug, each.title) for each in themes if wanted in f"{each.slug} {each.title}".casefold()]
        return sorted(found, key=lambda pair: pair[1])[:_OFFERED]

    async def show(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Show an item with its notes and its standing, and what a supervisor can do about it."""
        cohort, item = await self._known(caller, cohort_id, item_id)
        locale, say = cohort.heard_by(caller).locale, self._words.say
        card = self._cards.private(item, locale, self._hand(item, cohort, locale))
        own = {each.id: each.copy_of for each in await self._own.of_cohort(cohort.id)}
        about = say("library.from_us" if item.id in own else "library.from_library", locale, id=item.id)
        if own.get(item.id):
            about = f"{about} {say('library.copy_of', locale, id=own[item.id])}"
        seen = (*self._cards.later(item, locale), *self._cards.notes(item, locale))
        fields = ((say("library.about", locale), about), *seen)
        return Card(card.body, card.title, fields, card.footer, card.buttons, card.tone)

    async def approve(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Write down that a supervisor of this cohort has read the item and finds it good for it."""
        return await self._mark(caller, cohort_id, item_id, WishKind.APPROVE)

    async def retire(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Take an item out of this cohort's pool."""
        return await self._mark(caller, cohort_id, item_id, WishKind.RETIRE)

    async def restore(self, caller: Caller, cohort_id: str, item_id: str) -> Card:
        """Take a retirement back."""
        cohort, item = await self._known(caller, cohort_id, item_id)
        if await self._postings.unwish(cohort.id, item.id, WishKind.RETIRE):
            await self._note(caller, cohort, "restore item", item.id)
        return self._told("library.did.restore", cohort.heard_by(caller), item)

    async def listed(self, caller: Caller, place: Place) -> list[Card]:
        """Say how many items stand where, and name those of the cohort's own and those that it judged."""
        cohort = await self._cohorts.supervised(caller, place)
        locale, say = cohort.heard_by(caller).locale, self._words.say
        library = await self._shelf.of(cohort.id)
        own = {each.id for each in await self._own.of_cohort(cohort.id)}
        counts = Counter(item.status for item in library.items)
        lines = [
            say("library.count", locale, standing=say(f"prompts.status.{status.value}", locale), count=counts[status])
            for status in Status
            if counts[status]
        ]
        groups = {
            "own": [item for item in library.items if item.id in own],
            "approved": [i for i in library.items if i.status is Status.APPROVED_HERE and i.id not in own],
            "retired": [i for i in library.items if i.status is Status.RETIRED and i.id not in own],
        }
        fields = tuple(
            (say(f"library.list.{name}", locale, count=len(items)), self._titles(items, locale))
            for name, items in groups.items()
            if items
        )
        return [Card("\n".join(lines), title=say("library.list.title", locale), fields=fields)]

    def _titles(self, items: list[Item], locale: str) -> str:
        lines = [f"- {item.title} · {item.theme} (`{item.id}`)" for item in items[:_LISTED]]
        if len(items) > _LISTED:
            lines.append(self._words.say("library.list.more", locale, count=len(items) - _LISTED))
        retired = self._words.say("library.list.retired_mark", locale)
        marks = [f" {retired}" if item.status is Status.RETIRED else "" for item in items[:_LISTED]]
        return "\n".join(f"{line}{mark}" for line, mark in zip(lines, [*marks, ""], strict=False))

    async def _mark(self, caller: Caller, cohort_id: str, item_id: str, kind: WishKind) -> Card:
        cohort, item = await self._known(caller, cohort_id, item_id)
        other = WishKind.RETIRE if kind is WishKind.APPROVE else WishKind.APPROVE
        await self._postings.wish(Wish(cohort.id, item.id, kind))
        await self._postings.unwish(cohort.id, item.id, other)
        if kind is WishKind.RETIRE:
            for pin in (WishKind.PIN, WishKind.PIN_ANYWAY):
                await self._postings.unwish(cohort.id, item.id, pin)
            # The week that was shown may hold it: its card changes now, and its day does not stay empty.
            await self._week.refresh(cohort)
        await self._note(caller, cohort, f"{kind.value} item", item.id)
        return self._told(f"library.did.{kind.value}", cohort.heard_by(caller), item)

    def _told(self, key: str, cohort: Cohort, item: Item) -> Card:
        return Card(self._words.say(key, cohort.locale, title=item.title))

    def _hand(self, item: Item, cohort: Cohort, locale: str) -> tuple[Button, ...]:
        acts = [("copy", Style.PLAIN), ("retire", Style.CAREFUL)]
        if item.status is Status.RETIRED:
            acts = [("restore", Style.PRIMARY)]
        elif item.status is not Status.APPROVED_HERE:
            acts.insert(0, ("approve", Style.PRIMARY))
        subject = f"{cohort.id}/{item.id}"
        return tuple(
            Button(f"library-{act}", subject, self._words.say(f"library.button.{act}", locale), style)
            for act, style in acts
        )

    async def _known(self, caller: Caller, cohort_id: str, item_id: str) -> tuple[Cohort, Item]:
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        try:
            return cohort, await self._shelf.item(cohort.id, item_id)
        except KeyError:
            raise NotFound from None

    async def _note(self, caller: Caller, cohort: Cohort, act: str, subject: str) -> None:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act, subject))
