"""Reading countries and languages as people write them, in their own language or in English."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

from babel import Locale, UnknownLocaleError

_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "america": "US",
    "holland": "NL",
    "korea": "KR",
}


def country_code(text: str, locales: Iterable[str]) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country given by code or name in one of `locales` or English."""
    wanted = _fold(text)
    if (code := wanted.upper()) in _territories("en"):
        return code
    if wanted in _ALSO:
        return _ALSO[wanted]
    return _names(locales).get(wanted)


def near_countries(text: str, locale: str) -> list[str]:
    """Return up to three countries whose names, in `locale`, look like what was typed."""
    names = {_fold(name): name for name in _territories(locale).values()}
    return [names[near] for near in difflib.get_close_matches(_fold(text), names, n=3, cutoff=0.65)]


def country_name(code: str, locale: str) -> str:
    """Return how readers of `locale` call a country."""
    return _territories(locale).get(code, code)


def language_code(text: str, known: Iterable[str]) -> str | None:
    """Return which of the `known` locales is meant by a code (`de`, `de-AT`) or a name, its own or the English one."""
    wanted = _fold(text).replace("_", "-")
    by_name = {}
    for code in known:
        by_name[code.casefold()] = code
        for name in (language_name(code, code), language_name(code, "en")):
            by_name[_fold(name)] = code
    return by_name.get(wanted) or by_name.get(wanted.split("-")[0])


def language_name(code: str, locale: str) -> str:
    """Return how readers of `locale` call a language."""
    return _locale(code).get_display_name(_locale(locale)) or code


def _names(locales: Iterable[str]) -> Mapping[str, str]:
    return {_fold(name): code for locale in ("en", *locales) for code, name in _territories(locale).items()}


def _territories(locale: str) -> Mapping[str, str]:
    """Give the names of countries by code, without continents, unions and the codes for "unknown"."""
    named = _locale(locale).territories
    return {
        code: name
        for code, name in named.items()
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    }


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(character for character in plain if not unicodedata.combining(character)).split())
