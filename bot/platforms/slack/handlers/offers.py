"""What Discord offers while somebody types, Slack offers as buttons, unless just one thing fits what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.cards import Button, Card
from bot.platforms.slack import render
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.visit import Visit

MOST_OFFERED = 10

Act = Callable[[Visit, str], Awaitable[None]]


async def choose(
    desk: Desk, visit: Visit, typed: str, offered: Sequence[tuple[str, str]], action: str, then: Act
) -> None:
    """Do `then` with what was typed if it is one of `offered` (value, name); else ask which, by buttons of `action`."""
    wanted = typed.strip().casefold()
    exact = [value for value, name in offered if wanted and wanted in (value.casefold(), name.casefold())]
    if len(exact) == 1:
        await then(visit, exact[0])
        return
    fitting = [(value, name) for value, name in offered if wanted in name.casefold() or wanted in value.casefold()]
    buttons = tuple(Button(action, value, name) for value, name in (fitting or offered)[:MOST_OFFERED])
    key = "slack.offer.which" if buttons else "slack.offer.none"
    card = Card(desk.words.say(key, visit.locale), buttons=buttons)
    await visit.show(card)


def named(desk: Desk, locale: str, path: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return fixed choices as {value: shown}; `values` are by their names in the words under `path`."""
    return {value: desk.words.say(f"discord.command.{path}.{name}", locale) for name, value in values.items()}


def label(desk: Desk, locale: str, key: str) -> str:
    """Return what an option asks for."""
    return desk.words.say(f"discord.command.{key}", locale)[: render.SECTION_LIMIT]
