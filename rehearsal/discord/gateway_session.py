"""A session of the bot on the gateway, and the websocket it may be connected by just now."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

REMEMBERED_EVENTS = 10_000
FRAMES_A_MINUTE = 120


@dataclass
class Session:
    """What the bot said at IDENTIFY, and every event since, whether it was connected or not."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    seq: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS))
    connection: Connection | None = None
    left_at: float | None = None

    def leave(self, now: float) -> None:
        """Note that the connection is gone; the session can be resumed for a while."""
        self.connection = None
        self.left_at = now

    def takes(self, guild_id: int | None) -> bool:
        """Whether this session's shard is the one for the server (direct messages go to the first)."""
        index, count = self.shard
        return index == 0 if guild_id is None else (guild_id >> 22) % count == index


class Connection:
    """One websocket; frames leave in the order they were put."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self.socket = socket
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._received: deque[float] = deque()
        self._writer = asyncio.create_task(self._write())

    def may_send(self, now: float) -> bool:
        """Count a frame of the client; False once it sends more than 120 in a minute."""
        self._received.append(now)
        while now - self._received[0] > 60:
            self._received.popleft()
        return len(self._received) <= FRAMES_A_MINUTE

    def put(self, frame: str) -> None:
        self._frames.put_nowait(frame)

    async def close(self, code: int, reason: str = "") -> None:
        """Send what is still waiting, then close with `code`."""
        self._frames.put_nowait(None)
        with contextlib.suppress(ConnectionError):
            await self._writer
            await self.socket.close(code=code, message=reason.encode())

    def drop(self) -> None:
        """Tear the TCP connection down without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def finished(self) -> None:
        """Stop the writer once the socket is gone."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while (frame := await self._frames.get()) is not None:
            try:
                await self.socket.send_str(frame)
            except ConnectionError:
                return
