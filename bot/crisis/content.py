"""Reading the crisis content: small, strict, and able to say exactly which field of which file is wrong.

A broken file must stop the start-up: a help line that loads as ``None`` is worse than a bot that is down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ThirdChairError


class BrokenContent(ThirdChairError):
    """A content file cannot be used; says which file, which field, and what is wrong with it."""

    def __init__(self, file: Path | str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = str(file)
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend in a content file that does not stop the bot."""

    file: str
    field: str
    message: str
    mend: str


def read_mapping(file: Path) -> dict[str, Any]:
    """Read a YAML file whose top is a mapping; raise BrokenContent otherwise."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenContent(file, "the file", f"cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark is not None else "the file"
        raise BrokenContent(file, where, "is not YAML") from error
    if not isinstance(data, dict):
        raise BrokenContent(file, "the file", "must be a mapping of names to values")
    return data


class Fields:
    """One mapping of a file, read field by field; what nobody asked for is refused by ``done``."""

    def __init__(self, file: Path, data: Any, where: str = "") -> None:
        if not isinstance(data, Mapping):
            raise BrokenContent(file, where or "the file", "must be a mapping of names to values")
        self._file = file
        self._data = dict(data)
        self._where = where

    def name(self, key: str) -> str:
        """Return the full name of a field as it is told to a person."""
        return f"{self._where}.{key}" if self._where else key

    def fail(self, key: str, problem: str) -> BrokenContent:
        """Build the error for one field."""
        return BrokenContent(self._file, self.name(key), problem)

    def text(self, key: str, default: str | None = None) -> str:
        """Take a non-empty text."""
        value = self._data.pop(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.fail(key, "must be a text (put numbers into quotes)")
        return value

    def maybe_text(self, key: str) -> str | None:
        """Take a text that may be missing or null."""
        value = self._data.pop(key, None)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.fail(key, "must be a text or null (put numbers into quotes)")
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Take a list of texts."""
        value = self._data.pop(key, None)
        if value is None:
            value = []
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(key, "must be a list of texts (put yes, no and numbers into quotes)")
        if needed and not value:
            raise self.fail(key, "must not be empty")
        return tuple(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Take true or false."""
        value = self._data.pop(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def take(self, key: str, default: Any = None) -> Any:
        """Take whatever stands there."""
        return self._data.pop(key, default)

    def rest(self) -> dict[str, Any]:
        """Take everything that is left."""
        rest, self._data = self._data, {}
        return rest

    def done(self) -> None:
        """Refuse fields that nobody knows, so that a misspelt one cannot be silently ignored."""
        for key in self._data:
            raise self.fail(str(key), "is not a known field")


_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
