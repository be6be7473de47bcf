"""The little language of the rules: what each mark means, what it refuses, and that its gate loses nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crisis.patterns import BadPattern, Gate, Lists, compile_lists, compile_pattern
from bot.crisis.screening import Screen

CONTENT = Path(__file__).parents[2] / "content"
BOOK = Screen.load(CONTENT).book
EVERYTHING = [pattern for rule in BOOK.rules for pattern in rule.patterns]
WORDS = sorted({word for pattern in EVERYTHING for word in pattern.words if not word.endswith("*")})


def expand(word: str) -> tuple[str, ...]:
    return {"don't": ("do", "not")}.get(word, (word,))


BARE = Lists({}, frozenset({"not"}), frozenset())
LISTS = compile_lists({"die": ["die", "be (dead|gone)"], "want": ["want", "long", "need to <die>"]}, expand, BARE)


def matches(pattern: str, line: str) -> bool:
    return compile_pattern(pattern, LISTS, expand).regex.search(f" {line} ") is not None


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("i want to die", "so i want to die now", True),
        ("i want to die", "so i want to diet now", False),
        ("i want to die", "hi want to die", False),
        ("(want|wish) to", "i wish to", True),
        ("(want|wish) to", "i washed to", False),
        ("i really? want", "i want", True),
        ("i really? want", "i really want", True),
        ("i (really|so )? want", "i so want", True),
        ("<want> to <die>", "long to be gone", True),
        ("<want> to <die>", "need to die to die", True),
        ("suicid*", "the suicidality of it", True),
        ("suicid*", "parasuicidal", False),
        ("at %", "at 9pm", True),
        ("at %", "at nine", False),
        ("want ~2 die", "want very much die", True),
        ("want ~2 die", "want so very much die", False),
        ("want ~2 die", "want , die", False),
        ("want ~2 die", "want not die", False),
        ("want ~~3 die", "want , not die", True),
        ("want ~~3 die", "want . so die", False),
        ("end it !(here|there)", "end it all", True),
        ("end it !(here|there)", "end it here", False),
        ("end it !(here|there)", "end it hereafter", True),
        ("^ die", "die", True),
        ("^ die", "so . die", True),
        ("^ die", "so die", False),
        ("die $", "i die . so", True),
        ("die $", "i die so", False),
        ("die ,? now", "die , now", True),
        ("i don't know", "i do not know", True),
        ("Más", "mas", True),
    ],
)
def test_each_mark_means_what_the_handbook_says(pattern: str, line: str, expected: bool) -> None:
    assert matches(pattern, line) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a|b", "not closed"),
        ("a) b", "too many"),
        ("a || b", "empty place"),
        ("<nobody> b", "does not exist"),
        ("a ~99 b", "gap"),
        ("? a", "means nothing"),
        ("any ?more", "right behind"),
        ("a ~ b", "means nothing"),
        ("~2", "must be there"),
        ("a?", "must be there"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(BadPattern, match=reason):
        compile_pattern(pattern, LISTS, expand)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=150, deadline=None)
def test_the_gate_never_hides_a_match(words: list[str]) -> None:
    line = f" {' '.join(words)} "
    present = set(words) | {word for pattern in EVERYTHING for word in pattern.words if word.endswith("*")}
    gate = Gate(enumerate(EVERYTHING), {})

    through = {number for _, number, _ in gate.candidates(present)}

    assert {number for number, pattern in enumerate(EVERYTHING) if pattern.regex.search(line)} <= through


def test_the_gate_is_worth_having() -> None:
    gate = Gate(enumerate(EVERYTHING), {})
    assert len(gate.candidates({"see", "you", "at", "lunch"})) < len(EVERYTHING) / 100


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_no_pattern_can_take_more_than_linear_time(rule: object) -> None:
    # Backtracking explodes only through repetition. There is none but the word's own `[^ ]*` between two fixed
    # spaces, and gaps with a small upper bound; so the work at each word is bounded by a constant.
    for pattern in rule.patterns:  # type: ignore[attr-defined]
        without_words = pattern.regex.pattern.replace("[^ ]*", "")
        bounds = [int(size) for size in re.findall(r"\{0,(\d+)\}", without_words)]
        assert not re.search(r"(?<!\\)[*+]", without_words)
        assert all(size <= 12 for size in bounds)
