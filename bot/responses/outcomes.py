"""What can become of a response: the door renders these privately and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Card


@dataclass(frozen=True, slots=True)
class MoreField:
    """A further field of a form, which may stay empty."""

    label: str
    placeholder: str
    limit: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a modal for a response shows. Lengths fit both platforms: title and label 45, placeholder 100."""

    title: str
    label: str
    placeholder: str
    limit: int
    text: str = ""
    more: tuple[MoreField, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """It stands in the thread."""

    card: Card


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is kept and goes to the thread as soon as the platform lets it."""

    card: Card


@dataclass(frozen=True, slots=True)
class HeldForCare:
    """The crisis screen spoke: the card says where help is, and its buttons what may happen to the response.

    `text` comes back only where nothing was kept.
    """

    card: Card
    text: str = ""


@dataclass(frozen=True, slots=True)
class HeldForCheck:
    """It may name a client: kept unposted until its author changes it, posts it as it is, or withdraws it."""

    card: Card


@dataclass(frozen=True, slots=True)
class NeedsChange:
    """It cannot be taken as it is. `text` goes back to its author, so that nothing is lost."""

    card: Card
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not now, and why: the posting is closed, the author is not a member, her limit is reached."""

    card: Card
    text: str = ""


Outcome = Posted | Waiting | HeldForCare | HeldForCheck | NeedsChange | Refused
