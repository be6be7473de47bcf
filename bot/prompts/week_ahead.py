"""The week ahead in the supervisors' channel: what comes, a card a day, before anybody else sees it.

A supervisor must never be surprised by what her group reads. So what was shown stays: rotation keeps to it as long as
nothing speaks against it. Where something does (a swap, a hold, an item taken back), the day's card is changed in its
place, and what stands there counts as shown from then on.

A card's key names its cohort and day and begins the subject of its buttons, so that it is found again after a crash and
never stands there twice. The rest of the subject names the item: who presses under a card that has changed meanwhile
must not say yes to what she did not read.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.cohorts.cohorts import SHOWN_ON
from bot.duties.performer import Done, Missed, Outcome, Skipped
from bot.errors import MessengerError, NotPermitted, PlaceGone
from bot.people import Cohort, ItemPolicy
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery
from bot.ports.messenger import Messenger
from bot.ports.plans import PlanStore, Showing
from bot.ports.postings import PostingStore, WishKind
from bot.ports.words import Words
from bot.prompts.cards import ItemCards, text_of
from bot.prompts.planning import TOO_LATE, Planner
from bot.prompts.reasons import say_nothing, say_why
from bot.prompts.rotation import Choice, Nothing
from bot.prompts.shelf import Shelf
from bot.rhythm import local_day

_A_DAY = timedelta(days=1)
_MANY_SKIPS = 3
_WORTH_TRYING = timedelta(days=6)
"""By then the next week's showing is near, and has all that this one would have."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A day on which something else comes than was shown; `now` is empty where nothing does."""

    day: date
    was: str
    now: str


def day_key(cohort_id: str, day: date) -> str:
    """Return the key of a day's card, which is also what its buttons are about."""
    return f"w-{cohort_id}-{day:%y%m%d}"


def day_subject(cohort_id: str, day: date, item_id: str) -> str:
    """Return what the buttons of a day's card are about: the day, and the item that stood on the card."""
    return f"{day_key(cohort_id, day)}/{_mark_of(item_id)}"


def parse_day_subject(subject: str) -> tuple[str, date, str] | None:
    """Take a day's subject apart into cohort, day and the item's mark; None for anything else."""
    key, _, mark = subject.partition("/")
    head, _, tail = key.rpartition("-")
    try:
        return head.removeprefix("w-"), datetime.strptime(tail, "%y%m%d").date(), mark  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


def is_marked(mark: str, item_id: str) -> bool:
    """Say whether a button's mark is this item's."""
    return mark == _mark_of(item_id)


class WeekAhead:
    """Performs `Duty.SHOW`, and keeps what stands in the supervisors' channel true."""

    def __init__(
        self,
        shelf: Shelf,
        planner: Planner,
        cohorts: CohortStore,
        postings: PostingStore,
        plans: PlanStore,
        messenger: Messenger,
        words: Words,
        clock: Clock,
    ) -> None:
        self._shelf = shelf
        self._planner = planner
        self._cohorts = cohorts
        self._postings = postings
        self._plans = plans
        self._messenger = messenger
        self._words = words
        self._clock = clock
        self._cards = ItemCards(words)
        # Due work and a supervisor's press may meet: one at a time in a cohort, or a day's card would come twice.
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Show what has not been shown of this week, and from Thursday on of the next."""
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None:
            return Skipped("no cohort")
        if cohort.item_policy is ItemPolicy.OPEN:
            return Skipped("policy")
        if now - delivery.occurrence > _WORTH_TRYING:
            return Missed("the week was over")
        return Done() if await self.show(cohort, now) else Skipped("nothing new")

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Say in the cohort's own channel that supervisors cannot be shown anything: theirs is the one that fails."""
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None or not isinstance(error, NotPermitted | PlaceGone):
            return
        key = f"{day_key(cohort.id, local_day(delivery.due, cohort.zone))}-t"
        if await self._messenger.find(cohort.channel, key) is None:
            card = Card(self._words.say("prompts.week.unreachable", cohort.locale), tone=Tone.WARNING)
            await self._messenger.post(cohort.channel, card, key=key)

    async def show(self, cohort: Cohort, now: datetime) -> bool:
        """Show each coming day that was not shown as it stands; say whether there was any."""
        async with self._turns[cohort.id]:
            return await self._show(cohort, now)

    async def _show(self, cohort: Cohort, now: datetime) -> bool:
        first, last = await self._window(cohort, now)
        shown = {each.day: each.item_id for each in await self._plans.shown(cohort.id, first)}
        coming = await self._planner.preview(cohort, first, last, candidates=True)
        fresh = [
            (day, outcome)
            for day, outcome in coming
            if isinstance(outcome, Choice) and shown.get(day) != outcome.item.id
        ]
        if not fresh:
            return False
        await self._stand(cohort, f"{day_key(cohort.id, last)}-h", await self._head(cohort))
        for day, choice in fresh:
            await self._present(cohort, day, choice, now)
        return True

    async def refresh(self, cohort: Cohort) -> Sequence[Changed]:
        """Change the cards of days on which something else comes by now; say which."""
        if cohort.item_policy is ItemPolicy.OPEN:
            return ()
        async with self._turns[cohort.id]:
            return await self._refresh(cohort, self._clock.now())

    async def _refresh(self, cohort: Cohort, now: datetime) -> Sequence[Changed]:
        first, _ = await self._window(cohort, now)
        shown = {each.day: each.item_id for each in await self._plans.shown(cohort.id, first)}
        if not shown:
            return ()
        changed = []
        for day, outcome in await self._planner.preview(cohort, first, max(shown), candidates=True):
            new = outcome.item if isinstance(outcome, Choice) else None
            if day not in shown or (new and new.id == shown[day]):
                continue
            changed.append(Changed(day, await self._title(cohort, shown[day]), new.title if new else ""))
            await self._replace(cohort, day, outcome, now)
        return changed

    async def replan(self, cohort: Cohort, first: date) -> Sequence[Changed]:
        """Plan anew from a day on, whatever was shown; say what changed."""
        async with self._turns[cohort.id]:
            return await self._replan(cohort, first, self._clock.now())

    async def _replan(self, cohort: Cohort, first: date, now: datetime) -> Sequence[Changed]:
        first = max(first, (await self._window(cohort, now))[0])
        before = {each.day: each for each in await self._plans.shown(cohort.id, first)}
        for day in before:
            await self._plans.unshow(cohort.id, day)
        if not before:
            return ()
        changed = []
        for day, outcome in await self._planner.preview(cohort, first, max(before), candidates=True):
            if day not in before:
                continue
            new = outcome.item if isinstance(outcome, Choice) else None
            if new is None or new.id != before[day].item_id:
                title = await self._title(cohort, before[day].item_id)
                changed.append(Changed(day, title, new.title if new else ""))
            await self._replace(cohort, day, outcome, now)
        return changed

    async def again(self, cohort: Cohort, day: date) -> None:
        """Draw a day's card anew, after something about it changed."""
        async with self._turns[cohort.id]:
            for when, outcome in await self._planner.preview(cohort, day, day, candidates=True):
                await self._replace(cohort, when, outcome, self._clock.now())

    async def _replace(self, cohort: Cohort, day: date, outcome: Choice | Nothing, now: datetime) -> None:
        try:
            if isinstance(outcome, Choice):
                await self._present(cohort, day, outcome, now)
                return
            title = self._words.day(day, cohort.locale)
            card = Card(say_nothing(outcome, self._words, cohort.locale), title=title)
            await self._stand(cohort, day_key(cohort.id, day), card)
        except MessengerError:
            # What could not be shown does not count as shown: on its day supervisors are asked.
            pass
        await self._plans.unshow(cohort.id, day)

    async def _present(self, cohort: Cohort, day: date, choice: Choice, now: datetime) -> None:
        await self._stand(cohort, day_key(cohort.id, day), await self._card(cohort, day, choice, now))
        why = choice.why.to_dict()
        if _is_late(cohort, day, now) and not await self._was_in_time(cohort, day, choice):
            why[TOO_LATE] = True
        await self._plans.show(Showing(cohort.id, day, choice.item.id, why))

    async def _was_in_time(self, cohort: Cohort, day: date, choice: Choice) -> bool:
        shown = await self._plans.shown(cohort.id, day)
        return any(each.day == day and each.item_id == choice.item.id and not each.why.get(TOO_LATE) for each in shown)

    async def _stand(self, cohort: Cohort, key: str, card: Card) -> None:
        standing = await self._messenger.find(cohort.supervisors_channel, key)
        if standing is None:
            await self._messenger.post(cohort.supervisors_channel, card, key=key)
        else:
            await self._messenger.edit(standing, card, key=key)

    async def _card(self, cohort: Cohort, day: date, choice: Choice, now: datetime) -> Card:
        say, locale, item = self._words.say, cohort.locale, choice.item
        wished = await self._postings.wishes(cohort.id)
        approved = any(each.item_id == item.id and each.kind is WishKind.APPROVE for each in wished)
        acts = ["swap", "skip"] if approved else ["approve", "swap", "skip"]
        if _is_late(cohort, day, now):
            acts.insert(0, "post")
        buttons = tuple(
            Button(
                f"week-{act}",
                day_subject(cohort.id, day, item.id),
                say(f"prompts.button.{act}", locale),
                Style.PRIMARY if act in ("approve", "post") else Style.PLAIN,
            )
            for act in acts
        )
        theme = (await self._shelf.of(cohort.id)).themes[item.theme].title
        about = self._cards.about(item, theme, locale)
        status = say("prompts.week.approved" if approved else f"prompts.status.{item.status.value}", locale)
        return Card(
            f"**{item.title}**\n{about}\n\n{text_of(item)}",
            title=self._words.day(day, locale),
            fields=(
                *self._cards.later(item, locale),
                (say("prompts.why.title", locale), say_why(choice.why, self._words, locale)),
            ),
            footer=status,
            buttons=buttons,
            tone=Tone.PROMPT,
        )

    async def _head(self, cohort: Cohort) -> Card:
        say, locale = self._words.say, cohort.locale
        lines = [say(f"prompts.week.{cohort.item_policy.value}", locale)]
        library = await self._shelf.of(cohort.id)
        themes = {item.id: item.theme for item in library.items}
        today = local_day(self._clock.now(), cohort.zone)
        skipped = Counter(
            themes[wish.item_id]
            for wish in await self._postings.wishes(cohort.id)
            if wish.kind is WishKind.SKIP and wish.day and wish.day > today + _A_DAY and wish.item_id in themes
        )
        lines += [
            say("prompts.week.many_skips", locale, count=count, theme=library.themes[theme].title)
            for theme, count in sorted(skipped.items())
            if count >= _MANY_SKIPS
        ]
        return Card("\n\n".join(lines), title=say("prompts.week.title", locale))

    async def _window(self, cohort: Cohort, now: datetime) -> tuple[date, date]:
        """From today, or tomorrow if today's item is out, to the end of the last week that is to be seen by now."""
        today = local_day(now, cohort.zone)
        out = any(p.day == today and not p.on_demand for p in await self._postings.history(cohort.id, today))
        sunday = today + (6 - today.weekday()) * _A_DAY
        thursday = sunday - (6 - SHOWN_ON) * _A_DAY
        wall = now.astimezone(ZoneInfo(cohort.zone))
        is_next_seen = (wall.date(), wall.time()) >= (thursday, cohort.time)
        return today + _A_DAY if out else today, sunday + 7 * _A_DAY if is_next_seen else sunday

    async def _title(self, cohort: Cohort, item_id: str) -> str:
        try:
            return (await self._shelf.item(cohort.id, item_id)).title
        except KeyError:
            return item_id


def _is_late(cohort: Cohort, day: date, now: datetime) -> bool:
    """Whether the item of `day` was due already: shown only now, it waits for a supervisor to send it out."""
    wall = now.astimezone(ZoneInfo(cohort.zone))
    return day == wall.date() and wall.time() >= cohort.time


def _mark_of(item_id: str) -> str:
    return hashlib.sha256(item_id.encode()).hexdigest()[:8]
