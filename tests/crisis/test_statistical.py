"""The statistical layer: it may only raise attention, says who spoke, and does without itself if it must."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from bot.crisis.assessment import NOTHING, Action, Assessment, Span, Subject
from bot.crisis.content import BrokenContent
from bot.crisis.screening import IMMINENCE_SIGNAL, Screen
from bot.crisis.statistical import (
    CALM,
    RULE_IDS,
    STAT_IMMINENT,
    STAT_OTHER,
    STAT_SELF,
    Attention,
    Thresholds,
)
from bot.crisis.statistical_features import (
    BUCKETS,
    LONGEST_ROW,
    MOST_SENTENCES,
    MOST_WORDS,
    bucket,
    places_of_kinds,
    sentences,
    windows,
)
from bot.crisis.statistical_kinds import KINDS_FILE, Kinds
from bot.crisis.statistical_weights import FORMAT, MODEL_FILE, OUTPUTS

CONTENT = Path(__file__).parents[2] / "content"
KINDS = Kinds.load(CONTENT)
SIZE = BUCKETS + places_of_kinds(len(KINDS.names))
WORDS = ("words",)
HALF = Thresholds(own=0.5, other=0.5, after_silence=0.9, imminent=0.5, urgent=0.8, sure=0.7, seconding=0.2)
FOUND_B = Assessment(Action.B, ("en.wish",), (Span(0, 4),), Subject.SELF, ("time",))
SILENCED = Assessment(Action.N, suppressed=("en.wish:quoted",))


def model(*bias: float, thresholds: Thresholds = HALF, **weights: tuple[int, int, int]) -> Attention:
    """Build a model that says what its bias says, plus what is given for single words."""
    body = bytearray(SIZE * len(OUTPUTS))
    for word, values in weights.items():
        for output, value in enumerate(values):
            body[output * SIZE + bucket(f"w {word}")] = value
    head = {
        "format": FORMAT,
        "buckets": BUCKETS,
        "kinds": len(KINDS.names),
        "outputs": OUTPUTS,
        "bias": bias,
        "scale": (1.0, 1.0, 1.0),
        "thresholds": asdict(thresholds),
        "data_digest": "",
    }
    return Attention.read(json.dumps(head).encode() + b"\n" + bytes(body), KINDS)


def agreed() -> tuple[str, ...]:
    return ("en.agreed",)


SILENT, IMMINENT, OWN, OTHER = model(-9, -9, -9), model(5, 0, 5), model(2, 0, -9), model(0, 2, -9)


def test_rules_stand_alone_without_a_model(tmp_path: Path) -> None:
    assert Attention.load(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"not json\n", b'{"format": 1}\n', b'{"format": 99}\n', b"[]\n"])
def test_a_broken_model_is_not_taken_for_none(tmp_path: Path, content: bytes) -> None:
    copied(tmp_path)
    (tmp_path / MODEL_FILE).write_bytes(content)
    with pytest.raises(BrokenContent):
        Attention.load(tmp_path)


def test_a_model_that_was_cut_short_is_refused() -> None:
    content = (CONTENT / MODEL_FILE).read_bytes()
    with pytest.raises(BrokenContent, match="weights"):
        Attention.read(content[:-1], KINDS)


def copied(content_dir: Path) -> None:
    """Put the shipped files below another content folder."""
    (content_dir / MODEL_FILE).parent.mkdir(parents=True)
    for name in (MODEL_FILE, KINDS_FILE):
        (content_dir / name).write_bytes((CONTENT / name).read_bytes())


@pytest.mark.parametrize("lists", [None, "", "one:\n", "one: word\n"])
def test_a_model_without_its_lists_of_kinds_is_refused(tmp_path: Path, lists: str | None) -> None:
    copied(tmp_path)
    if lists is None:
        (tmp_path / KINDS_FILE).unlink()
    else:
        (tmp_path / KINDS_FILE).write_text(lists)
    with pytest.raises(BrokenContent):
        Attention.load(tmp_path)


HINTED = Assessment(Action.A, ("en.hint",), (Span(0, 4),), Subject.SELF)


def test_a_rule_that_wants_a_second_voice_is_heard_where_there_is_a_little_worry() -> None:
    worried, sure = model(-1, -9, -9), model(-9, -9, -9)
    assert worried.raise_for(WORDS, 5, NOTHING, hinted=HINTED) is HINTED
    alone = sure.raise_for(WORDS, 5, NOTHING, hinted=HINTED)
    assert (alone.action, alone.rules, alone.suppressed) == (Action.N, (), ("en.hint:alone",))
    beside = sure.raise_for(WORDS, 5, FOUND_B, hinted=HINTED)
    assert (beside.action, beside.rules, beside.suppressed) == (Action.B, FOUND_B.rules, ("en.hint:alone",))
    assert worried.raise_for(WORDS, 5, HINTED, hinted=HINTED) is HINTED


def test_without_the_layer_rules_that_want_a_second_voice_speak_all_the_same() -> None:
    screen = Screen.of_rules(CONTENT)
    seconded = [rule for rule in screen.book.rules if rule.seconded and rule.fires]
    assert seconded
    for rule in seconded:
        alone, together = screen.found(rule.fires[0])
        assert rule.id not in alone.rules
        assert screen.assess(rule.fires[0]) == together
    deaf = Screen(screen.book, model(-29, -29, -29))
    assert all(deaf.assess(rule.fires[0]).rules == deaf.found(rule.fires[0])[0].rules for rule in seconded)
    assert "second voice" in deaf.reason("alone")


def test_it_raises_nothing_to_the_one_it_is_sure_of() -> None:
    own, other = OWN.raise_for(WORDS, 5, NOTHING), OTHER.raise_for(WORDS, 5, NOTHING)
    assert (own.action, own.rules, own.subject) == (Action.B, (STAT_SELF,), Subject.SELF)
    assert (other.action, other.rules, other.subject) == (Action.C, (STAT_OTHER,), Subject.OTHER)
    assert SILENT.raise_for(WORDS, 5, NOTHING) is NOTHING


@pytest.mark.parametrize("found", [NOTHING, FOUND_B])
def test_alone_it_never_says_a(found: Assessment) -> None:
    assert IMMINENT.score(WORDS).imminent > 0.9
    assert IMMINENT.raise_for(WORDS, 5, found).action is Action.B


@pytest.mark.parametrize("found", [NOTHING, FOUND_B])
def test_where_a_rule_of_imminence_agrees_it_says_a_and_names_both(found: Assessment) -> None:
    raised = IMMINENT.raise_for(WORDS, 5, found, agreed=agreed)
    assert raised.action is Action.A
    assert raised.rules == (*found.rules, STAT_IMMINENT, "en.agreed")
    assert raised.spans == (*found.spans, Span(0, 5), Span(0, 5))
    assert raised.modifiers == found.modifiers
    assert OWN.raise_for(WORDS, 5, FOUND_B, agreed=agreed) is FOUND_B


def test_it_must_be_surer_to_say_a_where_no_rule_found_anything() -> None:
    assert model(1, -9, 1).raise_for(WORDS, 5, NOTHING, agreed=agreed).action is Action.B
    assert model(1, -9, 3).raise_for(WORDS, 5, NOTHING, agreed=agreed).action is Action.A
    assert model(0.5, -9, 3).raise_for(WORDS, 5, NOTHING, agreed=agreed).action is Action.B
    assert model(0.5, -9, 3).raise_for(WORDS, 5, FOUND_B, agreed=agreed).action is Action.A
    assert model(1, -9, 3).raise_for(WORDS, 5, NOTHING).action is Action.B
    assert model(1, -9, 1).raise_for(WORDS, 5, FOUND_B, agreed=agreed).action is Action.A


def test_every_language_has_rules_of_imminence_that_say_nothing_alone() -> None:
    screen = Screen.of_rules(CONTENT)
    rules = [rule for rule in screen.book.rules if IMMINENCE_SIGNAL in rule.signals]
    assert {rule.language for rule in rules} == {"en", "es", "fr", "de", "pt"}
    assert {rule.action for rule in rules} == {Action.N}
    alone = "we already took the train tonight, and I wrote a letter"
    assert screen.assess(alone).rules == ()
    assert Screen(screen.book, model(5, -9, 5)).assess(alone).action is Action.A
    assert Screen(screen.book, model(5, -9, 5)).assess("rain all over town").action is Action.B


@pytest.mark.parametrize("attention", [SILENT, IMMINENT, OWN, OTHER])
@pytest.mark.parametrize("action", list(Action))
def test_it_never_lowers_what_a_rule_found(attention: Attention, action: Action) -> None:
    found = Assessment(action, ("en.some-rule",))
    assert attention.raise_for(WORDS, 5, found).action.urgency >= action.urgency


@pytest.mark.parametrize("action", [Action.A, Action.C])
def test_it_leaves_a_and_c_as_they_are(action: Action) -> None:
    found = Assessment(action, ("en.some-rule",))
    assert IMMINENT.raise_for(WORDS, 5, found) is found


def test_it_needs_to_be_surer_where_a_context_silenced_the_rules() -> None:
    assert OWN.raise_for(WORDS, 5, NOTHING).action is Action.B
    assert OWN.raise_for(WORDS, 5, SILENCED) is SILENCED
    sure = model(4, 0, 0).raise_for(WORDS, 5, SILENCED)
    assert (sure.action, sure.suppressed) == (Action.B, SILENCED.suppressed)


ALWAYS = Screen(Screen.of_rules(CONTENT).book, model(9, -9, 9))


@pytest.mark.parametrize(
    "text",
    ["I don't want to die", "No, I don't want to kill myself.", "not going to kill myself", "I'm safe. I want to live.",
     "no quiero morir", "je ne veux pas mourir", "Ich will nicht sterben.", "não quero morrer"],
)  # fmt: skip
def test_a_message_that_only_denies_is_left_alone(text: str) -> None:
    assert ALWAYS.assess(text).action is Action.N


@pytest.mark.parametrize(
    "text",
    ["I don't want to die but I have to", "don't want to die just want it over", "I don't want to die. Tomorrow.",
     "not gonna hurt myself, gonna end it", "not going to kill myself today. tomorrow", "I'm safe here until ten",
     "no quiero morir pero no puedo más", "Ich will nicht sterben, aber ich muss", "not going to kill myself here"],
)  # fmt: skip
def test_whatever_follows_a_denial_is_heard(text: str) -> None:
    assert ALWAYS.assess(text).action is not Action.N


def test_it_grades_only_what_is_own_risk_already() -> None:
    assert model(-1, -9, 9).raise_for(WORDS, 5, NOTHING, agreed=agreed) is NOTHING
    assert model(1, -9, 9).raise_for(WORDS, 5, NOTHING, agreed=agreed).action is Action.A


def test_every_explanation_names_it() -> None:
    assert STAT_SELF in OWN.raise_for(WORDS, 5, NOTHING).explain()
    assert set(RULE_IDS) == {STAT_SELF, STAT_IMMINENT, STAT_OTHER}


def test_calm_sentences_do_not_hide_the_worrying_one() -> None:
    attention = model(-2, -2, -2, dreadful=(20, 0, 0))
    alone = attention.score(["dreadful", "words"])
    calm = ["the", "rota", "is", "up", ".", "room", "two", "."]
    among = attention.score([*calm, "dreadful", "words", ".", *calm])
    assert among.own >= alone.own > 0.5


def test_the_last_of_very_many_sentences_counts() -> None:
    attention = model(-2, -2, -2, dreadful=(60, 0, 0))
    assert attention.score(["no", "."] * 700 + ["dreadful", "words"]).own > 0.5


@pytest.mark.parametrize("words", [(), (".",), (".", ".")])
def test_no_words_no_worry(words: tuple[str, ...]) -> None:
    assert OWN.score(words) == CALM


@pytest.mark.parametrize("words", [["a"] * 20_000, ["a", "."] * 9_000, ["a" * 60] * 9_000, ["pills", "now"] * 4_000])
def test_hostile_messages_stay_bounded(words: list[str]) -> None:
    rows = sentences(words)
    assert sum(map(len, rows)) <= MOST_WORDS
    assert len(rows) <= MOST_SENTENCES
    assert max(map(len, rows)) <= LONGEST_ROW + MOST_WORDS // MOST_SENTENCES
    assert len(windows(len(rows))) <= 3 * len(rows) + 1
    attention = model(0, 0, 0, pills=(127, 129, 127))
    assert all(0 <= score <= 1 for score in attention.score(words))


def test_a_row_of_the_heaviest_words_adds_up() -> None:
    heavy = model(0, 0, 0, pills=(127, 129, 127)).score(["pills"] * LONGEST_ROW)
    assert heavy.own > 0.99
    assert heavy.imminent > 0.99
    assert heavy.other < 0.01


def test_every_sentence_is_read_with_its_neighbours() -> None:
    runs = windows(8)
    assert all((at, at + 1) in runs for at in range(8))
    assert all((first, second + 1) in runs for first, second in pairwise(range(8)))
    assert (0, 5) in windows(5)
