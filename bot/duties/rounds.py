"""One round through everything that is due: claim it, carry it out, and give back what did not go.

The due table decides who does what, so rounds may overlap, in one process and in several. A delivery ends only when
its performer says how it ended. Whatever else happens, an error, a performer that hangs, a process that dies, leaves
it in the table, where its lease runs out and a later round finds it again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.duties.advance import advance
from bot.duties.backoff import wait_after
from bot.duties.performer import Done, Missed, Outcome, Performer, Skipped
from bot.errors import NotPermitted, PlaceGone, TryLater
from bot.ports.clock import Clock
from bot.ports.duties import Delivery, DueTable, Duty, Ending

_log = logging.getLogger(__name__)

_CLAIM_AT_ONCE = 500
_PATIENT_TRIES = 3
_KEPT_FINISHED = timedelta(days=30)

Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Report:
    """What one round did: schedules claimed, and deliveries by how they came out."""

    claimed: int = 0
    done: int = 0
    skipped: int = 0
    missed: int = 0
    retried: int = 0

    @property
    def handled(self) -> int:
        """How many deliveries this round had in hand."""
        return self.done + self.skipped + self.missed + self.retried


class Rounds:
    """Goes round on demand. `workers` bounds how many deliveries are in hand at once, over all rounds.

    `patience` is how long one performance may take before it counts as failed; it stays below `lease`, so that
    nobody else starts a delivery that is still being worked on here.
    """

    def __init__(
        self,
        due: DueTable,
        clock: Clock,
        performers: Mapping[Duty, Performer],
        *,
        workers: int = 32,
        patience: timedelta = timedelta(seconds=90),
        lease: timedelta = timedelta(seconds=120),
    ) -> None:
        if patience >= lease:
            raise ValueError("a lease must outlast the slowest performance")
        self._due = due
        self._clock = clock
        self._performers = performers
        self._workers = workers
        self._patience = patience
        self._lease = lease
        self._in_hand: set[Key] = set()
        self._told: set[Key] = set()

    async def next_due(self) -> datetime | None:
        """Return the instant (aware UTC) at which another round is worth its while."""
        return await self._due.next_due()

    async def go_round(self, now: datetime | None = None) -> Report:
        """Claim and carry out until nothing more is due at `now` (the clock's own, if not given).

        Work that becomes due through this very round, such as personal copies of a reminder, is done in it too.
        Raises StorageError if the due table cannot be used; what was claimed by then stays for the next round.
        """
        counts: Counter[str] = Counter()
        while True:
            at = now or self._clock.now()
            while claimed := await self._due.claim_due(at, _CLAIM_AT_ONCE, partial(advance, now=at)):
                counts["claimed"] += claimed
            outcomes = await self._work_off(now)
            counts += outcomes
            if not outcomes:
                return Report(**counts)

    async def tidy(self) -> int:
        """Delete the traces of deliveries that ended a month ago; return how many."""
        return await self._due.forget_finished(self._clock.now() - _KEPT_FINISHED)

    async def _work_off(self, now: datetime | None) -> Counter[str]:
        """Lease as many deliveries as there are free hands until there are none, and count how they came out."""
        counts: Counter[str] = Counter()
        running: set[asyncio.Task[str]] = set()
        try:
            while True:
                at = now or self._clock.now()
                free = self._workers - len(self._in_hand)
                leased = await self._due.lease(at, at + self._lease, free) if free > 0 else ()
                for delivery in leased:
                    # A clock that was moved ahead ends leases early: what is still in hand here is not begun twice.
                    if _key(delivery) not in self._in_hand:
                        self._in_hand.add(_key(delivery))
                        running.add(asyncio.create_task(self._carry_out(delivery, now)))
                if not running:
                    return counts
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                counts.update(task.result() for task in done)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _carry_out(self, delivery: Delivery, now: datetime | None) -> str:
        try:
            performer = self._performers.get(delivery.duty)
            if performer is None:
                raise LookupError(delivery.duty)
            async with asyncio.timeout(self._patience.total_seconds()):
                outcome = await performer.perform(delivery, now or self._clock.now())
        except Exception as error:
            await self._give_back(delivery, error, now or self._clock.now())
            return "retried"
        else:
            return await self._end(delivery, outcome)
        finally:
            self._in_hand.discard(_key(delivery))

    async def _end(self, delivery: Delivery, outcome: Outcome) -> str:
        ending, reason = _written(outcome)
        try:
            await self._due.finish(delivery, ending, reason)
        except Exception as error:
            # Its lease runs out by itself, and the performer will find that the work was done.
            _log.error("the end of %s could not be written (%s)", _shown(delivery), _name(error))
            return "retried"
        self._told.discard(_key(delivery))
        if ending is not Ending.DONE:
            _log.info("%s was %s: %s", _shown(delivery), ending, reason)
        return ending.value

    async def _give_back(self, delivery: Delivery, error: Exception, now: datetime) -> None:
        seed = f"{delivery.schedule_id}/{delivery.due.isoformat()}"
        wait = wait_after(delivery.attempts, seed, error.after if isinstance(error, TryLater) else 0.0)
        _log.warning(
            "%s did not go (%s, try %d), again in %.0f s",
            _shown(delivery),
            _name(error),
            delivery.attempts,
            wait.total_seconds(),
        )
        try:
            await self._due.retry_at(delivery, now + wait, _name(error))
        except Exception as second:
            _log.error("%s could not be given back (%s)", _shown(delivery), _name(second))
        if self._worth_telling(delivery, error):
            try:
                async with asyncio.timeout(self._patience.total_seconds()):
                    await self._performers[delivery.duty].troubled(delivery, error, delivery.attempts)
                self._told.add(_key(delivery))
            except Exception as second:
                _log.error("nobody could be told about %s (%s)", _shown(delivery), _name(second))

    def _worth_telling(self, delivery: Delivery, error: Exception) -> bool:
        """Say at once what only a person can mend, and anything else when it lasts; each delivery once."""
        if _key(delivery) in self._told or delivery.duty not in self._performers:
            return False
        return isinstance(error, NotPermitted | PlaceGone) or delivery.attempts >= _PATIENT_TRIES


def _written(outcome: Outcome) -> tuple[Ending, str]:
    match outcome:
        case Done():
            return Ending.DONE, ""
        case Skipped(reason):
            return Ending.SKIPPED, reason
        case Missed(reason):
            return Ending.MISSED, reason


def _key(delivery: Delivery) -> Key:
    return delivery.schedule_id, delivery.due


def _shown(delivery: Delivery) -> str:
    """Name a delivery in a log; one that is for one person goes by its kind alone."""
    return f"{delivery.duty} {delivery.schedule_id}" if delivery.member is None else f"a personal {delivery.duty}"


def _name(error: Exception) -> str:
    return type(error).__name__
