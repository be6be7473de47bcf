"""The three pages say what is true, and the numbers move when something happens."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import StorageError
from bot.observing.health import LAG_ALLOWED, ROUND_EXPECTED, Health, WatchedRounds
from bot.observing.metrics import Metrics, counted_due, counted_responses
from bot.platforms.discord.limiter import Pace, paced
from bot.ports.duties import Delivery, Duty, Ending
from bot.settings import BadSettings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DELIVERY = Delivery("daily-1", NOON - timedelta(seconds=40), NOON, "cohort-1", Duty.PROMPT, "")


@dataclass
class Bot:
    """What the pages ask, all of it as a test says. It is its own clock and its own rounds."""

    metrics: Metrics = field(default_factory=Metrics)
    at: datetime = NOON
    gateway: bool = True
    database: Exception | None = None
    hangs: bool = False
    due: datetime | None = None
    rounds: Exception | None = None

    def now(self) -> datetime:
        return self.at

    async def go_round(self) -> object:
        if self.rounds:
            raise self.rounds
        return "report"

    async def ping(self) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.database:
            raise self.database

    async def next_due(self) -> datetime | None:
        await self.ping()
        return self.due

    def health(self, watched: WatchedRounds, port: int = 0, **options: Any) -> Health:
        return Health(
            port,
            self.metrics,
            self,
            gateway_open=lambda: self.gateway,
            ping=self.ping,
            next_due=self.next_due,
            last_round=lambda: watched.last,
            **options,
        )

    @asynccontextmanager
    async def pages(self) -> AsyncIterator[TestClient[Any, Any]]:
        watched = WatchedRounds(self, self.metrics, self)
        await watched.go_round()
        async with TestClient(TestServer(self.health(watched).application())) as client:
            yield client


async def ask(client: TestClient[Any, Any], page: str) -> tuple[int, dict[str, Any]]:
    async with client.get(page) as answer:
        return answer.status, await answer.json()


def value(metrics: Metrics, line: str) -> float:
    """The number on the exposition's line that begins with `line`."""
    lines = metrics.exposition().decode().splitlines()
    return float(next(each for each in lines if each.startswith(line + " ")).rpartition(" ")[2])


async def test_a_bot_that_does_its_work_is_ready() -> None:
    async with Bot().pages() as client:
        assert await ask(client, "/readyz") == (
            200,
            {"ok": True, "gateway": True, "database": True, "rounds": True, "last_round_seconds_ago": 0.0},
        )


async def test_what_is_not_ready_is_named() -> None:
    bot = Bot()
    async with bot.pages() as client:
        bot.gateway = False
        assert (await ask(client, "/readyz"))[1]["gateway"] is False
        bot.database = StorageError("the database is locked")
        status, said = await ask(client, "/readyz")
        assert (status, said["database"]) == (503, False)
        bot.at += ROUND_EXPECTED + timedelta(seconds=1)
        assert (await ask(client, "/readyz"))[1]["rounds"] is False


async def test_a_database_that_hangs_does_not_hang_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.observing.health.PING_PATIENCE", 0.0)
    bot = Bot()
    async with bot.pages() as client:
        bot.hangs = True
        assert (await ask(client, "/readyz"))[1]["database"] is False
        async with client.get("/metrics") as answer:
            assert answer.status == 200


async def test_a_round_that_failed_is_not_noted() -> None:
    bot = Bot(rounds=StorageError("gone"))
    watched = WatchedRounds(bot, bot.metrics, bot)
    with pytest.raises(StorageError):
        await watched.go_round()
    assert watched.last is None


async def test_a_slow_event_loop_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = Bot()
    loop = asyncio.get_running_loop()
    ahead = 0.0
    real = loop.time
    beaten = asyncio.Event()
    hold = asyncio.Event()

    async def sleep(seconds: float) -> None:
        nonlocal ahead
        if beaten.is_set():
            await hold.wait()
        ahead += seconds + LAG_ALLOWED + 1
        beaten.set()

    monkeypatch.setattr(loop, "time", lambda: real() + ahead)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with (
        bot.health(WatchedRounds(bot, bot.metrics, bot), port, sleep=sleep),
        aiohttp.ClientSession() as session,
    ):
        await beaten.wait()
        async with session.get(f"http://127.0.0.1:{port}/livez") as answer:
            assert answer.status == 503
            assert (await answer.json())["loop_lag_seconds"] >= LAG_ALLOWED
    assert value(bot.metrics, "third_chair_loop_lag_seconds") >= LAG_ALLOWED


async def test_a_taken_port_is_a_sentence_and_none_is_no_server() -> None:
    bot = Bot()
    watched = WatchedRounds(bot, bot.metrics, bot)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadSettings, match=f"HEALTH_PORT {port} is in use"):
            async with bot.health(watched, port):
                pass
    async with bot.health(watched, 0):
        pass


async def test_metrics_say_how_long_the_oldest_work_waits() -> None:
    bot = Bot(due=NOON - timedelta(minutes=3))
    async with bot.pages() as client, client.get("/metrics") as answer:
        assert answer.status == 200
        assert "third_chair_oldest_unclaimed_seconds 180.0" in await answer.text()
    bot.due = NOON + timedelta(hours=1)
    async with bot.pages() as client, client.get("/metrics") as answer:
        assert "third_chair_oldest_unclaimed_seconds 0.0" in await answer.text()


class Store:
    """Stands for the stores' verbs that are counted, and one that is not."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
        self.calls.append(f"finish {ending} {reason}")

    async def retry_at(self, delivery: Delivery, at: datetime, reason: str) -> None:
        self.calls.append(f"retry {reason}")

    async def next_due(self) -> str:
        return "passed through"

    async def published(self, response_id: str, message_id: str) -> bool:
        return response_id == "waiting"


async def test_deliveries_are_counted_by_ending_with_their_lateness() -> None:
    bot, store = Bot(), Store()
    due: Any = counted_due(store, bot.metrics, bot)  # type: ignore[arg-type]
    await due.finish(DELIVERY, Ending.DONE)
    await due.finish(DELIVERY, Ending.MISSED, "the day was over")
    await due.retry_at(DELIVERY, NOON, "TryLater")
    assert store.calls == ["finish done ", "finish missed the day was over", "retry TryLater"]
    assert await due.next_due() == "passed through"
    assert value(bot.metrics, 'third_chair_deliveries_total{duty="prompt",ending="done"}') == 1
    assert value(bot.metrics, 'third_chair_deliveries_total{duty="prompt",ending="missed"}') == 1
    assert value(bot.metrics, 'third_chair_delivery_lateness_seconds_sum{duty="prompt"}') == 40
    assert value(bot.metrics, 'third_chair_delivery_lateness_seconds_count{duty="prompt"}') == 1
    assert value(bot.metrics, 'third_chair_retries_total{duty="prompt"}') == 1


async def test_what_failed_to_be_written_is_not_counted() -> None:
    class Broken(Store):
        async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
            raise StorageError("full")

    bot = Bot()
    with pytest.raises(StorageError):
        await counted_due(Broken(), bot.metrics, bot).finish(DELIVERY, Ending.DONE)  # type: ignore[arg-type]
    assert b"third_chair_deliveries_total{" not in bot.metrics.exposition()


async def test_responses_429s_and_screen_failures_are_counted() -> None:
    bot = Bot()
    responses: Any = counted_responses(Store(), bot.metrics)  # type: ignore[arg-type]
    assert await responses.published("waiting", "m") is True
    assert await responses.published("gone", "m") is False
    bot.metrics.rate_limited()
    bot.metrics.screen_failed("timeout")
    assert value(bot.metrics, "third_chair_responses_published_total") == 1
    assert value(bot.metrics, "third_chair_rate_limited_total") == 1
    assert value(bot.metrics, 'third_chair_screen_failures_total{kind="timeout"}') == 1


async def test_a_429_is_counted_where_requests_leave() -> None:
    bot = Bot()

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=429)

    app = web.Application()
    app.router.add_get("/channels/1", refuse)
    hook = paced(Pace(refused=bot.metrics.rate_limited))
    async with TestServer(app) as server, aiohttp.ClientSession(trace_configs=[hook]) as session:
        await session.get(server.make_url("/channels/1"))
        await session.get(server.make_url("/channels/2"))
    assert value(bot.metrics, "third_chair_rate_limited_total") == 1
