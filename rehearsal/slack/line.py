"""The line on which the app hears of things: Socket Mode's websockets, or HTTP requests with Slack's signature.

An event that nobody acknowledges within three seconds comes again, up to three times, as Slack does it; an act of
a person does not: she is told that the app did not answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from collections import deque
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from rehearsal.clock import Stopwatch
from rehearsal.slack.errors import Refused
from rehearsal.slack.faults import Faults
from rehearsal.slack.model import Json
from rehearsal.slack.world import World

_log = logging.getLogger(__name__)

ACKNOWLEDGE_SECONDS = 3.0
RETRIES = 3
RETRY_AFTER = (0.0, 60.0, 300.0)
NO_ANSWER = "Third Chair did not answer in time. Try again."
NOBODY_THERE = "Third Chair is not connected just now. Try again."


class Line:
    """Delivers envelopes and waits for their acknowledgement."""

    def __init__(self, world: World, stopwatch: Stopwatch, faults: Faults) -> None:
        self._world = world
        self._stopwatch = stopwatch
        self._faults = faults
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._undelivered: deque[Json] = deque()
        self._held: Json | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self.connections = 0
        self.retried = 0

    @property
    def under_way(self) -> int:
        """How many deliveries wait for their acknowledgement now."""
        return len(self._waiting)

    @property
    def connected(self) -> bool:
        return bool(self._sockets) or bool(self._world.app.events_url)

    def ticket(self) -> str:
        """Return the address of a socket that may be opened once."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return (
            f"{self._world.base_url.replace('http', 'ws', 1)}/slack/link/?ticket={ticket}&app_id={self._world.app.id}"
        )

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket open."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="link_disabled")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        self._sockets.append(socket)
        self.connections += 1
        try:
            info = {"app_id": self._world.app.id}
            await socket.send_json({"type": "hello", "num_connections": len(self._sockets), "connection_info": info})
            while self._undelivered:
                self.tell(self._undelivered.popleft())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
        return socket

    def tell(self, payload: Json) -> None:
        """Deliver an event, and again until it is acknowledged or was tried four times."""
        if self._faults.take("reorder_events") and self._held is None:
            self._held = payload
            return
        payloads = [payload]
        if self._held is not None:
            payloads, self._held = [payload, self._held], None
        for each in payloads:
            times = 2 if self._faults.take("duplicate_events") else 1
            for _ in range(times):
                task = asyncio.create_task(self._tell(each))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def ask(self, kind: str, payload: Json) -> Json:
        """Deliver a person's act and return what the acknowledgement carries; raises Refused if none comes in time."""
        if not self.connected:
            raise Refused(NOBODY_THERE)
        try:
            return await self._deliver(kind, payload, 0, "")
        except (TimeoutError, aiohttp.ClientError, ConnectionError):
            raise Refused(NO_ANSWER) from None

    async def break_up(self, kind: str) -> None:
        """Ask the app to open another socket (`disconnect`), or cut every one there is (`drop_socket`)."""
        for socket in tuple(self._sockets):
            if kind == "disconnect":
                self._sockets.remove(socket)
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
            else:
                self._sockets.remove(socket)
                await socket.close(code=1006)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))
        if self._http is not None:
            await self._http.close()

    async def _tell(self, payload: Json) -> None:
        reason = ""
        for attempt in range(1 + RETRIES):
            if attempt:
                self.retried += 1
                if wait := RETRY_AFTER[attempt - 1]:
                    await self._stopwatch.sleep(wait)
            if not self.connected:
                self._undelivered.append(payload)
                return
            try:
                await self._deliver("events_api", payload, attempt, reason)
                return
            except TimeoutError:
                reason = "timeout"
            except (aiohttp.ClientError, ConnectionError):
                reason = "http_error"
        _log.warning("an event was given up after %d attempts", 1 + RETRIES)

    async def _deliver(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if self._world.app.events_url:
            return await self._post(kind, payload, attempt, reason)
        envelope = secrets.token_hex(8)
        answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = answered
        late = self._stopwatch.call_later(ACKNOWLEDGE_SECONDS, lambda: _fail(answered))
        body: Json = {"envelope_id": envelope, "type": kind, "payload": payload}
        body["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            body |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            await self._sockets[self.connections % len(self._sockets)].send_json(body)
            return await answered
        finally:
            late.cancel()
            self._waiting.pop(envelope, None)

    def _acknowledged(self, body: Json) -> None:
        if self._faults.take("lose_acks"):
            return
        answered = self._waiting.get(str(body.get("envelope_id")))
        if answered is not None and not answered.done():
            answered.set_result(body.get("payload") or {})

    async def _post(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        elif kind == "slash_commands":
            body, content_type = urlencode(payload), "application/x-www-form-urlencoded"
        else:
            body, content_type = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **signed(self._world, body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        self._http = self._http or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACKNOWLEDGE_SECONDS))
        async with self._http.post(self._world.app.events_url, data=body, headers=headers) as answer:
            text = await answer.text()
            if answer.status >= 300:
                raise ConnectionError(f"status {answer.status}")
        if self._faults.take("lose_acks"):
            raise TimeoutError
        try:
            parsed = json.loads(text) if text.strip() else {}
        except ValueError:
            parsed = {"text": text}
        return parsed if isinstance(parsed, dict) else {}


def signed(world: World, body: str, at: int | None = None) -> dict[str, str]:
    """Return the headers with which Slack vouches for a body; `at` is Unix seconds, now by default."""
    stamp = str(int(world.clock.real_now().timestamp()) if at is None else at)
    digest = hmac.new(world.app.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _fail(answered: asyncio.Future[Json]) -> None:
    if not answered.done():
        answered.set_exception(TimeoutError())
