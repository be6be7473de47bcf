"""The statistical layer: it may only raise attention, says who spoke, and does without itself if it must."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from bot.crisis.assessment import NOTHING, Action, Assessment, Span, Subject
from bot.crisis.content import BrokenContent
from bot.crisis.statistical import (
    CALM,
    FORMAT,
    MODEL_FILE,
    OUTPUTS,
    RULE_IDS,
    STAT_IMMINENT,
    STAT_OTHER,
    STAT_SELF,
    Attention,
    Thresholds,
)
from bot.crisis.statistical_features import BUCKETS, LONGEST, MOST_SENTENCES, bucket, sentences, windows

CONTENT = Path(__file__).parents[2] / "content"
HALF = Thresholds(own=0.5, other=0.5, after_silence=0.9, imminent=0.5)
FOUND_B = Assessment(Action.B, ("en.wish",), (Span(0, 4),), Subject.SELF, ("time",))
SILENCED = Assessment(Action.N, suppressed=("en.wish:quoted",))


def model(*bias: float, thresholds: Thresholds = HALF, **weights: tuple[int, int, int]) -> Attention:
    """Build a model that says what its bias says, plus what is given for single words."""
    body = bytearray(BUCKETS * len(OUTPUTS))
    for word, values in weights.items():
        for output, value in enumerate(values):
            body[output * BUCKETS + bucket(f"w {word}")] = value
    head = {
        "format": FORMAT,
        "buckets": BUCKETS,
        "outputs": OUTPUTS,
        "bias": bias,
        "scale": (1.0, 1.0, 1.0),
        "thresholds": asdict(thresholds),
        "data_digest": "",
    }
    return Attention.read(json.dumps(head).encode() + b"\n" + bytes(body))


SILENT, IMMINENT, OWN, OTHER = model(-9, -9, -9), model(5, 0, 0), model(0, 2, 0), model(0, 0, 2)


def test_rules_stand_alone_without_a_model(tmp_path: Path) -> None:
    assert Attention.load(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"not json\n", b'{"format": 1}\n', b'{"format": 99}\n', b"[]\n"])
def test_a_broken_model_is_not_taken_for_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / MODEL_FILE
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    with pytest.raises(BrokenContent):
        Attention.load(tmp_path)


def test_a_model_that_was_cut_short_is_refused() -> None:
    content = (CONTENT / MODEL_FILE).read_bytes()
    with pytest.raises(BrokenContent, match="weights"):
        Attention.read(content[:-1])


def test_it_raises_nothing_to_the_one_it_is_sure_of() -> None:
    own, other = OWN.raise_for("words", NOTHING), OTHER.raise_for("words", NOTHING)
    assert (own.action, own.rules, own.subject) == (Action.B, (STAT_SELF,), Subject.SELF)
    assert (other.action, other.rules, other.subject) == (Action.C, (STAT_OTHER,), Subject.OTHER)
    assert SILENT.raise_for("words", NOTHING) is NOTHING


def test_where_rules_said_nothing_it_never_says_a() -> None:
    assert IMMINENT.score("words").self_imminent > 0.9
    assert IMMINENT.raise_for("words", NOTHING).action is Action.B


def test_it_raises_b_to_a_and_keeps_what_the_rules_found() -> None:
    raised = IMMINENT.raise_for("words", FOUND_B)
    assert raised.action is Action.A
    assert raised.rules == (*FOUND_B.rules, STAT_IMMINENT)
    assert raised.spans == (*FOUND_B.spans, Span(0, len("words")))
    assert raised.modifiers == FOUND_B.modifiers
    assert OWN.raise_for("words", FOUND_B) is FOUND_B


@pytest.mark.parametrize("attention", [SILENT, IMMINENT, OWN, OTHER])
@pytest.mark.parametrize("action", list(Action))
def test_it_never_lowers_what_a_rule_found(attention: Attention, action: Action) -> None:
    found = Assessment(action, ("en.some-rule",))
    assert attention.raise_for("words", found).action.urgency >= action.urgency


@pytest.mark.parametrize("action", [Action.A, Action.C])
def test_it_leaves_a_and_c_as_they_are(action: Action) -> None:
    found = Assessment(action, ("en.some-rule",))
    assert IMMINENT.raise_for("words", found) is found


def test_it_needs_to_be_surer_where_a_context_silenced_the_rules() -> None:
    assert OWN.raise_for("words", NOTHING).action is Action.B
    assert OWN.raise_for("words", SILENCED) is SILENCED
    sure = model(0, 4, 0).raise_for("words", SILENCED)
    assert (sure.action, sure.suppressed) == (Action.B, SILENCED.suppressed)


def test_every_explanation_names_it() -> None:
    assert STAT_SELF in OWN.raise_for("words", NOTHING).explain()
    assert set(RULE_IDS) == {STAT_SELF, STAT_IMMINENT, STAT_OTHER}


def test_calm_sentences_do_not_hide_the_worrying_one() -> None:
    attention = model(-2, -2, -2, dreadful=(0, 20, 0))
    alone = attention.score("dreadful words")
    among = attention.score("the rota is up. room two. dreadful words. bring cake. thanks. bye. see you. ok")
    assert among.own >= alone.own > 0.5


def test_the_last_of_very_many_sentences_counts() -> None:
    attention = model(-2, -2, -2, dreadful=(0, 60, 0))
    assert attention.score("no. " * 700 + "dreadful words").own > 0.5


def test_a_disguised_word_reads_like_the_plain_one() -> None:
    attention = model(-2, -2, -2, dreadful=(0, 20, 0))
    assert attention.score("DRÉADFUL") == attention.score("dreadful")


@pytest.mark.parametrize("text", ["", " ", "...", "\n\n", "🙂"])
def test_no_words_no_worry(text: str) -> None:
    assert OWN.score(text) == CALM


@pytest.mark.parametrize("text", ["a" * 20_000, "a. " * 9_000, "?!" * 9_000, "é̩" * 9_000])
def test_hostile_messages_stay_bounded(text: str) -> None:
    rows = sentences(text)
    assert sum(map(len, rows)) <= LONGEST
    assert len(rows) <= MOST_SENTENCES
    assert len(windows(len(rows))) <= 3 * len(rows) + 1
    assert sum(OWN.score(text)) == pytest.approx(1)


def test_every_sentence_is_read_with_its_neighbours() -> None:
    runs = windows(8)
    assert all((at, at + 1) in runs for at in range(8))
    assert all((first, second + 1) in runs for first, second in pairwise(range(8)))
    assert (0, 5) in windows(5)
