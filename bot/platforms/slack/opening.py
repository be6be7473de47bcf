"""The line to Slack: Socket Mode by default, which needs no public address, or HTTP for many workspaces.

It is built before the house, because the messenger speaks through it, and is given the house before it opens.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.authorization import AuthorizeResult

from bot.errors import MessengerError, NotPermitted, ThirdChairError, TryLater
from bot.platforms.slack import faults
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import Clients, ManyWorkspaces, OneWorkspace, Session, quiet
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.door import SlackDoor
from bot.platforms.slack.http import Address, Grant, HttpDoor, PortTaken
from bot.platforms.slack.installing import Installations
from bot.platforms.slack.pace import Pace
from bot.ports.installations import InstallationStore
from bot.ports.messenger import Messenger
from bot.ports.words import Words

_log = logging.getLogger(__name__)

PING_SECONDS = 5.0
"""How often the socket is tried; a dead one is noticed within four of these."""


class CannotStart(ThirdChairError):
    """The line to Slack cannot be opened; the message says in one sentence why, and what to do."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the operator gave: a bot's token and an app's for one workspace, or what HTTP and OAuth need for many."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    grant: Grant | None = None
    address: Address | None = None
    api_base: str | None = None


class SlackLine:
    """Everything of Slack's in this process. `installations` are needed where `access.grant` is given."""

    def __init__(
        self,
        access: Access,
        words: Words,
        *,
        installations: InstallationStore | None = None,
        pace: Pace | None = None,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._access = access
        self._words = words
        self._ping_seconds = ping_seconds
        self._session = Session(access.api_base)
        self._one: OneWorkspace | None = None
        self._installed = Installations(installations) if installations is not None else None
        self._bots: dict[str, AuthorizeResult] = {}
        self._handler: AsyncSocketModeHandler | None = None
        self._http: HttpDoor | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self.desk = Desk(self._session, Asking(self._clients(), pace or Pace()), words)

        async def authorize(team_id: str | None) -> AuthorizeResult | None:  # bolt reads a function's arguments
            return await self._authorize(team_id or "")

        self.door = SlackDoor(
            self.desk,
            authorize,
            signing_secret=access.signing_secret if access.address is not None else None,
            left=self._left,
        )

    @property
    def messenger(self) -> Messenger:
        return self.desk.messenger

    @property
    def is_open(self) -> bool:
        """Whether Slack can reach us now."""
        if self._handler is not None:
            session = self._handler.client.current_session
            return session is not None and not session.closed
        return self._http is not None and self._http.is_open

    async def serve(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Hold the line until cancelled; `ready` is called when it first stands. Raises CannotStart."""
        try:
            await self._know_ourselves()
            await (self._open_http() if self._access.address is not None else self._open_socket())
            await ready()
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Take nothing more in, let what people began end, and hang up; harmless when repeated."""
        if self._http is not None:
            await self._http.close()
            self._http = None
        if (handler := self._handler) is not None:
            self._handler = None
            client = handler.client
            client.socket_mode_request_listeners.clear()
            if self._catching_up is not None:
                self._catching_up.cancel()
            await self.door.settled()
            await client.close()  # type: ignore[no-untyped-call]  # slack-sdk has no types there
            tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
            await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        await self._session.close()

    def _clients(self) -> Clients:
        if self._access.grant is not None and self._installed is not None:
            return ManyWorkspaces(self._session, self._installed.token_of)
        self._one = OneWorkspace(self._session, self._access.bot_token)
        return self._one

    async def _know_ourselves(self) -> None:
        """Try the bot's own token before anything is opened."""
        if self._one is None:
            return
        try:
            answer = await self.desk.asking.ask("", lambda client: client.auth_test())
        except NotPermitted:
            raise CannotStart(self._words.say("slack.start.wrong_bot_token")) from None
        except MessengerError:
            raise CannotStart(self._words.say("slack.start.no_line")) from None
        team = str(answer["team_id"])
        self._one.team_id = team
        self._bots[team] = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=team,
            bot_user_id=answer["user_id"],
            bot_id=answer["bot_id"],
            bot_token=self._access.bot_token,
        )

    async def _open_socket(self) -> None:
        client = self._session.client(self._access.bot_token)
        try:
            token = self._access.app_token
            with faults.translated(effect=False):
                answer = await client.apps_connections_open(app_token=token)
        except TryLater:
            raise CannotStart(self._words.say("slack.start.no_line")) from None
        except MessengerError:
            raise CannotStart(self._words.say("slack.start.wrong_app_token")) from None
        self._handler = AsyncSocketModeHandler(
            self.door.app,
            self._access.app_token,
            logger=quiet(),
            web_client=client,
            ping_interval=self._ping_seconds,
        )
        self._handler.client.wss_uri = str(answer["url"])
        self._handler.client.message_listeners.append(self._hello)  # type: ignore[arg-type]  # theirs is of a subclass
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # as above

    async def _hello(self, _: object, message: dict[str, object], __: str) -> None:
        """Another socket stands, perhaps after a while without any."""
        team = self._one.team_id if self._one is not None else None
        busy = self._catching_up is not None and not self._catching_up.done()
        if message.get("type") == "hello" and team is not None and not busy:
            self._catching_up = asyncio.create_task(self.door.catch_up(team))

    async def _open_http(self) -> None:
        access = self._access
        assert access.address is not None  # noqa: S101  # serve asked
        self._http = HttpDoor(
            self.door, access.address, access.grant, self._installed, self._session, access.signing_secret
        )
        try:
            await self._http.open()
        except PortTaken:
            port = access.address.port
            raise CannotStart(self._words.say("slack.start.port_taken", port=str(port))) from None

    async def _authorize(self, team: str) -> AuthorizeResult | None:
        if self._installed is not None and self._access.grant is not None:
            return await self._installed.authorize(team)
        return self._bots.get(team)

    async def _left(self, team_id: str) -> None:
        if self._installed is not None:
            with suppress(ThirdChairError):
                await self._installed.forget(team_id)
