"""Choosing from which probability on the model speaks: for a budget of false alarms, never for recall.

The scores come from halves that had not seen the voice, the author's messages on the theme, or the line of the phrases,
so they are about as sure of themselves as the shipped ones will be of new messages.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.crisis.assessment import Action, Assessment
from bot.crisis.statistical import Mixing, Scores, Thresholds
from bot.crisis.statistical_weights import OUTPUTS, three
from training.crisis.examples import Example
from training.crisis.learning import TARGETS

CALIBRATING = 6
"""One voice in so many is kept from both halves, to learn how they add up and from where on they speak."""
HARD_BUDGET = 0.02
"""False alarms allowed over calm messages that speak of risk, death, idiom, the past or goodbyes."""
REFLECTIVE_BUDGET = 0.015
"""False alarms allowed over calm talk about oneself, feelings included; the examples are more moved than most days."""
ORDINARY_BUDGET = 0.006
"""False alarms allowed over ordinary talk from elsewhere, most of it odder than a chat, and torn from its context."""
SILENCED_BUDGET = 0.02
"""False alarms allowed where rules spoke and their context silenced them."""
IMMINENT_BUDGET = 0.001
"""A's allowed over all calm messages that were written as a whole, before a rule has to agree."""
SECONDED = 0.97
"""Share of the messages at risk, of those on which only rules speak that want a second voice, that get one."""
GLANCED = 0.995
"""Share of the messages at risk that both halves speak on that the linear half alone must not take for calm."""
LOWEST = 0.5
OF_A_RULE = 0.25
"""From which probability on a rule's B becomes A where a rule of imminence agrees: somebody is at risk already."""


SURE = 0.93
"""From which probability of own risk on the layer may say A of what no rule heard. Of 27 imminent messages by an unseen
author that it raised so none lies below; of its 19 A's on 23,500 lines of strangers' chat half do."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One example, the scores of models that had not seen its like, and what the rules say.

    `ruled` is what they say alone, `hinted` what they say with a second voice.
    """

    example: Example
    scores: Scores
    ruled: Assessment
    hinted: Assessment


def thresholds(judged: Sequence[Judged]) -> Thresholds:
    """Return the lowest probabilities that keep within the budgets."""
    seconding = _seconding(judged)
    calm = [one for one in judged if one.example.label == "none"]
    unheard = [one for one in calm if _said(one, seconding) is Action.N]
    own = _within_budgets(unheard, lambda scores: scores.own)
    other = _within_budgets(unheard, lambda scores: scores.other)
    silenced = [max(one.scores.own, one.scores.other) for one in unheard if one.ruled.suppressed]
    whole = [one for one in calm if not one.example.line]
    graver = [one.scores.imminent for one in whole if one.scores.own >= max(own, SURE)]
    return Thresholds(
        own=own,
        other=other,
        after_silence=_above(silenced, int(len(silenced) * SILENCED_BUDGET)),
        imminent=OF_A_RULE,
        urgent=max(OF_A_RULE, _above(graver, int(len(whole) * IMMINENT_BUDGET), lowest=0.0)),
        sure=max(own, SURE),
        seconding=seconding,
    )


def _worry(scores: Scores) -> float:
    return max(scores.own, scores.other)


def _seconding(judged: Sequence[Judged]) -> float:
    """Return the probability that most messages at risk reach on which only rules spoke that want a second voice."""
    hinted = [one for one in judged if one.hinted.action.urgency > one.ruled.action.urgency]
    worries = sorted(_worry(one.scores) for one in hinted if one.example.label != "none")
    return math.floor(worries[int(len(worries) * (1 - SECONDED))] * 1_000) / 1_000 if worries else 0.0


def _said(one: Judged, seconding: float) -> Action:
    return one.hinted.action if _worry(one.scores) >= seconding else one.ruled.action


def _within_budgets(calm: Sequence[Judged], worry: Callable[[Scores], float]) -> float:
    # Only messages that were written as a whole: those of the phrases are many of a kind and less like a chat.
    whole = [one for one in calm if not one.example.line]
    kinds = (
        (ORDINARY_BUDGET, lambda example: example.chat),
        (REFLECTIVE_BUDGET, lambda example: example.reflective),
        (HARD_BUDGET, lambda example: not (example.chat or example.reflective)),
    )
    found = [(budget, [worry(one.scores) for one in whole if kind(one.example)]) for budget, kind in kinds]
    return max(_above(worries, int(len(worries) * budget)) for budget, worries in found)


def _above(values: Iterable[float], allowed: int, lowest: float = LOWEST) -> float:
    """Return a probability that at most `allowed` of the values reach, rounded up."""
    highest = sorted(values, reverse=True)
    reached = highest[allowed] if len(highest) > allowed else 0.0
    return max(lowest, min(1.0, math.ceil(reached * 1_000) / 1_000))


def is_calibrating(example: Example) -> bool:
    """Say whether an example is kept for calibrating; its like are, too."""
    return hashlib.sha256(example.group.encode()).digest()[0] % CALIBRATING == 0


def half_of(example: Example) -> int:
    """Say in which half of the examples one is, 0 or 1; its like are, too."""
    return hashlib.sha256(example.group.encode()).digest()[1] % 2


def mixed(examples: Sequence[Example], linear: NDArray[np.float64], encoder: NDArray[np.float64]) -> Mixing:
    """Learn how the logits of both halves add up: a logistic regression of three numbers for each output."""
    wanted = np.array([TARGETS[example.label] for example in examples])
    found = [
        _newton(np.column_stack([linear[:, at], encoder[:, at], np.ones(len(linear))]), wanted[:, at])
        for at in range(len(OUTPUTS))
    ]
    one, other, bias = (three([round(float(value), 4) for value in column]) for column in zip(*found, strict=True))
    return Mixing(one, other, bias)


def _newton(inputs: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.array([0.5, 0.5, 0.0])
    for _ in range(25):
        share = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (share - wanted) + 1e-3 * weights
        curve = (inputs * (share * (1 - share))[:, None]).T @ inputs + 1e-3 * np.eye(3)
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def glance(judged: Sequence[Judged], worries: Sequence[float], limits: Thresholds) -> float:
    """Return the logit of the linear half that nearly all messages reach on which both halves together speak."""
    spoken = sorted(
        worry
        for one, worry in zip(judged, worries, strict=True)
        if one.example.label != "none" and (one.scores.own >= limits.own or one.scores.other >= limits.other)
    )
    return math.floor(spoken[int(len(spoken) * (1 - GLANCED))] * 100) / 100
