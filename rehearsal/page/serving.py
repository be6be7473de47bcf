"""What both pages need of the server: their own files, and the buttons that move the bot's clock."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from rehearsal.clock import ClockControls
from rehearsal.discord.errors import Refused
from rehearsal.page.guard import Handler, guarded, refusal

_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


def serve_files(app: web.Application, folders: Sequence[Path], at: str) -> None:
    """Serve `index.html` at `at` and every file of the folders, the later ones first, below `at`static/."""
    # Read once: only files that were shipped can be asked for, whatever path somebody invents.
    files = {path.name: path.read_bytes() for each in folders for path in each.iterdir() if path.suffix in _TYPES}
    app.router.add_get(at, guarded(_file(files, "index.html")))
    app.router.add_get(f"{at}static/{{name}}", guarded(_file(files)))


def serve_clock(app: web.Application, controls: ClockControls) -> None:
    """Serve the clock buttons at `/page/clock`."""

    async def move(request: web.Request) -> web.StreamResponse:
        try:
            asked = await json_body(request)
            moves: dict[str, Callable[[], Awaitable[datetime | None]]] = {
                "next_prompt": controls.next_prompt,
                "hour": controls.hour,
                "tomorrow": controls.tomorrow,
                "set": lambda: controls.set(_instant(asked.get("to"))),
            }
            act = moves.get(str(asked.get("do")))
            if act is None:
                raise Refused("The clock cannot do that.")
            now = await act()
        except Refused as problem:
            return refusal(400, str(problem))
        clock = None if now is None else now.isoformat()
        return web.json_response({"ok": True, "moved": now is not None, "clock": clock})

    app.router.add_post("/page/clock", guarded(move))


async def json_body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that was sent; raises Refused with a sentence."""
    # Only this type makes a browser ask first before another site's page may send it.
    if request.content_type != "application/json":
        raise Refused("The request must be JSON.")
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The request is not readable JSON.") from None
    if not isinstance(body, dict):
        raise Refused("The request must be a JSON object.")
    return body


def _file(files: dict[str, bytes], only: str | None = None) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        name = only or request.match_info["name"]
        if name not in files:
            return refusal(404, "There is no such file.")
        return web.Response(body=files[name], content_type=_TYPES[Path(name).suffix], charset="utf-8")

    return handle


def _instant(text: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Refused("“to” must be a date and time like 2026-11-23T09:00:00+00:00.") from None
    if instant.tzinfo is None:
        raise Refused("“to” must name its offset, like +00:00.")
    return instant
