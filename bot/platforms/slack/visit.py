"""One command, press, form or shortcut on its way through the door: acknowledged in time, answered privately."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, Tone
from bot.errors import MessengerError, NotFound, TryLater
from bot.people import Caller, MessageRef, Place
from bot.platforms.slack import failures, faults, ids, mrkdwn, render
from bot.platforms.slack.answering import Directly, InModal, Surface, short_key
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.people import People
from bot.ports.messenger import Messenger
from bot.ports.words import Words

if TYPE_CHECKING:
    from bot.house import House

QUICK = 2.0
"""Seconds that a feature may take before a form; Slack gives three, and the way there and back takes some."""

TEXT = "text"
TEXT_LIMIT = 3000
"""What Slack takes in one field of a form."""

Json = dict[str, Any]
T = TypeVar("T")


class MoreField(Protocol):
    """A further field of such a modal."""

    @property
    def label(self) -> str: ...
    @property
    def placeholder(self) -> str: ...
    @property
    def limit(self) -> int: ...


class Invitation(Protocol):
    """What a modal with one long text shows."""

    @property
    def title(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def placeholder(self) -> str: ...
    @property
    def limit(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def more(self) -> Sequence[MoreField]: ...


class Behind(Protocol):
    """What stands behind a visit: the desk."""

    words: Words
    asking: Asking
    people: People
    messenger: Messenger

    @property
    def house(self) -> House: ...


@dataclass(slots=True)
class Visit:
    """An act in the house's own terms.

    `token` is the id that Slack gives to this very act, the same when it is delivered twice; `trigger` lets one form be
    opened; `view` is the modal in which it happened; `action` is what was pressed, `choice` what follows the family in
    its name; `typed` a form's fields, and `message` what a shortcut was used on, with its `words`. A `discreet` visit
    is about a response: what says whose it is must not come to stand in direct messages, which can be exported.
    """

    desk: Behind
    caller: Caller
    user: str
    surface: Surface
    token: str
    channel_id: str = ""
    thread: str | None = None
    trigger: str = ""
    view: str | None = None
    platform_locale: str = "en"
    action: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    chosen: Sequence[str] = ()
    message: MessageRef | None = None
    words: str = field(default="", repr=False)
    heeded: set[str] = field(default_factory=set, repr=False)
    answered: bool = False
    form: bool = False
    discreet: bool = False

    @property
    def team(self) -> str:
        return self.caller.workspace.id

    @property
    def choice(self) -> str:
        return self.action.partition("-")[2]

    @property
    def locale(self) -> str:
        """The language of the door's own words: the one that she chose, else the one that her Slack speaks."""
        return self.caller.locale or self.platform_locale

    @property
    def place(self) -> Place | None:
        """Where it happened, the thread itself if in a thread; None in direct messages and in her home."""
        if not self.channel_id or self.channel_id.startswith("D"):
            return None
        return ids.place_of(self.team, self.channel_id, self.thread)

    @property
    def channel(self) -> Place | None:
        """The channel it happened in."""
        return None if self.place is None else ids.room_of(self.place)

    @property
    def here(self) -> Place:
        """The place; direct messages count as one, for there the bot goes by the cohort that she is in."""
        return self.place or ids.place_of(self.team, self.channel_id or "D0")

    @property
    def room(self) -> Place:
        """The channel, in the same way."""
        return ids.room_of(self.here)

    def of(self, member_locale: str | None) -> None:
        """Take in the language that she chose."""
        self.caller = replace(self.caller, locale=member_locale)

    async def wait(self) -> None:
        """Show that something is being done, where nothing else would."""
        say = self.desk.words.say
        body = [render.section(say("slack.wait.body", self.locale))]
        await self.surface.wait(
            render.modal(say("slack.wait.title", self.locale), body, close=say("slack.close", self.locale))
        )

    async def show(self, *cards: Card, text: str = "") -> None:
        """Answer privately with cards, and give `text`, which was not kept, back in full after them."""
        if await self._shown_beside(cards, text):
            return
        if self.discreet and not text and not any(card.tone is Tone.CARE for card in cards):
            cards = (Card(self.desk.words.say("slack.withheld", self.locale)),)
        await self.surface.show(await self._pages([await self.aside(card) for card in cards], text))
        self.answered = True

    async def keep(self, card: Card) -> None:
        """Send a card of care directly as well: what only she sees in a channel is gone when she reloads."""
        if card.tone is Tone.CARE and not isinstance(self.surface, Directly):
            key = short_key("care", self.token, card.title, card.body)
            with suppress(MessengerError):
                await self.desk.messenger.direct(self.caller.member, await self.aside(card), key=key)

    async def aside(self, card: Card) -> Card:
        """Return a card as it may stand in her direct messages."""
        return await self.desk.house.care.aside(self.caller, self.channel, card) if self.discreet else card

    async def say(self, text: str) -> None:
        """Answer privately with a sentence, which says nothing of anybody's response."""
        if not await self._shown_beside((Card(text),)):
            await self.surface.show(render.pages(Card(text)))
            self.answered = True

    async def quickly(self, work: Awaitable[T]) -> T:
        """Await what must come before a form. Raises TryLater rather than miss Slack's three seconds."""
        try:
            return await asyncio.wait_for(work, QUICK)
        except TimeoutError:
            raise TryLater(QUICK) from None

    async def ask(self, invitation: Invitation, action: str, subject: str) -> None:
        """Open a form; its submission comes back as `tc:<action>:<subject>`, further fields as `more1` and on."""
        first = _field(TEXT, invitation)
        if invitation.text:
            first["element"]["initial_value"] = mrkdwn.fitting(invitation.text, first["element"]["max_length"])
        more = [_field(f"more{number}", each) for number, each in enumerate(invitation.more, start=1)]
        made: list[Json] = [first, *({**field_, "optional": True} for field_ in more)]
        if mrkdwn.size(invitation.title) > render.TITLE_LIMIT:
            whole = mrkdwn.clipped(invitation.title, render.HEADER_LIMIT)
            header = {"type": "header", "text": {"type": "plain_text", "text": whole, "emoji": False}}
            made.insert(0, header)
        await self.open_form(invitation.title, made, f"tc:{action}:{subject}")

    async def open_form(self, title: str, made: Sequence[Json], callback: str) -> None:
        """Open a form. Raises TriggerExpired if Slack's three seconds are over."""
        view = self._form(title, made, callback)

        async def open_it(client: AsyncWebClient) -> Any:
            try:
                if self.view:
                    return await self._lay_on_top(client, view)
                return await client.views_open(trigger_id=self.trigger, view=view)
            except SlackApiError as error:
                if failures.too_late(error):
                    raise failures.TriggerExpired from None
                raise

        await self.desk.asking.ask(self.team, open_it, effect=True)
        self.answered = self.form = True

    async def next_form(self, title: str, made: Sequence[Json], callback: str) -> None:
        """Show a further form in the place of the one that was sent."""
        surface = self.surface
        if not isinstance(surface, InModal):
            raise TryLater
        view = self._form(title, made, callback)
        await self.desk.asking.ask(self.team, lambda client: client.views_update(view_id=surface.view, view=view))
        self.answered = self.form = True

    async def _lay_on_top(self, client: AsyncWebClient, view: Json) -> Any:
        """Open a form on the modal that she pressed in; the third of a stack, which is Slack's last, becomes it."""
        try:
            return await client.views_push(trigger_id=self.trigger, view=view)
        except SlackApiError as error:
            if faults.code_of(error) != "push_limit_reached":
                raise
            return await client.views_update(view_id=self.view or "", view=view)

    def of_message(self) -> MessageRef:
        """The message that a shortcut was used on. Raises NotFound."""
        if self.message is None:
            raise NotFound("there is no message here")
        return self.message

    def _form(self, title: str, made: Sequence[Json], callback: str) -> Json:
        say = self.desk.words.say
        view = render.modal(
            title,
            made,
            submit=say("slack.send", self.locale),
            close=say("slack.cancel", self.locale),
            callback=callback,
        )
        view["private_metadata"] = f"{self.channel_id}:{self.thread}" if self.thread else self.channel_id
        return view

    async def _shown_beside(self, cards: Sequence[Card], text: str = "") -> bool:
        """Answer where she acted and say whether that could be; from then on answers come to her directly if not."""
        if isinstance(self.surface, Directly):
            return False
        pages = await self._pages(cards, text)
        try:
            await self.surface.show(pages)
        except MessengerError:
            # The form is closed, or the response url has run out.
            self.surface = Directly(self.desk.asking, self.team, self.user)
            return False
        self.answered = True
        return True

    async def _pages(self, cards: Sequence[Card], text: str) -> list[render.Page]:
        people, groups = render.people_in(*cards)
        names = await self.desk.people.names(self.team, people, groups)
        pages = render.pages(*cards, names=names) if cards else []
        if text:
            pages += [render.Page((block,), block["text"]["text"]) for block in render.verbatim(text)]
        return pages


def _field(name: str, asked: MoreField) -> Json:
    element: Json = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": True,
        "max_length": min(asked.limit, TEXT_LIMIT),
    }
    if asked.placeholder:
        element["placeholder"] = {"type": "plain_text", "text": mrkdwn.clipped(asked.placeholder, 150)}
    label = {"type": "plain_text", "text": asked.label}
    return {"type": "input", "block_id": name, "label": label, "element": element}
