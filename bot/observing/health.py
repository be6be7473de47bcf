"""Is it alive, is it ready, how is it doing: three small pages on 127.0.0.1, for a supervisor process to ask.

`/livez` fails when the event loop is too slow for people to be answered in time: restarting may help. `/readyz` fails
while the gateway is closed, the database does not answer, or nobody looked for due work lately: restarting would not
help, somebody has to look. `/metrics` is for Prometheus.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from aiohttp import web

from bot.errors import StorageError
from bot.observing.metrics import Metrics
from bot.ports.clock import Clock
from bot.settings import BadSettings

HOST = "127.0.0.1"
LAG_ALLOWED = 2.0  # seconds; Discord waits three for the answer to a button
ROUND_EXPECTED = timedelta(seconds=150)  # the tick is 30 s and one performance may take 90 s
PING_PATIENCE = 2.0  # seconds
_BEAT = 1.0  # seconds between two looks at the event loop


class GoesRound(Protocol):
    """What looks for due work; `bot.duties.rounds.Rounds` does."""

    async def go_round(self) -> object: ...


class WatchedRounds:
    """Rounds that leave a note of when the last one ended."""

    def __init__(self, rounds: GoesRound, metrics: Metrics, clock: Clock) -> None:
        self._rounds = rounds
        self._metrics = metrics
        self._clock = clock
        self.last: datetime | None = None

    async def go_round(self) -> object:
        """Go round, and note it if it ended well."""
        report = await self._rounds.go_round()
        self.last = self._clock.now()
        self._metrics.round_ended(self.last)
        return report


class Health:
    """Serves the three pages while it is entered as a context manager; port 0 switches it off.

    `gateway_open` says whether the line to the platform stands; `ping` raises StorageError if the database does not
    answer; `next_due` gives the instant of the oldest work that nobody holds.
    """

    def __init__(
        self,
        port: int,
        metrics: Metrics,
        clock: Clock,
        *,
        gateway_open: Callable[[], bool],
        ping: Callable[[], Awaitable[None]],
        next_due: Callable[[], Awaitable[datetime | None]],
        last_round: Callable[[], datetime | None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._port = port
        self._metrics = metrics
        self._clock = clock
        self._gateway_open = gateway_open
        self._ping = ping
        self._next_due = next_due
        self._last_round = last_round
        self._sleep = sleep
        self._lag = 0.0
        self._runner: web.AppRunner | None = None
        self._beating: asyncio.Task[None] | None = None

    def application(self) -> web.Application:
        """The three pages."""
        app = web.Application()
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._exposition)
        return app

    async def __aenter__(self) -> Self:
        """Listen. Raises BadSettings if the port is taken."""
        if self._port:
            runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            try:
                await web.TCPSite(runner, HOST, self._port).start()
            except OSError as error:
                await runner.cleanup()
                why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"({error.strerror})"
                raise BadSettings(f"HEALTH_PORT {self._port} {why}: choose another, or 0 to do without.") from None
            self._runner = runner
            self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beating is not None:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating
        if self._runner is not None:
            await self._runner.cleanup()

    async def _beat(self) -> None:
        """Look every second how late the event loop comes."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _BEAT
            await self._sleep(_BEAT)
            self._lag = max(0.0, loop.time() - due)
            self._metrics.loop_lag(self._lag)

    async def _livez(self, _: web.Request) -> web.Response:
        return _answer({"loop": self._lag <= LAG_ALLOWED}, loop_lag_seconds=round(self._lag, 3))

    async def _readyz(self, _: web.Request) -> web.Response:
        last = self._last_round()
        age = None if last is None else (self._clock.now() - last).total_seconds()
        return _answer(
            {
                "gateway": self._gateway_open(),
                "database": await self._database_answers(),
                "rounds": age is not None and age <= ROUND_EXPECTED.total_seconds(),
            },
            last_round_seconds_ago=age,
        )

    async def _exposition(self, _: web.Request) -> web.Response:
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(PING_PATIENCE):
                due = await self._next_due()
            self._metrics.oldest_due(timedelta(0) if due is None else self._clock.now() - due)
        return web.Response(body=self._metrics.exposition(), content_type="text/plain", charset="utf-8")

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PING_PATIENCE):
                await self._ping()
        except (StorageError, TimeoutError):
            return False
        return True


def _answer(checks: dict[str, bool], **more: object) -> web.Response:
    well = all(checks.values())
    return web.json_response({"ok": well, **checks, **more}, status=200 if well else 503)
