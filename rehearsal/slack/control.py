"""The switches tests throw over HTTP: faults of calls and of the line, and what the bot has asked for."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from rehearsal.slack.errors import Refused
from rehearsal.slack.faults import LINE_KINDS, Faults
from rehearsal.slack.limits import Limits
from rehearsal.slack.line import Line
from rehearsal.slack.model import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """`/slack/control/...`: on the loopback only, like everything here."""

    def __init__(self, faults: Faults, line: Line, limits: Limits, requests: deque[Json]) -> None:
        self._faults = faults
        self._line = line
        self._limits = limits
        self._requests = requests

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/slack/control/faults", self._own(self._list))
        app.router.add_post("/slack/control/faults", self._own(self._add))
        app.router.add_delete("/slack/control/faults", self._own(self._clear))
        app.router.add_get("/slack/control/requests", self._own(self._logged))

    async def add(self, entries: list[Json]) -> list[Json]:
        """Put faults in force, all or none; raises Refused with a sentence naming what is wrong."""
        for entry in entries:
            if entry.get("kind") not in LINE_KINDS:
                Faults().add(entry)
        added: list[Json] = []
        for entry in entries:
            kind = str(entry["kind"])
            if kind in ("disconnect", "drop_socket"):
                await self._line.break_up(kind)
                added.append({"kind": kind})
            elif kind in LINE_KINDS:
                self._faults.line[kind] = self._faults.line.get(kind, 0) + int(entry.get("count", 1))
                added.append({"kind": kind})
            else:
                added.append(self._faults.add(entry).to_json())
        return added

    def _own(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            # A web page elsewhere could make a browser post here; a browser then names its origin, a test does not.
            if "Origin" in request.headers:
                return web.json_response({"error": "The switches are for programs on this computer."}, status=403)
            return await handler(request)

        return handle

    async def _add(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            entries = body if isinstance(body, list) else [body]
            if not all(isinstance(entry, dict) for entry in entries):
                raise Refused("A fault is an object, or a list of objects.")
            return web.json_response({"added": await self.add(entries)})
        except (Refused, ValueError, TypeError) as problem:
            return web.json_response({"error": str(problem)}, status=400)

    async def _list(self, _: web.Request) -> web.Response:
        rules = [rule.to_json() for rule in self._faults.rules]
        return web.json_response({"faults": rules, "line": self._faults.line})

    async def _clear(self, _: web.Request) -> web.Response:
        self._faults.clear()
        self._limits.reset()
        return web.json_response({"faults": []})

    async def _logged(self, _: web.Request) -> web.Response:
        return web.json_response({"requests": list(self._requests), "refused": self._limits.refused})
