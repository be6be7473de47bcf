"""A second opinion for messages without any word of risk: what was learned from examples, in two small files.

Rules have a ceiling where nothing that they know is said ("I've taken the dog to my neighbour and paid for the
food"). This layer has learned from examples that the project wrote (see ``training/crisis``). A linear half is asked
about every message, a small encoder where that one is not sure of calm, and their logits are added up. The layer may
only raise attention, never lower what a rule found, and speaks under its own ids, so that every explanation names it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from bot.crisis.assessment import Action, Assessment, Span, Subject
from bot.crisis.content import BrokenContent
from bot.crisis.statistical_encoder import ENCODER_FILE, Encoder
from bot.crisis.statistical_features import sentences, windows
from bot.crisis.statistical_kinds import Kinds
from bot.crisis.statistical_weights import LARGEST_LOGIT, MODEL_FILE, Logits, Weights, head_and_body, three

STAT_SELF, STAT_IMMINENT, STAT_OTHER = "stat.self", "stat.imminent", "stat.other"
RULE_IDS: dict[str, str] = {
    STAT_SELF: "The whole of the message resembles what people write about their own risk.",
    STAT_IMMINENT: "The whole of the message resembles what people write when their own risk is imminent.",
    STAT_OTHER: "The whole of the message resembles what people write about somebody else's risk now.",
}
"""The ids under which this layer speaks, and why, for explanations beside those of the rules."""
ALONE = "alone"
NOT_SECONDED = "This rule wants a second voice, and the message as a whole did not worry the statistical layer."

# Of 5,000 examples at risk that it speaks on, none lies below -3.8; six of ten messages of other chat lie below -4.
_FAR_FROM_WORRY = -4.0


class Scores(NamedTuple):
    """Probabilities, each for itself, of the most worrying run of sentences in a message."""

    own: float
    other: float
    imminent: float


CALM = Scores(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on the layer speaks; chosen by `training.crisis.train` for a budget of false alarms.

    `own` and `other` raise N; `after_silence` raises N where rules spoke and their context silenced them. Where a rule
    agrees that time, means, an act or a parting is spoken of, `imminent` makes A of a rule's B, and `urgent` A of what
    no rule heard, if it is own risk by `sure` too. `seconding` lets rules be heard that say nothing alone.
    """

    own: float
    other: float
    after_silence: float
    imminent: float
    urgent: float
    sure: float
    seconding: float


@dataclass(frozen=True, slots=True)
class Mixing:
    """How the two halves make one: for each output what a logit of either counts, and what is added."""

    linear: Logits
    encoder: Logits
    bias: Logits

    def of(self, linear: Logits, encoder: Logits) -> Logits:
        """Give the logits of both together."""
        parts = zip(self.bias, self.linear, linear, self.encoder, encoder, strict=True)
        return three([bias + much * one + more * other for bias, much, one, more, other in parts])


@dataclass(frozen=True, slots=True)
class Mixings:
    """The two mixings, for messages whose words the encoder knows and for others, and when the encoder is not asked.

    The encoder was pre-trained on English, so in the other languages it counts for less.
    """

    known: Mixing
    foreign: Mixing
    calm: float
    """Logit of the linear half below which the encoder is not asked in a hurry."""

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Mixings:
        """Build it from a file's head; KeyError, TypeError or ValueError for what cannot be read."""
        known, foreign = (
            Mixing(three(part["linear"]), three(part["encoder"]), three(part["bias"]))
            for part in (fields["known"], fields["foreign"])
        )
        return cls(known, foreign, float(fields["calm"]))


@dataclass(frozen=True, slots=True)
class Attention:
    """The loaded layer; immutable in what it says, safe to share. Without an encoder its linear half stands alone."""

    weights: Weights
    thresholds: Thresholds
    data_digest: str
    encoder: Encoder | None = None
    mixings: Mixings | None = None

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
        return cls.read(content, Kinds.load(content_dir), file, Encoder.load(content_dir))

    @classmethod
    def read(cls, content: bytes, kinds: Kinds, file: Path = MODEL_FILE, encoder: Encoder | None = None) -> Attention:
        """Build the layer from the bytes of the linear half's file: one line of JSON, then a byte for each weight."""
        fields, body = head_and_body(content, file)
        try:
            thresholds = Thresholds(**{name: float(value) for name, value in fields["thresholds"].items()})
            digest = str(fields["data_digest"])
            mixings = None
            if encoder is not None:
                mixings = Mixings.read(fields["mixings"])
                if fields["encoder"] != encoder.digest:
                    raise BrokenContent(file, "encoder", f"was made for another {ENCODER_FILE.name}")
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BrokenContent(file, "head", "cannot be read") from problem
        return cls(Weights.read(fields, body, kinds, file), thresholds, digest, encoder, mixings)

    def score(self, words: Sequence[str], *, hurried: bool = False) -> Scores:
        """Weigh the words that `Reading.weighed` gives: sentences alone and together; the most worrying run counts.

        In a hurry, a message whose words and kinds of words are far from any worry is calm without a closer look.
        """
        rows = sentences(words)
        if not rows:
            return CALM
        runs = windows(len(rows))
        read = [self.weights.look_up(row) for row in rows]
        if hurried and max(self.weights.at_a_glance(read, runs)[:2]) < _FAR_FROM_WORRY:
            return CALM
        logits = self.weights.logits(read, runs)
        if self.encoder is None or self.mixings is None:
            return scores_of(logits)
        if hurried and max(logits[:2]) < self.mixings.calm:
            return CALM
        mixing = self.mixings.known if self.encoder.knows(rows) else self.mixings.foreign
        return scores_of(mixing.of(logits, self.encoder.weigh(self.encoder.views(rows, self.worry))))

    def worry(self, row: Sequence[str]) -> float:
        """Give the logit of the linear half for a sentence, by itself."""
        return max(self.weights.logits([self.weights.look_up(row)], [(0, 1)])[:2])

    def raise_for(
        self,
        words: Sequence[str],
        length: int,
        assessment: Assessment,
        *,
        hinted: Assessment | None = None,
        agreed: Callable[[], Sequence[str]] = tuple,
    ) -> Assessment:
        """Return the assessment of a message of so many characters, raised where the model is sure enough.

        N becomes B or C, and A only where rules of imminence, which `agreed` names, speak too; B becomes A likewise.
        `hinted` is what rules find that want a second voice: it counts where the model is at least a little worried.
        Nothing is ever lowered.
        """
        if hinted is not None and hinted.action.urgency > assessment.action.urgency:
            scores = self.score(words)
            if max(scores.own, scores.other) >= self.thresholds.seconding:
                return self._raised(hinted, scores, length, agreed)
            found = self._raised(assessment, scores, length, agreed)
            unheard = (f"{rule}:{ALONE}" for rule in hinted.rules if rule not in found.rules)
            return replace(found, suppressed=(*found.suppressed, *unheard))
        if assessment.action in (Action.A, Action.C) or (assessment.action is Action.B and not agreed()):
            return assessment
        return self._raised(assessment, self.score(words, hurried=assessment.action is Action.N), length, agreed)

    def _raised(
        self, assessment: Assessment, scores: Scores, length: int, agreed: Callable[[], Sequence[str]]
    ) -> Assessment:
        limits = self.thresholds
        if assessment.action in (Action.A, Action.C):
            return assessment
        silenced = limits.after_silence if assessment.suppressed else 0.0
        ruled = assessment.action is Action.B
        own = ruled or (scores.own >= max(limits.own, silenced) and scores.own >= scores.other)
        urgent = scores.imminent >= (limits.imminent if ruled else limits.urgent)
        if own and urgent and (ruled or scores.own >= limits.sure) and (rules := agreed()):
            return _spoken(assessment, length, Action.A, (STAT_IMMINENT, *rules), Subject.SELF)
        if ruled:
            return assessment
        if own:
            return _spoken(assessment, length, Action.B, (STAT_SELF,), Subject.SELF)
        if scores.other >= max(limits.other, silenced):
            return _spoken(assessment, length, Action.C, (STAT_OTHER,), Subject.OTHER)
        return assessment


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


def scores_of(logits: Logits) -> Scores:
    """Turn logits into probabilities."""
    return Scores(*map(_sigmoid, logits))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-LARGEST_LOGIT, min(LARGEST_LOGIT, logit))))
