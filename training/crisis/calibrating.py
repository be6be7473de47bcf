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

FOLDS = 3
HARD_BUDGET = 0.025
"""False alarms allowed over calm messages that speak of risk, death, idiom, the past or goodbyes."""
REFLECTIVE_BUDGET = 0.02
"""False alarms allowed over calm talk about oneself, feelings included; the examples are more moved than most days."""
ORDINARY_BUDGET = 0.004
"""False alarms allowed over other ordinary talk, most of it odder than a chat is."""
SILENCED_BUDGET = 0.02
"""False alarms allowed where rules spoke and their context silenced them."""
IMMINENT_BUDGET = 0.002
"""A's allowed over all calm messages that were written as a whole, before a rule has to agree."""
SECONDED = 0.97
"""Share of the messages at risk, of those on which only rules speak that want a second voice, that get one."""
LOWEST = 0.5
OF_A_RULE = 0.25
"""From which probability on a rule's B becomes A where a rule of imminence agrees: somebody is at risk already."""


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
    whole = [one.scores.imminent for one in calm if not one.example.line]
    return Thresholds(
        own=own,
        other=other,
        after_silence=_above(silenced, int(len(silenced) * SILENCED_BUDGET)),
        imminent=OF_A_RULE,
        urgent=_above(whole, int(len(whole) * IMMINENT_BUDGET)),
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


def fold_of(example: Example) -> int:
    """Give the fold of an example; its like are in the same."""
    return hashlib.sha256(example.group.encode()).digest()[0] % FOLDS
