"""What a dialogue needs of the place that it is held in.

There are three: the rehearsed Discord and the rehearsed Slack, which the bot reaches over their wires, and simcord, a
Discord that we did not write. A venue shows each person's screen, does what her hands do, and waits until the bot has
done with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.people import Member, Workspace
from bot.wiring import Premises
from rehearsal.clock import MovableClock

DAILY, SUPERVISORS, COMMON = "daily-reflection", "supervisors", "common-room"
"""The channels that every venue has; those who supervise see the second."""

NO_FORM = "there is no form open"

Id = Any
"""The venue's own id of a person, place or role: a number on Discord, text on Slack."""


class CannotDo(Exception):
    """A person's client does not let her do this."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it stands on somebody's screen. `buttons` are (label, custom id), `menus` custom ids."""

    id: int
    place: Id
    by_bot: bool
    title: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    menus: tuple[str, ...] = ()

    def button(self, label: str) -> str | None:
        """Return the custom id behind a label."""
        return next((custom_id for name, custom_id in self.buttons if name == label), None)


@dataclass(frozen=True, slots=True)
class Form:
    """An open form: its fields in order, as custom id and what stands in it already, and what it asks above them."""

    title: str
    fields: Mapping[str, str]
    labels: Sequence[str] = ()


def asked_in(components: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """What stands above the fields of a form in Discord's JSON."""
    return [str(part["label"]) for part in components if part.get("label")]


@dataclass(frozen=True, slots=True)
class Named:
    """A channel or role given to a command's option, by its name on the server."""

    kind: str
    name: str


def channel(name: str) -> Named:
    """Name a channel for a command."""
    return Named("channel", name)


def role(name: str) -> Named:
    """Name a role for a command."""
    return Named("role", name)


class Venue(Protocol):
    """One server or workspace, its people, and the real bot in it."""

    clock: MovableClock
    built: Premises
    workspace: Workspace
    channels: dict[str, Id]
    roles: dict[str, Id]
    people: Mapping[str, Id]
    not_let_in: str
    """What the bot says it lacks where it may not write."""

    def member(self, person: str) -> Member:
        """Say who somebody is in the house's own terms."""
        ...

    def standing(self, person: str, place: Id) -> list[Said]:
        """All that a person can read in a channel, thread or direct conversation, oldest first."""
        ...

    def private(self, person: str) -> list[Said]:
        """The notes that only she sees, oldest first."""
        ...

    def threads(self, name: str) -> list[Id]:
        """The threads of a channel, oldest first."""
        ...

    def takes_words(self, thread: Id) -> bool:
        """Whether a thread is unlocked."""
        ...

    def dm(self, person: str) -> Id:
        """Her direct conversation with the bot."""
        ...

    def form(self, person: str) -> Form | None:
        """The form that stands open before her."""
        ...

    async def press(self, person: str, on: Said, custom_id: str) -> None: ...

    async def choose(self, person: str, on: Said, custom_id: str, values: Sequence[Any]) -> None: ...

    async def fill(self, person: str, values: Mapping[str, str]) -> None: ...

    async def command(self, person: str, place: Id, name: str, options: Mapping[str, Any]) -> None: ...

    async def menu(self, person: str, on: Said, name: str) -> None: ...

    async def offers(self, person: str, place: Id, name: str, option: str, typed: str) -> list[tuple[str, str]]:
        """What is offered while she types into an option, as (shown, meant)."""
        ...

    async def write(self, person: str, place: Id, text: str) -> int: ...

    async def rewrite(self, person: str, message: int, place: Id, text: str) -> None: ...

    async def forge(self, person: str, on: Said, custom_id: str) -> None:
        """Send a press of a button that is not there, as a doctored client can."""
        ...

    async def forge_form(self, person: str, on: Said, custom_id: str, values: Mapping[str, str]) -> None:
        """Send a form that the bot never opened."""
        ...

    def add_channel(self, name: str) -> None: ...

    def add_role(self, name: str) -> None:
        """Add a role that allows nothing by itself."""
        ...

    async def delete_channel(self, name: str) -> None: ...

    async def permit(self, name: str, permission: str, allowed: bool) -> None:
        """Give or take one of the bot's permissions in a channel (discord.py's name of it)."""
        ...

    async def close_door(self, person: str, closed: bool = True) -> None:
        """Let her refuse (or take) direct messages."""
        ...

    async def set_roles(self, person: str, *names: str) -> None: ...

    async def pass_time(self, seconds: float) -> None:
        """Move the bot's clock and the venue's; what comes due is done when this returns."""
        ...

    async def restart(self, later: timedelta = timedelta()) -> None:
        """Stop the bot and start it anew, that much later, on the same data."""
        ...

    async def settle(self) -> None:
        """Return when the bot has nothing more to do."""
        ...
