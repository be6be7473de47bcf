"""Where the answer to somebody's act goes: beside what she pressed, into her form, or to her directly.

Slack gives every kind of act another way to answer, and each can fail: a form is closed meanwhile, a response url has
been used up. Whatever fails, the answer goes to her direct messages in its stead, so that it is not lost.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import MessengerError
from bot.platforms.slack import faults, render
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.clients import Session, quiet

Json = dict[str, Any]

AFTER_ACK = 0.1
"""Seconds. slack-bolt sends an acknowledgement some time after it was given, and an answer must not overtake it."""


class Surface(Protocol):
    """A place for private answers. Raises MessengerError when it takes no more."""

    async def wait(self, waiting: Json) -> None:
        """Show that something is being done, where the surface needs that; `waiting` is a modal."""
        ...

    async def show(self, pages: Sequence[render.Page]) -> None:
        """Show an answer; a second one comes after the first."""
        ...


@dataclass(slots=True)
class Beside:
    """Notes that only she sees, by a response url: five at most within half an hour, gone when she reloads.

    With `in_place` the first one takes the place of the private note that was pressed.
    """

    session: Session
    url: str
    in_place: bool = False

    async def wait(self, waiting: Json) -> None:
        """The acknowledgement is enough."""

    async def show(self, pages: Sequence[render.Page]) -> None:
        for page in pages:
            hook = AsyncWebhookClient(self.url, session=self.session.connections(), retry_handlers=[], logger=quiet())
            with faults.translated():
                answer = await hook.send(
                    text=page.text,
                    blocks=list(page.blocks),
                    response_type="ephemeral",
                    replace_original=self.in_place,
                    unfurl_links=False,
                )
            if answer.status_code >= 300:
                raise MessengerError("the response url takes no more")
            self.in_place = False


@dataclass(slots=True)
class InModal:
    """A modal that is open before her; further answers stand below the first."""

    asking: Asking
    team: str
    view: str
    title: str
    close: str
    shown: list[Json] = field(default_factory=list)
    free_at: float = 0.0
    """When, on the loop's clock, what the acknowledgement put into it surely stands, and would cover nothing."""

    async def wait(self, waiting: Json) -> None:
        """The modal stands as it is until the answer is there."""

    def acknowledged(self) -> None:
        """An acknowledgement is on its way that shows something in it."""
        self.free_at = asyncio.get_running_loop().time() + AFTER_ACK

    async def show(self, pages: Sequence[render.Page]) -> None:
        for page in pages:
            if self.shown:
                self.shown.append({"type": "divider"})
            self.shown += page.blocks
        await asyncio.sleep(max(0.0, self.free_at - asyncio.get_running_loop().time()))
        view = render.modal(self.title, self.shown, close=self.close)
        await self.asking.ask(self.team, lambda client: client.views_update(view_id=self.view, view=view), effect=True)


@dataclass(slots=True)
class NewModal:
    """A modal of its own, for what was pressed in her home: opened while she waits, then filled."""

    asking: Asking
    team: str
    trigger: str
    title: str
    close: str
    opened: InModal | None = None

    async def wait(self, waiting: Json) -> None:
        async def open_it(client: AsyncWebClient) -> Any:
            return await client.views_open(trigger_id=self.trigger, view=waiting)

        answer = await self.asking.ask(self.team, open_it, effect=True)
        self.opened = InModal(self.asking, self.team, str(answer["view"]["id"]), self.title, self.close)

    async def show(self, pages: Sequence[render.Page]) -> None:
        if self.opened is None:
            raise MessengerError("there is no modal to answer in")
        await self.opened.show(pages)


@dataclass(slots=True)
class Directly:
    """Her direct messages with the bot."""

    asking: Asking
    team: str
    user: str

    async def wait(self, waiting: Json) -> None:
        """Nothing is open that could wait."""

    async def show(self, pages: Sequence[render.Page]) -> None:
        opened = await self.asking.ask(self.team, lambda client: client.conversations_open(users=self.user))
        channel = str(opened["channel"]["id"])
        for page in pages:

            async def post(client: AsyncWebClient, page: render.Page = page) -> Any:
                return await client.chat_postMessage(
                    channel=channel,
                    text=page.text,
                    blocks=list(page.blocks),
                    unfurl_links=False,
                    unfurl_media=False,
                )

            await self.asking.ask(self.team, post, effect=True, channel=channel)


def short_key(*parts: str) -> str:
    """Return an idempotency key that says nothing of what it was made of."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:24]
