"""What is offered while somebody types a time zone or a country."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

_ISO_LETTERS = 2


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Return the IANA zones that are named for a place, as (value, name)."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return tuple((name, name.replace("_", " ")) for name in (*places, "UTC"))


@cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return ISO 3166-1 codes with the countries' names in a language, as (value, name)."""
    try:
        names = Locale.parse(locale, sep="-").territories
    except (UnknownLocaleError, ValueError):
        names = Locale("en").territories
    known = {code: name for code, name in names.items() if len(code) == _ISO_LETTERS and code.isalpha()}
    return tuple((code, f"{name} ({code})") for code, name in sorted(known.items(), key=lambda pair: pair[1]))
