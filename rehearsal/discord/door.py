"""Discord's door of the rehearsal server: one object that holds the whole rehearsed Discord together."""

from __future__ import annotations

import json
import logging
import mimetypes
import re
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from rehearsal.clock import RealStopwatch, Stopwatch
from rehearsal.discord.application_commands import ApplicationCommands
from rehearsal.discord.call import Answer, Call, Route
from rehearsal.discord.control import Control
from rehearsal.discord.errors import ApiError, unauthorized
from rehearsal.discord.faults import Faults, Rule
from rehearsal.discord.feeds import Feeds
from rehearsal.discord.gateway import Gateway
from rehearsal.discord.gateway_faults import GatewayFaults
from rehearsal.discord.guilds import Guilds
from rehearsal.discord.interactions import Interactions
from rehearsal.discord.limits import Limits, refusal
from rehearsal.discord.messages import Messages
from rehearsal.discord.model import Json
from rehearsal.discord.people import People
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.rest_application import ApplicationRoutes
from rehearsal.discord.rest_channels import ChannelRoutes
from rehearsal.discord.rest_commands import CommandRoutes
from rehearsal.discord.rest_guild import GuildRoutes
from rehearsal.discord.rest_interactions import InteractionRoutes
from rehearsal.discord.rest_messages import MessageRoutes
from rehearsal.discord.rest_threads import ThreadRoutes
from rehearsal.discord.saved import Keeper
from rehearsal.discord.threads import Threads
from rehearsal.discord.world import World

_log = logging.getLogger(__name__)

API = "/api/v10"
REQUESTS_REMEMBERED = 20_000
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_IDS, _TOKENS = re.compile(r"/\d{15,}"), re.compile(r"/[\w.~-]{40,}")


class DiscordDoor:
    """The rehearsed Discord, mounted on a `RehearsalServer`.

    `people` is the humans' side, `faults` and `gateway.faults` what a test may break, `requests` what the bot has
    asked for (method, route, status; no words, no tokens). With `keep_in`, the world is kept in that file as it goes.
    """

    def __init__(
        self,
        world: World,
        stopwatch: Stopwatch | None = None,
        limits: Limits | None = None,
        keep_in: Path | None = None,
    ) -> None:
        self.world = world
        self.stopwatch = stopwatch or RealStopwatch()
        self.limits = limits or Limits(self.stopwatch, world.clock)
        self.permissions = Permissions(world)
        self.messages = Messages(world)
        self.threads = Threads(world, self.messages)
        self.guilds = Guilds(world, self.threads)
        self.feeds = Feeds(world, self.permissions)
        self.interactions = Interactions(world, self.messages, self.permissions, self.stopwatch, self.feeds.tell)
        self.commands = ApplicationCommands(world, self.permissions)
        self.gateway = Gateway(world, self.permissions, self.stopwatch, GatewayFaults(self.stopwatch))
        self.interactions.deliver = lambda data, guild_id: self.gateway.dispatch("INTERACTION_CREATE", data, guild_id)
        self.people = People(world, self.permissions, self.messages, self.interactions, self.commands, self.feeds)
        self.faults = Faults()
        self.requests: deque[Json] = deque(maxlen=REQUESTS_REMEMBERED)
        self._keeper = None if keep_in is None else Keeper(world, keep_in)
        self.control = Control(self.faults, self.gateway, self.limits, self.requests)

    def mount(self, app: web.Application) -> None:
        """Add the REST routes, the gateway and the files to the server."""
        tables = (
            ApplicationRoutes(self.world, self.gateway),
            MessageRoutes(self.world, self.messages, self.permissions),
            InteractionRoutes(self.world, self.messages, self.interactions),
            CommandRoutes(self.world, self.commands),
            ThreadRoutes(self.world, self.threads, self.permissions),
            ChannelRoutes(self.world, self.guilds, self.threads, self.permissions),
            GuildRoutes(self.world, self.guilds, self.permissions),
        )
        for table in tables:
            for route in table.routes():
                app.router.add_route(route.method, API + route.path, self._handler(route))
        app.router.add_route("*", API + "/{tail:.*}", self._not_implemented)
        self.control.mount(app)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._file)

    async def opened(self, base_url: str) -> None:
        self.world.base_url = base_url

    async def closed(self) -> None:
        self.feeds.close()
        await self.gateway.close()
        if self._keeper is not None:
            self._keeper.keep_now()

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, route)

        return handle

    async def _serve(self, request: web.Request, route: Route) -> web.StreamResponse:
        rule = self.faults.strike(request.method, request.path.removeprefix(API))
        entry: Json = {
            "method": request.method,
            "route": route.path,
            "path": _TOKENS.sub("/{token}", request.path.removeprefix(API)),
            "at": self.stopwatch.seconds(),
            "fault": None if rule is None else rule.kind,
            "status": None,
        }
        self.requests.append(entry)
        if rule is not None:
            refused = await self._befall(request, rule)
            if refused is not None:
                entry["status"] = refused.status if rule.kind != "reset_before" else None
                self.limits.note_status(refused.status)
                return refused
        response = await self._answer(request, route)
        self.limits.note_status(response.status)
        entry["status"] = response.status
        if rule is not None and rule.kind == "slow" and rule.after:
            await self.stopwatch.sleep(rule.seconds)
        if rule is not None and rule.kind == "reset_after":
            _reset(request)
        return response

    async def _befall(self, request: web.Request, rule: Rule) -> web.Response | None:
        if rule.kind in ("429_local", "429_global"):
            verdict = refusal(rule.seconds, scope="global" if rule.kind == "429_global" else "user")
            return _json(429, verdict.refusal, verdict.headers)
        if rule.kind == "status":
            return web.Response(status=rule.status, text="upstream connect error", content_type="text/plain")
        if rule.kind == "reset_before":
            _reset(request)
            return web.Response(status=500)
        if rule.kind == "slow" and not rule.after:
            await self.stopwatch.sleep(rule.seconds)
        return None

    async def _answer(self, request: web.Request, route: Route) -> web.Response:
        if self.limits.banned:
            # Cloudflare's ban is a page, not JSON, and comes without Via.
            return web.Response(status=429, text="error code: 1015", content_type="text/plain")
        if not route.public and request.headers.get("Authorization") != f"Bot {self.world.application.token}":
            return _json(401, unauthorized().body(), {})
        globally = not route.path.startswith(("/interactions/", "/webhooks/"))
        verdict = self.limits.ask(request.method, route.path, _major(request), counts_globally=globally)
        if verdict.refusal is not None:
            return _json(429, verdict.refusal, verdict.headers)
        try:
            answer = await route.handler(await Call.read(request))
        except ApiError as problem:
            answer = Answer(problem.status, problem.body())
            if problem.status == 501:
                _log.warning(problem.message)
        if answer.status == 204:
            return web.Response(status=204, headers=verdict.headers)
        return _json(answer.status, answer.body, verdict.headers)

    async def _not_implemented(self, request: web.Request) -> web.Response:
        path = _TOKENS.sub("/{token}", _IDS.sub("/{id}", request.path.removeprefix(API)))
        sentence = f"The rehearsal does not implement {request.method} {path}."
        _log.warning(sentence)
        self.requests.append(
            {
                "method": request.method,
                "route": None,
                "path": path,
                "at": self.stopwatch.seconds(),
                "fault": None,
                "status": 501,
            }
        )
        return _json(501, {"message": sentence, "code": 0}, {})

    async def _file(self, request: web.Request) -> web.Response:
        wanted = request.match_info["attachment_id"]
        content = self.world.files.get(int(wanted)) if wanted.isdigit() else None
        if content is None:
            return web.Response(status=404, text="This content is no longer available.")
        kind = mimetypes.guess_type(request.match_info["filename"])[0]
        headers = {"X-Content-Type-Options": "nosniff"}
        if kind not in SHOWN_INLINE:
            kind, headers["Content-Disposition"] = "application/octet-stream", "attachment"
        return web.Response(body=content, content_type=kind, headers=headers)


def _major(request: web.Request) -> str:
    names = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
    return "+".join(request.match_info[name] for name in names if name in request.match_info)


def _json(status: int, body: object, headers: dict[str, str]) -> web.Response:
    # discord.py reads JSON only when the content type has no charset.
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers)


def _reset(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
