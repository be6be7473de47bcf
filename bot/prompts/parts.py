"""The second part of a vignette: the turn that unsettles the first reading, a day later or when a supervisor says so.

One way leads there: the due table. A supervisor who does not want to wait only moves it forward, so that the part is
posted once however it was released, and a crash finds it again. Where her group was to be spared the item since it was
posted (a hold, a retirement), the part waits for her.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.duties.performer import Done, Outcome, Skipped
from bot.errors import NotAllowed, NotFound
from bot.people import Caller, Cohort, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.ports.messenger import Messenger
from bot.ports.plans import ArrangementKind, PlanStore
from bot.ports.postings import Posting, PostingState, PostingStore
from bot.ports.words import Words
from bot.prompts.item import HoldFlag, Item, Status
from bot.prompts.shelf import Shelf
from bot.rhythm import once

_LIVING = (PostingState.OPEN, PostingState.LOCKED)
_ASKED = "asked"


def second_part(posting_id: str, item: Item, cohort: Cohort, opened: datetime) -> Schedule | None:
    """Return when an item's second part is due, the next day at the same time on people's clocks; None without one."""
    if not item.beats:
        return None
    zone = ZoneInfo(cohort.zone)
    at = (opened.astimezone(zone) + timedelta(days=1)).astimezone(opened.tzinfo)
    return _schedule(posting_id, cohort, at)


def _schedule(posting_id: str, cohort: Cohort, at: datetime, *, asked: bool = False) -> Schedule:
    subject = f"{posting_id}/{_ASKED}" if asked else posting_id
    return Schedule(f"part-{posting_id}", cohort.id, Duty.PART, once(at), at, subject=subject)


class Parts:
    """Performs `Duty.PART`, and lets a supervisor release a part before its time."""

    def __init__(
        self,
        shelf: Shelf,
        cohorts: CohortStore,
        postings: PostingStore,
        plans: PlanStore,
        due: DueTable,
        audit: AuditStore,
        messenger: Messenger,
        words: Words,
        clock: Clock,
        poke: Callable[[], None],
    ) -> None:
        self._shelf = shelf
        self._cohorts = cohorts
        self._postings = postings
        self._plans = plans
        self._due = due
        self._audit = audit
        self._messenger = messenger
        self._words = words
        self._clock = clock
        self._poke = poke

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Post the part into the posting's thread, unless the posting has closed; a pause or a hold puts it off."""
        posting_id, _, asked = delivery.subject.partition("/")
        posting = await self._postings.get(posting_id)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if posting is None or cohort is None or posting.thread is None:
            return Skipped("gone")
        if posting.state not in _LIVING:
            return Skipped("closed")
        item, key = await self._shelf.item(posting.cohort_id, posting.item_id), f"{posting.id}-2"
        if cohort.is_paused(now) or (not asked and await self._is_spared(item, cohort)):
            await self._due.put(_schedule(posting.id, cohort, now + timedelta(days=1)))
            return Skipped("put off")
        if item.beats and await self._messenger.find(posting.thread, key) is None:
            await self._messenger.post(posting.thread, self._card(item, posting, cohort), key=key)
        return Done()

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Nothing that a supervisor must do: the first part stands, and the posting's own trouble is told already."""

    async def release(self, caller: Caller, posting_id: str) -> Card:
        """Bring the second part now. Raises NotAllowed for all but supervisors, and NotFound."""
        posting = await self._postings.get(posting_id)
        cohort = await self._cohorts.get(posting.cohort_id) if posting else None
        if posting is None or cohort is None:
            raise NotFound
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        locale = cohort.heard_by(caller).locale
        if not (await self._shelf.item(posting.cohort_id, posting.item_id)).beats:
            return Card(self._words.say("prompts.part.none", locale))
        waiting = await self._due.get(f"part-{posting.id}")
        if posting.state not in _LIVING or waiting is None or waiting.next_run_at is None:
            return Card(self._words.say("prompts.part.over", locale))
        now = self._clock.now()
        await self._due.put(_schedule(posting.id, cohort, now, asked=True))
        await self._audit.append(AuditEntry(cohort.id, now, caller.member, "part", posting.id))
        self._poke()
        return Card(self._words.say("prompts.part.coming", locale))

    async def _is_spared(self, item: Item, cohort: Cohort) -> bool:
        arranged = await self._plans.arranged(cohort.id)
        held = {HoldFlag(each.subject) for each in arranged if each.kind is ArrangementKind.HOLD}
        return item.status is Status.RETIRED or bool(item.hold_when & held)

    def _card(self, item: Item, posting: Posting, cohort: Cohort) -> Card:
        beat = item.beats[0]
        respond = Button("respond", posting.id, self._words.say("prompts.button.respond", cohort.locale), Style.PRIMARY)
        return Card(
            f"{beat.body.strip()}\n\n**{beat.question.strip()}**",
            title=self._words.say("prompts.part.title", cohort.locale),
            buttons=(respond,) if posting.state is PostingState.OPEN else (),
            tone=Tone.PROMPT,
        )
