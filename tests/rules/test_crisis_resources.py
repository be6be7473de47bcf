"""Help lines: forty countries, honest about their age, and never a number known to be dead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.crisis.content import BrokenContent
from bot.crisis.resources import FRESH_FOR, HelpLines, Level, check, read_country

CONTENT = Path(__file__).parents[2] / "content"
TODAY = date(2026, 11, 23)
LINES = HelpLines.load(CONTENT)

GOOD = """\
country: "ZZ"
name: "Somewhere"
emergency: ["112"]
lines:
  - name: "A line"
    level: stored_page
    phone: "116 123"
    languages: ["en"]
    source: "https://example.org"
    verified_on: 2026-11-22
    last_checked_live: {checked}
"""


def write(folder: Path, text: str, name: str = "ZZ.yaml") -> Path:
    file = folder / "crisis" / "resources" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_there_are_lines_for_forty_countries() -> None:
    assert len(set(LINES.countries) - {"XX"}) >= 40


@pytest.mark.parametrize("code", sorted(set(LINES.countries) - {"XX"}))
def test_every_country_has_an_emergency_number_and_says_where_its_lines_come_from(code: str) -> None:
    country = LINES.countries[code]
    assert country.emergency
    for line in country.lines:
        assert line.level is Level.UNVERIFIED or (line.source and line.verified_on)


@pytest.mark.parametrize(
    ("code", "stale", "current"),
    [
        ("KR", "1393", "109"),
        ("SG", "18002214444", "1767"),
        ("CA", "18334564566", "988"),
        ("NL", "09000113", "113"),
        ("IN", "18005990019", "14416"),
        ("PT", "808242424", "1411"),
    ],
)
def test_numbers_that_moved_are_the_new_ones(code: str, stale: str, current: str) -> None:
    phones = "".join(filter(str.isdigit, " ".join(line.phone or "" for line in LINES.countries[code].lines)))
    assert current in phones
    assert stale not in phones


def test_a_stale_number_is_reported_if_it_comes_back(tmp_path: Path) -> None:
    write(tmp_path, (CONTENT / "crisis" / "resources" / "XX.yaml").read_text(encoding="utf-8"), "XX.yaml")
    text = (CONTENT / "crisis" / "resources" / "KR.yaml").read_text(encoding="utf-8").replace('"109"', '"1393"')
    write(tmp_path, text, "KR.yaml")

    assert any("1393" in finding.message for finding in check(tmp_path, TODAY))


def test_no_line_without_a_source_is_ever_shown(tmp_path: Path) -> None:
    unknown = GOOD.format(checked="null").replace("stored_page", "unverified")
    country = read_country(write(tmp_path, unknown))
    found = HelpLines({"XX": LINES.countries["XX"], "ZZ": country})
    lines = found.lines_for("ZZ", TODAY)
    assert not found.knows("ZZ")
    assert not (*lines.shown, *lines.more)
    assert lines.emergency == ("112",)


def test_check_reports_a_line_without_a_source(tmp_path: Path) -> None:
    write(tmp_path, (CONTENT / "crisis" / "resources" / "XX.yaml").read_text(encoding="utf-8"), "XX.yaml")
    write(tmp_path, GOOD.format(checked="null").replace("stored_page", "unverified"))
    assert any(finding.file == "ZZ.yaml" and finding.field == "lines[0].level" for finding in check(tmp_path, TODAY))


def test_at_most_two_lines_are_shown_and_the_rest_is_behind_more() -> None:
    ireland = LINES.lines_for("IE", TODAY)
    assert len(ireland.shown) == 2
    assert len(ireland.more) == 1


def test_the_second_line_can_be_reached_without_speaking() -> None:
    britain = LINES.lines_for("GB", TODAY)
    assert britain.shown[0].phone == "116 123"
    assert britain.shown[1].without_voice


def test_the_readers_language_chooses_among_a_countrys_lines() -> None:
    assert LINES.lines_for("BE", TODAY, "fr-BE").shown[0].languages == ("fr",)
    assert LINES.lines_for("BE", TODAY, "nl").shown[0].languages == ("nl",)


@pytest.mark.parametrize("code", ["ZZ", "", "gb", "Gb"])
def test_case_and_unknown_countries_are_no_obstacle(code: str) -> None:
    lines = LINES.lines_for(code, TODAY)
    assert lines.country == ("GB" if code.lower() == "gb" else "XX")
    assert lines.directory.startswith("https://")


def test_an_unknown_country_gets_the_directory_first() -> None:
    assert LINES.lines_for("ZZ", TODAY).fallback_first


@pytest.mark.parametrize(("code", "numbers"), [("RO", ("112",)), ("ro", ("112",)), ("UA", ()), ("ZZ", ())])
def test_the_emergency_number_of_the_union_is_known_without_a_file(code: str, numbers: tuple[str, ...]) -> None:
    lines = LINES.lines_for(code, TODAY)
    assert (lines.emergency, lines.shown) == (numbers, ())
    assert not LINES.knows(code)


@pytest.mark.parametrize("bad", ['["112"]', '{"112": null}', '{"112": "RO"}', '{"112": [no]}', '{"112": ["ro"]}'])
def test_emergency_numbers_of_other_countries_are_read_strictly(tmp_path: Path, bad: str) -> None:
    text = GOOD.format(checked="null").replace('"ZZ"', '"XX"')
    file = write(tmp_path, f"{text}emergency_in: {bad}\n", "XX.yaml")
    with pytest.raises(BrokenContent, match="emergency_in"):
        read_country(file)


@pytest.mark.parametrize(("code", "known"), [("GB", True), ("gb", True), ("TW", True), ("ZZ", False), ("", False)])
def test_a_country_is_known_where_it_has_a_line_to_show(code: str, known: bool) -> None:
    assert LINES.knows(code) is known


@pytest.mark.parametrize(
    ("locale", "number"), [("fi", "0111"), ("sv", "0112"), ("en", "0113"), ("uk", "0114"), ("ru", "0115")]
)
def test_in_finland_each_language_has_its_own_number(locale: str, number: str) -> None:
    assert (LINES.lines_for("FI", TODAY, locale).shown[0].phone or "").endswith(number)


@pytest.mark.parametrize("code", sorted(LINES.countries))
def test_what_is_shown_holds_no_remark_of_an_editor(code: str) -> None:
    """Somebody in need reads these, in five languages: no years, no doubts, no brackets within brackets."""
    for line in LINES.countries[code].lines:
        for shown in filter(None, (line.phone, line.sms, line.whatsapp, line.hours, line.region)):
            assert not re.search(r"verif|check|aggregate|press|since", shown), line.name
        for shown in filter(None, (line.hours, line.region)):
            assert not re.search(r"\b(19|20)\d\d\b|[()]", shown), line.name


@pytest.mark.parametrize(
    ("checked", "fallback_first"),
    [
        ("null", True),
        (TODAY - FRESH_FOR, False),
        (TODAY - FRESH_FOR - timedelta(days=1), True),
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
    ],
)
def test_a_line_that_nobody_checked_for_180_days_stands_behind_the_fallback(
    tmp_path: Path, checked: object, fallback_first: bool
) -> None:
    country = read_country(write(tmp_path, GOOD.format(checked=checked)))
    world = read_country(CONTENT / "crisis" / "resources" / "XX.yaml")

    lines = HelpLines({"ZZ": country, "XX": world}).lines_for("ZZ", TODAY)

    assert lines.fallback_first is fallback_first
    assert lines.shown == country.lines


def test_a_service_for_deaf_people_alone_is_offered_last(tmp_path: Path) -> None:
    alone = '  - name: "A"\n    for_deaf: true\n    level: stored_page\n    sms: "1"\n'
    alone += '    deaf_access: "A"\n    deaf_source: "x"\n'
    sourced = '    source: "https://example.org"\n    verified_on: 2026-11-22\n'
    first, rest = GOOD.format(checked="null").split("lines:\n")
    country = read_country(write(tmp_path, f"{first}lines:\n{alone}{sourced}{rest}"))
    found = HelpLines({"XX": LINES.countries["XX"], "ZZ": country}).lines_for("ZZ", TODAY)
    assert [line.name for line in found.shown] == ["A line"]
    assert [line.name for line in found.more] == ["A"]


def test_a_way_in_for_deaf_people_has_a_source_and_counts_as_one_without_voice() -> None:
    found = [line for country in LINES.countries.values() for line in country.lines if line.deaf_access]
    assert len(found) >= 5
    assert all(line.deaf_source and line.without_voice for line in found)


def test_check_reports_what_was_never_checked_live() -> None:
    findings = check(CONTENT, TODAY)
    assert any(finding.file == "GB.yaml" and finding.field == "lines[0].last_checked_live" for finding in findings)
    assert all(finding.field.endswith("last_checked_live") for finding in findings)


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ('country: "ZZ"', 'country: "YY"', "country"),
        ('emergency: ["112"]', "emergency: [112]", "emergency"),
        ('emergency: ["112"]', "emergency: []", "emergency"),
        ("level: stored_page", "level: certain", "lines[0].level"),
        ('phone: "116 123"', "phone: 116", "lines[0].phone"),
        ('phone: "116 123"', "hours: always", "lines[0].phone"),
        ('phone: "116 123"', 'fone: "116 123"\n    phone: "1"', "lines[0].fone"),
        ('phone: "116 123"', 'phone: "116 123"\n    deaf_access: "by relay"', "lines[0].deaf_source"),
        ('phone: "116 123"', 'chat_url: "http://plain.example"', "lines[0].chat_url"),
        ('source: "https://example.org"', "source: null", "lines[0].source"),
        ("verified_on: 2026-11-22", 'verified_on: "yesterday"', "lines[0].verified_on"),
        ("lines:", "lines: []\nmore:", "lines"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_field(tmp_path: Path, good: str, bad: str, field: str) -> None:
    text = GOOD.format(checked="null")
    assert good in text
    file = write(tmp_path, text.replace(good, bad))

    with pytest.raises(BrokenContent) as refused:
        read_country(file)

    assert refused.value.field == field
    assert "ZZ.yaml" in str(refused.value)


def test_a_file_that_is_not_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match="line 2"):
        read_country(write(tmp_path, 'country: "ZZ"\nname: "unclosed'))


def test_the_worldwide_fallback_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, GOOD.format(checked="null"))
    with pytest.raises(BrokenContent, match="XX"):
        HelpLines.load(tmp_path)
