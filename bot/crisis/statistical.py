"""A second opinion for messages without any word of risk: a linear model over words, in one small file.

Rules have a ceiling where nothing that they know is said ("I've taken the dog to my neighbour and paid for the
food"). This layer has learned from examples that the project wrote (see ``training/crisis``). It may only raise
attention, never lower what a rule found, and it speaks under its own ids, so that every explanation names it.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from bot.crisis.assessment import Action, Assessment, Span, Subject
from bot.crisis.content import BrokenContent
from bot.crisis.statistical_features import BUCKETS, of_kinds, of_marks, of_row, of_word, sentences, windows
from bot.crisis.statistical_kinds import kinds_of

MODEL_FILE = Path("crisis") / "model" / "attention.model"
FORMAT = 1
OUTPUTS = ("self_imminent", "self_risk", "other_risk")
"""What the model weighs against "none of these", in the order of the file."""
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

Weights = tuple[float, float, float]


class Scores(NamedTuple):
    """Probabilities, adding up to one, of the most worrying run of sentences in a message."""

    self_imminent: float
    self_risk: float
    other_risk: float
    none: float

    @property
    def own(self) -> float:
        """The probability that the writer herself is at risk, imminent or not."""
        return self.self_imminent + self.self_risk


CALM = Scores(0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on the layer speaks; chosen by `training.crisis.train` for a budget of false alarms.

    `own` and `other` raise N; `after_silence` raises N where rules spoke and their context silenced them; `imminent`
    raises B to A.
    """

    own: float
    other: float
    after_silence: float
    imminent: float


@dataclass(frozen=True, slots=True)
class Attention:
    """The loaded model; immutable in what it says and safe to share."""

    bias: Weights
    scale: Weights
    table: tuple[Sequence[int], Sequence[int], Sequence[int]]
    thresholds: Thresholds
    data_digest: str
    _words: dict[str, tuple[float, float, float, int, int]] = field(default_factory=dict)
    _kinds: dict[int, Weights] = field(default_factory=dict)

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
        return cls.read(content, file)

    @classmethod
    def read(cls, content: bytes, file: Path = MODEL_FILE) -> Attention:
        """Build the model from the bytes of a file: one line of JSON, then a byte for each weight."""
        head, _, body = content.partition(b"\n")
        try:
            fields = json.loads(head)
            if fields["format"] != FORMAT or fields["buckets"] != BUCKETS or tuple(fields["outputs"]) != OUTPUTS:
                raise BrokenContent(file, "format", "was made for another version")
            thresholds = Thresholds(**{name: float(value) for name, value in fields["thresholds"].items()})
            bias, scale = (_three(fields[name]) for name in ("bias", "scale"))
            digest = str(fields["data_digest"])
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BrokenContent(file, "head", "cannot be read") from problem
        if len(body) != BUCKETS * len(OUTPUTS):
            raise BrokenContent(file, "weights", f"should be {BUCKETS * len(OUTPUTS)} bytes, not {len(body)}")
        weights = array("b", body)
        first, second, third = (weights[at * BUCKETS : (at + 1) * BUCKETS] for at in range(3))
        return cls(bias, scale, (first, second, third), thresholds, digest)

    def score(self, text: str) -> Scores:
        """Weigh a message: each sentence, neighbouring ones together, and the most worrying of them counts."""
        rows = sentences(text)
        if not rows:
            return CALM
        sums = [self._weigh(words) for words in rows]
        most = CALM
        for first, last in windows(len(rows)):
            a = b = c = 0.0
            count = found = 0
            for part in sums[first:last]:
                a, b, c = a + part[0], b + part[1], c + part[2]
                count += part[3]
                found |= part[4]
            share = 1 / math.sqrt(count)
            extra = self._kinds.get(found) or self._weigh_kinds(found)
            scores = _softmax(a * share + extra[0], b * share + extra[1], c * share + extra[2])
            if scores.none < most.none:
                most = scores
        return most

    def raise_for(self, text: str, assessment: Assessment) -> Assessment:
        """Return the assessment, raised where the model is sure enough; never a lower one.

        N becomes B or C, B becomes A. Where rules said nothing this layer never says A.
        """
        if assessment.action in (Action.A, Action.C):
            return assessment
        scores = self.score(text)
        limits = self.thresholds
        if assessment.action is Action.B:
            if scores.self_imminent < limits.imminent:
                return assessment
            return _spoken(assessment, text, Action.A, STAT_IMMINENT, Subject.SELF)
        silenced = limits.after_silence if assessment.suppressed else 0.0
        if scores.own >= max(limits.own, silenced) and scores.own >= scores.other_risk:
            return _spoken(assessment, text, Action.B, STAT_SELF, Subject.SELF)
        if scores.other_risk >= max(limits.other, silenced):
            return _spoken(assessment, text, Action.C, STAT_OTHER, Subject.OTHER)
        return assessment

    def _weigh(self, words: list[str]) -> tuple[float, float, float, int, int]:
        a = b = c = 0.0
        count = found = 0
        marks: list[int] = []
        for word in words:
            known = self._words.get(word) or self._learn(word)
            a, b, c = a + known[0], b + known[1], c + known[2]
            count += known[3]
            if known[4]:
                found |= known[4]
                marks.append(known[4])
        row = of_row(words) + of_marks(marks)
        first, second, third = self.table
        a += self.scale[0] * sum([first[place] for place in row])
        b += self.scale[1] * sum([second[place] for place in row])
        c += self.scale[2] * sum([third[place] for place in row])
        return a, b, c, count + len(row), found

    def _learn(self, word: str) -> tuple[float, float, float, int, int]:
        places = of_word(word)
        if len(self._words) >= _REMEMBERED_WORDS:
            self._words.clear()
        self._words[word] = known = (*self._sum(places), len(places), kinds_of(word))
        return known

    def _weigh_kinds(self, found: int) -> Weights:
        a, b, c = self._sum(of_kinds(found))
        share = 1 / math.sqrt(len(of_kinds(found)))
        if len(self._kinds) >= _REMEMBERED_KINDS:
            self._kinds.clear()
        self._kinds[found] = weights = (
            self.bias[0] + a * share,
            self.bias[1] + b * share,
            self.bias[2] + c * share,
        )
        return weights

    def _sum(self, places: Sequence[int]) -> Weights:
        a, b, c = (
            scale * sum(row[place] for place in places) for scale, row in zip(self.scale, self.table, strict=True)
        )
        return a, b, c


def _spoken(assessment: Assessment, text: str, action: Action, rule: str, subject: Subject) -> Assessment:
    # The span is all of the message: the whole of the words spoke, not one place among them.
    return replace(
        assessment,
        action=action,
        rules=(*assessment.rules, rule),
        spans=(*assessment.spans, Span(0, len(text))),
        subject=subject,
    )


def _three(values: Sequence[float]) -> Weights:
    a, b, c = map(float, values)
    return a, b, c


def _softmax(a: float, b: float, c: float) -> Scores:
    a, b, c = (math.exp(min(logit, _LARGEST_LOGIT)) for logit in (a, b, c))
    total = 1.0 + a + b + c
    return Scores(a / total, b / total, c / total, 1.0 / total)
