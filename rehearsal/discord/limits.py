"""Discord's rate limits: a bucket for each kind of request and place, and one for the whole bot."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from rehearsal.clock import MovableClock, Stopwatch
from rehearsal.discord.model import Json

GLOBAL_PER_SECOND = 50
INVALID_PER_TEN_MINUTES = 10_000
MOST_WINDOWS = 5_000


@dataclass(frozen=True)
class Allowance:
    """So many requests in a window of so many seconds."""

    requests: int
    seconds: float


MESSAGES = "/channels/{channel_id}/messages"
DEFAULT = Allowance(50, 10.0)
ALLOWANCES: Mapping[tuple[str, str], Allowance] = {
    ("POST", MESSAGES): Allowance(5, 5.0),
    ("GET", MESSAGES): Allowance(10, 5.0),
    ("PATCH", MESSAGES + "/{message_id}"): Allowance(5, 5.0),
    ("DELETE", MESSAGES + "/{message_id}"): Allowance(5, 1.0),
    ("POST", "/channels/{channel_id}/messages/bulk-delete"): Allowance(1, 1.0),
    ("PUT", MESSAGES + "/{message_id}/reactions/{emoji}/@me"): Allowance(1, 0.25),
    ("POST", "/channels/{channel_id}/typing"): Allowance(5, 5.0),
    ("POST", "/users/@me/channels"): Allowance(10, 10.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): Allowance(5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): Allowance(5, 2.0),
}


@dataclass
class _Window:
    allowance: Allowance
    began: float
    used: int = 0


@dataclass
class Verdict:
    """What the limits say of one request: whether it passes, and the headers of its answer."""

    headers: dict[str, str] = field(default_factory=dict)
    refusal: Json | None = None
    """The body of the 429, or None when the request passes."""


class Limits:
    """Counts requests and refuses those that come too fast."""

    def __init__(
        self,
        stopwatch: Stopwatch,
        clock: MovableClock,
        *,
        allowances: Mapping[tuple[str, str], Allowance] = ALLOWANCES,
        default: Allowance = DEFAULT,
        per_second: int = GLOBAL_PER_SECOND,
    ) -> None:
        self._stopwatch = stopwatch
        self._clock = clock
        self.allowances = dict(allowances)
        self.default = default
        self.global_allowance = Allowance(per_second, 1.0)
        self._global = _Window(self.global_allowance, float("-inf"))
        self._windows: dict[tuple[str, str, str], _Window] = {}
        self._invalid: deque[float] = deque()

    def reset(self) -> None:
        """Forget every request counted so far."""
        self._windows.clear()
        self._invalid.clear()
        self._global = _Window(self.global_allowance, float("-inf"))

    def ask(self, method: str, route: str, major: str, *, counts_globally: bool) -> Verdict:
        """Count one request to `route` (a path template) at the place `major`, and say whether it may pass."""
        now = self._stopwatch.seconds()
        if counts_globally:
            self._global = self._current(self._global, self.global_allowance, now)
            if self._global.used >= self._global.allowance.requests:
                return refusal(self._remaining(self._global, now), scope="global")
            self._global.used += 1
        allowance = self.allowances.get((method, route), self.default)
        key = (method, route, major)
        if len(self._windows) > MOST_WINDOWS:
            self._windows = {k: w for k, w in self._windows.items() if now - w.began < w.allowance.seconds}
        window = self._current(self._windows.get(key), allowance, now)
        self._windows[key] = window
        after = self._remaining(window, now)
        passes = window.used < allowance.requests
        if passes:
            window.used += 1
        headers = {
            "X-RateLimit-Limit": str(allowance.requests),
            "X-RateLimit-Remaining": str(allowance.requests - window.used),
            "X-RateLimit-Reset": f"{(self._clock.real_now() + timedelta(seconds=after)).timestamp():.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{method} {route}".encode(), usedforsecurity=False).hexdigest(),
        }
        if passes:
            return Verdict(headers)
        refused = refusal(after, scope="user")
        return Verdict(headers | refused.headers, refused.refusal)

    def note_status(self, status: int) -> None:
        """Count an answer of 401, 403 or 429: Discord bans an address after 10,000 of them in ten minutes."""
        now = self._stopwatch.seconds()
        if status in (401, 403, 429):
            self._invalid.append(now)
        while self._invalid and now - self._invalid[0] > 600:
            self._invalid.popleft()

    @property
    def invalid_requests(self) -> int:
        """How many answers of the past ten minutes count towards the ban of the address."""
        return len(self._invalid)

    @property
    def banned(self) -> bool:
        """Whether the address has earned Cloudflare's ban."""
        return len(self._invalid) > INVALID_PER_TEN_MINUTES

    @staticmethod
    def _current(window: _Window | None, allowance: Allowance, now: float) -> _Window:
        if window is None or now - window.began >= window.allowance.seconds:
            return _Window(allowance, now)
        return window

    @staticmethod
    def _remaining(window: _Window, now: float) -> float:
        return max(window.began + window.allowance.seconds - now, 0.001)


def refusal(retry_after: float, *, scope: str) -> Verdict:
    """Return the headers and body of a 429; `scope` is `user` (one bucket) or `global`."""
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Scope": scope,
        "Via": "1.1 google",
    }
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
    }
    return Verdict(headers, body)
