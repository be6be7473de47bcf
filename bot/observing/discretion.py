"""What may be said of an exception, or of another library's log line, without repeating anybody's words.

A library's exception quotes what it choked on: discord.py's `CommandInvokeError` holds the original message, a
driver's error the row, `KeyError` the key. So only our own errors speak in their own words (they promise to carry
none of a member's); of all others the log gets the class, the codes that a vendor documents, and where it happened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from bot.errors import ThirdChairError

HIDDEN = "[not shown]"

_FRAMES = 25
_DEPTH = 8
_SMALL = 10**12  # numbers above it may be somebody's id
_ROOTS = ("site-packages", "bot", "cogs", "rehearsal", "tests")
_CODES = ("status", "code", "sqlite_errorname", "sqlstate")
_CODE = re.compile(r"[A-Z0-9_]{1,40}", re.ASCII)
_TOKENS = re.compile(
    r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{25,}"  # Discord's bot tokens
    r"|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}"  # Slack's
    r"|(?<=/webhooks/)\d+/[\w-]+|(?<=/interactions/)\d+/[\w-]+"  # an interaction can be answered with these
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)",  # user and password of any address
    re.ASCII,
)


def masker(secrets: Iterable[str]) -> Callable[[str], str]:
    """Make the function that takes `secrets`, and whatever looks like one, out of a text."""
    spellings = {spelling for secret in secrets if secret for spelling in (secret, json.dumps(secret)[1:-1])}
    known = "|".join(re.escape(secret) for secret in sorted(spellings, key=len, reverse=True))
    pattern = re.compile(f"{known}|{_TOKENS.pattern}" if known else _TOKENS.pattern, re.ASCII)
    return lambda text: pattern.sub("[secret]", text)


def describe(error: BaseException) -> str:
    """Name an exception in one line without repeating what it says, unless it is one of our own."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, ThirdChairError):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: errno {error.errno}"
    codes = [f"{code}={value}" for code in _CODES if (value := _harmless_code(error, code)) is not None]
    return f"{name} ({', '.join(codes)})" if codes else name


def trace(error: BaseException) -> str:
    """Tell where an exception comes from: classes and places in the code, causes and groups included, no values."""
    lines: list[str] = []
    _trace(error, lines, set(), "")
    return "\n".join(lines)


def message_of(template: object, args: object, *, shy: bool) -> str:
    """Fill another library's log template with the harmless ones of its arguments.

    A template is a constant in that library's source. Where the library formats before it logs (`shy`), or there
    are no arguments to tell a constant from a formatted text, the caller says so and nothing of it is repeated.
    """
    if shy or not isinstance(template, str):
        return HIDDEN
    if isinstance(args, Mapping):
        args = {key: _harmless(value) for key, value in args.items()}
    elif isinstance(args, tuple):
        args = tuple(_harmless(value) for value in args)
    try:
        return template % args if args else template
    except (TypeError, ValueError, KeyError):
        return HIDDEN


class _Hidden:
    def __repr__(self) -> str:
        return "…"


def _harmless(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _SMALL else _Hidden()
    if isinstance(value, BaseException):
        return describe(value)
    return _Hidden()


def _harmless_code(error: BaseException, name: str) -> int | str | None:
    value = getattr(error, name, None)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _SMALL else None
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _trace(error: BaseException, lines: list[str], seen: set[int], indent: str) -> None:
    seen.add(id(error))
    lines.append(indent + describe(error))
    lines.extend(f"{indent}  at {place}" for place in _places(error.__traceback__))
    if len(indent) >= 2 * _DEPTH:
        return
    if isinstance(error, BaseExceptionGroup):
        for number, inner in enumerate(error.exceptions, 1):
            if id(inner) not in seen:
                lines.append(f"{indent}  {number} of {len(error.exceptions)} in the group:")
                _trace(inner, lines, seen, indent + "    ")
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        lines.append(f"{indent}because of" if error.__cause__ else f"{indent}while handling")
        _trace(cause, lines, seen, indent + "  ")


def _places(traceback: TracebackType | None) -> list[str]:
    places = [
        f"{_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}" for frame, line in walk_tb(traceback)
    ]
    if len(places) <= _FRAMES:
        return places
    return [*places[: _FRAMES // 2], "...", *places[-_FRAMES // 2 :]]


def _short(filename: str) -> str:
    """A file's path from a root that everybody has: the rest names a machine and its user."""
    parts = Path(filename).parts
    for number in range(len(parts) - 1, 0, -1):
        if parts[number - 1] == _ROOTS[0]:
            return "/".join(parts[number:])
    start = next((number for number, part in enumerate(parts) if part in _ROOTS[1:]), len(parts) - 1)
    return "/".join(parts[start:])
