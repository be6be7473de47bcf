"""What was seen already: a platform may deliver the same event twice, and a handler would run twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class Recently:
    """Remembers the newest `size` things, in memory only."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def first_time(self, thing: Hashable) -> bool:
        """Say whether `thing` is new, and remember it."""
        if thing in self._seen:
            return False
        self._seen[thing] = None
        if len(self._seen) > self._size:
            self._seen.popitem(last=False)
        return True

    def forget(self, thing: Hashable) -> None:
        """Let `thing` be new again."""
        self._seen.pop(thing, None)
