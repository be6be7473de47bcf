"""The page's own routes: its files, the people's actions, the clock buttons and the live socket.

A thin translation between HTTP and `People`: what one may see or do is decided there, who may ask in `guard.py`,
how a request must look in `actions.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from rehearsal.clock import ClockControls
from rehearsal.discord.errors import Refused
from rehearsal.discord.feeds import Feed
from rehearsal.discord.people import People
from rehearsal.page.actions import act
from rehearsal.page.guard import Handler, guarded, refusal
from rehearsal.page.serving import json_body, serve_clock, serve_files

STATIC = Path(__file__).with_name("static")
HEARTBEAT = 20.0


class PageDoor:
    """The page as a door of the `RehearsalServer`.

    `zone` is the IANA zone the page shows times in (the demo cohort's); None leaves it to the browser. `slack` says
    that the other page is there too.
    """

    def __init__(
        self, people: People, clock_controls: ClockControls, zone: str | None = None, *, slack: bool = False
    ) -> None:
        self._people = people
        self._clock = clock_controls
        self._zone = zone
        self._slack = slack
        self._sockets: set[web.WebSocketResponse] = set()

    def mount(self, app: web.Application) -> None:
        """Add the page to the server."""
        serve_files(app, [STATIC], "/")
        serve_clock(app, self._clock)
        app.router.add_get("/page/personas", guarded(self._personas))
        app.router.add_get("/page/snapshot", guarded(_told(self._snapshot)))
        app.router.add_get("/page/history", guarded(_told(self._history)))
        app.router.add_get("/page/live", guarded(self._live))
        app.router.add_post("/page/act", guarded(_told(self._act)))

    async def opened(self, base_url: str) -> None:
        """Nothing to prepare: the page asks for everything by relative addresses."""

    async def closed(self) -> None:
        """End the live sockets; the pages say that the connection is lost and keep trying."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))

    async def _personas(self, _: web.Request) -> web.Response:
        return web.json_response({"personas": await self._people.personas(), "zone": self._zone, "slack": self._slack})

    async def _snapshot(self, request: web.Request) -> Any:
        return await self._people.snapshot(_asked(request, "as"))

    async def _history(self, request: web.Request) -> Any:
        person, channel = _asked(request, "as"), _asked(request, "channel")
        return await self._people.history(person, channel, request.query.get("before"))

    async def _act(self, request: web.Request) -> Any:
        return {"ok": True, "result": await act(self._people, await json_body(request))}

    async def _live(self, request: web.Request) -> web.StreamResponse:
        person = request.query.get("as", "")
        try:
            own = self._people.subscribe(person)
        except Refused as problem:
            return refusal(400, str(problem))
        others = {p["id"]: self._people.subscribe(p["id"]) for p in await self._people.personas() if p["id"] != person}
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        self._sockets.add(socket)
        tasks: list[asyncio.Task[None]] = []
        try:
            await socket.send_json({"type": "ready"})
            tasks.append(asyncio.create_task(_push(socket, own)))
            tasks += [asyncio.create_task(_point_at(socket, other, feed)) for other, feed in others.items()]
            async for _ in socket:
                pass  # the page only listens; this ends when either side closes
        finally:
            self._sockets.discard(socket)
            for feed in (own, *others.values()):
                feed.close()
            await asyncio.gather(*tasks)
        return socket


async def _push(socket: web.WebSocketResponse, feed: Feed) -> None:
    """Send everything for the eyes that look at this page; close the socket when there will be no more."""
    try:
        async for event in feed:
            await socket.send_json(event)
        await socket.close(code=1001)
    except ConnectionResetError:
        feed.close()  # the page has gone; its next connection begins with a snapshot


async def _point_at(socket: web.WebSocketResponse, persona: str, feed: Feed) -> None:
    """Tell that something new waits for another persona: where, never what."""
    try:
        async for event in feed:
            data = event["data"]
            if event["type"] not in ("message_create", "ephemeral_create") or data["author"]["id"] == persona:
                continue
            direct = "guild_id" not in data or any(user["id"] == persona for user in data["mentions"])
            told = {"persona": persona, "channel_id": data["channel_id"], "direct": direct}
            await socket.send_json({"type": "elsewhere", "data": told})
    except ConnectionResetError:
        feed.close()


def _told(handler: Callable[[web.Request], Awaitable[Any]]) -> Handler:
    """Answer with JSON; what is refused becomes a 400 with its sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except Refused as problem:
            return refusal(400, str(problem))

    return handle


def _asked(request: web.Request, name: str) -> str:
    if name not in request.query:
        raise Refused(f"The request does not say “{name}”.")
    return request.query[name]
