"""One REST request as the handlers see it, and the table of routes they fill."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from rehearsal.discord.errors import ApiError, Form
from rehearsal.discord.messages import Upload
from rehearsal.discord.model import Json


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    """What is sent as JSON; nothing at all for status 204."""


def ok(body: Any) -> Answer:
    return Answer(200, body)


def created(body: Any) -> Answer:
    return Answer(201, body)


NOTHING = Answer(204)


class Call:
    """A request that has passed authentication and limits."""

    def __init__(self, request: web.Request, body: Any, files: tuple[Upload, ...]) -> None:
        self._request = request
        self._body = body
        self.files = files

    @classmethod
    async def read(cls, request: web.Request) -> Call:
        """Read the body, JSON or multipart with `payload_json`; raises 50109 for malformed JSON."""
        if request.content_type.startswith("multipart/"):
            body, files = await _read_multipart(request)
            return cls(request, body, files)
        raw = await request.read()
        return cls(request, _parse(raw) if raw else None, ())

    @property
    def json(self) -> Json:
        """The body as an object; raises 50035 when it is none."""
        body = {} if self._body is None else self._body
        if not isinstance(body, dict):
            form = Form()
            form.fail((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            form.check()
        return dict(body)

    @property
    def list(self) -> list[Json]:
        """The body as a list of objects; raises 50035 when it is none."""
        if not isinstance(self._body, list):
            form = Form()
            form.fail((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            form.check()
        return list(self._body or [])

    def id(self, name: str) -> int:
        """Return a snowflake of the path; raises 50035 when it is no number."""
        return snowflake(self._request.match_info[name], name)

    def optional(self, name: str) -> str | None:
        """Return a part of the path, or None when this route has none of that name."""
        return self._request.match_info.get(name)

    def text(self, name: str) -> str:
        """Return a part of the path as it stands."""
        return self._request.match_info[name]

    def query(self, name: str) -> str | None:
        return self._request.query.get(name)

    def query_id(self, name: str) -> int | None:
        """Return a snowflake of the query, or None; raises 50035."""
        value = self._request.query.get(name)
        return None if value is None else snowflake(value, name)

    def query_number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a number of the query within its bounds; raises 50035."""
        value = self._request.query.get(name)
        if value is None:
            return default
        number = int(value) if value.isdigit() else -1
        if not least <= number <= most:
            form = Form()
            form.fail((name,), "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
            form.check()
        return number


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    """A method and a path template; `public` routes need no bot token."""

    method: str
    path: str
    handler: Handler
    public: bool = False


def snowflake(value: Any, name: str) -> int:
    """Read a snowflake; raises 50035 naming the field."""
    text = str(value)
    if not text.isdigit():
        form = Form()
        form.fail((name,), "NUMBER_TYPE_COERCE", f'Value "{text[:40]}" is not snowflake.')
        form.check()
    return int(text)


def _parse(raw: bytes | str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None


async def _read_multipart(request: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    body: Any = None
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        name = part.name or ""
        content = bytes(await part.read(decode=True))
        if name == "payload_json":
            body = _parse(content)
        elif name.startswith("files["):
            kind = _content_type(part.filename or "", part.headers.get("Content-Type", ""))
            index = int(name[6:-1]) if name[6:-1].isdigit() else len(files)
            files.append(Upload(index, part.filename or "file", kind, content))
    return body, tuple(files)


def _content_type(filename: str, given: str) -> str:
    guessed = mimetypes.guess_type(filename)[0]
    return guessed or given or "application/octet-stream"
