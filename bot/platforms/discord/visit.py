"""One person's command, press or form on its way through the door: acknowledged in time, answered privately."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import discord

from bot.cards import Card
from bot.errors import NotFound, TryLater
from bot.people import Caller, Place
from bot.platforms.discord import render
from bot.platforms.discord.translate import Interaction, caller_of, parent_of, place_of

QUICK = 2.0
"""Seconds that a feature may take before a modal; Discord gives three, and the way there and back takes some."""

TEXT = "text"

CHOSEN_LOCALE = "locale"
"""Where an interaction's `extras` hold the language that the person chose, once the client has looked it up."""

T = TypeVar("T")


class MoreField(Protocol):
    """A further field of a form, which may stay empty."""

    @property
    def label(self) -> str: ...
    @property
    def placeholder(self) -> str: ...
    @property
    def limit(self) -> int: ...


class Invitation(Protocol):
    """What a modal with one long text shows, and perhaps further fields."""

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


@dataclass(slots=True)
class Visit:
    """An interaction in the house's own terms.

    `action` is what was pressed, `choice` what follows the family in its name (`name` in `contact-name`), `typed` a
    form's texts, `chosen` a select's values.
    """

    interaction: Interaction
    action: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    chosen: Sequence[str] = ()

    @property
    def choice(self) -> str:
        return self.action.partition("-")[2]

    @property
    def caller(self) -> Caller:
        return replace(caller_of(self.interaction), locale=self.interaction.extras.get(CHOSEN_LOCALE))

    @property
    def place(self) -> Place | None:
        """Where it happened, the thread itself if in a thread; None in direct messages."""
        return place_of(self.interaction)

    @property
    def channel(self) -> Place | None:
        """The channel it happened in: a thread's parent, else the place itself."""
        place = self.place
        if place is None:
            return None
        return parent_of(self.interaction.channel, place.workspace) or place

    @property
    def here(self) -> Place:
        """The place, where only one on a server will do. Raises NotFound in direct messages."""
        if (place := self.place) is None:
            raise NotFound("this works on a server only")
        return place

    @property
    def room(self) -> Place:
        """The channel, where only one on a server will do. Raises NotFound in direct messages."""
        if (channel := self.channel) is None:
            raise NotFound("this works on a server only")
        return channel

    @property
    def token(self) -> str:
        """The id that Discord gives to this very act, the same when it is delivered twice."""
        return str(self.interaction.id)

    @property
    def locale(self) -> str:
        """The language of the door's own words: the one that she chose, else the one that her Discord speaks."""
        return self.interaction.extras.get(CHOSEN_LOCALE) or self.interaction.locale.value

    @property
    def heeded(self) -> set[str]:
        """What the crisis screen has read of what was typed."""
        read: set[str] = self.interaction.extras.setdefault("heeded", set())
        return read

    async def wait(self) -> None:
        """Acknowledge privately, before any work; whoever is second to acknowledge fails here and does nothing."""
        await self.interaction.response.defer(ephemeral=True, thinking=True)

    async def wait_in_place(self) -> None:
        """Acknowledge a press so that the answer replaces what was pressed, if only this person sees that."""
        message = self.interaction.message
        if message is None or not message.flags.ephemeral:
            await self.wait()
            return
        await self.interaction.response.defer()
        self.interaction.extras["in_place"] = True

    async def refuse(self, sentence: str) -> None:
        """Answer privately with what went wrong, beside the message that was pressed and not instead of it."""
        if self.interaction.extras.get("in_place"):
            self.interaction.extras["answered"] = True
        await self.say(sentence)

    async def show(self, *cards: Card, text: str = "") -> None:
        """Answer privately with cards, and give `text` back in full after them."""
        laid_out = [page for card in cards for page in render.pages(card)]
        if text:
            laid_out += [page for piece in render.split(text, render.BODY_LIMIT) for page in render.pages(Card(piece))]
        for page in laid_out:
            await self.send(embeds=list(page.embeds), view=page.view())

    async def say(self, text: str) -> None:
        """Answer privately with a sentence."""
        await self.send(content=text)

    async def send(
        self, *, content: str | None = None, embeds: Sequence[discord.Embed] = (), view: discord.ui.View | None = None
    ) -> None:
        """Answer privately: the first time in the place of the acknowledgement, then in messages of their own."""
        nobody = discord.AllowedMentions.none()
        response = self.interaction.response
        if response.is_done() and not self.interaction.extras.get("answered"):
            await self.interaction.edit_original_response(
                content=content, embeds=embeds, view=view, allowed_mentions=nobody
            )
        else:
            options: dict[str, Any] = {"embeds": list(embeds), "ephemeral": True, "allowed_mentions": nobody}
            if content is not None:
                options["content"] = content
            if view is not None:
                options["view"] = view
            await (self.interaction.followup.send if response.is_done() else response.send_message)(**options)
        self.interaction.extras["answered"] = True

    async def quickly(self, work: Awaitable[T]) -> T:
        """Await what must come before a modal. Raises TryLater rather than miss Discord's three seconds."""
        try:
            return await asyncio.wait_for(work, QUICK)
        except TimeoutError:
            raise TryLater(QUICK) from None

    async def ask(self, invitation: Invitation, action: str, subject: str) -> None:
        """Open a form; its submission comes back as `tc:<action>:<subject>`, further fields as `more1` and on."""
        field_ = discord.ui.TextInput[Any](
            custom_id=TEXT,
            style=discord.TextStyle.paragraph,
            placeholder=invitation.placeholder or None,
            default=invitation.text or None,
            max_length=invitation.limit,
        )
        fields = [(invitation.label, field_)]
        for number, more in enumerate(invitation.more, start=1):
            another = discord.ui.TextInput[Any](
                custom_id=f"more{number}",
                style=discord.TextStyle.paragraph,
                placeholder=more.placeholder or None,
                required=False,
                max_length=more.limit,
            )
            fields.append((more.label, another))
        await self.open_form(invitation.title, f"tc:{action}:{subject}", fields)

    async def open_form(
        self, title: str, custom_id: str, fields: Sequence[tuple[str, discord.ui.TextInput[Any]]]
    ) -> None:
        """Open a modal. It is stopped at once: the router reads the submission, discord.py need not remember it."""
        modal = discord.ui.Modal(title=title, custom_id=custom_id)
        for label, component in fields:
            modal.add_item(discord.ui.Label(text=label, component=component))
        modal.stop()
        await self.interaction.response.send_modal(modal)
        self.interaction.extras.update(answered=True, form=True)
