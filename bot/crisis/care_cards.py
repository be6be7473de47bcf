"""The words of the private cards, and how a card is put together from them.

The order on a card is fixed by the guide: a warm sentence, what happened to the words, then whom to reach. Which
lines come first depends on how fresh they are (see ``resources``).
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.crisis.content import BrokenContent, Fields, read_mapping
from bot.crisis.escalation import CareCard, Choice
from bot.crisis.resources import HelpLine, Lines

Name = TypeVar("Name", bound=StrEnum)

FALLBACK_LOCALE = "en"
WAYS = ("phone", "sms", "whatsapp", "chat_url", "email", "deaf_access")


class Told(StrEnum):
    """Who was told of the words, in the sentence that the writer reads."""

    NOBODY = "nobody"
    NOTICE = "notice"
    WITH_TEXT = "with_text"
    WITH_NAME = "with_name"
    COMING = "coming"
    FAILED = "failed"


class Held(StrEnum):
    """What happened to a response that was not published."""

    URGENT = "urgent"
    WAITING = "waiting"
    CLIENT = "client"


class Note(StrEnum):
    """The single sentences from which a card is put together."""

    EMERGENCY = "emergency"
    EMERGENCY_UNKNOWN = "emergency_unknown"
    DIRECTORY = "directory"
    UNCHECKED = "unchecked"
    PROTOCOL = "protocol"
    ON_CALL = "on_call"
    PROTOCOL_MISSING = "protocol_missing"
    PROTOCOL_UNKNOWN = "protocol_unknown"
    COVERAGE = "coverage"
    NOT_MONITORED = "not_monitored"
    MORE = "more"


PLACEHOLDERS: Mapping[str, str] = {
    Note.EMERGENCY: "numbers",
    Note.DIRECTORY: "url",
    Note.PROTOCOL: "protocol",
    Note.ON_CALL: "contact",
    Note.COVERAGE: "hours",
    **dict.fromkeys(WAYS, "value"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the cohort has stored for the day when it matters. Empty texts mean that it has not.

    `known` is False where no cohort could be found: then nobody can say what it has stored.
    """

    protocol: str = ""
    on_call: str = ""
    coverage_hours: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class CardText:
    """A card ready to be rendered privately; `more` are the lines behind the "more" button."""

    title: str
    paragraphs: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardWords:
    """All words of one language, complete by construction."""

    locale: str
    cards: Mapping[CareCard, tuple[str, str]]
    told: Mapping[Told, str]
    held: Mapping[Held, str]
    notes: Mapping[Note, str]
    ways: Mapping[str, str]
    choices: Mapping[Choice, str]

    def compose(
        self,
        card: CareCard,
        lines: Lines,
        site: Site,
        *,
        told: Told | None = None,
        held: Held | None = None,
        protocol_first: bool = False,
    ) -> CardText:
        """Put one card together. `protocol_first` (for C) leads with the cohort's own protocol and contact."""
        title, body = self.cards[card]
        own = self._protocol(site, say_missing=protocol_first)
        fixed = [self._emergency(lines), self.notes[Note.DIRECTORY].format(url=lines.directory)]
        named = [self._line(line) for line in lines.shown]
        happened = [*([self.held[held]] if held else []), *([self.told[told]] if told else [])]
        if protocol_first:
            whom = [*own, *fixed[:1]]
        elif lines.fallback_first:
            unchecked = [self.notes[Note.UNCHECKED]] if named else []
            whom = [*fixed, *own, *named, *unchecked]
        else:
            whom = [fixed[0], *named, *own]
        hours = [self.notes[Note.COVERAGE].format(hours=site.coverage_hours)] if site.coverage_hours else []
        # Four blocks at most: somebody in distress reads the first lines, and must find the number at a glance.
        blocks = (body, " ".join(happened), "\n".join(f"- {way}" for way in whom))
        paragraphs = [*filter(None, blocks), " ".join([*hours, self.notes[Note.NOT_MONITORED]])]
        return CardText(title, tuple(paragraphs), tuple(self._line(line) for line in lines.more))

    def _emergency(self, lines: Lines) -> str:
        if not lines.emergency:
            return self.notes[Note.EMERGENCY_UNKNOWN]
        return self.notes[Note.EMERGENCY].format(numbers=" / ".join(lines.emergency))

    def _protocol(self, site: Site, *, say_missing: bool) -> list[str]:
        own = []
        if site.protocol:
            own.append(self.notes[Note.PROTOCOL].format(protocol=site.protocol))
        if site.on_call:
            own.append(self.notes[Note.ON_CALL].format(contact=site.on_call))
        if not own and say_missing:
            own.append(self.notes[Note.PROTOCOL_MISSING if site.known else Note.PROTOCOL_UNKNOWN])
        return own

    def _line(self, line: HelpLine) -> str:
        ways = [self.ways[way].format(value=value) for way in WAYS if (value := getattr(line, way))]
        if line.hours:
            ways[0] += f" ({line.hours})"
        return f"{line.name}{f' ({line.region})' if line.region else ''}: {' · '.join(ways)}"


class CardLibrary:
    """The cards in every language that the content folder holds."""

    def __init__(self, words: Mapping[str, CardWords]) -> None:
        if FALLBACK_LOCALE not in words:
            raise BrokenContent("content/crisis", f"cards.{FALLBACK_LOCALE}.yaml", "is missing")
        self._words = dict(words)

    @classmethod
    def load(cls, content_dir: Path) -> CardLibrary:
        """Read ``crisis/cards.*.yaml`` below the content folder; BrokenContent names file and field."""
        files = sorted((content_dir / "crisis").glob("cards.*.yaml"))
        return cls({words.locale: words for words in map(read_words, files)})

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that have cards."""
        return tuple(sorted(self._words))

    def words_for(self, locale: str) -> CardWords:
        """Return the reader's language (``pt-BR`` finds ``pt``), English where there is none."""
        language = locale.lower().replace("_", "-").split("-")[0]
        return self._words.get(language, self._words[FALLBACK_LOCALE])


def read_words(file: Path) -> CardWords:
    """Read one language's cards; BrokenContent names what is missing, unknown or wrongly filled in."""
    fields = Fields(file, read_mapping(file))
    locale = fields.text("locale")
    if file.name != f"cards.{locale}.yaml":
        raise fields.fail("locale", f"does not fit the file's name {file.name}")
    cards_fields = Fields(file, fields.take("cards"), "cards")
    cards = {}
    for card in CareCard:
        card_fields = Fields(file, cards_fields.take(card), f"cards.{card}")
        cards[card] = (card_fields.text("title"), card_fields.text("body"))
        card_fields.done()
    cards_fields.done()
    words = CardWords(
        locale=locale,
        cards=cards,
        told=_texts(file, fields, "told", Told),
        held=_texts(file, fields, "held", Held),
        notes=_texts(file, fields, "notes", Note),
        ways=_plain_texts(file, fields, "ways", WAYS),
        choices=_texts(file, fields, "choices", Choice),
    )
    fields.done()
    return words


def _texts(file: Path, fields: Fields, key: str, names: type[Name]) -> dict[Name, str]:
    found = _plain_texts(file, fields, key, tuple(names))
    return {name: found[name] for name in names}


def _plain_texts(file: Path, fields: Fields, key: str, names: tuple[str, ...]) -> dict[str, str]:
    group = Fields(file, fields.take(key), key)
    found = {str(name): group.text(name) for name in names}
    group.done()
    for name, text in found.items():
        wanted = {PLACEHOLDERS[name]} if name in PLACEHOLDERS and key in {"notes", "ways"} else set()
        if _placeholders(text) != wanted:
            named = ", ".join(f"{{{field}}}" for field in sorted(wanted)) or "none"
            raise group.fail(name, f"must hold exactly these placeholders: {named}")
    return found


def _placeholders(text: str) -> set[str]:
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError:
        return {"unbalanced braces"}
