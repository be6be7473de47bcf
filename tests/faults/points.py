"""Points at which a process can end: every call that a feature makes to a store, the keys or the messenger."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, TypeVar, cast

from bot.storage.stores import Stores

T = TypeVar("T")


class Points:
    """Counts calls and, when armed, ends the process right before or right after the chosen one.

    `end` ends it: by a signal that nothing survives, or by an exception that nothing catches. After it every other
    call ends too, as nothing of a dead process goes on.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self._at: int | str = 0
        self._after = False
        self.count = 0
        self.died_at = ""

    def arm(self, at: int | str, *, after: bool) -> None:
        """Let the `at`-th call from now on (1 is the next), or the next one of this name, be the last."""
        self.count, self._at, self._after, self.died_at = 0, at, after, ""

    def around(self, what: T) -> T:
        """Return `what` with its calls counted."""
        return cast(T, _Around(what, self))

    def around_all(self, stores: Stores) -> Stores:
        """Return all stores with their calls counted."""
        return Stores(**{field.name: self.around(getattr(stores, field.name)) for field in fields(Stores)})

    def reach(self, name: str) -> bool:
        """Count a call; say whether the process ends when it has had its effect."""
        if self.died_at:
            self._end()
        self.count += 1
        if self._at not in (self.count, name.rpartition(".")[2]):
            return False
        self.died_at = f"{'after' if self._after else 'before'} {name}"
        if not self._after:
            self._end()
        return True

    def end(self) -> None:
        self._end()


class _Around:
    def __init__(self, what: Any, points: Points) -> None:
        self._what = what
        self._points = points

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._what, name)
        if not callable(found):
            return found
        label = f"{type(self._what).__name__}.{name}"
        if inspect.iscoroutinefunction(found):

            @wraps(found)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                last = self._points.reach(label)
                result = await found(*args, **kwargs)
                if last:
                    self._points.end()
                return result

            return awaited

        @wraps(found)
        def called(*args: Any, **kwargs: Any) -> Any:
            last = self._points.reach(label)
            result = found(*args, **kwargs)
            if last:
                self._points.end()
            return result

        return called
