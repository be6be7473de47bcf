"""A broken file is refused with its name, the field and the mend; and with every other problem there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.load import load
from bot.catalogue.report import ContentError, Finding

PROMPT = "prompts/advice-pull/p-advice-pull-001.yaml"
VIGNETTE = "vignettes/getting-ahead/v-getting-ahead-004.yaml"
Mutate = Callable[[dict[str, Any]], object]


def refused(root: Path) -> tuple[Finding, ...]:
    with pytest.raises(ContentError) as caught:
        load(root)
    return caught.value.findings


def setting(field: str, value: object) -> Mutate:
    """Set a dotted field."""
    *parents, last = field.split(".")

    def mutate(data: dict[str, Any]) -> None:
        for parent in parents:
            data = data[parent]
        data[last] = value

    return mutate


def without(field: str) -> Mutate:
    return lambda data: data.pop(field)


def test_the_small_library_is_whole(small: Any) -> None:
    library = load(small.root)
    assert {item.id for item in library.items} == {
        "p-advice-pull-001",
        "v-getting-ahead-004",
        "v-risk-exception-006",
    }
    vignette = library.item("v-getting-ahead-004")
    assert vignette.names == ("Tomasz", "Nkechi")
    assert "\n" not in vignette.body
    with pytest.raises(KeyError):
        library.item("v-nowhere-999")


@pytest.mark.parametrize(
    ("path", "mutate", "field", "mend"),
    [
        (PROMPT, without("question"), "question", "Add question."),
        (PROMPT, without("review"), "review", "Add review."),
        (PROMPT, lambda d: d["facilitator"].pop("trap"), "facilitator.trap", "Add facilitator.trap."),
        (PROMPT, setting("intensty", 3), "intensty", "Did you mean intensity?"),
        (PROMPT, setting("stage", "later"), "stage", "Use 'what', 'so-what' or 'now-what'."),
        (PROMPT, setting("intensity", 4), "intensity", "Correct the value."),
        (PROMPT, setting("intensity", "1"), "intensity", "Correct the value."),
        (PROMPT, setting("title", True), "title", "Write text, in quotes"),
        (PROMPT, setting("title", "  "), "title", "Correct the value."),
        (PROMPT, setting("level", [1, 1]), "level", "Name each level once."),
        (PROMPT, setting("level", [0]), "level[0]", "Correct the value."),
        (PROMPT, setting("fictional", False), "fictional", "Use True."),
        (PROMPT, setting("provenance.licence", "mine"), "provenance.licence", "Use 'CC-BY-4.0'."),
        (PROMPT, setting("id", "advice"), "id", "It must match"),
        (PROMPT, setting("id", "v-advice-pull-001"), "id", "Begin a prompt's id with p-"),
        (PROMPT, setting("theme", "advise-pull"), "theme", "Choose a slug of themes.yaml"),
        (PROMPT, setting("also", ["advice-pull"]), "also", "Name only further themes"),
        (PROMPT, setting("competency", ["juggling"]), "competency", "Choose a slug of competencies.yaml"),
        (PROMPT, setting("facilitator.other_side", None), "facilitator.other_side", "Add other_side."),
        (PROMPT, setting("format", "two-voices"), "format", "Use moment, dilemma or pause"),
        (PROMPT, setting("cast", [{"name": "Noa", "role": "client"}]), "cast", "make it a vignette"),
        (PROMPT, setting("pool", "seasonal"), "season", "Name a season"),
        (PROMPT, setting("review.readers", []), "review.status", "Add both under review.readers"),
        (PROMPT, setting("review.status", "clinically-reviewed"), "review.status", "Fill review.clinical"),
        (PROMPT, setting("sources.seeds", ["a book"]), "sources.seeds[0]", "It must match"),
        (VIGNETTE, without("cast"), "cast", "Add cast."),
        (VIGNETTE, without("setting"), "setting", "Add setting."),
        (VIGNETTE, setting("setting", "pub"), "setting", "Use 'in-person', 'video' or 'phone'."),
        (VIGNETTE, setting("format", "pause"), "format", "Choose one of the vignette formats."),
    ],
)
def test_a_wrong_field_is_named_with_its_mend(small: Any, path: str, mutate: Mutate, field: str, mend: str) -> None:
    small.change(path, mutate)
    findings = [f for f in refused(small.root) if f.field == field]
    assert [f.file for f in findings] == [path]
    assert mend in findings[0].mend
    assert str(findings[0]).startswith(f"E12 {path}: {field}: ")


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("  trap:", "\ttrap:", "facilitator", "is indented with a tab"),
        ("question: What was", "question: he said: What was", "question", "is not valid YAML"),
        ("stage: what", "stage: what\nstage: now-what", "stage", "stage stands there twice"),
        ("level: [1]", "level: [1", "level", "is not valid YAML"),
        ("also: [not-knowing]", "also: &a [*a]", "also", "is not valid YAML (an alias stands here)"),
        ("also: [not-knowing]", "also: &a [not-knowing]\nseason: *a", "also", "an alias stands here"),
        ("stage: what", "stage: 2026-13-45", "stage", "looks like a number or a date and is none"),
        ("stage: what", f"stage: 0x{'f' * 9000}", "stage", "looks like a number or a date and is none"),
        ("stage: what", "stage: !!timestamp soon", "stage", "looks like a number or a date and is none"),
        ("stage: what", f"stage: {'[' * 16000}", "stage", "too much is nested here"),
        ("stage: what", f"stage: {'- ' * 16000}", "stage", "sequence entries are not allowed"),
        ("stage: what", f"stage:\n  {'? ' * 16000}", "stage", "too much is nested here"),
    ],
)
def test_broken_yaml_is_met_with_a_sentence(small: Any, old: str, new: str, field: str, message: str) -> None:
    text = (small.root / PROMPT).read_text(encoding="utf-8")
    assert old in text
    small.put(PROMPT, text.replace(old, new, 1))
    (finding,) = refused(small.root)
    assert (finding.file, finding.rule) == (PROMPT, "E12")
    assert message in finding.message
    assert "line " in finding.message
    assert finding.mend
    assert finding.field == field


@pytest.mark.parametrize("text", ["", "just words", "- a list", "%%\x00"])
def test_a_file_that_holds_no_fields_is_refused(small: Any, text: str) -> None:
    small.put(PROMPT, text)
    (finding,) = refused(small.root)
    assert finding.file == PROMPT
    assert finding.mend


def test_a_file_in_another_encoding_is_refused(small: Any) -> None:
    (small.root / PROMPT).write_bytes("title: Café".encode("latin-1"))
    (finding,) = refused(small.root)
    assert "UTF-8" in finding.message


def test_a_duplicate_id_names_the_other_file(small: Any) -> None:
    small.change(PROMPT, lambda d: None, to="prompts/advice-pull/copy.yaml")
    findings = refused(small.root)
    assert {f.field for f in findings} == {"id"}
    assert any("prompts/advice-pull/copy.yaml has the same id" in f.message for f in findings) or any(
        f"{PROMPT} has the same id" in f.message for f in findings
    )
    assert any("p-advice-pull-001.yaml" in f.mend for f in findings)


def test_files_in_the_wrong_place_are_named(small: Any) -> None:
    small.change(PROMPT, lambda d: None, to="prompts/silence/p-advice-pull-001.yaml")
    (small.root / PROMPT).unlink()
    small.put("prompts/advice-pull/notes.txt", "remember")
    findings = {(f.file, f.field) for f in refused(small.root)}
    assert findings == {
        ("prompts/silence/p-advice-pull-001.yaml", "theme"),
        ("prompts/advice-pull/notes.txt", ""),
    }


def test_every_problem_is_listed_at_once(small: Any) -> None:
    small.change(PROMPT, without("question"))
    small.change(VIGNETTE, setting("stage", "later"))
    small.put("competencies.yaml", "competencies: {}")
    findings = refused(small.root)
    assert [f.file for f in findings] == ["competencies.yaml", PROMPT, VIGNETTE]


def test_a_missing_folder_and_an_empty_library_are_refused(small: Any, tmp_path: Path) -> None:
    (finding,) = refused(tmp_path / "nowhere")
    assert "missing" in finding.message
    for path in small.root.rglob("[pv]-*.yaml"):
        path.unlink()
    (finding,) = refused(small.root)
    assert "empty" in finding.message


SEQUENCE = """
schema: 1
id: first-weeks
title: First weeks
audience_level: [1]
opening_text: Welcome.
closing_text: That was it.
weeks:
  - {title: Arriving, opening: Here we are., closing: So much for arriving.}
slots:
  - {week: 1, day: 1, item: p-advice-pull-001}
  - {week: 1, day: 2, pick: {theme: getting-ahead, kind: vignette, max_intensity: 1}}
"""


def test_a_sequence_is_read(small: Any) -> None:
    small.put("sequences/first-weeks.yaml", SEQUENCE)
    library = load(small.root)
    sequence = library.sequence("first-weeks")
    assert [slot.item_id for slot in sequence.slots] == ["p-advice-pull-001", None]
    assert sequence.slots[1].pick is not None
    assert sequence.slots[1].pick.fits(library.item("v-getting-ahead-004"))
    assert [week.title for week in sequence.weeks] == ["Arriving"]
    with pytest.raises(KeyError):
        library.sequence("other")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("p-advice-pull-001", "p-advice-pull-999", "slots week 1 day 1"),
        ("id: first-weeks", "id: other", "id"),
        ("day: 2", "day: 1", "slots"),
        ("week: 1, day: 2", "week: 2, day: 2", "slots"),
        ("week: 1, day: 1", "week: 1, day: 8", "slots[0].day"),
        ("theme: getting-ahead, kind", "themes: getting-ahead, kind", "slots[1].pick.themes"),
        ("theme: getting-ahead, kind", "theme: getting-behind, kind", "slots week 1 day 2"),
        ("kind: vignette", "kind: prompt", "slots week 1 day 2"),
        ("theme: getting-ahead, kind: vignette, max", "max", "slots[1].pick.theme"),
        ("pick: {theme: getting-ahead, kind: vignette, max_intensity: 1}", "item: p-advice-pull-001", "slots"),
        ("opening: Here we are., ", "", "weeks[0].opening"),
        ("So much for arriving.}", "So much.}\n  - {title: More, opening: More., closing: Done.}", "slots"),
    ],
)
def test_a_broken_sequence_is_refused(small: Any, old: str, new: str, field: str) -> None:
    small.put("sequences/first-weeks.yaml", SEQUENCE.replace(old, new))
    findings = refused(small.root)
    assert ("sequences/first-weeks.yaml", field) in {(f.file, f.field) for f in findings}
    assert all(f.mend for f in findings)
