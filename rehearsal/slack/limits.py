"""Slack's rate limits: a tier a method and workspace, and about one message a second a channel."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from rehearsal.clock import Stopwatch

BURST = 5
"""Messages that a channel takes at once before it takes one a second."""

_MINUTE = 60.0


class Limits:
    """Counts calls; `enabled` lets a test of something else go fast."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self.enabled = True
        self.refused = 0
        self._stopwatch = stopwatch
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._channels: dict[tuple[str, str], float] = {}

    def ask(self, team: str, method: str, tier: int, channel: str = "") -> int:
        """Return 0 to let a call pass, or after how many seconds it may come again."""
        if not self.enabled:
            return 0
        now = self._stopwatch.seconds()
        wait = (
            self._posting(team, channel, now) if method == "chat.postMessage" else self._tier(team, method, tier, now)
        )
        if wait > 0:
            self.refused += 1
        return math.ceil(wait)

    def reset(self) -> None:
        self._calls.clear()
        self._channels.clear()
        self.refused = 0

    def _tier(self, team: str, method: str, tier: int, now: float) -> float:
        calls = self._calls[(team, method)]
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if len(calls) >= tier * 2:  # Slack tolerates bursts above the tier
            return calls[0] + _MINUTE - now
        calls.append(now)
        return 0

    def _posting(self, team: str, channel: str, now: float) -> float:
        free_at = self._channels.get((team, channel), now - BURST)
        free_at = max(free_at, now - BURST)
        if free_at > now - 1:
            return free_at - (now - 1)
        self._channels[(team, channel)] = free_at + 1
        return 0
