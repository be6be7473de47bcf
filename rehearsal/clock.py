"""The two times of a rehearsal.

`MovableClock` says what day it is for the bot and for everything dated in the world; the page's buttons move it.
A `Stopwatch` measures how long something has really taken (the three seconds to answer an interaction, a
rate-limit window). They are kept apart so that jumping to tomorrow does not expire a button pressed a second ago.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Protocol

Listener = Callable[[datetime], Awaitable[None]]
NextDue = Callable[[], Awaitable[datetime | None]]


def _real_now() -> datetime:
    return datetime.now(UTC)


class MovableClock:
    """Real time plus an offset that can be moved; satisfies the bot's clock port with `now()`."""

    def __init__(self, real_now: Callable[[], datetime] = _real_now, offset: timedelta = timedelta()) -> None:
        self._real_now = real_now
        self._offset = offset
        self._listeners: list[Listener] = []

    @property
    def offset(self) -> timedelta:
        """How far the rehearsal is ahead of (or behind) real time."""
        return self._offset

    def now(self) -> datetime:
        """Return the rehearsal's present as an aware UTC datetime."""
        return self._real_now() + self._offset

    def real_now(self) -> datetime:
        """Return the unmoved present as an aware UTC datetime (rate-limit headers, interaction ids)."""
        return self._real_now()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(now)` after each move; the returned callable stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def advance(self, step: timedelta) -> datetime:
        """Move by `step` and return the new present once every listener has finished."""
        self._offset += step
        return await self._moved()

    async def set(self, instant: datetime) -> datetime:
        """Move to `instant` (aware) and return the new present; raises ValueError for a naive datetime."""
        if instant.tzinfo is None:
            raise ValueError("the clock can only be set to a datetime that names its zone")
        self._offset = instant.astimezone(UTC) - self._real_now()
        return await self._moved()

    async def _moved(self) -> datetime:
        now = self.now()
        for listener in tuple(self._listeners):
            await listener(now)
        return now


class ClockControls(Protocol):
    """What the page's clock buttons call. Each returns the new present, or None when nothing was moved."""

    async def next_prompt(self) -> datetime | None: ...

    async def hour(self) -> datetime | None: ...

    async def tomorrow(self) -> datetime | None: ...

    async def set(self, instant: datetime) -> datetime | None: ...


class RehearsalControls:
    """The page's clock buttons, on a movable clock and the bot's own knowledge of what is due next."""

    def __init__(self, clock: MovableClock, next_due: NextDue, zone: tzinfo = UTC, morning: time = time(9)) -> None:
        self._clock = clock
        self._next_due = next_due
        self._zone = zone
        self._morning = morning

    async def next_prompt(self) -> datetime | None:
        """Move to the bot's next due instant; None (and no move) when nothing is due."""
        due = await self._next_due()
        if due is None:
            return None
        return await self._clock.set(max(due, self._clock.now()))

    async def hour(self) -> datetime | None:
        """Move one hour ahead."""
        return await self._clock.advance(timedelta(hours=1))

    async def tomorrow(self) -> datetime | None:
        """Move to tomorrow morning in the cohort's zone."""
        day = self._clock.now().astimezone(self._zone).date() + timedelta(days=1)
        return await self._clock.set(datetime.combine(day, self._morning, self._zone))

    async def set(self, instant: datetime) -> datetime | None:
        """Move to any instant."""
        return await self._clock.set(instant)


class Cancellable(Protocol):
    """A pending call that can be called off."""

    def cancel(self) -> None: ...


class Stopwatch(Protocol):
    """Elapsed time that nobody moves from the page."""

    def seconds(self) -> float:
        """Return seconds since an arbitrary start; never goes back."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Cancellable:
        """Call `callback` once after `delay` seconds unless cancelled."""

    async def sleep(self, delay: float) -> None:
        """Return after `delay` seconds."""


class RealStopwatch:
    """The running event loop's own monotonic time."""

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def call_later(self, delay: float, callback: Callable[[], None]) -> Cancellable:
        return asyncio.get_running_loop().call_later(delay, callback)

    async def sleep(self, delay: float) -> None:
        await asyncio.sleep(delay)


class _Appointment:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class ManualStopwatch:
    """Time that stands still until a test calls `pass_time`."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._order = itertools.count()
        self._pending: list[tuple[float, int, _Appointment]] = []

    def seconds(self) -> float:
        return self._seconds

    def call_later(self, delay: float, callback: Callable[[], None]) -> Cancellable:
        appointment = _Appointment(callback)
        heapq.heappush(self._pending, (self._seconds + delay, next(self._order), appointment))
        return appointment

    async def sleep(self, delay: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self.call_later(delay, lambda: None if woken.done() else woken.set_result(None))
        await woken

    @property
    def waiting(self) -> int:
        """How many calls are still to come."""
        return sum(1 for _, _, appointment in self._pending if appointment.callback is not None)

    def pass_time(self, seconds: float) -> None:
        """Let `seconds` pass and run what falls due in them, in order."""
        until = self._seconds + seconds
        while self._pending and self._pending[0][0] <= until:
            self._seconds, _, appointment = heapq.heappop(self._pending)
            if appointment.callback is not None:
                appointment.callback()
        self._seconds = until
