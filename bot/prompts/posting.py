"""One item into the channel, exactly once.

The posting's id is derived from the delivery (or from the event that asked for it), the posting is planned with its
item before anything is sent, and the id stands in the message's buttons. Whoever comes back after a crash finds the
plan, looks for the message, and only then posts.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from bot.cards import Card, Tone
from bot.duties.performer import Done, Missed, Outcome, Skipped
from bot.errors import MessengerError, NotPermitted
from bot.people import Cohort, MessageRef
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.ports.keys import PostingKeys
from bot.ports.messenger import Messenger
from bot.ports.plans import ArrangementKind, PlanStore
from bot.ports.postings import Posting, PostingState, PostingStore, WishKind
from bot.ports.words import Words
from bot.prompts.calendar import quiet_days
from bot.prompts.cards import ItemCards
from bot.prompts.parts import second_part
from bot.prompts.planning import Planner
from bot.prompts.rotation import Nothing
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import WeekAhead
from bot.prompts.why import Reason, Refusal, Source
from bot.rhythm import local_day, once

_PINS = (WishKind.PIN, WishKind.PIN_ANYWAY)
_NEVER = frozenset({Refusal.RETIRED, Refusal.STATUS})
_WORTH_TELLING = (Reason.NOTHING_ELIGIBLE, Reason.NOTHING_LIGHT_ENOUGH, Reason.ALL_RECENT)


def posting_id(*parts: str) -> str:
    """Derive a posting's id, 16 hex digits, from what brought it about."""
    return hashlib.sha256("/".join(("posting", *parts)).encode()).hexdigest()[:16]


class PostingDuty:
    """Performs `Duty.PROMPT`: the daily item, or one that a supervisor asked for now."""

    def __init__(
        self,
        shelf: Shelf,
        planner: Planner,
        week: WeekAhead,
        plans: PlanStore,
        cohorts: CohortStore,
        postings: PostingStore,
        due: DueTable,
        keys: PostingKeys,
        messenger: Messenger,
        words: Words,
    ) -> None:
        self._shelf = shelf
        self._week = week
        self._plans = plans
        self._planner = planner
        self._cohorts = cohorts
        self._postings = postings
        self._due = due
        self._keys = keys
        self._messenger = messenger
        self._words = words
        self._cards = ItemCards(words)

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Post what is due, unless the day is over, quiet, paused, or nothing fits."""
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None:
            return Skipped("no cohort")
        asked_id, _, asked_item = delivery.subject.partition("/")
        ident = asked_id or posting_id(delivery.schedule_id, delivery.due.isoformat())
        posting = await self._postings.get(ident)
        if posting and posting.state is not PostingState.PLANNED:
            return Done()
        # After downtime the occurrence is the latest of those that were missed.
        day, today = local_day(delivery.occurrence, cohort.zone), local_day(now, cohort.zone)
        look_first = posting is not None or delivery.attempts > 1
        standing = await self._messenger.find(cohort.channel, ident) if look_first else None
        if posting and standing is None and not asked_item and await self._is_taken_back(posting, cohort, day, now):
            await self._postings.unplanned(ident)
            self._keys.destroy(ident)
            posting = None
        if posting is None:
            if not asked_item and (reason := self._reason_for_silence(cohort, day, now)):
                return Skipped(reason)
            if today > day:
                return await self._too_late(cohort, ident, day)
            planned = await self._plan(cohort, ident, day, asked_item)
            if isinstance(planned, Nothing):
                if planned.reason is Reason.NOT_SHOWN:
                    # Nobody is surprised: supervisors see it now, with a button to send it out.
                    await self._week.show(cohort, now)
                return await self._nothing(cohort, ident, planned)
            posting = planned
        if standing is None and today > day:
            await self._postings.unplanned(ident)
            return await self._too_late(cohort, ident, day)
        await self._stand(cohort, posting, standing, now)
        return Done()

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Tell the supervisors that a posting does not go out, with the permission to grant where it is that."""
        cohort = await self._cohorts.get(delivery.cohort_id)
        if cohort is None:
            return
        kind = type(error).__name__ if isinstance(error, MessengerError) else "other"
        key = f"prompts.trouble.{kind}"
        values = {"channel": cohort.channel.id, "missing": str(error) if isinstance(error, NotPermitted) else ""}
        try:
            body = self._words.say(key, cohort.locale, **values)
        except KeyError:
            body = self._words.say("prompts.trouble.other", cohort.locale, **values)
        ident = posting_id(delivery.schedule_id, delivery.due.isoformat())
        await self._messenger.post(cohort.supervisors_channel, Card(body, tone=Tone.WARNING), key=f"{ident}-t")

    async def _is_taken_back(self, posting: Posting, cohort: Cohort, day: date, now: datetime) -> bool:
        """Whether supervisors said no, or asked for silence, since an item was planned that could not go out yet."""
        if self._reason_for_silence(cohort, day, now):
            return True
        final = _NEVER if posting.why.get("source") == Source.PINNED else _NEVER | {Refusal.HELD}
        try:
            return bool(final.intersection(await self._planner.objections(cohort, day, posting.item_id)))
        except KeyError:
            return True  # the library has it no more

    def _reason_for_silence(self, cohort: Cohort, day: date, now: datetime) -> str:
        if cohort.is_paused(now):
            return "paused"
        if day in quiet_days(cohort, local_day(now, cohort.zone) - timedelta(days=1), local_day(now, cohort.zone)):
            return "holiday"
        return ""

    async def _plan(self, cohort: Cohort, ident: str, day: date, asked_item: str) -> Posting | Nothing:
        if asked_item:
            why: dict[str, object] = {"on_demand": True}
            item_id = asked_item
        else:
            choice = await self._planner.choose(cohort, day)
            if isinstance(choice, Nothing):
                return choice
            why, item_id = choice.why.to_dict(), choice.item.id
        # The key exists before the button can be pressed.
        self._keys.create(ident)
        return await self._postings.plan(Posting(ident, cohort.id, item_id, day, why))

    async def _stand(self, cohort: Cohort, posting: Posting, standing: MessageRef | None, now: datetime) -> None:
        item = await self._shelf.item(cohort.id, posting.item_id)
        self._keys.create(posting.id)
        closes_at = now + timedelta(days=cohort.open_days)
        if standing is None:
            card = self._cards.standing(item, posting, cohort, closes_at)
            standing = await self._messenger.post(cohort.channel, card, key=posting.id)
        thread = await self._messenger.open_thread(standing, item.title)
        # Written before the posting counts as open, so that none stays open for ever.
        await self._due.put(
            Schedule(f"close-{posting.id}", cohort.id, Duty.CLOSE, once(closes_at), closes_at, subject=posting.id)
        )
        if part := second_part(posting.id, item, cohort, now):
            await self._due.put(part)
        await self._postings.opened(posting.id, standing, thread, closes_at)
        for kind in _PINS:
            await self._postings.unwish(cohort.id, posting.item_id, kind)
        if posting.why.get("source") == Source.REQUEST:
            await self._plans.undo(cohort.id, ArrangementKind.REQUEST, item.theme)

    async def _too_late(self, cohort: Cohort, ident: str, day: date) -> Outcome:
        self._keys.destroy(ident)
        body = self._words.say("prompts.missed", cohort.locale, day=self._words.day(day, cohort.locale))
        await self._tell_once(cohort, f"{ident}-m", body)
        return Missed("the day was over")

    async def _nothing(self, cohort: Cohort, ident: str, nothing: Nothing) -> Outcome:
        if nothing.reason in _WORTH_TELLING:
            body = self._words.say(f"prompts.nothing.{nothing.reason.value}", cohort.locale)
            await self._tell_once(cohort, f"{ident}-n", body)
        return Skipped(nothing.reason.value)

    async def _tell_once(self, cohort: Cohort, key: str, body: str) -> None:
        place = cohort.supervisors_channel
        if await self._messenger.find(place, key) is None:
            await self._messenger.post(place, Card(body, tone=Tone.WARNING), key=key)
