"""Ending: a signal closes the line, and an impatient second one does not cut the closing short."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any, cast

from bot.wiring import Premises, hold_line


class SlowToClose:
    """A line whose closing takes as long as the test lets it."""

    def __init__(self) -> None:
        self.open, self.closing, self.may_close = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.closed = False

    def add_listener(self, listener: object) -> None: ...

    async def serve(self, token: str) -> None:
        try:
            self.open.set()
            await asyncio.Event().wait()
        finally:
            self.closing.set()
            await self.may_close.wait()
            self.closed = True


class Built:
    def __init__(self, client: SlowToClose) -> None:
        self.client: Any = client
        self.wakeups: Any = None
        self.slack: Any = None


async def test_a_second_signal_does_not_cut_the_closing_short() -> None:
    client = SlowToClose()
    holding = asyncio.create_task(hold_line(cast(Premises, Built(client)), "token"))
    await client.open.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await client.closing.wait()
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(5):
        await asyncio.sleep(0)  # let the handlers run
    client.may_close.set()
    await holding
    assert client.closed
