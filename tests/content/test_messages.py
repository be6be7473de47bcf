"""Every language says everything: the same keys and placeholders, its own plurals, within Discord's limits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from bot.catalogue.messages import BrokenMessages, MessageCatalogue
from bot.settings import CONTENT

WORDS = MessageCatalogue(CONTENT)
OTHERS = sorted(set(WORDS.locales) - {"en"})

SHORT = {
    "discord.menu.": 32,
    "discord.setup.form.": 45,
    "discord.setup.field.": 45,
    "discord.setup.hint.": 100,
    "discord.command.": 100,
    "responses.label": 45,
    "responses.hint": 100,
    "library.form.": 45,
    "library.hint.": 100,
}
"""Discord's limits by the beginning of a key: names of menus, titles and labels of forms, placeholders, commands."""

BUTTON = 80


def test_spanish_is_among_the_languages() -> None:
    assert "es" in OTHERS


@pytest.mark.parametrize("locale", OTHERS)
def test_a_language_has_exactly_the_sentences_that_english_has(locale: str) -> None:
    english, theirs = WORDS.keys("en"), WORDS.keys(locale)
    assert not english - theirs, f"missing: {sorted(english - theirs)}"
    assert not theirs - english, f"nobody says these: {sorted(theirs - english)}"


@pytest.mark.parametrize("locale", OTHERS)
def test_a_language_wants_the_same_values_filled_in(locale: str) -> None:
    both = WORDS.keys("en") & WORDS.keys(locale)
    assert not [key for key in both if WORDS.placeholders(key, "en") != WORDS.placeholders(key, locale)]


@pytest.mark.parametrize("locale", WORDS.locales)
def test_plural_forms_are_those_of_the_language(locale: str) -> None:
    rule = Locale.parse(locale).plural_form.tags | {"other"}
    odd = {key for key in WORDS.keys(locale) if not set(WORDS.forms(key, locale)) <= rule}
    assert not odd
    plural = [key for key in WORDS.keys("en") if len(WORDS.forms(key, "en")) > 1]
    assert plural
    assert not [key for key in plural if len(WORDS.forms(key, locale)) < 2], "a plural in English, and none here"


@pytest.mark.parametrize("locale", WORDS.locales)
def test_what_discord_limits_fits(locale: str) -> None:
    long = []
    for key in WORDS.keys(locale):
        limit = next((most for start, most in SHORT.items() if key.startswith(start)), None)
        limit = BUTTON if ".button." in key else limit
        long += [key for text in WORDS.forms(key, locale).values() if limit and len(text) > limit]
    assert not long


@pytest.mark.parametrize("locale", OTHERS)
def test_it_is_a_translation(locale: str) -> None:
    """A few words are the same in both; most are not."""
    same = [key for key in WORDS.keys("en") if WORDS.forms(key, "en") == WORDS.forms(key, locale)]
    assert len(same) < len(WORDS.keys("en")) / 20, sorted(same)


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en", "Monday 23 November 2026"),
        ("en-US", "Monday 23 November 2026"),
        ("es", "lunes, 23 de noviembre de 2026"),
        ("es-419", "lunes, 23 de noviembre de 2026"),
        ("ja", "Monday 23 November 2026"),
        ("es-no-such-place", "lunes, 23 de noviembre de 2026"),
    ],
)
def test_a_day_is_written_in_the_language_of_its_sentence(locale: str, written: str) -> None:
    assert WORDS.day(date(2026, 11, 23), locale) == written


def test_numbers_are_written_as_the_language_does() -> None:
    assert "12,345 characters; 2,000 fit" in WORDS.say("responses.too_long", "en", count=12345, limit=2000)
    assert "12.345 caracteres" in WORDS.say("responses.too_long", "es", count=12345, limit=2000)


def test_a_count_chooses_the_form_by_the_languages_rule() -> None:
    assert "una respuesta tuya" in WORDS.say("privacy.forgotten.responses", "es", count=1)
    assert "1.000.000 respuestas" in WORDS.say("privacy.forgotten.responses", "es-MX", count=1_000_000)


def test_a_sentence_that_a_language_lacks_is_english(tmp_path: Path) -> None:
    for locale, text in (("en", "a: {b: Hello, c: 'Bye'}"), ("xx", "a: {b: Olleh}")):
        folder = tmp_path / "messages" / locale
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_text(text, encoding="utf-8")
    words = MessageCatalogue(tmp_path)
    assert words.say("a.b", "xx-YY") == "Olleh"
    assert words.say("a.c", "xx-YY") == "Bye"


@pytest.mark.parametrize("broken", ["a: [1]", "a: 3", "- a", "a: {b: 'x'}\n\tc: d", "a: {b: 1}"])
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "messages" / "en"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(BrokenMessages, match=r"a\.yaml"):
        MessageCatalogue(tmp_path)
