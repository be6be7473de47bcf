"""Who may talk to the page's server: only the page itself, in a browser on this computer.

A page anywhere on the web can make a browser send requests to 127.0.0.1, and with a name that resolves there
(DNS rebinding) it could even read the answers. So the Host must be this computer's own name, and a request that
names its Origin must come from this very server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def policy(host: str) -> str:
    """Return the Content-Security-Policy for a page served to `host` (name and port)."""
    return "; ".join(
        (
            "default-src 'self'",
            f"connect-src 'self' ws://{host}",  # some browsers do not count the socket as 'self'
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def guarded(handler: Handler) -> Handler:
    """Refuse strangers with 403 and a sentence; put the page's safety headers on every answer."""

    @wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        stranger = _strangeness(request)
        response = refusal(403, stranger) if stranger else await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = policy(request.host)
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def refusal(status: int, sentence: str) -> web.Response:
    """Return an error the page can show."""
    return web.json_response({"ok": False, "error": sentence}, status=status)


def _strangeness(request: web.Request) -> str | None:
    if _name(f"//{request.host}") not in _OWN_NAMES:
        return "The rehearsal answers only on this computer, under 127.0.0.1 or localhost."
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return "The rehearsal takes requests only from its own page."
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
