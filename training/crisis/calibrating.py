"""Choosing from which probability on the model speaks: for a budget of false alarms, never for recall.

The scores come from models that had not seen the author's messages on the theme, nor the line of the phrases, so they
are about as sure of themselves as the shipped model will be of new messages.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.crisis.assessment import Action, Assessment
from bot.crisis.statistical import Scores, Thresholds
from training.crisis.examples import Example
from training.crisis.learning import Reader, model_of

FOLDS = 3
HARD_BUDGET = 0.01
"""False alarms allowed over calm messages that speak of risk, death, idiom, the past or goodbyes."""
REFLECTIVE_BUDGET = 0.01
"""False alarms allowed over calm talk about oneself, feelings included; the examples are more moved than most days."""
ORDINARY_BUDGET = 0.002
"""False alarms allowed over other ordinary talk, most of it odder than a chat is."""
SILENCED_BUDGET = 0.02
"""False alarms allowed where rules spoke and their context silenced them."""
IMMINENT_BUDGET = 0.0015
"""A's allowed over all calm messages that were written as a whole, before a rule has to agree."""
LOWEST = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """One example, the scores of a model that had not seen its like, and what the rules say."""

    example: Example
    scores: Scores
    ruled: Assessment


def judge(examples: Sequence[Example], reader: Reader, assess: Callable[[str], Assessment]) -> list[Judged]:
    """Score each example by a model learned from the other folds."""
    judged = []
    for fold in range(FOLDS):
        model = model_of([example for example in examples if _fold(example) != fold], reader)
        judged += [
            Judged(example, model.score(reader.words(example.text)), assess(example.text))
            for example in examples
            if _fold(example) == fold
        ]
    return judged


def thresholds(judged: Sequence[Judged]) -> Thresholds:
    """Return the lowest probabilities that keep within the budgets."""
    calm = [one for one in judged if one.example.label == "none"]
    unheard = [one for one in calm if one.ruled.action is Action.N]
    own = _within_budgets(unheard, lambda scores: scores.own)
    other = _within_budgets(unheard, lambda scores: scores.other)
    silenced = [max(one.scores.own, one.scores.other) for one in unheard if one.ruled.suppressed]
    whole = [one for one in calm if not one.example.line]
    spoken = [one for one in whole if one.ruled.action is Action.B or one.scores.own >= own]
    imminent = _above((one.scores.imminent for one in spoken), int(len(whole) * IMMINENT_BUDGET))
    return Thresholds(
        own=own, other=other, after_silence=_above(silenced, int(len(silenced) * SILENCED_BUDGET)), imminent=imminent
    )


def _within_budgets(calm: Sequence[Judged], worry: Callable[[Scores], float]) -> float:
    # Messages that were written as a whole are more like a chat than phrases; each must keep within the budgets.
    return max(
        _above(found, int(len(found) * budget))
        for whole in (True, False)
        for budget, found in (
            (ORDINARY_BUDGET, _worries(calm, worry, whole, lambda example: example.ordinary)),
            (REFLECTIVE_BUDGET, _worries(calm, worry, whole, lambda example: example.reflective)),
            (HARD_BUDGET, _worries(calm, worry, whole, lambda it: not (it.ordinary or it.reflective))),
        )
    )


def _worries(
    calm: Sequence[Judged], worry: Callable[[Scores], float], whole: bool, kind: Callable[[Example], bool]
) -> list[float]:
    return [worry(one.scores) for one in calm if bool(one.example.line) is not whole and kind(one.example)]


def _above(values: Iterable[float], allowed: int) -> float:
    """Return a probability that at most `allowed` of the values reach, rounded up."""
    highest = sorted(values, reverse=True)
    reached = highest[allowed] if len(highest) > allowed else 0.0
    return max(LOWEST, min(1.0, math.ceil(reached * 1_000) / 1_000))


def _fold(example: Example) -> int:
    return hashlib.sha256(example.group.encode()).digest()[0] % FOLDS
