"""Choosing from which probability on the model speaks: for a budget of false alarms, never for recall.

The scores come from models that had not seen the author's messages on the theme, so they are about as sure of
themselves as the shipped model will be of new messages.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.crisis.assessment import Action, Assessment
from bot.crisis.statistical import Scores, Thresholds
from training.crisis.examples import Example
from training.crisis.learning import model_of

FOLDS = 4
HARD_BUDGET = 0.01
"""False alarms allowed over calm messages that speak of risk, death, idiom, the past or goodbyes."""
REFLECTIVE_BUDGET = 0.005
"""False alarms allowed over calm talk about oneself, feelings included; the examples are more moved than most days."""
ORDINARY_BUDGET = 0.0003
"""False alarms allowed over other ordinary talk; below one in the examples, so none of them may be reached."""
MARGIN = 0.1
"""How much of what is left up to certainty is added on top, since new messages are stranger than held-out ones."""
LOWEST = 0.6


@dataclass(frozen=True, slots=True)
class Judged:
    """One example, the scores of a model that had not seen its like, and what the rules say."""

    example: Example
    scores: Scores
    ruled: Assessment


def judge(examples: Sequence[Example], assess: Callable[[str], Assessment]) -> list[Judged]:
    """Score each example by a model learned from the other folds."""
    judged = []
    for fold in range(FOLDS):
        model = model_of([example for example in examples if _fold(example) != fold])
        judged += [
            Judged(example, model.score(example.text), assess(example.text))
            for example in examples
            if _fold(example) == fold
        ]
    return judged


def thresholds(judged: Sequence[Judged]) -> Thresholds:
    """Return the lowest probabilities that keep within the budgets."""
    calm = [one for one in judged if one.example.label == "none"]
    unheard = [one for one in calm if one.ruled.action is Action.N]
    own = _within_budgets(unheard, lambda scores: scores.own)
    other = _within_budgets(unheard, lambda scores: scores.other_risk)
    silenced = [one.scores for one in unheard if one.ruled.suppressed]
    after_silence = _above((max(scores.own, scores.other_risk) for scores in silenced), 0)
    imminent = _above((one.scores.self_imminent for one in calm), 0)
    return Thresholds(own=own, other=other, after_silence=after_silence, imminent=imminent)


def _within_budgets(calm: Sequence[Judged], worry: Callable[[Scores], float]) -> float:
    # Own and other risk share each budget.
    return max(
        _above(found, int(len(found) * budget / 2))
        for found, budget in (
            ([worry(one.scores) for one in calm if one.example.ordinary], ORDINARY_BUDGET),
            ([worry(one.scores) for one in calm if one.example.reflective], REFLECTIVE_BUDGET),
            ([worry(one.scores) for one in calm if not (one.example.ordinary or one.example.reflective)], HARD_BUDGET),
        )
    )


def _above(values: Iterable[float], allowed: int) -> float:
    """Return a probability that at most `allowed` of the values reach, rounded up and with the margin."""
    highest = sorted(values, reverse=True)
    reached = highest[allowed] if len(highest) > allowed else 0.0
    return max(LOWEST, min(1.0, math.ceil((reached + MARGIN * (1 - reached)) * 1_000) / 1_000))


def _fold(example: Example) -> int:
    return hashlib.sha256(example.group.encode()).digest()[0] % FOLDS
