"""What can go wrong on the gateway when a test asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from rehearsal.clock import Cancellable, Stopwatch

if TYPE_CHECKING:
    from rehearsal.discord.gateway import Gateway

HELD_AT_MOST = 1.0
"""Seconds after which an event held back for reordering leaves even if no other came."""


class GatewayFaults:
    """Faults of the gateway: some strike at once, some shape the next events."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._gateway: Gateway | None = None
        self.duplicates = 0
        self.reorders = 0
        self._held: tuple[str, Callable[[str], None], Cancellable] | None = None

    def attach(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def reset(self) -> None:
        """Let events pass again as they come."""
        self.duplicates = self.reorders = 0
        self._release()

    async def strike(self, kind: str, *, code: int = 4000, resumable: bool = False, count: int = 1) -> bool:
        """Carry out a gateway fault; False when the kind is not one.

        Kinds: `op7`, `op9` (`resumable` is its flag), `drop_socket`, `close` (with `code`), `duplicate_events` and
        `reorder_events` (the next `count` events).
        """
        if kind == "duplicate_events":
            self.duplicates += count
        elif kind == "reorder_events":
            self.reorders += count
        elif kind in ("op7", "op9", "drop_socket", "close"):
            await self._interrupt(kind, code, resumable)
        else:
            return False
        return True

    def shape(self, name: str, frame: str, put: Callable[[str], None]) -> list[str]:
        """Return the frames to send now in place of `frame`."""
        if name in ("READY", "RESUMED", "GUILD_CREATE", "GUILD_MEMBERS_CHUNK"):
            return [frame]
        if self._held is not None:
            late, _, timer = self._held
            timer.cancel()
            self._held = None
            return [frame, late]
        if self.duplicates:
            self.duplicates -= 1
            return [frame, frame]
        if self.reorders:
            self.reorders -= 1
            self._held = (frame, put, self._stopwatch.call_later(HELD_AT_MOST, self._release))
            return []
        return [frame]

    def _release(self) -> None:
        if self._held is not None:
            frame, put, timer = self._held
            self._held = None
            timer.cancel()
            put(frame)

    async def _interrupt(self, kind: str, code: int, resumable: bool) -> None:
        gateway = self._gateway
        if gateway is None:
            return
        for session in list(gateway.sessions.values()):
            connection = session.connection
            session.leave(self._stopwatch.seconds())
            if kind == "op9" and not resumable:
                gateway.sessions.pop(session.id, None)
            if connection is None:
                continue
            if kind == "op7":
                connection.put(json.dumps({"op": 7, "d": None, "s": None, "t": None}))
            elif kind == "op9":
                connection.put(json.dumps({"op": 9, "d": resumable, "s": None, "t": None}))
            elif kind == "drop_socket":
                connection.drop()
            else:
                await connection.close(code)
