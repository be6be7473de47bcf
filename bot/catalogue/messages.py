"""The bot's words, read from `content/messages/<locale>/*.yaml`: another language is another folder.

A file holds nested mappings; its sentences are known by their dotted path with the file's own top key
(`responses.posted.title`). A mapping of plural categories (`one`, `other`, ...) is one sentence; the value
`count` chooses among its forms by the language's own rule. `{name}` is filled in from the caller's values, whole
numbers as the language writes them.

A language that lacks a sentence says it in English, dates and numbers in it too: half a sentence helps nobody.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import yaml
from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

_FALLBACK = "en"
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
_DAY_IN_ENGLISH = "EEEE d MMMM y"  # what English calls "full" is another order in each country

Sentence = str | Mapping[str, str]


class BrokenMessages(ValueError):
    """A message file cannot be used; the text names file, key and mend."""


class MessageCatalogue:
    """Implements `bot.ports.words.Words` over a content folder."""

    def __init__(self, content_dir: Path) -> None:
        root = content_dir / "messages"
        self._locales = {folder.name: _read_folder(folder) for folder in sorted(root.iterdir()) if folder.is_dir()}
        if not self._locales.get(_FALLBACK):
            raise BrokenMessages(f"{root / _FALLBACK}: there are no messages; restore this folder from the release.")

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that have at least one sentence."""
        return tuple(self._locales)

    def keys(self, locale: str = _FALLBACK) -> frozenset[str]:
        """All keys of one language."""
        return frozenset(self._locales[locale])

    def forms(self, key: str, locale: str = _FALLBACK) -> Mapping[str, str]:
        """A sentence by plural category; one without a plural has `other` alone."""
        sentence = self._locales[locale][key]
        return {"other": sentence} if isinstance(sentence, str) else sentence

    def placeholders(self, key: str, locale: str = _FALLBACK) -> frozenset[str]:
        """The names that a sentence wants filled in."""
        forms = self.forms(key, locale).values()
        return frozenset(name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None)

    def say(self, key: str, locale: str = _FALLBACK, /, **values: object) -> str:
        language = self._language(locale, key)
        sentence = self._locales[language][key]
        if not isinstance(sentence, str):
            count = values.get("count", 0)
            form = Locale.parse(language).plural_form(count if isinstance(count, int | float) else 0)
            sentence = sentence.get(form, sentence["other"])
        return sentence.format_map({name: _written(value, language) for name, value in values.items()})

    def day(self, value: date | datetime, locale: str = _FALLBACK, /) -> str:
        language = self._known(locale)
        if language == _FALLBACK:
            return format_date(value, _DAY_IN_ENGLISH, locale=_FALLBACK)
        return format_date(value, "full", locale=_regional(locale, language))

    def _language(self, locale: str, key: str) -> str:
        for candidate in (locale, _base(locale), _FALLBACK):
            if key in self._locales.get(candidate, {}):
                return candidate
        raise KeyError(key)

    def _known(self, locale: str) -> str:
        return next((each for each in (locale, _base(locale)) if self._locales.get(each)), _FALLBACK)


def _base(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0]


def _regional(locale: str, language: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language)


def _written(value: object, language: str) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return format_decimal(value, locale=language)
    return value


def _read_folder(folder: Path) -> dict[str, Sentence]:
    sentences: dict[str, Sentence] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            tree = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            raise BrokenMessages(f"{file}{where}: this is not YAML that can be read; mend or restore it.") from None
        if not isinstance(tree, dict):
            raise BrokenMessages(f"{file}: must be a mapping of keys to sentences.")
        for key, sentence in _leaves(tree, "", file):
            if key in sentences:
                raise BrokenMessages(f"{file}: the key {key} stands in another file of {folder.name} too.")
            sentences[key] = sentence
    return sentences


def _leaves(tree: Mapping[str, object], prefix: str, file: Path) -> Iterator[tuple[str, Sentence]]:
    for name, node in tree.items():
        key = f"{prefix}{name}"
        if isinstance(node, str):
            yield key, node
        elif isinstance(node, dict) and "other" in node and set(node) <= _PLURALS:
            yield key, {str(form): str(text) for form, text in node.items()}
        elif isinstance(node, dict):
            yield from _leaves(node, f"{key}.", file)
        else:
            raise BrokenMessages(f"{file}: {key} must be text or a mapping, not {type(node).__name__}; quote it.")
