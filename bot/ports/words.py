"""Every sentence the bot says comes through here, so that another language is another file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol


class Words(Protocol):
    """Finds the words for a key in a locale, falling back to English."""

    @property
    def locales(self) -> Sequence[str]:
        """The languages that there are words in."""
        ...

    def say(self, key: str, locale: str = "en", /, **values: object) -> str:
        """Return the sentence `key` with `values` filled in, whole numbers as the language writes them.

        A value `count` chooses the plural form.

        Raises KeyError for a key that no locale has: a programming error that tests catch.
        """
        ...

    def day(self, value: date | datetime, locale: str = "en", /) -> str:
        """Return a date as its readers write it, with the weekday."""
        ...
