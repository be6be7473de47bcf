"""One interaction between a person and the bot, and a form the bot has opened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum

from rehearsal.clock import Cancellable
from rehearsal.discord.model import Channel, Json, Message


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass
class Interaction:
    id: int
    token: str
    kind: Kind
    user_id: int
    place: Channel
    data: Json
    began: float
    message: Message | None = None
    trigger: Interaction | None = None
    modal_id: str | None = None
    answer: Callback | None = None
    original: Message | None = None
    follow_ups: dict[int, Message] = field(default_factory=dict)
    failed: bool = False
    deadline: Cancellable | None = None
    choices: asyncio.Future[list[Json]] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Modal:
    """A form the bot has opened for one person."""

    id: str
    opened_by: Interaction
    data: Json
