"""The cards: complete in five languages, safe to read, and put together in the right order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.crisis.care_cards import CardLibrary, Held, Site, Told, read_words
from bot.crisis.content import BrokenContent
from bot.crisis.escalation import CareCard
from bot.crisis.resources import HelpLine, HelpLines, Level
from bot.crisis.safe_messaging import SafeMessaging, check_cards

CONTENT = Path(__file__).parents[2] / "content"
TODAY = date(2026, 11, 23)
CARDS = CardLibrary.load(CONTENT)
BRITAIN = HelpLines.load(CONTENT).lines_for("GB", TODAY)
SITE = Site(protocol="Ring the duty desk", on_call="Dr Osei 555 0100", coverage_hours="Mon to Fri 9-17")


def copy(folder: Path, locale: str, old: str, new: str) -> Path:
    source = (CONTENT / "crisis" / f"cards.{locale}.yaml").read_text(encoding="utf-8")
    assert old in source
    file = folder / f"cards.{locale}.yaml"
    file.write_text(source.replace(old, new), encoding="utf-8")
    return file


def test_five_languages_are_spoken() -> None:
    assert {"en", "es", "fr", "de", "pt"} <= set(CARDS.locales)


@pytest.mark.parametrize(("asked", "found"), [("pt-BR", "pt"), ("de_AT", "de"), ("ja", "en"), ("EN", "en")])
def test_the_readers_language_or_english(asked: str, found: str) -> None:
    assert CARDS.words_for(asked).locale == found


def test_the_cards_pass_the_safe_messaging_lint() -> None:
    assert check_cards(CONTENT) == []


@pytest.mark.parametrize(
    ("locale", "bad"),
    [
        ("en", "He committed it."),
        ("en", "Think of your family."),
        ("en", "This stays confidential."),
        ("en", "Put the pills away."),
        ("es", "Piensa en tu familia."),
        ("fr", "Ne va pas sur le pont."),
        ("de", "Geh weg von der Brücke."),
        ("pt", "Guarda os comprimidos."),
        ("en", "You are " + "so very " * 12 + "dear to us."),
        ("en", "Psychological destabilisation necessitates professional consultation immediately."),
    ],
)
def test_the_lint_finds_what_must_not_be_said(tmp_path: Path, locale: str, bad: str) -> None:
    body = CARDS.words_for(locale).cards[CareCard.SUPPORTIVE][1]
    words = read_words(copy(tmp_path, locale, body, bad))

    assert [finding.field for finding in SafeMessaging.load(CONTENT).lint(words)] == ["cards.supportive.body"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("  more: ", "  mor: ", "notes.more"),
        ("call {numbers}", "call {number}", "notes.emergency"),
        ("call {numbers}", "call", "notes.emergency"),
        ("locale: en", "locale: fr", "locale"),
        ("Still here", " ", "cards.supportive_brief.title"),
    ],
)
def test_a_broken_card_file_is_refused_by_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    with pytest.raises(BrokenContent) as refused:
        read_words(copy(tmp_path, "en", old, new))
    assert refused.value.field == field


@pytest.mark.parametrize("locale", CARDS.locales)
@pytest.mark.parametrize("card", list(CareCard))
def test_every_card_names_the_emergency_number_and_says_that_nobody_reads_along(locale: str, card: CareCard) -> None:
    words = CARDS.words_for(locale)
    text = "\n".join(words.compose(card, BRITAIN, SITE, told=Told.NOTICE, held=Held.URGENT).paragraphs)

    assert "999" in text
    assert words.notes["not_monitored"] in text  # type: ignore[index]
    assert words.told[Told.NOTICE] in text
    assert words.held[Held.URGENT] in text
    assert "Mon to Fri" in text


def test_unchecked_lines_stand_behind_the_directory_and_the_sites_protocol() -> None:
    text = "\n".join(CARDS.words_for("en").compose(CareCard.URGENT, BRITAIN, SITE).paragraphs)
    assert text.index("999") < text.index("findahelpline") < text.index("duty desk") < text.index("Samaritans")


def test_a_client_at_risk_is_a_matter_for_the_sites_protocol_first() -> None:
    words = CARDS.words_for("en")
    text = "\n".join(words.compose(CareCard.CLIENT, BRITAIN, SITE, protocol_first=True).paragraphs)
    assert text.index("duty desk") < text.index("Dr Osei") < text.index("999")

    for site, said in ((Site(), "protocol_missing"), (Site(known=False), "protocol_unknown")):
        text = "\n".join(words.compose(CareCard.CLIENT, BRITAIN, site, protocol_first=True).paragraphs)
        assert words.notes[said] in text  # type: ignore[index]


def test_hours_stand_behind_the_way_in_that_they_are_for_and_a_region_behind_the_name() -> None:
    line = HelpLine("Line", Level.STORED_PAGE, phone="123", email="a@b.example", hours="24/7", region="North")
    lines = replace(BRITAIN, shown=(line,))
    text = "\n".join(CARDS.words_for("en").compose(CareCard.URGENT, lines, SITE).paragraphs)
    assert "Line (North): call 123 (24/7) · e-mail a@b.example" in text
