"""One call of the Web API as its handler sees it, whichever of Slack's three spellings it came in."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Json, Team

_YES = frozenset({"1", "true", "True", True})


@dataclass
class Call:
    """The arguments of a call; `team` is whose token it came with, None for an app-level token or none."""

    arguments: Json
    token: str
    team_or_none: Team | None = None
    basic: tuple[str, str] | None = None

    @classmethod
    async def read(cls, request: web.Request) -> Call:
        """Merge query, form and JSON body; raises invalid_json."""
        arguments: Json = dict(request.query)
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.read() or b"{}")
            except ValueError:
                raise SlackError("invalid_json") from None
            if not isinstance(body, dict):
                raise SlackError("json_not_object")
            arguments |= body
        elif request.can_read_body:
            arguments |= dict(await request.post())
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(arguments.get("token", ""))
        basic = None
        if header.startswith("Basic "):
            basic = _pair(header.removeprefix("Basic "))
        return cls(arguments, token, basic=basic)

    @property
    def team(self) -> Team:
        assert self.team_or_none is not None  # noqa: S101  # dispatch lets no call in without
        return self.team_or_none

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text argument; raises invalid_arguments when it is needed and missing."""
        value = self.arguments.get(name)
        if value in (None, ""):
            if default is None:
                raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing {name}"]})
            return default
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.arguments.get(name)
        return default if value is None else value in _YES

    def number(self, name: str, default: int, most: int) -> int:
        try:
            return max(1, min(int(self.arguments.get(name) or default), most))
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None

    def json(self, name: str) -> Any:
        """Return an argument that is JSON, as an object or spelt as text; None when it is missing."""
        value = self.arguments.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value) if value else None
            except ValueError:
                raise SlackError("invalid_arguments") from None
        return value


def _pair(encoded: str) -> tuple[str, str]:
    try:
        login, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_auth") from None
    return login, password


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """A method of the Web API: what it needs and how often it may be called.

    `scopes` are alternatives of which the token needs one; `tier` is calls a minute; `kind` is the token's.
    """

    name: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 100
    kind: str = "bot"


@dataclass
class Methods:
    """The methods that are there, by name."""

    known: dict[str, Method] = field(default_factory=dict)

    def add(self, *methods: Method) -> None:
        for method in methods:
            self.known[method.name] = method


def page(call: Call, items: list[Any], default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """Cut a list at the call's cursor; return the piece and the response's metadata."""
    limit = call.number("limit", default, most)
    cursor = call.text("cursor", "")
    start = int(cursor.removeprefix("c")) if cursor.startswith("c") and cursor[1:].isdigit() else 0
    if cursor and not start:
        raise SlackError("invalid_cursor")
    following = f"c{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": following}}
