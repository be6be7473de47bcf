"""About one message a second a channel, because Slack takes no more and slack-sdk does not wait by itself."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

BURST = 3
INTERVAL = 1.0
_REMEMBERED = 10_000


class Pace:
    """Lets `burst` messages into a channel at once and one every `interval` seconds after, in their order.

    `refused` is called at every 429 that comes all the same. `now` gives monotonic seconds and `sleep` waits that
    many; both are injected for tests.
    """

    def __init__(
        self,
        *,
        burst: int = BURST,
        interval: float = INTERVAL,
        refused: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.refused = refused
        self._burst = burst
        self._interval = interval
        self._now = now
        self._sleep = sleep
        self._free_at: OrderedDict[Hashable, float] = OrderedDict()

    async def pass_through(self, channel: Hashable) -> None:
        """Return when a message may leave for this channel."""
        now = self._now()
        earliest = now - self._burst * self._interval
        turn = max(self._free_at.pop(channel, earliest), earliest) + self._interval
        self._free_at[channel] = turn
        if len(self._free_at) > _REMEMBERED:
            self._free_at.popitem(last=False)
        if turn > now:
            await self.wait(turn - now)

    async def wait(self, seconds: float) -> None:
        """Let so many seconds pass."""
        await self._sleep(seconds)

    def hold(self, channel: Hashable, seconds: float) -> None:
        """Let nothing leave for this channel for `seconds`: Slack said so."""
        self._free_at[channel] = max(self._free_at.get(channel, 0.0), self._now() + seconds)
