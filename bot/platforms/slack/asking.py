"""Asking Slack something: every refusal becomes the house's own, and "too many" is waited out a little."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import TryLater
from bot.platforms.slack import faults
from bot.platforms.slack.clients import Clients
from bot.platforms.slack.pace import Pace

Answer = Mapping[str, Any]
Ask = Callable[[AsyncWebClient], Awaitable[Any]]

_TRIES = 4
_PATIENCE = 30.0
"""Seconds. Whoever is told to wait longer says so instead of waiting."""

_PAGES = 20


class Asking:
    """Calls methods of the Web API for a workspace. Raises MessengerError's children and nothing of slack-sdk's."""

    def __init__(self, clients: Clients, pace: Pace) -> None:
        self.clients = clients
        self.pace = pace

    async def ask(self, team: str, ask: Ask, *, effect: bool = False, channel: Hashable = None) -> Any:
        """Return the answer. `effect` says whether the call changes something, `channel` where it posts, if it does."""
        client = await self.clients.of(team)
        for tries_left in reversed(range(_TRIES)):
            if channel is not None:
                await self.pace.pass_through((team, channel))
            with faults.translated(effect=effect):
                try:
                    return await ask(client)
                except SlackApiError as error:
                    refusal = faults.kind(error, effect=effect)
                    if not (isinstance(refusal, TryLater) and faults.is_limit(error)):
                        raise
            self.pace.refused()
            if channel is not None:
                self.pace.hold((team, channel), refusal.after)
            if not tries_left or refusal.after > _PATIENCE:
                raise refusal
            await self.pace.wait(refusal.after)
        raise AssertionError("the last try returns or raises")

    async def pages(self, team: str, method: Callable[..., Ask], key: str, **arguments: Any) -> AsyncIterator[Any]:
        """Go through a list page by page; `method(cursor, **arguments)` makes the call."""
        cursor = ""
        for _ in range(_PAGES):
            answer = await self.ask(team, method(cursor, **arguments))
            for item in answer.get(key) or ():
                yield item
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
