"""The things a Discord server is made of, as plain records.

Ids are snowflakes (int); instants are aware UTC datetimes. What Discord shows of them is in `render.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

Json = dict[str, Any]


class ChannelType(IntEnum):
    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


class MessageType(IntEnum):
    DEFAULT = 0
    PINNED = 6
    THREAD_CREATED = 18
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    THREAD_STARTER_MESSAGE = 21
    CONTEXT_MENU_COMMAND = 23


class MessageFlag(IntEnum):
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass
class User:
    id: int
    username: str
    display_name: str
    bot: bool = False
    takes_dms: bool = True
    colour: str = "#5865f2"


@dataclass
class Role:
    id: int
    name: str
    permissions: int = 0
    position: int = 1
    colour: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: int | None = None


@dataclass
class Member:
    user_id: int
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: datetime | None = None


@dataclass
class Guild:
    """A server; the role with the server's own id is @everyone."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-GB"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass
class Overwrite:
    """Allowed and denied permissions of one role (type 0) or one member (type 1) in one channel."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass
class Thread:
    """What a channel of a thread type has besides."""

    owner_id: int
    created_at: datetime
    archived_at: datetime
    auto_archive_minutes: int = 1440
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[int, datetime] = field(default_factory=dict)
    messages_sent: int = 0


@dataclass
class Channel:
    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    slowmode: int = 0
    nsfw: bool = False
    last_message_id: int | None = None
    recipient_id: int | None = None
    thread: Thread | None = None


@dataclass
class Attachment:
    id: int
    filename: str
    size: int
    content_type: str
    description: str | None = None


@dataclass
class Reaction:
    emoji: Json
    user_ids: list[int] = field(default_factory=list)


@dataclass
class Message:
    id: int
    channel_id: int
    author_id: int
    timestamp: datetime
    content: str = ""
    type: int = MessageType.DEFAULT
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    edited_at: datetime | None = None
    nonce: str | None = None
    tts: bool = False
    pinned_at: datetime | None = None
    mention_ids: list[int] = field(default_factory=list)
    mention_role_ids: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Json | None = None
    interaction: Json | None = None
    ephemeral_to: int | None = None

    @property
    def loading(self) -> bool:
        """Whether this stands in for a deferred answer ("... is thinking")."""
        return bool(self.flags & MessageFlag.LOADING)


@dataclass
class Application:
    """The bot's registration, with the switches of the developer portal."""

    id: int
    name: str
    bot_id: int
    token: str
    owner_id: int
    public_key: str = "0" * 64
    members_intent: bool = True
    presence_intent: bool = False
    content_intent: bool = True
