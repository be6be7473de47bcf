"""The screen with its safety net: whatever happens inside it, an answer comes out and the operator hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from bot.crisis.assessment import Assessment

SCREEN_SECONDS = 1.0
"""Longer than this and the person gets the static card instead. The screen itself takes 0.1 seconds at the worst."""


class Screen(Protocol):
    """The pure function of `bot.crisis.screening`."""

    def assess(self, text: str) -> Assessment: ...


class Watch:
    """Runs the screen away from the event loop, so that no text can stall anybody else's acknowledgement."""

    def __init__(self, screen: Screen, alarm: Callable[[str], None]) -> None:
        self._screen = screen
        self.alarm = alarm

    async def assess(self, text: str) -> Assessment | str:
        """Return the assessment, or the kind of failure as text (an exception's class name, `timeout`)."""
        try:
            async with asyncio.timeout(SCREEN_SECONDS):
                return await asyncio.to_thread(self._screen.assess, text)
        except TimeoutError:
            failure = "timeout"
        except Exception as error:
            # Any failure at all must end in a card: a silent screen is the worst bug that we can have.
            failure = type(error).__name__
        self.alarm(failure)
        return failure
