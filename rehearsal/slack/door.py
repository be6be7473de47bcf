"""The door to the rehearsed Slack: the Web API, the sockets, response urls and the switches, on the server's port."""

from __future__ import annotations

import json
import logging
from collections import deque
from pathlib import Path

from aiohttp import web

from rehearsal.clock import RealStopwatch, Stopwatch
from rehearsal.slack.call import Call, Method, Methods
from rehearsal.slack.chat import Chat
from rehearsal.slack.control import Control
from rehearsal.slack.conversations import Conversations
from rehearsal.slack.directory import Directory
from rehearsal.slack.errors import SlackError
from rehearsal.slack.events import Events
from rehearsal.slack.faults import Faults, Rule
from rehearsal.slack.feeds import Feeds
from rehearsal.slack.interactions import Interactions
from rehearsal.slack.limits import Limits
from rehearsal.slack.line import Line
from rehearsal.slack.model import Json
from rehearsal.slack.people import People
from rehearsal.slack.saved import Keeper
from rehearsal.slack.triggers import Triggers
from rehearsal.slack.views import Views
from rehearsal.slack.world import World

_log = logging.getLogger(__name__)

API = "/slack/api/"
REQUESTS_REMEMBERED = 5_000


class SlackDoor:
    """Everything of Slack that there is on this machine. `people` acts for the humans."""

    def __init__(self, world: World, stopwatch: Stopwatch | None = None, keep_in: Path | None = None) -> None:
        self.world = world
        self.stopwatch = stopwatch or RealStopwatch()
        self.faults = Faults()
        self.limits = Limits(self.stopwatch)
        self.line = Line(world, self.stopwatch, self.faults)
        self.chat = Chat(world)
        self.directory = Directory(world)
        triggers = Triggers(self.stopwatch)
        self.views = Views(world, triggers)
        self.events = Events(world, self.line)
        self.interactions = Interactions(world, self.line, self.chat, self.views, triggers)
        self.feeds = Feeds(world)
        self._keeper = None if keep_in is None else Keeper(world, keep_in)
        self.people = People(world, self.chat, self.views, self.events, self.interactions)
        self.requests: deque[Json] = deque(maxlen=REQUESTS_REMEMBERED)
        self.unknown: list[str] = []
        """Methods that were asked for and are not there."""
        self.methods = Methods()
        for room in (self.chat, self.directory, self.views, Conversations(world)):
            room.register(self.methods)
        self.methods.add(Method("apps.connections.open", self._open_connection, kind="app"))

    def mount(self, app: web.Application) -> None:
        """Add the routes to the server."""
        app.router.add_route("*", API + "{method}", self._serve)
        app.router.add_get("/slack/link/", self.line.serve)
        app.router.add_post("/slack/respond/{token}", self.interactions.answer)
        Control(self.faults, self.line, self.limits, self.requests).mount(app)

    async def opened(self, base_url: str) -> None:
        self.world.base_url = base_url

    async def closed(self) -> None:
        self.feeds.close()
        await self.line.close()
        if self._keeper is not None:
            self._keeper.keep_now()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        entry: Json = {"method": name, "at": self.stopwatch.seconds(), "fault": None, "answer": None}
        self.requests.append(entry)
        rule = self.faults.strike(name)
        if rule is not None:
            entry["fault"] = rule.kind
            if (refused := await self._befall(request, rule)) is not None:
                return refused
        body, headers = await self._answer(request, name)
        entry["answer"] = body.get("error", "ok")
        if rule is not None and rule.kind == "slow" and rule.after:
            await self.stopwatch.sleep(rule.seconds)
        if rule is not None and rule.kind == "reset_after":
            _reset(request)
        return _json(body, 429 if body.get("error") == "ratelimited" else 200, headers)

    async def _befall(self, request: web.Request, rule: Rule) -> web.Response | None:
        match rule.kind:
            case "429":
                after = {"Retry-After": f"{rule.seconds:g}"}
                return _json({"ok": False, "error": "ratelimited"}, 429, after)
            case "status":
                return web.Response(status=rule.status, text="upstream connect error", content_type="text/html")
            case "error":
                return _json({"ok": False, "error": rule.error}, 200, {})
            case "reset_before":
                _reset(request)
                return web.Response(status=500)
            case "slow" if not rule.after:
                await self.stopwatch.sleep(rule.seconds)
        return None

    async def _answer(self, request: web.Request, name: str) -> tuple[Json, dict[str, str]]:
        try:
            call = await Call.read(request)
            method = self.methods.known.get(name)
            if method is None:
                _log.warning("the rehearsal does not know %s", name)
                self.unknown.append(name)
                raise SlackError("unknown_method", req_method=name)
            self._let_in(call, method)
            team = call.team_or_none
            channel = str(call.arguments.get("channel", ""))
            if wait := self.limits.ask(team.id if team else "", name, method.tier, channel):
                return {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
            headers = {"x-oauth-scopes": ",".join(team.scopes)} if team and team.tells_scopes else {}
            return {"ok": True, **await method.handler(call)}, headers
        except SlackError as problem:
            return problem.body(), {}

    def _let_in(self, call: Call, method: Method) -> None:
        if method.kind == "any":
            return
        if not call.token:
            raise SlackError("not_authed")
        if method.kind == "app":
            if call.token != self.world.app.app_token:
                raise SlackError("not_allowed_token_type" if call.token.startswith("xoxb-") else "invalid_auth")
            return
        if call.token == self.world.app.app_token:
            raise SlackError("not_allowed_token_type")
        call.team_or_none = self.world.team_of_token(call.token)
        if call.team_or_none is None:
            raise SlackError("invalid_auth")
        if call.team.revoked:
            raise SlackError("token_revoked")
        if method.scopes and not set(method.scopes) & set(call.team.scopes):
            provided = ",".join(call.team.scopes)
            raise SlackError("missing_scope", needed=method.scopes[0], provided=provided)

    async def _open_connection(self, call: Call) -> Json:
        return {"url": self.line.ticket()}


def _json(body: Json, status: int, headers: dict[str, str]) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json", charset="utf-8", headers=headers
    )


def _reset(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
