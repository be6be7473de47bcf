"""Which item today: a pure function of the library, the history, the day and the cohort's wishes.

The same arguments always give the same item, on any machine, in whatever order the items arrive; so a
preview is simply the future computed early, and a crash between choosing and posting costs nothing.

The order of thought: is there a reason for silence; is an item pinned, due in a sequence, requested or
in season; else the pool. Among what the cohort accepts, only what the intensity budget permits is
looked at, and unseen items always go before seen ones. Spacing rules then narrow the rest, giving way
in a fixed order when nothing is left; the budget and the rules against repeats never give way: nothing comes again
before the pool is exhausted, nor within half a year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.prompts.balance import Balance
from bot.prompts.eligibility import fills_slot, objections_to, refused_for, reserved_items
from bot.prompts.item import Intensity, Item, Pool
from bot.prompts.pacing import REPEAT_AFTER, Past, Spacing, permitted_intensities, relaxations
from bot.prompts.why import Choice, Limit, Note, Nothing, Reason, Refusal, Remark, Rule, Source, Why
from bot.prompts.wishes import Pin, Request, SeasonRange, Shown, Used, Wishes

__all__ = [
    "Choice",
    "Nothing",
    "Pin",
    "Request",
    "SeasonRange",
    "Shown",
    "Used",
    "Why",
    "Wishes",
    "choose",
    "pin_objections",
    "preview",
    "settled",
]

SEASONAL_EVERY = timedelta(days=3)
PIN_IS_SPENT_FOR = timedelta(days=7)


def choose(items: Sequence[Item], history: Sequence[Used], day: date, wishes: Wishes) -> Choice | Nothing:
    """Choose the item for `day`, with the reasons; `Nothing` for holds or an empty pool."""
    if wishes.paused_until is not None and day < wishes.paused_until:
        return Nothing(day, Reason.PAUSED)
    if not wishes.on_demand and day in wishes.quiet_days:
        return Nothing(day, Reason.QUIET_DAY)
    draw = _Draw.prepare(items, history, day, wishes)
    # Pins, slots and requests are meant for the schedule; a draw on demand must not use them up.
    attempts = [draw.pinned, draw.as_shown, draw.from_sequence, draw.requested, draw.seasonal, draw.from_pool]
    for attempt in attempts[4:] if wishes.on_demand else attempts:
        choice = attempt()
        if choice is not None:
            return choice
    too_heavy = all(item.intensity not in draw.permitted for item in draw.eligible)
    reason = Reason.NOTHING_LIGHT_ENOUGH if draw.eligible and too_heavy else Reason.NOTHING_ELIGIBLE
    if draw.refused[Refusal.RECENT]:
        reason = Reason.ALL_RECENT
    return Nothing(day, reason, dict(+draw.refused), tuple(draw.notes))


def preview(
    items: Sequence[Item], history: Sequence[Used], days: Iterable[date], wishes: Wishes
) -> list[tuple[date, Choice | Nothing]]:
    """What would be posted on each of `days`, in order, if nobody changed their mind. Nothing is stored."""
    coming: list[tuple[date, Choice | Nothing]] = []
    used = list(history)
    for day in days:
        outcome = choose(items, used, day, wishes)
        if isinstance(outcome, Choice):
            used.append(Used(outcome.item.id, day, wishes.on_demand))
            wishes = settled(wishes, outcome)
        coming.append((day, outcome))
    return coming


def settled(wishes: Wishes, choice: Choice) -> Wishes:
    """The wishes that remain once `choice` is posted: its pin, and the request that it answered, are done."""
    item = choice.item
    requests = list(wishes.requests)
    if choice.why.source is Source.REQUEST:
        requests.remove(next(r for r in requests if r.item_id == item.id or r.theme == item.theme))
    pinned = tuple(pin for pin in wishes.pinned if pin.item_id != item.id or pin.is_ahead(choice.why.day))
    return replace(wishes, pinned=pinned, requests=tuple(requests))


def pin_objections(
    items: Sequence[Item], history: Sequence[Used], day: date, wishes: Wishes, item_id: str
) -> tuple[Refusal, ...]:
    """What pinning an item for `day` would override, for a supervisor to confirm; empty where nothing.

    `RETIRED` and `STATUS` cannot be confirmed away: such an item is never posted.
    """
    known = {item.id: item for item in items}
    past = Past(known, history, day)
    permitted, _ = permitted_intensities(past, day, wishes)
    return objections_to(known[item_id], permitted, wishes)


@dataclass(slots=True)
class _Draw:
    """One day's choosing, with what it learns on the way."""

    known: dict[str, Item]
    past: Past
    day: date
    wishes: Wishes
    permitted: frozenset[Intensity]
    limits: tuple[Limit, ...]
    eligible: list[Item]
    refused: Counter[Refusal]
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def prepare(cls, items: Sequence[Item], history: Sequence[Used], day: date, wishes: Wishes) -> _Draw:
        known = {item.id: item for item in items}
        past = Past(known, history, day)
        permitted, limits = permitted_intensities(past, day, wishes)
        reserved, seasons = reserved_items(day, wishes), wishes.seasons_on(day)
        eligible, refused = [], Counter[Refusal]()
        for item in known.values():
            refusal = refused_for(item, day, wishes, reserved, seasons)
            if refusal is None:
                eligible.append(item)
            if refusal is not None or item.intensity not in permitted:
                refused[refusal or Refusal.INTENSITY] += 1
        return cls(known, past, day, wishes, permitted, limits, eligible, refused)

    def pinned(self) -> Choice | None:
        for pin in self.wishes.pinned:
            if not pin.is_due(self.day) or self._is_spent(pin):
                continue
            item = self.known.get(pin.item_id)
            if item is None:
                self.notes.append(Note(Remark.PIN_UNKNOWN, pin.item_id))
                continue
            objections = objections_to(item, self.permitted, self.wishes)
            if {Refusal.RETIRED, Refusal.STATUS} & set(objections):
                self.notes.append(Note(Remark.PIN_BELOW_FLOOR, item.id))
            elif objections and not pin.confirmed:
                self.notes.append(Note(Remark.PIN_NEEDS_CONFIRMATION, item.id))
            else:
                if objections:
                    self.notes.append(Note(Remark.PIN_CONFIRMED, item.id))
                return self._chosen(item, Source.PINNED, fitting=1)
        return None

    def _is_spent(self, pin: Pin) -> bool:
        last = self.past.last_used.get(pin.item_id)
        return last is not None and last >= (pin.day or self.day - PIN_IS_SPENT_FOR)

    def as_shown(self) -> Choice | None:
        """What supervisors have seen coming comes, as long as nothing speaks against it by now."""
        shown = self.wishes.shown.get(self.day)
        if shown is None:
            return None
        item = next((item for item in self._permitted() if item.id == shown.item_id), None)
        if item is None or self.past.last_used.get(item.id) != shown.why.last_used:
            self.notes.append(Note(Remark.SHOWN_CHANGED, shown.item_id))
            return None
        return Choice(item, replace(shown.why, day=self.day, notes=(Note(Remark.SHOWN_BEFORE, item.id), *self.notes)))

    def from_sequence(self) -> Choice | None:
        slot = self.wishes.slots.get(self.day)
        if slot is None:
            return None
        wanted = [item for item in self._unseen() if fills_slot(item, slot)]
        choice = self._best(wanted, Source.SEQUENCE, exempt=(Rule.THEME_GAP,))
        if choice is None:
            about = slot.item_id or (slot.pick.theme if slot.pick else None) or ""
            self.notes.append(Note(Remark.SLOT_UNAVAILABLE, about))
        return choice

    def requested(self) -> Choice | None:
        for request in self.wishes.requests:
            wanted = [i for i in self._unseen() if i.id == request.item_id or i.theme == request.theme]
            choice = self._best(wanted, Source.REQUEST, relax=False)
            if choice is not None:
                return choice
            self.notes.append(Note(Remark.REQUEST_WAITS, request.item_id or request.theme or ""))
        return None

    def seasonal(self) -> Choice | None:
        wanted = [item for item in self._unseen() if item.pool is Pool.SEASONAL]
        recently = any(
            post.item.pool is Pool.SEASONAL and self.day - post.day < SEASONAL_EVERY for post in self.past.week
        )
        return None if recently else self._best(wanted, Source.SEASONAL, relax=False)

    def from_pool(self) -> Choice | None:
        core = [item for item in self._permitted() if item.pool is Pool.CORE]
        unseen = [item for item in core if item.id not in self.past.last_used]
        if unseen:
            return self._best(unseen, Source.POOL)
        # On demand, for one person's eyes, even what was here lately is better than nothing.
        rested = [
            item for item in core if self.wishes.on_demand or self.day - self.past.last_used[item.id] >= REPEAT_AFTER
        ]
        self.refused[Refusal.RECENT] += len(core) - len(rested)
        return self._best(rested, Source.POOL, oldest_first=True)

    def _permitted(self) -> list[Item]:
        return [item for item in self.eligible if item.intensity in self.permitted]

    def _unseen(self) -> list[Item]:
        return [item for item in self._permitted() if item.id not in self.past.last_used]

    def _best(
        self,
        candidates: Sequence[Item],
        source: Source,
        *,
        exempt: Sequence[Rule] = (),
        relax: bool = True,
        oldest_first: bool = False,
    ) -> Choice | None:
        """The candidate wanted most among those that break the fewest of the rules, from the last one up."""
        if not candidates:
            return None
        spacing = Spacing(self.past, self.day, self.wishes)
        broken = {item.id: spacing.broken(item) for item in candidates}
        steps = relaxations(exempt)
        for kept in steps if relax else steps[:1]:
            fitting = [item for item in candidates if not broken[item.id] & kept]
            if fitting:
                break
        else:
            return None
        leading = fitting
        if oldest_first:
            oldest = min(self.past.last_used[item.id] for item in fitting)
            leading = [item for item in fitting if self.past.last_used[item.id] == oldest]
        balance = Balance(self.past, self._unseen(), self.day, self.wishes)
        scores = {item.id: balance.score(item) for item in leading}
        best = max(leading, key=lambda item: (sum(scores[item.id].values()), item.id))
        relaxed = tuple(rule for rule in Rule if rule in broken[best.id] and rule not in exempt)
        return self._chosen(best, source, fitting=len(fitting), relaxed=relaxed, score=scores[best.id])

    def _chosen(
        self,
        item: Item,
        source: Source,
        *,
        fitting: int,
        relaxed: tuple[Rule, ...] = (),
        score: dict[str, float] | None = None,
    ) -> Choice:
        unseen = [other for other in self.eligible if other.id not in self.past.last_used]
        why = Why(
            day=self.day,
            source=source,
            eligible=len(self.eligible),
            unseen=len(unseen),
            waiting=sum(1 for other in unseen if other.intensity not in self.permitted),
            fitting=fitting,
            limits=self.limits,
            relaxed=relaxed,
            last_used=self.past.last_used.get(item.id),
            score={name: round(value, 4) for name, value in (score or {}).items()},
            notes=tuple(self.notes),
        )
        return Choice(item, why)
