"""Performers and faults for the rounds' tests: a world in which one can see what was done, and how often."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.duties.performer import Done, Outcome
from bot.ports.duties import Delivery, DueTable


class Crash(BaseException):
    """The process died."""


@dataclass
class World:
    """What stands out there, however often the bot dies."""

    posted: Counter[tuple[str, datetime]] = field(default_factory=Counter)


@dataclass
class Poster:
    """Posts once: after an earlier try it looks before it posts."""

    world: World
    raises: Callable[[Delivery], Exception | None] = lambda delivery: None
    told: list[tuple[str, str, int]] = field(default_factory=list)
    step: Callable[[str], None] = lambda name: None
    waits_for: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    together: int = 0
    most_together: int = 0

    async def perform(self, delivery: Delivery, now: datetime) -> Outcome:
        self.begun.set()
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        try:
            if self.waits_for is not None:
                await self.waits_for.wait()
            await asyncio.sleep(0)
            if (error := self.raises(delivery)) is not None:
                raise error
            key = (delivery.schedule_id, delivery.occurrence)
            if delivery.attempts == 1 or not self.world.posted[key]:
                self.step("before the post")
                self.world.posted[key] += 1
                self.step("after the post")
            return Done()
        finally:
            self.together -= 1

    async def troubled(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        self.told.append((delivery.schedule_id, type(error).__name__, attempts))


class Dying:
    """A due table whose process dies before or after a verb's transaction, as `step` decides."""

    def __init__(self, inner: DueTable, step: Callable[[str], None]) -> None:
        self._inner = inner
        self._step = step

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Any]]:
        async def call(*given: Any, **named: Any) -> Any:
            self._step(f"before {verb}")
            result = await getattr(self._inner, verb)(*given, **named)
            self._step(f"after {verb}")
            return result

        return call


class DiesAt:
    """Raises Crash at the n-th step and counts how many there are."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.passed: list[str] = []

    def __call__(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.nth:
            raise Crash(name)
