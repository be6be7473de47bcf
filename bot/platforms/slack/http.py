"""HTTP mode: Slack's requests with its signature, and the installation in many workspaces.

Meant to stand behind a proxy that speaks TLS. Nothing is read of a request that Slack did not sign within the last five
minutes, and the very same one is refused a second time within them.
"""

from __future__ import annotations

import errno
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.signature import SignatureVerifier

from bot.platforms.once import Recently
from bot.platforms.slack.clients import Session
from bot.platforms.slack.needs import SCOPES

if TYPE_CHECKING:
    import logging

    from bot.platforms.slack.door import SlackDoor
    from bot.platforms.slack.installing import Installations

EVENTS = "/slack/events"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
STATE_SECONDS = 600
_LARGEST = 1024 * 1024
_REMEMBERED = 65_536
"""More requests than Slack sends in the five minutes that a signature holds."""


class PortTaken(OSError):
    """Another program listens there."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What OAuth needs to install the app in a workspace."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where the requests come in."""

    host: str
    port: int


class States(AsyncOAuthStateStore):
    """The installations under way, each good once, for ten minutes, in this process."""

    def __init__(self, logger: logging.Logger, now: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._now = now
        self._issued: dict[str, float] = {}

    @property
    def logger(self) -> logging.Logger:
        return self._logger

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Return a new state."""
        now = self._now()
        self._issued = {state: until for state, until in self._issued.items() if until > now}
        state = secrets.token_urlsafe(24)
        self._issued[state] = now + STATE_SECONDS
        return state

    async def async_consume(self, state: str) -> bool:
        """Say whether a state is ours, unused and young enough."""
        return self._issued.pop(state, 0.0) > self._now()


class HttpDoor:
    """Serves events and installations on one port."""

    def __init__(
        self,
        door: SlackDoor,
        address: Address,
        grant: Grant | None,
        installations: Installations | None,
        session: Session,
        signing_secret: str,
    ) -> None:
        self._door = door
        self._verifier = SignatureVerifier(signing_secret)
        self._address = address
        self._replayed = Recently(_REMEMBERED)
        self._runner: web.AppRunner | None = None
        self.port = address.port
        self._flow: AsyncOAuthFlow | None = None
        if grant is not None and installations is not None:
            settings = AsyncOAuthSettings(
                client_id=grant.client_id,
                client_secret=grant.client_secret,
                scopes=list(SCOPES),
                install_path=INSTALL,
                redirect_uri_path=REDIRECT,
                installation_store=installations,
                state_store=States(installations.logger),
                logger=installations.logger,
            )
            self._flow = AsyncOAuthFlow(settings=settings, client=session.client(), logger=installations.logger)

    @property
    def is_open(self) -> bool:
        return self._runner is not None

    async def open(self) -> None:
        """Listen. Raises PortTaken."""
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post(EVENTS, self._event)
        if self._flow is not None:
            app.router.add_get(INSTALL, self._install)
            app.router.add_get(REDIRECT, self._redirect)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._address.host, self._address.port).start()
        except OSError as error:
            await runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken from None
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])

    async def close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._door.settled()
            await runner.cleanup()

    async def _event(self, request: web.Request) -> web.Response:
        body = await request.read()
        signatures = request.headers.getall("X-Slack-Signature", [])
        if not signatures and b"ssl_check=1" in body.split(b"&"):
            return web.Response()  # Slack looks at the certificate, and signs nothing
        # slack-bolt would take the last of several, and what it takes must be what was remembered.
        stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        if len(signatures) != 1 or len(stamps) != 1 or not self._is_slacks(body, stamps[0], signatures[0]):
            return web.json_response({"error": "invalid request"}, status=401)
        if not self._replayed.first_time(signatures[0]):
            return web.json_response({"error": "replayed request"}, status=401)
        return await to_aiohttp_response(await self._door.app.async_dispatch(await to_bolt_request(request)))

    def _is_slacks(self, body: bytes, stamp: str, signature: str) -> bool:
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ValueError, TypeError):  # a stamp that is no number, a body or a signature that is no text
            return False

    async def _install(self, request: web.Request) -> web.Response:
        assert self._flow is not None  # noqa: S101  # the route is there only with it
        return await to_aiohttp_response(await self._flow.handle_installation(await to_bolt_request(request)))

    async def _redirect(self, request: web.Request) -> web.Response:
        assert self._flow is not None  # noqa: S101  # as above
        return await to_aiohttp_response(await self._flow.handle_callback(await to_bolt_request(request)))
