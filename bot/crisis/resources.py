"""Which help lines a person sees: her country's, one or two of them, and honest about how fresh they are.

The numbers in ``content/crisis/resources`` were read in stored pages; nobody has dialled them. Until a person
has checked a line's live source within the last 180 days, the card leads with what does not go stale: the
emergency number, the international directory, and the cohort's own protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from bot.crisis.content import BrokenContent, Fields, Finding, read_mapping

FRESH_FOR = timedelta(days=180)
SHOWN = 2
ANYWHERE = "XX"


class Level(StrEnum):
    """How far a line could be verified without dialling it."""

    STORED_PAGE = "stored_page"
    """Seen in a stored page dated 2022 or later, or on the service's own site."""
    STORED_PAGE_OLD = "stored_page_old"
    """Seen in a stored page before 2022, or in one that says the service may end."""
    AGGREGATE = "stored_aggregate_only"
    """Seen only in another project's list."""
    UNVERIFIED = "unverified"
    """No source was found. Never shown; kept so that someone checks it."""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One service. `hours` and `cost` are words for people; None means that nobody could verify them.

    `hours` are those of the first way in: no source says that a chat or a mailbox is answered as long as the phone.
    `deaf_access` is how Deaf people reach the service, with a source of its own in `deaf_source`; where `for_deaf` is
    true it is there for them alone, and comes last.
    """

    name: str
    level: Level
    phone: str | None = None
    sms: str | None = None
    whatsapp: str | None = None
    chat_url: str | None = None
    email: str | None = None
    deaf_access: str | None = None
    deaf_source: str | None = None
    for_deaf: bool = False
    hours: str | None = None
    languages: tuple[str, ...] = ()
    cost: str | None = None
    region: str | None = None
    source: str | None = None
    source_date: str | None = None
    verified_on: date | None = None
    last_checked_live: date | None = None
    stale_numbers: tuple[str, ...] = ()
    note: str | None = None

    def is_fresh(self, today: date) -> bool:
        """Say whether a person has checked the live source within the last 180 days; a day to come is no check."""
        return self.last_checked_live is not None and timedelta(0) <= today - self.last_checked_live <= FRESH_FOR

    @property
    def without_voice(self) -> bool:
        """Say whether the service can be reached without speaking (text, messenger, web chat)."""
        return bool(self.sms or self.whatsapp or self.chat_url or self.deaf_access)


@dataclass(frozen=True, slots=True)
class Country:
    """A country's emergency numbers and lines, best first.

    `emergency_in` is given for anywhere else alone: countries without a file whose emergency number is known.
    """

    code: str
    name: str
    emergency: tuple[str, ...]
    lines: tuple[HelpLine, ...]
    file: str
    emergency_in: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """What a card shows. With `fallback_first` the emergency number, the directory and the site protocol lead."""

    country: str
    country_name: str
    emergency: tuple[str, ...]
    shown: tuple[HelpLine, ...]
    more: tuple[HelpLine, ...]
    directory: str
    fallback_first: bool


class HelpLines:
    """Every country's lines, read once."""

    def __init__(self, countries: Mapping[str, Country]) -> None:
        if ANYWHERE not in countries:
            raise BrokenContent("content/crisis/resources", f"{ANYWHERE}.yaml", "the world-wide fallback is missing")
        self._countries = dict(countries)
        directory = next((line.chat_url for line in countries[ANYWHERE].lines if line.chat_url), None)
        if directory is None:
            raise BrokenContent(countries[ANYWHERE].file, "lines", "needs a directory with a chat_url")
        self._directory = directory

    @classmethod
    def load(cls, content_dir: Path) -> HelpLines:
        """Read ``crisis/resources/*.yaml`` below the content folder; BrokenContent names file and field."""
        countries = [read_country(file) for file in sorted((content_dir / "crisis" / "resources").glob("*.yaml"))]
        return cls({country.code: country for country in countries})

    @property
    def countries(self) -> Mapping[str, Country]:
        """Every country by ISO 3166-1 alpha-2 code; XX stands for anywhere else."""
        return self._countries

    def knows(self, country: str) -> bool:
        """Say whether there are lines to show for an ISO code."""
        found = self._countries.get(country.upper())
        return found is not None and any(line.level is not Level.UNVERIFIED for line in found.lines)

    def lines_for(self, country: str, today: date, locale: str = "en") -> Lines:
        """Choose what to show someone in `country` (ISO code) who reads `locale`; unknown countries get XX."""
        found = self._countries.get(country.upper(), self._countries[ANYWHERE])
        language = locale.lower().split("-")[0].split("_")[0]
        showable = [line for line in found.lines if line.level is not Level.UNVERIFIED]
        if found.code == ANYWHERE:
            showable = []
        ranked = sorted(
            showable, key=lambda line: (line.for_deaf, language not in line.languages, not line.is_fresh(today))
        )
        shown = ranked[:1]
        # A second line earns its place by another way in: text or chat where the first only has a voice.
        others = [line for line in ranked[1:] if not line.for_deaf]
        second = [line for line in others if line.without_voice] or others
        shown += second[: SHOWN - 1]
        return Lines(
            country=found.code,
            country_name=found.name,
            emergency=found.emergency or tuple(filter(None, [found.emergency_in.get(country.upper())])),
            shown=tuple(shown),
            more=tuple(line for line in ranked if line not in shown),
            directory=self._directory,
            fallback_first=not shown or not all(line.is_fresh(today) for line in shown),
        )


def check(content_dir: Path, today: date) -> list[Finding]:
    """List what a person should mend: lines never checked live, or not for 180 days, and stale numbers."""
    findings: list[Finding] = []
    for country in HelpLines.load(content_dir).countries.values():
        for number, line in enumerate(country.lines):
            field = f"lines[{number}]"
            if line.level is Level.UNVERIFIED:
                findings.append(
                    Finding(
                        country.file,
                        f"{field}.level",
                        f"{line.name}: no source was found, so the line is not shown",
                        "open the service's own site, then set source, level and last_checked_live",
                    )
                )
            elif not line.is_fresh(today):
                checked = line.last_checked_live
                when = f"{'last' if checked and checked <= today else 'said to be'} on {checked}"
                since = "never" if checked is None else when
                findings.append(
                    Finding(
                        country.file,
                        f"{field}.last_checked_live",
                        f"{line.name}: its live source was {since} checked by a person within 180 days",
                        "open the service's own site, compare, and set last_checked_live to today",
                    )
                )
            for stale in _stale_numbers_shown(line):
                findings.append(
                    Finding(
                        country.file,
                        field,
                        f"{line.name}: {stale} is known to be superseded or out of service",
                        "replace it",
                    )
                )
    return findings


def read_country(file: Path) -> Country:
    """Read one country's file; raise BrokenContent naming the field."""
    fields = Fields(file, read_mapping(file))
    code = fields.text("country")
    if code != file.stem:
        raise fields.fail("country", f"must be {file.stem}, as the file is named")
    name = fields.text("name")
    emergency = fields.texts("emergency", needed=code != ANYWHERE)
    elsewhere = fields.take("emergency_in", {}) if code == ANYWHERE else {}
    lists = list(elsewhere.values()) if isinstance(elsewhere, dict) else [None]
    if not all(isinstance(codes, list) and all(map(_is_code, codes)) for codes in lists):
        raise fields.fail("emergency_in", "must map a number to a list of two-letter codes, all in quotes")
    emergency_in = {each: str(number) for number, codes in elsewhere.items() for each in codes}
    raw = fields.take("lines", [])
    if not isinstance(raw, list) or not raw:
        raise fields.fail("lines", "must be a list with at least one service")
    lines = tuple(_read_line(Fields(file, item, f"lines[{number}]")) for number, item in enumerate(raw))
    fields.done()
    return Country(code, name, emergency, lines, file.name, emergency_in)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isupper()


def _read_line(fields: Fields) -> HelpLine:
    try:
        level = Level(fields.text("level"))
    except ValueError:
        raise fields.fail("level", f"must be one of {', '.join(Level)}") from None
    line = HelpLine(
        name=fields.text("name"),
        level=level,
        phone=fields.maybe_text("phone"),
        sms=fields.maybe_text("sms"),
        whatsapp=fields.maybe_text("whatsapp"),
        chat_url=fields.maybe_text("chat_url"),
        email=fields.maybe_text("email"),
        deaf_access=fields.maybe_text("deaf_access"),
        deaf_source=fields.maybe_text("deaf_source"),
        for_deaf=fields.flag("for_deaf"),
        hours=fields.maybe_text("hours"),
        languages=fields.texts("languages"),
        cost=fields.maybe_text("cost"),
        region=fields.maybe_text("region"),
        source=fields.maybe_text("source"),
        source_date=fields.maybe_text("source_date"),
        verified_on=_day(fields, "verified_on"),
        last_checked_live=_day(fields, "last_checked_live"),
        stale_numbers=fields.texts("stale_numbers"),
        note=fields.maybe_text("note"),
    )
    if not any((line.phone, line.sms, line.whatsapp, line.chat_url, line.email)):
        raise fields.fail("phone", "a service needs at least one way in (phone, sms, whatsapp, chat_url, email)")
    if line.chat_url is not None and not line.chat_url.startswith("https://"):
        raise fields.fail("chat_url", "must begin with https://")
    if level is not Level.UNVERIFIED and (line.source is None or line.verified_on is None):
        raise fields.fail("source", "a line that is shown needs a source and verified_on")
    if line.deaf_access and not line.deaf_source:
        raise fields.fail("deaf_source", "must say where deaf_access was found")
    fields.done()
    return line


def _day(fields: Fields, key: str) -> date | None:
    value = fields.take(key)
    if value is not None and type(value) is not date:
        raise fields.fail(key, "must be a date such as 2026-11-22, or null")
    return value


def _stale_numbers_shown(line: HelpLine) -> list[str]:
    shown = [_digits(way) for way in (line.phone, line.sms, line.whatsapp) if way]
    return [stale for stale in line.stale_numbers if any(_digits(stale) in digits for digits in shown)]


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
