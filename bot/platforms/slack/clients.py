"""One Web API client a workspace, that repeats nothing by itself.

slack-sdk's own first choice repeats a `chat.postMessage` whose connection broke, and so posts twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotPermitted, TryLater

SECONDS = 15
"""How long one call may take."""

DEFAULT_BASE = AsyncWebClient.BASE_URL


def quiet() -> logging.Logger:
    """Return slack-sdk's logger with what it may say: below ERROR it logs what people write."""
    theirs = logging.getLogger("slack_sdk.third_chair")
    theirs.setLevel(logging.ERROR)
    return theirs


class Clients(Protocol):
    """Where the messenger finds the client of a workspace."""

    async def of(self, team_id: str) -> AsyncWebClient:
        """Return the client. Raises NotPermitted where the app is not installed, TryLater if it cannot be told now."""
        ...


class Session:
    """The connections of this process to Slack, opened when the first call is made."""

    def __init__(self, base_url: str | None = None) -> None:
        self.base_url = base_url or DEFAULT_BASE
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def connections(self) -> aiohttp.ClientSession:
        """Return the connections themselves. Only inside a running event loop. Raises TryLater once they are closed."""
        if self._closed:
            raise TryLater
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._session

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Make a client on these connections."""
        return AsyncWebClient(
            token, base_url=self.base_url, session=self.connections(), retry_handlers=[], logger=quiet()
        )

    async def close(self) -> None:
        """Close them for good."""
        self._closed = True
        if self._session is not None:
            await self._session.close()


class OneWorkspace:
    """The app installed in one workspace, by a token in the settings."""

    def __init__(self, session: Session, token: str) -> None:
        self._session = session
        self._token = token
        self.team_id: str | None = None

    def client(self) -> AsyncWebClient:
        return self._session.client(self._token)

    async def of(self, team_id: str) -> AsyncWebClient:
        if self.team_id is not None and team_id != self.team_id:
            raise NotPermitted("to be installed in that workspace")
        return self.client()


class ManyWorkspaces:
    """The app installed in many; `token_of` knows the token of each, or None."""

    def __init__(self, session: Session, token_of: Callable[[str], Awaitable[str | None]]) -> None:
        self._session = session
        self._token_of = token_of

    async def of(self, team_id: str) -> AsyncWebClient:
        token = await self._token_of(team_id)
        if token is None:
            raise NotPermitted("to be installed in that workspace")
        return self._session.client(token)
