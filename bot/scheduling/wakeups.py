"""When to go round: every half minute, and at the very instant at which something comes due.

APScheduler keeps nothing and decides nothing here. A wake-up that is late, lost or doubled costs nothing, because a
round takes what the due table says is due now.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.ports.clock import Clock, SystemClock

_log = logging.getLogger(__name__)

TICK = 30.0
_WAKE = "wake at the next due instant"
_NEVER_LATE = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
BREATH = 1.0


class GoesRound(Protocol):
    """What a wake-up sets going; `bot.duties.rounds.Rounds` does."""

    async def go_round(self) -> object: ...


class KnowsNext(Protocol):
    """What says when to wake; `bot.ports.duties.DueTable` does."""

    async def next_due(self) -> datetime | None: ...


class Wakeups:
    """Wakes the rounds. Rounds run beside the ticks, so that one slow performance never delays the next look.

    `clock` may be moved (the rehearsal's is); `real` is the unmoved one that APScheduler's timers go by. `tick` is the
    seconds between looks; `breath` those before the next one when something stays due although a round has just been
    made, as with a database that cannot be written.
    """

    def __init__(
        self,
        rounds: GoesRound,
        due: KnowsNext,
        clock: Clock,
        *,
        tick: float = TICK,
        breath: float = BREATH,
        real: Clock | None = None,
    ) -> None:
        self._rounds = rounds
        self._due = due
        self._clock = clock
        self._breath = timedelta(seconds=breath)
        self._real = real or SystemClock()
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_NEVER_LATE)
        self._every(tick, self._set_out, "tick")

    def every(self, seconds: float, fn: Callable[[], Awaitable[Any]]) -> None:
        """Call `fn` every `seconds`, never twice at once; what it raises is logged and does not stop the next call."""

        async def watched() -> None:
            try:
                await fn()
            except Exception as error:
                _log.error("%s failed (%s), again in %g s", name, type(error).__name__, seconds)

        async def guarded() -> None:
            # Beside, so that `stop` lets it end: APScheduler cuts off what it has under way itself.
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._beside(watched()))

        name = getattr(fn, "__qualname__", type(fn).__name__)
        self._every(seconds, guarded, name)

    async def start(self) -> None:
        """Begin, with a round at once: catching up after downtime is nothing but the first round."""
        self._scheduler.start()
        await self._set_out()

    async def stop(self, grace: float = 10.0) -> None:
        """Stop waking, and give what is under way `grace` seconds to end; a round that is cut off is found by lease."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def kick(self) -> None:
        """Poke without waiting; for those who have just changed what is due."""
        self._beside(self._guarded_poke())

    async def poke(self) -> None:
        """Look again now, after a change of what is due or of the clock; a round that it leads to is awaited.

        Does nothing before `start`: the first round sees everything anyway, and before it nobody may be there to send.
        """
        if not self._scheduler.running:
            return
        due = await self._due.next_due()
        if due is not None and due <= self._clock.now():
            await self._round()
        else:
            self._wake_at(due)

    def _every(self, seconds: float, job: Callable[[], Awaitable[None]], name: str) -> None:
        self._scheduler.add_job(job, IntervalTrigger(seconds=seconds, timezone=UTC), name=name)

    async def _set_out(self) -> None:
        self._beside(self._round())

    async def _guarded_poke(self) -> None:
        try:
            await self.poke()
        except Exception as error:
            _log.error("what is due next could not be read (%s), the next tick tries again", type(error).__name__)

    def _beside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # A context of its own: due work that a button press sets off does not inherit the press's right of way.
        task = asyncio.create_task(work, context=contextvars.Context())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _round(self) -> None:
        try:
            await self._rounds.go_round()
            self._wake_at(await self._due.next_due())
        except Exception as error:
            _log.error("a round was cut short (%s), the next tick tries again", type(error).__name__)

    def _wake_at(self, due: datetime | None) -> None:
        if due is None or not self._scheduler.running:  # a round may outlive `stop`
            return
        wait = max(due - self._clock.now(), self._breath)
        self._scheduler.add_job(
            self._set_out, DateTrigger(self._real.now() + wait, UTC), id=_WAKE, name=_WAKE, replace_existing=True
        )
