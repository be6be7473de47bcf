"""How long to wait before trying again: longer each time, and never in step with the neighbours."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=15)
_SPREAD = 0.25


def wait_after(attempts: int, seed: str, asked: float = 0.0) -> timedelta:
    """Return the pause after the `attempts`-th try (1 is the first); `asked` is the platform's own wish in seconds.

    The pause doubles from `FIRST` to `LONGEST` and is moved by up to a quarter either way. The shift is computed from
    `seed`, so that the same delivery always waits the same and a hundred that failed together do not return together.
    """
    doublings = min(max(attempts, 1) - 1, 20)  # far past LONGEST already, and small enough for a timedelta
    usual = min(FIRST * (1 << doublings), LONGEST)
    digest = blake2b(f"{seed}/{attempts}".encode(), digest_size=4).digest()
    shift = (int.from_bytes(digest, "big") / 0xFFFFFFFF * 2 - 1) * _SPREAD
    return max(usual * (1 + shift), timedelta(seconds=asked))
