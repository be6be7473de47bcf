"""What there is on the rehearsed Slack: workspaces, people, conversations, messages and views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class App:
    """The one app of the rehearsal. `events_url` is where HTTP mode wants its requests; empty means Socket Mode."""

    id: str
    name: str
    app_token: str
    client_id: str = ""
    client_secret: str = ""
    signing_secret: str = ""
    events_url: str = ""


@dataclass
class User:
    """Somebody in a workspace. `active` people see ephemeral messages; others never do."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    takes_dms: bool = True
    active: bool = True
    locale: str = "en-GB"
    colour: str = "616061"


@dataclass
class Channel:
    """A conversation. A direct one (`is_im`) has the person it is with in `user`."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    user: str = ""
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    read_only: bool = False
    created: int = 0


@dataclass
class Usergroup:
    """People that are mentioned together; paid plans only."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A message; `ephemeral_to` is the only person who sees it, until she reloads."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    bot_id: str = ""
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: str | None = None
    ephemeral_to: str | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal that is open before somebody; `stack` is the id of the first one of its stack."""

    id: str
    user: str
    payload: Json
    hash: str
    stack: str
    previous: str | None = None


@dataclass
class Team:
    """A workspace in which the app is installed, with the token and scopes that it has there."""

    id: str
    name: str
    domain: str
    bot: str
    bot_id: str
    token: str
    scopes: list[str]
    tells_scopes: bool = True
    """Whether answers carry the scopes in a header, as Slack's do and a proxy's may not."""

    paid: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    revoked: bool = False
