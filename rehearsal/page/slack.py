"""The page's routes into the rehearsed Slack: what a persona sees, what she does, and what happens meanwhile.

`rehearsal/slack/README.md` says what each request and event looks like.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from rehearsal.clock import ClockControls
from rehearsal.discord.errors import Refused as UnreadableRequest
from rehearsal.page.guard import Handler, guarded, refusal
from rehearsal.page.routes import STATIC
from rehearsal.page.serving import json_body, serve_clock, serve_files
from rehearsal.slack.errors import Refused
from rehearsal.slack.feeds import Feed, Feeds
from rehearsal.slack.people import People

OWN = Path(__file__).with_name("slack_static")
HEARTBEAT = 20.0

ACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "send": (("channel_id", "text"), ("thread_ts",)),
    "edit": (("channel_id", "ts", "text"), ()),
    "delete": (("channel_id", "ts"), ()),
    "command": (("channel_id", "text"), ()),
    "press": (("ts", "action_id"), ("chosen",)),
    "press_in_view": (("view_id", "action_id"), ("chosen",)),
    "submit": (("view_id", "given"), ()),
    "close_view": (("view_id",), ()),
    "shortcut": (("channel_id", "ts", "callback_id"), ()),
    "open_home": ((), ()),
    "reload": ((), ()),
}
"""Every act of the page with what it needs and what it may have; the name is the method of `People`."""


class SlackPageDoor:
    """The page with Slack's look and its requests, as a door of the `RehearsalServer`.

    `alone` are the clock's controls where no other page stands beside it; then it is at `/` too. `hints` are what may
    stand behind the slash command, with what it does.
    """

    def __init__(
        self,
        people: People,
        feeds: Feeds,
        zone: str | None = None,
        *,
        alone: ClockControls | None = None,
        hints: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._people = people
        self._feeds = feeds
        self._zone = zone
        self._alone = alone
        self._hints = hints
        self._sockets: set[web.WebSocketResponse] = set()

    def mount(self, app: web.Application) -> None:
        """Add the page to the server."""
        serve_files(app, [STATIC, OWN], "/slack/")
        if self._alone is not None:
            serve_clock(app, self._alone)
            app.router.add_get("/", guarded(_to_our_page))
        app.router.add_get("/slack/page/personas", guarded(self._personas))
        app.router.add_get("/slack/page/snapshot", guarded(_told(self._snapshot)))
        app.router.add_post("/slack/page/act", guarded(_told(self._act)))
        app.router.add_get("/slack/page/live", guarded(self._live))

    async def opened(self, base_url: str) -> None:
        """Nothing to prepare: the page asks for everything by relative addresses."""

    async def closed(self) -> None:
        """End the live sockets; the pages say that the connection is lost and keep trying."""
        self._feeds.close()
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))

    async def _personas(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "personas": self._people.personas(),
                "zone": self._zone,
                "discord": self._alone is None,
            }
        )

    async def _snapshot(self, request: web.Request) -> Any:
        seen = self._people.snapshot(request.query.get("team", ""), request.query.get("as", ""))
        return {**seen, "hints": [{"command": name, "about": about} for name, about in self._hints().items()]}

    async def _act(self, request: web.Request) -> Any:
        asked = await json_body(request)
        verb = str(asked.pop("do", ""))
        team, person = str(asked.pop("team", "")), str(asked.pop("as", ""))
        if verb not in ACTS:
            raise Refused("The rehearsal does not know that action.")
        needed, more = ACTS[verb]
        if not set(needed) <= set(asked) <= {*needed, *more}:
            raise Refused(f"“{verb}” needs {', '.join(needed) or 'nothing'}.")
        if not all(isinstance(asked[name], str) for name in asked if name not in ("given", "chosen")):
            raise Refused("Everything but “given” and “chosen” must be text.")
        if not isinstance(asked.get("given", {}), dict):
            raise Refused("“given” must be an object.")
        done = getattr(self._people, verb)(team, person, **asked)
        result = await done if asyncio.iscoroutine(done) else done
        return {"ok": True, "result": result if isinstance(result, dict) else None}

    async def _live(self, request: web.Request) -> web.StreamResponse:
        try:
            team, person = self._people.person(request.query.get("team", ""), request.query.get("as", ""))
        except Refused as problem:
            return refusal(400, str(problem))
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        self._sockets.add(socket)
        feed = self._feeds.open(team.id, person.id)
        pushing = asyncio.create_task(_push(socket, feed))
        try:
            async for _ in socket:
                pass  # the page only listens; this ends when either side closes
        finally:
            self._sockets.discard(socket)
            feed.close()
            await pushing
        return socket


async def _to_our_page(_: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/slack/")


async def _push(socket: web.WebSocketResponse, feed: Feed) -> None:
    try:
        await socket.send_json({"type": "ready"})
        async for event in feed:
            await socket.send_json(event)
        await socket.close(code=1001)
    except ConnectionResetError:
        feed.close()  # the page has gone; its next connection begins with a snapshot


def _told(handler: Callable[[web.Request], Awaitable[Any]]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except (Refused, UnreadableRequest) as problem:
            return refusal(400, str(problem))

    return handle
