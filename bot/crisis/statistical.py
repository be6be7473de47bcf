"""A second opinion for messages without any word of risk: a linear model over words, in one small file.

Rules have a ceiling where nothing that they know is said ("I've taken the dog to my neighbour and paid for the
food"). This layer has learned from examples that the project wrote (see ``training/crisis``). It may only raise
attention, never lower what a rule found, and it speaks under its own ids, so that every explanation names it.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from bot.crisis.assessment import Action, Assessment, Span, Subject
from bot.crisis.content import BrokenContent
from bot.crisis.statistical_features import (
    BUCKETS,
    identity,
    of_kinds,
    of_marks,
    of_row,
    of_word,
    places_of_kinds,
    sentences,
    windows,
)
from bot.crisis.statistical_kinds import Kinds

MODEL_FILE = Path("crisis") / "model" / "attention.model"
FORMAT = 2
OUTPUTS = ("own", "other", "imminent")
"""What the model weighs, each for itself, in the order of the file: own risk, somebody else's, own and imminent."""
STAT_SELF, STAT_IMMINENT, STAT_OTHER = "stat.self", "stat.imminent", "stat.other"
RULE_IDS: dict[str, str] = {
    STAT_SELF: "The whole of the message resembles what people write about their own risk.",
    STAT_IMMINENT: "The whole of the message resembles what people write when their own risk is imminent.",
    STAT_OTHER: "The whole of the message resembles what people write about somebody else's risk now.",
}
"""The ids under which this layer speaks, and why, for explanations beside those of the rules."""

_REMEMBERED_WORDS = 20_000
_REMEMBERED_KINDS = 10_000
_LARGEST_LOGIT = 30.0
# Of 2,500 examples at risk, none that it speaks on lies below -1.6; seven of ten ordinary messages lie below -3.
_FAR_FROM_WORRY = -3.0
# Three signed bytes are added up at once: each lies, moved above nought, in a field of its own in one number. A field
# holds the sum of 8,224 weights, more than a row of `LONGEST_ROW` words has.
_FIELD = 21
_FIELD_MASK = (1 << _FIELD) - 1
_ABOVE_NOUGHT = 128

Weights = tuple[float, float, float]


class Scores(NamedTuple):
    """Probabilities, each for itself, of the most worrying run of sentences in a message."""

    own: float
    other: float
    imminent: float


CALM = Scores(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on the layer speaks; chosen by `training.crisis.train` for a budget of false alarms.

    `own` and `other` raise N; `after_silence` raises N where rules spoke and their context silenced them; `imminent`
    makes it A where a rule agrees that time, means, an act or a parting is spoken of.
    """

    own: float
    other: float
    after_silence: float
    imminent: float


class _Word(NamedTuple):
    """A word's own weights in one number, how many they are, its number in a row, its kinds, and theirs."""

    packed: int
    size: int
    identity: int
    kinds: int
    mark: int


@dataclass(frozen=True, slots=True)
class Attention:
    """The loaded model; immutable in what it says and safe to share."""

    bias: Weights
    scale: Weights
    kinds: Kinds
    table: Sequence[int]
    thresholds: Thresholds
    data_digest: str
    _words: dict[str, _Word] = field(default_factory=dict)
    _found: dict[int, Weights] = field(default_factory=dict)

    @classmethod
    def load(cls, content_dir: Path) -> Attention | None:
        """Read the model below the content folder; None where there is none, so that the rules stand alone.

        Raises BrokenContent for a file that is there and cannot be used: half a model must not pass for none.
        """
        file = content_dir / MODEL_FILE
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        return cls.read(content, Kinds.load(content_dir), file)

    @classmethod
    def read(cls, content: bytes, kinds: Kinds, file: Path = MODEL_FILE) -> Attention:
        """Build the model from the bytes of a file: one line of JSON, then a byte for each weight."""
        head, _, body = content.partition(b"\n")
        try:
            fields = json.loads(head)
            made_for = fields["format"], fields["buckets"], fields["kinds"], tuple(fields["outputs"])
            if made_for != (FORMAT, BUCKETS, len(kinds.names), OUTPUTS):
                raise BrokenContent(file, "format", "was made for another version, or for other lists of kinds")
            thresholds = Thresholds(**{name: float(value) for name, value in fields["thresholds"].items()})
            bias, scale = (_three(fields[name]) for name in ("bias", "scale"))
            digest = str(fields["data_digest"])
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BrokenContent(file, "head", "cannot be read") from problem
        size = BUCKETS + places_of_kinds(len(kinds.names))
        if len(body) != size * len(OUTPUTS):
            raise BrokenContent(file, "weights", f"should be {size * len(OUTPUTS)} bytes, not {len(body)}")
        # Moved above nought a signed byte is itself with its highest bit turned.
        above = body.translate(bytes(value ^ _ABOVE_NOUGHT for value in range(256)))
        own, other, imminent = (above[at * size : (at + 1) * size] for at in range(3))
        packed = (a | b << _FIELD | c << 2 * _FIELD for a, b, c in zip(own, other, imminent, strict=True))
        return cls(bias, scale, kinds, array("Q", packed), thresholds, digest)

    def score(self, words: Sequence[str], *, hurried: bool = False) -> Scores:
        """Weigh a message's plain words: sentences alone and together; for each output the most worrying run counts.

        In a hurry, a message whose words and kinds of words are far from any worry is calm without a look at its rows.
        """
        read = [self._read(row) for row in sentences(words)]
        if not read:
            return CALM
        runs = windows(len(read))
        if hurried and max(self._logits([row[1:] for row in read], runs)[:2]) < _FAR_FROM_WORRY:
            return CALM
        return Scores(*map(_sigmoid, self._logits([self._weigh(*row) for row in read], runs)))

    def _logits(self, rows: Sequence[tuple[int, int, int]], runs: Sequence[tuple[int, int]]) -> Weights:
        """Give for each output the highest logit of the runs; a row is its packed weights, their number, its kinds."""
        own = other = imminent = -_LARGEST_LOGIT
        first, second, third = self.scale
        sums = [(*_unpacked(packed, size), size, found) for packed, size, found in rows]
        for start, end in runs:
            a, b, c, count, found = sums[start]
            for part in sums[start + 1 : end]:
                a, b, c = a + part[0], b + part[1], c + part[2]
                count += part[3]
                found |= part[4]
            share = 1 / math.sqrt(count)
            extra = self._found.get(found) or self._weigh_kinds(found)
            own = max(own, a * first * share + extra[0])
            other = max(other, b * second * share + extra[1])
            imminent = max(imminent, c * third * share + extra[2])
        return own, other, imminent

    def raise_for(
        self, words: Sequence[str], length: int, assessment: Assessment, *, agreed: Callable[[], Sequence[str]] = tuple
    ) -> Assessment:
        """Return the assessment of a message of so many characters, raised where the model is sure enough.

        N becomes B or C, and A only where rules of imminence, which `agreed` names, speak too; B becomes A likewise.
        Nothing is ever lowered.
        """
        if assessment.action in (Action.A, Action.C):
            return assessment
        scores, limits = self.score(words, hurried=assessment.action is Action.N), self.thresholds
        silenced = limits.after_silence if assessment.suppressed else 0.0
        own = assessment.action is Action.B or (scores.own >= max(limits.own, silenced) and scores.own >= scores.other)
        if own and scores.imminent >= max(limits.imminent, silenced) and (rules := agreed()):
            return _spoken(assessment, length, Action.A, (STAT_IMMINENT, *rules), Subject.SELF)
        if assessment.action is Action.B:
            return assessment
        if own:
            return _spoken(assessment, length, Action.B, (STAT_SELF,), Subject.SELF)
        if scores.other >= max(limits.other, silenced):
            return _spoken(assessment, length, Action.C, (STAT_OTHER,), Subject.OTHER)
        return assessment

    def _read(self, row: Sequence[str]) -> tuple[list[_Word], int, int, int]:
        """Look a row's words up: the words, their own weights added up, how many these are, and all their kinds."""
        known = self._words
        read = [known.get(word) or self._learn(word) for word in row]
        packed = size = found = 0
        for word in read:
            packed += word.packed
            size += word.size
            found |= word.kinds
        return read, packed, size, found

    def _weigh(self, read: Sequence[_Word], packed: int, size: int, found: int) -> tuple[int, int, int]:
        """Add what follows on what, of words and of kinds, to the weights of a row's words."""
        places = of_row([word.identity for word in read])
        if marks := [word.mark for word in read if word.kinds]:
            places += of_marks(marks)
        return packed + sum(map(self.table.__getitem__, places)), size + len(places), found

    def _learn(self, word: str) -> _Word:
        places = of_word(word)
        kinds = self.kinds.of(word)
        if len(self._words) >= _REMEMBERED_WORDS:
            self._words.clear()
        self._words[word] = known = _Word(
            sum(map(self.table.__getitem__, places)), len(places), identity(word), kinds, identity(str(kinds))
        )
        return known

    def _weigh_kinds(self, found: int) -> Weights:
        places = of_kinds(found, len(self.kinds.names))
        # All pairs of some eighty kinds are fewer than a field holds.
        sums = _unpacked(sum([self.table[BUCKETS + place] for place in places]), len(places))
        share = 1 / math.sqrt(len(places))
        if len(self._found) >= _REMEMBERED_KINDS:
            self._found.clear()
        self._found[found] = weights = _three(
            [bias + scale * part * share for bias, scale, part in zip(self.bias, self.scale, sums, strict=True)]
        )
        return weights


def _spoken(
    assessment: Assessment, length: int, action: Action, rules: tuple[str, ...], subject: Subject
) -> Assessment:
    # The span is all of the message: the whole of the words spoke, not one place among them.
    return replace(
        assessment,
        action=action,
        rules=(*assessment.rules, *rules),
        spans=(*assessment.spans, *[Span(0, length)] * len(rules)),
        subject=subject,
    )


def _unpacked(packed: int, count: int) -> tuple[int, int, int]:
    above = _ABOVE_NOUGHT * count
    return (
        (packed & _FIELD_MASK) - above,
        (packed >> _FIELD & _FIELD_MASK) - above,
        (packed >> 2 * _FIELD) - above,
    )


def _three(values: Sequence[float]) -> Weights:
    a, b, c = map(float, values)
    return a, b, c


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-_LARGEST_LOGIT, min(_LARGEST_LOGIT, logit))))
