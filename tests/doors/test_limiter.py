"""The pace: never more than its share in any second, people first, nobody lost."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque

import pytest

from bot.platforms.discord import limiter
from bot.platforms.discord.limiter import Pace


class Time:
    """Seconds that pass only while everybody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.seconds += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def pace(time: Time, per_window: int) -> Pace:
    return Pace(per_window, now=time.now, sleep=time.sleep)


async def test_no_second_holds_more_than_its_share_and_nothing_is_lost(time: Time) -> None:
    paced, passed = pace(time, 45), []

    async def request() -> None:
        await paced.pass_through()
        passed.append(time.now())

    await asyncio.gather(*(request() for _ in range(500)))
    assert len(passed) == 500
    assert max(passed) >= 10  # 500 at 45 a second: the last must wait for eleven windows
    assert max(passed) < 12
    window: deque[float] = deque()
    for instant in sorted(passed):
        window.append(instant)
        while instant - window[0] >= 1 - 1e-9:
            window.popleft()
        assert len(window) <= 45


async def test_a_fan_out_leaves_evenly_and_not_in_bursts(time: Time) -> None:
    paced, passed = pace(time, 50), []

    async def request() -> None:
        await paced.pass_through()
        passed.append(time.now())

    await asyncio.gather(*(request() for _ in range(100)))
    tenths = [int(instant * 10 + 1e-6) for instant in passed]
    assert max(tenths.count(tenth) for tenth in set(tenths)) <= 5 + limiter.BURST


async def test_people_pass_before_a_fan_out_that_began_earlier(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    paced, order = pace(time, 1), []

    async def request(name: str) -> None:
        await paced.pass_through()
        order.append(name)

    async def person() -> None:
        limiter.people_first()
        await request("person")

    monkeypatch.setattr(limiter, "BURST", 1)
    fan_out = [asyncio.create_task(request(f"fan-out {number}")) for number in range(3)]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(person(), context=contextvars.Context())
    await asyncio.gather(waiting, *fan_out)
    assert order == ["fan-out 0", "person", "fan-out 1", "fan-out 2"]


async def test_a_hold_lets_nobody_pass_until_it_is_over(time: Time) -> None:
    paced = pace(time, 45)
    paced.hold(7.0)
    await paced.pass_through()
    assert time.now() == 7.0


async def test_whoever_gives_up_waiting_costs_nobody_a_place(time: Time) -> None:
    paced = pace(time, 1)
    await paced.pass_through()
    leaving = asyncio.create_task(paced.pass_through())
    staying = asyncio.create_task(paced.pass_through())
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert time.now() == 1.0
    assert paced.waiting == 0
