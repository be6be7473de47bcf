"""The shipped model: made from the examples beside it, held to its budget on authors and themes it never saw."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bot.crisis.assessment import NOTHING, Action, Assessment
from bot.crisis.screening import Screen
from bot.crisis.statistical import CALM, STAT_SELF, Attention, Scores, Thresholds
from bot.crisis.statistical_encoder import ENCODER_FILE
from bot.crisis.statistical_kinds import Kinds
from bot.crisis.statistical_weights import MODEL_FILE
from training.crisis.calibrating import (
    GLANCED,
    HARD_BUDGET,
    IMMINENT_BUDGET,
    ORDINARY_BUDGET,
    SECONDED,
    Judged,
    glance,
    mixed,
    thresholds,
)
from training.crisis.evaluate import wilson
from training.crisis.examples import HELD_AUTHORS, HELD_THEMES, LABELS, Example, digest, load, spoken
from training.crisis.learning import Reader, trained
from training.crisis.phrases import BrokenPhrases, said, ways

CONTENT = Path(__file__).parents[2] / "content"
LARGEST_FILE, LARGEST_ENCODER = 900_000, 20_000_000


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return load()


@pytest.fixture(scope="module")
def held_back(examples: list[Example]) -> list[Example]:
    return [example for example in examples if example.held_back]


@pytest.fixture(scope="module")
def attention() -> Attention:
    found = Attention.load(CONTENT)
    assert found is not None
    return found


class Heard(NamedTuple):
    """An example that was held back, and what the layer alone makes of it."""

    example: Example
    action: Action


@pytest.fixture(scope="module")
def heard(attention: Attention, screen: Screen, held_back: list[Example]) -> list[Heard]:
    """Every fifth, since the encoder takes its time."""
    return [Heard(one, attention.raise_for(screen.words(one.text), 1, NOTHING).action) for one in held_back[::5]]


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.of_rules(CONTENT)


def test_the_model_was_made_from_these_examples(attention: Attention) -> None:
    assert attention.data_digest == digest(), "run python -m training.crisis.train"
    assert (CONTENT / MODEL_FILE).stat().st_size <= LARGEST_FILE
    assert (CONTENT / ENCODER_FILE).stat().st_size <= LARGEST_ENCODER


def test_training_gives_the_same_bytes_twice(examples: list[Example], screen: Screen) -> None:
    few, reader = examples[::200], Reader(screen.words, Kinds.load(CONTENT))
    assert trained(few, reader, epochs=2) == trained(few, reader, epochs=2) != trained(few[1:], reader, epochs=2)


def test_voices_are_read_with_their_headings(tmp_path: Path) -> None:
    (tmp_path / "held_back").mkdir()
    file = tmp_path / "held_back" / "en-anna.txt"
    file.write_text("# lang: en\n== none chat_tech\nkill the process\\nthen restart\n== self_risk wish\nno more\n")
    calm, worried = spoken(tmp_path)
    assert (calm.text, calm.ordinary, calm.held_back) == ("kill the process\nthen restart", True, True)
    assert (worried.label, worried.theme, worried.group) == ("self_risk", "wish", calm.group)
    file.write_text("# lang: en\nno heading\n")
    with pytest.raises(ValueError, match=r"en-anna\.txt, line 2"):
        spoken(tmp_path)


def test_thresholds_keep_within_their_budgets_and_let_most_hints_be_seconded() -> None:
    calm = [Example(str(at), "none", "en", f"a{at}", "smalltalk") for at in range(1_000)]
    risk = [Example(str(at), "self_risk", "en", f"r{at}", "wish") for at in range(100)]
    hint = Assessment(Action.B, ("en.hint",))
    judged = [Judged(one, Scores(at / 1_000, 0.0, 0.0), NOTHING, NOTHING) for at, one in enumerate(calm)]
    judged += [Judged(one, Scores(at / 100, 0.0, 0.0), NOTHING, hint) for at, one in enumerate(risk)]
    limits = thresholds(judged)
    assert limits.own == pytest.approx(1 - ORDINARY_BUDGET, abs=0.002)
    assert limits.seconding == pytest.approx(1 - SECONDED, abs=0.001)


def test_what_tells_nothing_is_mixed_in_with_next_to_nothing() -> None:
    random = np.random.default_rng(5)
    risk = random.random(2_000) < 0.5
    examples = [Example(str(at), "self_risk" if one else "none", "en", "a", "b") for at, one in enumerate(risk)]
    telling = np.where(risk, 1.0, -1.0)[:, None] + random.normal(size=(2_000, 3))
    noise = random.normal(size=(2_000, 3))
    known, other = mixed(examples, telling, noise), mixed(examples, noise, telling)
    assert known.linear[0] > 1 > 0.2 > abs(known.encoder[0])
    assert other.encoder[0] > 1 > 0.2 > abs(other.linear[0])
    assert known.bias[0] == pytest.approx(0, abs=0.2)


def test_a_glance_lets_nearly_all_pass_on_which_both_halves_speak() -> None:
    limits = Thresholds(own=0.5, other=0.5, after_silence=1, imminent=1, urgent=1, sure=1, seconding=0)
    risk = [Example(str(at), "self_risk", "en", f"r{at}", "wish") for at in range(1_000)]
    judged = [Judged(one, Scores(float(at >= 100), 0.0, 0.0), NOTHING, NOTHING) for at, one in enumerate(risk)]
    found = glance(judged, [at / 100 for at in range(1_000)], limits)
    assert found == pytest.approx(1 + 9 * (1 - GLANCED), abs=0.02)


def test_a_line_of_phrases_gives_different_messages_and_always_the_same_ones() -> None:
    line = "{i want|i wish} to {sleep|{rest|nap}} [now]."
    found = ways(line, 5)
    assert found == ways(line, 5)
    assert len(set(found)) == len(found) == 5
    assert all(text.startswith(("i want to ", "i wish to ")) and text.endswith(".") for text in found)
    assert not any(mark in text for text in found for mark in "{|}[]")


@pytest.mark.parametrize("lines", ["no heading yet\n", "== none admin\n{open|never closed\n"])
def test_broken_phrases_are_refused_by_file_and_line(tmp_path: Path, lines: str) -> None:
    (tmp_path / "en.txt").write_text(lines)
    with pytest.raises(BrokenPhrases, match=r"en\.txt, line"):
        list(said(tmp_path))


def test_the_examples_are_many_and_varied(examples: list[Example]) -> None:
    assert len(examples) >= 90_000
    assert len({example.text.lower() for example in examples}) == len(examples)
    assert len({example.author for example in examples}) >= 300
    by_language = Counter(example.lang for example in examples)
    assert set(by_language) == {"en", "es", "fr", "de", "pt"}
    assert min(by_language.values()) >= 200
    assert {(example.lang, example.label) for example in examples} == {
        (lang, label) for lang in by_language for label in LABELS
    }


def test_whole_authors_and_themes_are_held_back(examples: list[Example]) -> None:
    seen = [example for example in examples if not example.held_back]
    assert not HELD_AUTHORS & {example.author for example in seen}
    assert not HELD_THEMES & {example.theme for example in seen if not example.voice}
    assert not {example.author for example in seen if example.voice} & {
        example.author for example in examples if example.voice and example.held_back
    }
    whole = [example for example in examples if not example.line]
    assert len({example.author for example in whole if example.voice and example.held_back}) >= 40
    assert len(whole) - len([example for example in whole if not example.held_back]) >= len(whole) * 0.1
    assert all(not example.line for example in examples if example.held_back)


def test_it_keeps_its_budget_of_false_alarms_on_what_it_never_saw(heard: list[Heard]) -> None:
    """Three times the budgets, since the voices that are held back are others, and fewer."""
    calm = [one for one in heard if one.example.label == "none"]
    for budget, kind in (
        (ORDINARY_BUDGET, [one for one in calm if one.example.chat]),
        (HARD_BUDGET, [one for one in calm if not one.example.chat]),
    ):
        alarms = [one for one in kind if one.action is not Action.N]
        assert wilson(len(alarms), len(kind))[0] <= 3 * budget
    assert wilson(len([one for one in calm if one.action is Action.A]), len(calm))[0] <= IMMINENT_BUDGET


def test_it_finds_what_the_rules_alone_miss(screen: Screen, heard: list[Heard]) -> None:
    risky = [one for one in heard if one.example.label != "none"]
    missed = [one for one in risky if screen.assess(one.example.text).action is Action.N]
    assert len(missed) > 100
    assert len([one for one in missed if one.action is not Action.N]) >= len(missed) / 3


def test_in_a_hurry_nobody_is_left_unheard(attention: Attention, screen: Screen, held_back: list[Example]) -> None:
    limits = attention.thresholds
    skipped = lost = spoken = 0
    for example in held_back[::12]:
        words = screen.words(example.text)
        whole, hurried = attention.score(words), attention.score(words, hurried=True)
        assert hurried in (whole, CALM)
        skipped += hurried != whole
        if whole.own >= limits.own or whole.other >= limits.other:
            spoken += 1
            lost += hurried != whole
    assert skipped > 100
    # Two opinions may end a reading early, each with a budget of its own.
    assert wilson(lost, spoken)[0] <= 2 * (1 - GLANCED)


def test_scores_are_probabilities(attention: Attention, screen: Screen, held_back: list[Example]) -> None:
    for example in held_back[::100]:
        assert all(0 <= score <= 1 for score in attention.score(screen.words(example.text)))


def test_a_hint_in_the_midst_of_a_rota_is_heard(attention: Attention, screen: Screen) -> None:
    text = (
        "Thanks for the notes. Parking is free after five. Most nights I ask for it to stop, all of it, me included. "
        "I've emailed the admin about the key. We start at half past ten. Bring cake if you like."
    )
    assert screen.assess(text).action is Action.N, "no rule hears it"
    found = attention.raise_for(screen.words(text), len(text), NOTHING)
    assert (found.action, found.rules) == (Action.B, (STAT_SELF,))
