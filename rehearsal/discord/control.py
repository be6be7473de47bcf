"""The switches tests throw over HTTP: faults of requests and of the gateway, and what the bot has asked for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from rehearsal.discord.errors import Refused
from rehearsal.discord.faults import Faults
from rehearsal.discord.gateway import Gateway
from rehearsal.discord.limits import Limits
from rehearsal.discord.model import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

GATEWAY_KINDS = ("op7", "op9", "drop_socket", "close", "duplicate_events", "reorder_events")
_GATEWAY_FIELDS = {"kind", "code", "resumable", "count", "n"}


class Control:
    """`/control/...`: on the loopback only, like everything here."""

    def __init__(self, faults: Faults, gateway: Gateway, limits: Limits, requests: Any) -> None:
        self._faults = faults
        self._gateway = gateway
        self._limits = limits
        self._requests = requests

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/control/faults", self._own(self._list))
        app.router.add_post("/control/faults", self._own(self._add))
        app.router.add_delete("/control/faults", self._own(self._clear))
        app.router.add_get("/control/requests", self._own(self._logged))
        app.router.add_delete("/control/requests", self._own(self._forget))
        app.router.add_get("/control/gateway", self._own(self._sessions))

    def _own(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            # A web page elsewhere could make a browser post here; a browser then names its origin, a test does not.
            if "Origin" in request.headers:
                return web.json_response({"error": "The switches are for programs on this computer."}, status=403)
            return await handler(request)

        return handle

    async def add(self, entries: list[Json]) -> list[Json]:
        """Put faults in force, all or none; raises Refused with a sentence naming what is wrong."""
        added: list[Json] = []
        for entry in entries:
            if entry.get("kind") in GATEWAY_KINDS:
                unheard = sorted(set(entry) - _GATEWAY_FIELDS)
                if unheard:
                    raise Refused(f"A gateway fault has no field {unheard[0]!r}.")
            else:
                Faults().add(entry)
        for entry in entries:
            kind = str(entry["kind"])
            if kind in GATEWAY_KINDS:
                await self._gateway.faults.strike(
                    kind,
                    code=int(entry.get("code", 4000)),
                    resumable=bool(entry.get("resumable", False)),
                    count=int(entry.get("n") or entry.get("count") or 1),
                )
                added.append({"kind": kind})
            else:
                added.append(self._faults.add(entry).to_json())
        return added

    async def _add(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            entries = body if isinstance(body, list) else [body]
            if not all(isinstance(entry, dict) for entry in entries):
                raise Refused("A fault is an object, or a list of objects.")
            return web.json_response({"added": await self.add(entries)})
        except (Refused, ValueError, TypeError) as problem:
            return web.json_response({"error": str(problem)}, status=400)

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": [rule.to_json() for rule in self._faults.rules]})

    async def _clear(self, request: web.Request) -> web.Response:
        self._faults.clear()
        self._gateway.faults.reset()
        self._limits.reset()
        return web.json_response({"faults": []})

    async def _logged(self, request: web.Request) -> web.Response:
        wanted = request.query.get("status")
        found = [entry for entry in self._requests if wanted is None or str(entry["status"]) == wanted]
        return web.json_response({"requests": found, "invalid": self._limits.invalid_requests})

    async def _forget(self, request: web.Request) -> web.Response:
        self._requests.clear()
        return web.json_response({"requests": []})

    async def _sessions(self, request: web.Request) -> web.Response:
        sessions = [
            {"connected": session.connection is not None, "seq": session.seq, "shard": session.shard}
            for session in self._gateway.sessions.values()
        ]
        counts = {"identifies": self._gateway.identifies, "resumes": self._gateway.resumes}
        return web.json_response({"sessions": sessions, **counts})
