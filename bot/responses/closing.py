"""The end of a posting: its key is destroyed, and with it the last way from a response to its author.

Privacy goes first and the platform second: a thread that cannot be locked must never keep a key alive. Done again
after a crash, every step finds itself done.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from bot.cards import Card, Tone
from bot.duties.performer import Done, Outcome, Skipped
from bot.errors import NotPermitted, PlaceGone, TryLater
from bot.people import Cohort
from bot.ports.cohorts import CohortStore
from bot.ports.duties import Delivery, DueTable, Duty, Schedule
from bot.ports.keys import PostingKeys
from bot.ports.messenger import Messenger
from bot.ports.postings import Posting, PostingState, PostingStore
from bot.ports.responses import ResponseState, ResponseStore
from bot.prompts.cards import ItemCards
from bot.prompts.shelf import Shelf
from bot.responses.publishing import Publisher
from bot.rhythm import once

_PATIENCE = timedelta(days=1)
_LIVING = (PostingState.OPEN, PostingState.LOCKED)


class Closing:
    """Closes, locks and reopens postings; performs `Duty.CLOSE`."""

    def __init__(
        self,
        shelf: Shelf,
        cohorts: CohortStore,
        postings: PostingStore,
        responses: ResponseStore,
        due: DueTable,
        keys: PostingKeys,
        messenger: Messenger,
        publisher: Publisher,
        cards: ItemCards,
    ) -> None:
        self._shelf = shelf
        self._cohorts = cohorts
        self._postings = postings
        self._responses = responses
        self._due = due
        self._keys = keys
        self._messenger = messenger
        self._publisher = publisher
        self._cards = cards

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        """Close a posting whose time has come, unless it was given more time or is closed already."""
        posting = await self._postings.get(delivery.subject)
        cohort = await self._cohorts.get(delivery.cohort_id)
        if posting is None or cohort is None:
            return Skipped("gone")
        if posting.state is PostingState.CLOSED and delivery.attempts == 1:
            return Skipped("closed")
        if posting.state in _LIVING and posting.closes_at and posting.closes_at > now:
            return Skipped("given more time")
        await self.close(posting, cohort, patient=now < delivery.due + _PATIENCE)
        return Done()

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """Nothing that a supervisor must do: the key is gone already, only the thread's look lags behind."""

    async def close(self, posting: Posting, cohort: Cohort, *, patient: bool = False) -> None:
        """Destroy the key, blank what it could read, then lock the thread. Raises TryLater for passing faults.

        While `patient`, responses that still wait for a platform's fault to pass keep the posting open.
        """
        if posting.state in _LIVING:
            for response in await self._responses.of_posting(posting.id):
                if response.state is ResponseState.WAITING:
                    await self._publisher.publish(response, look_first=True)
            left = [r for r in await self._responses.of_posting(posting.id) if r.state is ResponseState.WAITING]
            if left and patient:
                raise TryLater(60.0)
        self._keys.destroy(posting.id)
        await self._responses.forget_authors(posting.id)
        await self._postings.move(posting.id, PostingState.CLOSED, only_from=_LIVING)
        await self.redraw(posting.id, cohort)
        item = await self._shelf.item(posting.cohort_id, posting.item_id)
        if posting.thread is None:
            return
        with suppress(PlaceGone, NotPermitted):
            if item.afterword:
                key = f"{posting.id}-after"
                if await self._messenger.find(posting.thread, key) is None:
                    source = item.afterword.source or ""
                    card = Card(item.afterword.text, footer=source, tone=Tone.PROMPT)
                    await self._messenger.post(posting.thread, card, key=key)
            await self._messenger.set_thread_locked(posting.thread, True, locale=cohort.locale)

    async def lock(self, posting: Posting, cohort: Cohort, locked: bool) -> bool:
        """Stop or allow new responses; authors keep their hand on theirs. Say whether anything changed."""
        here, there = (PostingState.OPEN, PostingState.LOCKED) if locked else (PostingState.LOCKED, PostingState.OPEN)
        if not await self._postings.move(posting.id, there, only_from=(here,)):
            return False
        await self.redraw(posting.id, cohort)
        if posting.thread:
            await self._messenger.set_thread_locked(posting.thread, locked, locale=cohort.locale)
        return True

    async def reopen(self, posting: Posting, cohort: Cohort, now: datetime) -> bool:
        """Take responses again, under a new key: who wrote the earlier ones stays unknown for good."""
        if posting.state is not PostingState.CLOSED:
            return False
        closes_at = now + timedelta(days=cohort.open_days)
        self._keys.create(posting.id)
        await self._due.put(
            Schedule(f"close-{posting.id}", cohort.id, Duty.CLOSE, once(closes_at), closes_at, subject=posting.id)
        )
        await self._postings.set_closing(posting.id, closes_at)
        await self._postings.move(posting.id, PostingState.OPEN, only_from=(PostingState.CLOSED,))
        await self.redraw(posting.id, cohort)
        if posting.thread:
            await self._messenger.set_thread_locked(posting.thread, False)
        return True

    async def redraw(self, posting_id: str, cohort: Cohort) -> None:
        """Make the posting's card show its state; a message that was deleted by hand is no reason to fail."""
        posting = await self._postings.get(posting_id)
        if posting is None or posting.message is None:
            return
        card = self._cards.standing(
            await self._shelf.item(posting.cohort_id, posting.item_id), posting, cohort, posting.closes_at
        )
        with suppress(PlaceGone, NotPermitted):
            await self._messenger.edit(posting.message, card)
