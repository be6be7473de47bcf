"""What this room needs from whoever can read an item's text and knows the lint of the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.prompts.item import Item


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that is wrong, in which field, and how to mend it. One that `refuses` keeps the item out."""

    field: str
    message: str
    mend: str
    refuses: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a text: the item, or why there is none. `text` is the item as it is to be kept."""

    item: Item | None
    objections: Sequence[Objection]
    text: str = ""


class Checker(Protocol):
    """Reads items and holds them to the lint that the shipped library is held to."""

    @property
    def problems(self) -> Sequence[str]:
        """The problems that a vignette's client may bring."""
        ...

    def names(self, taken: frozenset[str], count: int) -> Sequence[str]:
        """Some reviewed names that are not among `taken`."""
        ...

    def read(self, text: str, locale: str) -> Reading:
        """Read the text of a content file. What a cohort need not say (licence, review, sources) is filled in."""
        ...

    def write(self, fields: Mapping[str, Any]) -> str:
        """Write fields down as the text of a content file."""
        ...

    def fields(self, text: str) -> Mapping[str, Any]:
        """Take a text that was read before apart again."""
        ...

    def check(self, item: Item, beside: Sequence[Item]) -> Sequence[Objection]:
        """Hold an item to the lint, alone and as a neighbour of `beside`."""
        ...
