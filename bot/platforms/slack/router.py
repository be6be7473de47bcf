"""Where a pressed button, a chosen option and a submitted form find their handler.

An action id says everything that is needed (`tc:<action>:<subject>`), so buttons posted before a restart, or by
another process, work like fresh ones. Nothing in it is trusted: roles are asked for, and the features look the subject
up and check whose it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.cards import parse_custom_id
from bot.errors import NotFound

if TYPE_CHECKING:
    from bot.platforms.slack.visit import Visit

Handler = Callable[["Visit", str], Awaitable[None]]


class First(Enum):
    """What happens before the handler runs."""

    WAIT = "show that something is being done"
    REPLACE = "the answer replaces the private note that was pressed"
    FORM = "nothing: the handler opens a form, within three seconds"


@dataclass(frozen=True, slots=True)
class Way:
    """A handler and what comes before it."""

    handler: Handler
    first: First


class Router:
    """Knows one handler an action, or one for a family of them. Handlers register themselves."""

    def __init__(self) -> None:
        self._ways: dict[str, Way] = {}
        self._shortcuts: dict[str, Handler] = {}
        self._commands: dict[str, Way] = {}

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(self._ways)

    @property
    def commands(self) -> frozenset[str]:
        return frozenset(self._commands)

    @property
    def shortcuts(self) -> frozenset[str]:
        return frozenset(self._shortcuts)

    def on(self, action: str, handler: Handler, *, first: First = First.WAIT) -> None:
        """Send `tc:<action>:...` to `handler`; `choose-*` stands for every action that begins with `choose-`.

        Raises ValueError if the action has a handler.
        """
        if action in self._ways:
            raise ValueError(f"the action {action} is routed twice")
        self._ways[action] = Way(handler, first)

    def command(self, name: str, handler: Handler, *, first: First = First.WAIT) -> None:
        """Send `/chair <name> <rest>` to `handler`, which gets the rest. Raises ValueError if it has one."""
        if name in self._commands:
            raise ValueError(f"the command {name} is routed twice")
        self._commands[name] = Way(handler, first)

    def shortcut(self, callback_id: str, handler: Handler) -> None:
        """Send a message shortcut to `handler`, with an empty subject."""
        self._shortcuts[callback_id] = handler

    def way(self, custom_id: str) -> tuple[Way, str, str]:
        """Return the way of a pressed or submitted thing, with action and subject. Raises NotFound."""
        action, subject = parse_custom_id(custom_id) or ("", "")
        way = self._ways.get(action) or self._ways.get(f"{action.partition('-')[0]}-*")
        if way is None or not subject:
            raise NotFound("this button leads nowhere")
        return way, action, subject

    def command_way(self, text: str) -> tuple[Way, str, str] | None:
        """Return the way of what stands behind `/chair`: the longest name that fits, and the rest, or None."""
        words = text.split()
        for length in (2, 1):
            name = " ".join(words[:length]).casefold()
            if len(words) >= length and name in self._commands:
                rest = text.strip()
                for word in words[:length]:
                    rest = rest.removeprefix(word).lstrip()
                return self._commands[name], name, rest
        return None

    def shortcut_way(self, callback_id: str) -> Handler:
        """Return a shortcut's handler. Raises NotFound."""
        if callback_id not in self._shortcuts:
            raise NotFound("this shortcut leads nowhere")
        return self._shortcuts[callback_id]


def parts(subject: str, count: int) -> list[str]:
    """Take a subject of `count` ids apart. Raises NotFound if it has not that many."""
    found = subject.split("/")
    if len(found) != count or not all(found):
        raise NotFound("this button leads nowhere")
    return found


def whole_number(text: str) -> int:
    """Read a number from a subject. Raises NotFound if it is none, or longer than any that we ever gave."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise NotFound("this button leads nowhere")
    return int(text)
