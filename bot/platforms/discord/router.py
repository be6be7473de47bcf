"""Where a pressed button, a chosen option and a submitted form find their handler.

A custom id says everything that is needed (`tc:<action>:<subject>`), so buttons posted before a restart, or by
another process, work like fresh ones. Nothing in it is trusted: roles are read from the event, and the
features look the subject up and check whose it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import discord

from bot.errors import NotFound
from bot.platforms.discord.render import parse_button
from bot.platforms.discord.translate import Interaction
from bot.platforms.discord.visit import Visit

Handler = Callable[[Visit, str], Awaitable[None]]


class First(Enum):
    """What happens before the handler runs."""

    WAIT = "acknowledge privately"
    REPLACE = "acknowledge; the answer replaces the private message that was pressed"
    FORM = "nothing: the handler opens a form, which must be the first answer"


@dataclass(frozen=True, slots=True)
class _Way:
    handler: Handler
    first: First


class Router:
    """Knows one handler an action, or one for a family of them. Cogs register theirs when they are loaded.

    `acquaint` learns what the person chose for herself, after the acknowledgement and before the handler.
    """

    def __init__(self, acquaint: Callable[[Interaction], Awaitable[None]]) -> None:
        self._acquaint = acquaint
        self._ways: dict[str, _Way] = {}

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(self._ways)

    def on(self, action: str, handler: Handler, *, first: First = First.WAIT) -> None:
        """Send `tc:<action>:...` to `handler`; `choose-*` stands for every action that begins with `choose-`.

        Raises ValueError if the action has a handler.
        """
        if action in self._ways:
            raise ValueError(f"the action {action} is routed twice")
        self._ways[action] = _Way(handler, first)

    async def route(self, interaction: Interaction) -> None:
        """Take a component or a form to its handler. Raises NotFound for a custom id that leads nowhere."""
        data: Mapping[str, Any] = interaction.data or {}
        action, subject = parse_button(str(data.get("custom_id", ""))) or ("", "")
        family = action.partition("-")[0]
        way = self._ways.get(action) or self._ways.get(f"{family}-*")
        if way is None or not subject:
            raise NotFound("this button leads nowhere")
        visit = Visit(
            interaction,
            action,
            typed=typed_in(interaction),
            chosen=tuple(data.get("values", ())),
        )
        if way.first is First.WAIT:
            await visit.wait()
        elif way.first is First.REPLACE:
            await visit.wait_in_place()
        await self._acquaint(interaction)
        await way.handler(visit, subject)


def routed(interaction: Interaction) -> bool:
    """Say whether the router is to answer this interaction."""
    return interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit)


def typed_in(interaction: Interaction) -> dict[str, str]:
    """Return what was typed into a submitted form, by field."""
    data: Mapping[str, Any] = interaction.data or {}
    return dict(_texts(data.get("components", ())))


def _texts(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        if "value" in component:
            yield component["custom_id"], component["value"] or ""
        yield from _texts(component.get("components", ()))
        if "component" in component:
            yield from _texts((component["component"],))


def parts(subject: str, count: int) -> list[str]:
    """Take a subject of `count` ids apart. Raises NotFound if it has not that many."""
    ids = subject.split("/")
    if len(ids) != count or not all(ids):
        raise NotFound("this button leads nowhere")
    return ids


def whole_number(text: str) -> int:
    """Read a number from a subject. Raises NotFound if it is none, or longer than any that we ever gave."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise NotFound("this button leads nowhere")
    return int(text)
