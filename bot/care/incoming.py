"""An open message as a door hands it in."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.people import Member, MessageRef, Place


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """Somebody's message or edit. `parent` is the channel of a thread; `direct` a private message to the bot."""

    author: Member
    place: Place
    ref: MessageRef
    text: str = field(repr=False)
    parent: Place | None = None
    edited: bool = False
    direct: bool = False
