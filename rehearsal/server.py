"""One loopback web server behind which every rehearsal stands.

It knows no platform: it binds 127.0.0.1, finds a free port and mounts doors. Discord's wire, Slack's wire, the
fault switches and the web page are all doors on the same port.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

_log = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAX_UPLOAD = 26 * 1024 * 1024
PORTS_TRIED = 50


class Door(Protocol):
    """Something that answers on the rehearsal's port."""

    def mount(self, app: web.Application) -> None:
        """Add routes. Called once, before the server listens."""

    async def opened(self, base_url: str) -> None:
        """The server listens at `base_url` (no trailing slash)."""

    async def closed(self) -> None:
        """The server is about to stop: end long connections, save what is to be kept."""


class RehearsalServer:
    """Serve the given doors on 127.0.0.1 until stopped."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = tuple(doors)
        self._runner: web.AppRunner | None = None
        self.base_url = ""
        self.notice: str | None = None
        """One sentence for the person at the terminal when the wished port was taken, else None."""

    async def start(self, port: int = 0) -> str:
        """Listen on `port`, or on the next free one, or on any when 0; return the base URL.

        Raises OSError when none of the next ports is free either.
        """
        app = web.Application(client_max_size=MAX_UPLOAD)
        for door in self._doors:
            door.mount(app)
        app.on_shutdown.append(self._close_doors)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            bound = await self._bind(runner, port)
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.base_url = f"http://{HOST}:{bound}"
        if port and bound != port:
            self.notice = f"Port {port} is in use by another program; using {bound} instead."
            _log.warning(self.notice)
        for door in self._doors:
            await door.opened(self.base_url)
        return self.base_url

    async def stop(self) -> None:
        """Close every connection and free the port; harmless when not started."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _bind(self, runner: web.AppRunner, port: int) -> int:
        last = min(port + PORTS_TRIED, 65535)
        for candidate in range(port, last + 1) if port else (0,):
            site = web.TCPSite(runner, HOST, candidate)
            try:
                await site.start()
            except OSError as problem:
                if problem.errno != errno.EADDRINUSE or candidate == last:
                    raise
                await site.stop()
            else:
                return int(runner.addresses[0][1])
        raise OSError(errno.EADDRINUSE, f"no free port between {port} and {last}")

    async def _close_doors(self, _: web.Application) -> None:
        for door in reversed(self._doors):
            await door.closed()
