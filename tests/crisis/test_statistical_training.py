"""The shipped model: made from the examples beside it, held to its budget on authors and themes it never saw."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.crisis.assessment import NOTHING, Action
from bot.crisis.screening import Screen
from bot.crisis.statistical import MODEL_FILE, Attention
from training.crisis.evaluate import wilson
from training.crisis.examples import HELD_AUTHORS, HELD_THEMES, LABELS, Example, digest, load
from training.crisis.learning import trained

CONTENT = Path(__file__).parents[2] / "content"
LARGEST_FILE = 400_000


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


def test_the_model_was_made_from_these_examples(attention: Attention) -> None:
    assert attention.data_digest == digest(), "run python -m training.crisis.train"
    assert (CONTENT / MODEL_FILE).stat().st_size <= LARGEST_FILE


def test_training_gives_the_same_bytes_twice(examples: list[Example]) -> None:
    few = examples[::40]
    assert trained(few, epochs=2) == trained(few, epochs=2) != trained(few[1:], epochs=2)


def test_the_examples_are_many_and_varied(examples: list[Example]) -> None:
    assert len(examples) >= 3_000
    assert len({example.text.lower() for example in examples}) == len(examples)
    assert len({example.author for example in examples}) >= 12
    by_language = Counter(example.lang for example in examples)
    assert set(by_language) == {"en", "es", "fr", "de", "pt"}
    assert min(by_language.values()) >= 200
    assert {(example.lang, example.label) for example in examples} == {
        (lang, label) for lang in by_language for label in LABELS
    }


def test_whole_authors_and_themes_are_held_back(examples: list[Example]) -> None:
    seen = [example for example in examples if not example.held_back]
    assert not HELD_AUTHORS & {example.author for example in seen}
    assert not HELD_THEMES & {example.theme for example in seen}
    assert len(seen) < len(examples) * 0.95


def test_it_keeps_its_budget_of_false_alarms_on_what_it_never_saw(
    attention: Attention, held_back: list[Example]
) -> None:
    calm = [example for example in held_back if example.label == "none"]
    alarms = [example for example in calm if attention.raise_for(example.text, NOTHING).action is not Action.N]
    assert not [example.theme for example in alarms if example.ordinary]
    assert wilson(len(alarms), len(calm))[0] <= 0.01


def test_it_finds_what_the_rules_alone_miss(attention: Attention, held_back: list[Example]) -> None:
    screen = Screen.of_rules(CONTENT)
    missed = [
        (example.text, ruled)
        for example in held_back
        if example.label != "none" and (ruled := screen.assess(example.text)).action is Action.N
    ]
    assert any(attention.raise_for(text, ruled).action is not Action.N for text, ruled in missed)


def test_scores_are_probabilities(attention: Attention, examples: list[Example]) -> None:
    for example in examples[::50]:
        scores = attention.score(example.text)
        assert min(scores) >= 0
        assert sum(scores) == pytest.approx(1)
