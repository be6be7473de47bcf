"""Waiting, in tests that run over the rehearsal's wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 10.0


async def until(so: Callable[[], bool]) -> None:
    """Wait for what other tasks are about to do."""
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110  the other tasks set no event
            await asyncio.sleep(0.005)
