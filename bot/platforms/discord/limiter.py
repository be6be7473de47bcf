"""A global pace in front of Discord, because discord.py keeps none.

Discord lets a bot send 50 requests a second and bans an address that collects too many 429s; discord.py
knows only the limits of single routes, so a fan-out over many channels would run straight into it. The pace
stands where a request leaves the machine (aiohttp's own tracing hook), so retries are counted too.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

PER_SECOND = 45
WINDOW = 1.0
BURST = 5

_EXEMPT = ("/interactions/", "/webhooks/")
_people_first: ContextVar[bool] = ContextVar("people_first", default=False)


def people_first() -> None:
    """Let what the current task requests pass before any fan-out: somebody waits for it."""
    _people_first.set(True)


class Pace:
    """A sliding window: in any `WINDOW` seconds at most `per_window` pass, people before fan-out, else in order.

    `refused` is called at every 429 that comes all the same. `now` gives monotonic seconds and `sleep` waits that
    many; both are injected for tests.
    """

    def __init__(
        self,
        per_window: int = PER_SECOND,
        *,
        refused: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.refused = refused
        self._now = now
        self._sleep = sleep
        self._passed: deque[float] = deque(maxlen=per_window)
        self._interval = WINDOW / per_window
        self._evenly = float("-inf")  # when the last one would have passed if all were spaced out
        self._held_until = float("-inf")
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._opener: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many requests stand in the queue."""
        return len(self._waiting)

    async def pass_through(self) -> None:
        """Return when this request may leave."""
        if not self._waiting and self._wait() <= 0:
            self._let_pass()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not _people_first.get(), next(self._order), turn))
        if self._opener is None or self._opener.done():
            self._opener = asyncio.create_task(self._open())
        await turn

    def hold(self, seconds: float) -> None:
        """Let nothing pass for `seconds`: Discord said that the global limit is reached."""
        self._held_until = max(self._held_until, self._now() + seconds)

    def _wait(self) -> float:
        oldest = self._passed[0] + WINDOW if len(self._passed) == self._passed.maxlen else float("-inf")
        spaced = self._evenly - (BURST - 1) * self._interval
        return max(oldest, spaced, self._held_until) - self._now()

    def _let_pass(self) -> None:
        now = self._now()
        self._passed.append(now)
        self._evenly = max(self._evenly, now) + self._interval

    async def _open(self) -> None:
        while self._waiting:
            wait = self._wait()
            if wait > 0:
                await self._sleep(wait)
                continue
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():  # whoever gave up waiting costs no place in the window
                self._let_pass()
                turn.set_result(None)


def paced(pace: Pace) -> aiohttp.TraceConfig:
    """Make the tracing hook for discord.py's `http_trace` that holds every request to `pace`.

    Answers to interactions go through webhooks' routes, which Discord does not count.
    """

    async def leaving(_: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestStartParams) -> None:
        if request.url.scheme.startswith("http") and not any(part in request.url.path for part in _EXEMPT):
            await pace.pass_through()

    async def answered(_: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        if request.response.status != 429:
            return
        pace.refused()
        headers = request.response.headers
        if headers.get("X-RateLimit-Global") == "true":
            pace.hold(float(headers.get("Retry-After", "1")))

    hook = aiohttp.TraceConfig()
    hook.on_request_start.append(leaving)
    hook.on_request_end.append(answered)
    return hook
