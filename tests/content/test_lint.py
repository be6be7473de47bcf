"""Each rule of the lint fires on a planted fault, at its field, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.check import check
from bot.catalogue.shingles import build, digest, read_shingles, words_of

PROMPT = "prompts/advice-pull/p-advice-pull-001.yaml"
VIGNETTE = "vignettes/getting-ahead/v-getting-ahead-004.yaml"
HEAVY = "vignettes/risk-exception/v-risk-exception-006.yaml"
Mutate = Callable[[dict[str, Any]], object]


def found(root: Path) -> set[tuple[str, str, str]]:
    findings = check(root)
    assert all(finding.mend for finding in findings)
    return {(finding.rule, finding.file, finding.field) for finding in findings}


def put(field: str, value: object) -> Mutate:
    def mutate(data: dict[str, Any]) -> None:
        data[field] = value

    return mutate


def adding(field: str, text: str) -> Mutate:
    def mutate(data: dict[str, Any]) -> None:
        data[field] = f"{data[field].strip()} {text}"

    return mutate


def noting(field: str, value: object) -> Mutate:
    def mutate(data: dict[str, Any]) -> None:
        data["facilitator"][field] = value

    return mutate


def test_the_small_library_has_no_fault(small: Any) -> None:
    assert found(small.root) == set()


@pytest.mark.parametrize(
    ("path", "mutate", "rule", "field"),
    [
        (PROMPT, put("title", "x" * 46), "E1", "title"),
        (PROMPT, put("body", "Too short to see anything."), "E1", "body"),
        (PROMPT, adding("body", "And so on it goes. " * 20), "E1", "body"),
        (PROMPT, put("question", f"What {'x' * 160}?"), "E1", "question"),
        (PROMPT, put("response_starters", ["x" * 91]), "E1", "response_starters[0]"),
        (PROMPT, put("content_label", "x" * 61), "E1", "content_label"),
        (PROMPT, put("afterword", {"text": "x" * 601}), "E1", "afterword.text"),
        (PROMPT, noting("trap", "x" * 1001), "E1", "facilitator.trap"),
        (PROMPT, noting("probes", ["x" * 600, "y" * 600]), "E1", "facilitator.probes"),
        (VIGNETTE, put("role_cards", ["Speak as the paper. " * 70]), "E1", "body"),
        (PROMPT, adding("body", "What then?"), "E2", "body"),
        (PROMPT, put("question", "What was the ready-made answer doing for you."), "E2", "question"),
        (PROMPT, put("question", "What was it? And what then?"), "E2", "question"),
        (VIGNETTE, put("beats", [{"body": "Later.", "question": "What now? What else?"}]), "E2", "beats[0].question"),
        (PROMPT, put("question", "Did it help?"), "E3", "question"),
        (PROMPT, put("question", "Is that what it was?"), "E3", "question"),
        (PROMPT, put("question", "What was it, and why did you say it?"), "E3", "question"),
        (PROMPT, adding("body", "Maybe you should write it down."), "E4", "body"),
        (PROMPT, adding("body", "Remember to breathe."), "E4", "body"),
        (PROMPT, adding("body", "Never answer at once."), "E4", "body"),
        (PROMPT, put("response_starters", ["You must have felt"]), "E4", "response_starters[0]"),
        (PROMPT, adding("body", "Think of your client's face."), "E5", "body"),
        (PROMPT, adding("body", "It was a session where time stood still."), "E5", "body"),
        (PROMPT, noting("probes", ["What did one of your clients say?"]), "E5", "facilitator.probes[0]"),
        (PROMPT, adding("body", "It was 12/03/2024."), "E6", "body"),
        (PROMPT, adding("body", "It was the 4th of May."), "E6", "body"),
        (PROMPT, adding("body", "It began in 2019."), "E6", "body"),
        (PROMPT, adding("body", "A 43-year-old asks."), "E6", "body"),
        (PROMPT, adding("body", "He has turned forty."), "E6", "body"),
        (PROMPT, adding("body", "The street is SW1A 1AA."), "E6", "body"),
        (PROMPT, adding("body", "Ring 020 7946 0123 now."), "E6", "body"),
        (PROMPT, adding("body", "Write to a@b.example for it."), "E6", "body"),
        (PROMPT, adding("body", "It is on www.example for all."), "E6", "body"),
        (PROMPT, adding("body", "Ask @sam about it."), "E6", "body"),
        (PROMPT, adding("body", "It stands in #general now."), "E6", "body"),
        (PROMPT, adding("body", "Then Dr Miller came in."), "E6", "body"),
        (PROMPT, adding("body", "It was raining in Manchester."), "E6", "body"),
        (VIGNETTE, adding("body", "Tomasz Kowal is his full name."), "E6", "body"),
        (PROMPT, noting("safety_note", "Tell the NHS about it."), "E6", "facilitator.safety_note"),
        (VIGNETTE, put("cast", [{"name": "Bob", "role": "client"}]), "E7", "cast[0].name"),
        (PROMPT, adding("body", "Then Kwame came in."), "E7", "body"),
        (VIGNETTE, adding("body", "Then Kwame came in."), "E7", "body"),
        (VIGNETTE, put("problem", "taxes"), "E7", "problem"),
        (VIGNETTE, adding("body", "He met Zebedee there."), "W7", "body"),
        (HEAVY, put("content_label", None), "E10", "content_label"),
        (HEAVY, put("moderator_present", False), "E10", "moderator_present"),
        (HEAVY, put("crisis_text", None), "E10", "crisis_text"),
        (HEAVY, noting("safety_note", "Take care."), "E10", "facilitator.safety_note"),
        (PROMPT, adding("body", "And " + "so on and " * 12 + "so forth."), "W11", "body"),
        (
            PROMPT,
            adding("body", "Unhurried deliberation necessitates interdisciplinary collaboration. " * 2),
            "W11",
            "body",
        ),
        (PROMPT, adding("body", "What a journey it has been."), "W13", "body"),
        (PROMPT, noting("trap", "Hoping for a breakthrough."), "W13", "facilitator.trap"),
        (PROMPT, put("afterword", {"text": "Well done \U0001f389\U0001f389"}), "W13", "afterword.text"),
    ],
)
def test_a_planted_fault_is_found_at_its_field(small: Any, path: str, mutate: Mutate, rule: str, field: str) -> None:
    small.change(path, mutate)
    assert (rule, path, field) in found(small.root)
    assert {file for _, file, _ in found(small.root)} == {path}


@pytest.mark.parametrize(
    "text",
    [
        'Somebody says, "You should try to rest."',
        "It is never quite the same.",
        "The nurse, Kwame by name tag, is not in this prompt's business.",
    ],
)
def test_ordinary_narration_is_left_alone(small: Any, text: str) -> None:
    small.change(PROMPT, adding("body", text))
    assert {rule for rule, _, _ in found(small.root)} <= {"E7"} if "Kwame" in text else found(small.root) == set()


@pytest.mark.parametrize(
    "question",
    [
        "In that second, what did you hear?",
        "At what point did it turn?",
        "Whose hurry was it?",
        "When you had sat down, where did it go?",
        "Which of the two would you keep?",
    ],
)
def test_open_questions_pass(small: Any, question: str) -> None:
    small.change(PROMPT, put("question", question))
    assert found(small.root) == set()


def test_the_same_opening_a_fourth_time_and_copies_are_found(small: Any) -> None:
    for number in range(2, 5):
        small.change(
            PROMPT,
            put("id", f"p-advice-pull-00{number}"),
            to=f"prompts/advice-pull/p-advice-pull-00{number}.yaml",
        )
    findings = found(small.root)
    assert ("E8", "prompts/advice-pull/p-advice-pull-004.yaml", "body") in findings
    assert {file for rule, file, _ in findings if rule == "E9"} == {
        f"prompts/advice-pull/p-advice-pull-00{number}.yaml" for number in (2, 3, 4)
    }
    assert ("W8", "prompts/advice-pull/p-advice-pull-004.yaml", "body") in findings


def test_a_name_is_not_used_again_within_forty_vignettes(small: Any) -> None:
    small.change(VIGNETTE, put("id", "v-getting-ahead-005"), to="vignettes/getting-ahead/v-getting-ahead-005.yaml")
    assert ("E7", "vignettes/getting-ahead/v-getting-ahead-005.yaml", "cast") in found(small.root)


def test_a_naming_tradition_tied_to_a_problem_is_reported(small: Any) -> None:
    for number, name in enumerate(["Agnieszka", "Zofia", "Krzysztof"], start=5):

        def mutate(data: dict[str, Any], name: str = name, number: int = number) -> None:
            data["id"] = f"v-getting-ahead-00{number}"
            data["body"] = data["body"].replace("Tomasz", name).replace("Nkechi", "Linh")
            data["cast"] = [{"name": name, "role": "client"}]

        small.change(VIGNETTE, mutate, to=f"vignettes/getting-ahead/v-getting-ahead-00{number}.yaml")
    assert ("W7", "vignettes", "cast") in found(small.root)


def test_vignettes_that_all_end_on_a_look_are_reported(small: Any) -> None:
    for number in range(5, 9):

        def mutate(data: dict[str, Any], number: int = number) -> None:
            data["id"] = f"v-getting-ahead-00{number}"
            data["body"] = data["body"].strip() + " Then he looks away."

        small.change(VIGNETTE, mutate, to=f"vignettes/getting-ahead/v-getting-ahead-00{number}.yaml")
    assert any(rule == "W8" and file.endswith("008.yaml") for rule, file, _ in found(small.root))


def test_seven_words_of_a_source_text_are_found_wherever_they_stand(small: Any, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.txt").write_text("Well , it does n't matter who opened the green window .", encoding="utf-8")
    small.put("seed-shingles.txt", build(folder))
    assert found(small.root) == set()
    small.change(PROMPT, noting("trap", "It doesn't matter who opened the green window."))
    assert ("E9", PROMPT, "facilitator.trap") in found(small.root)


def test_shingles_are_built_the_same_way_twice_and_say_nothing_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one two three four five six seven eight", encoding="utf-8")
    first = build(tmp_path)
    assert first == build(tmp_path)
    assert "seven" not in first.splitlines()[1]
    (tmp_path / "out").write_text(first, encoding="utf-8")
    assert read_shingles(tmp_path / "out") == {
        digest("one two three four five six seven"),
        digest("two three four five six seven eight"),
    }
    assert words_of("It\u2019s  DON'T do n't") == ["its", "dont", "dont"]


def test_a_name_of_the_source_texts_is_refused_without_being_listed(small: Any) -> None:
    lists = (small.root / "lint.yaml").read_text(encoding="utf-8")
    small.put("lint.yaml", lists.replace("forbidden_names:", f"forbidden_names:\n  - '{digest('zorro')}'"))
    small.change(PROMPT, adding("body", "Zorro said so."))
    assert ("E6", PROMPT, "body") in found(small.root)


def test_an_overdue_review_is_reported_only_when_the_day_is_known(small: Any) -> None:
    assert check(small.root) == []
    overdue = check(small.root, today=date(2028, 1, 1))
    assert {(f.rule, f.field) for f in overdue} == {("W12", "review.due")}
    assert len(overdue) == 3


def test_missing_word_lists_are_a_finding_and_not_a_crash(small: Any) -> None:
    (small.root / "lint.yaml").unlink()
    assert ("E12", "lint.yaml", "") in found(small.root)
    (small.root / "seed-shingles.txt").unlink()
    assert ("E9", "seed-shingles.txt", "") in found(small.root)
