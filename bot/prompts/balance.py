"""Which of several fitting items is wanted most: what the last weeks had too little of.

Every part is a number between about -1 and 1 times its weight, kept apart so that `/why` can name what
decided. The noise only separates near-equals, and is the same for the same cohort, day and item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b

from bot.prompts.item import Format, Function, Intensity, Item, Kind
from bot.prompts.pacing import THEME_MEMORY, Past, level_target
from bot.prompts.wishes import Wishes

WINDOW = 20
KIND_WINDOW = 9
LONG_BODY = 1100

FUNCTION_TARGET = {Function.FORMATIVE: 0.50, Function.NORMATIVE: 0.22, Function.RESTORATIVE: 0.28}
KIND_TARGET = {Kind.PROMPT: 0.66, Kind.VIGNETTE: 0.34}
INTENSITY_TARGET = {Intensity.LIGHT: 0.45, Intensity.STIRRING: 0.40, Intensity.HEAVY: 0.15}

WEIGHTS = {
    "kind": 3.0,
    "function": 3.0,
    "theme": 3.0,
    "level": 2.0,
    "intensity": 1.5,
    "stock": 1.5,
    "competency": 1.0,
    "season": 0.5,
    "brevity": 2.0,
    "noise": 0.5,
}


class Balance:
    """The recent weeks counted once, then asked about each candidate."""

    def __init__(self, past: Past, unseen: Sequence[Item], day: date, wishes: Wishes) -> None:
        recent = [post.item for post in past.posts[-WINDOW:]]
        self._past = past
        self._day = day
        self._wishes = wishes
        self._kinds = _shares([item.kind for item in recent[-KIND_WINDOW:]])
        self._functions = _shares([item.function for item in recent])
        self._intensities = _shares([item.intensity for item in recent])
        self._levels = _shares([item.primary_level for item in recent])
        self._competencies = Counter(slug for item in recent for slug in item.competency)
        self._target = level_target(past, day, wishes)
        self._stock = Counter(item.theme for item in unseen)
        self._seasons = wishes.seasons_on(day)

    def score(self, item: Item) -> dict[str, float]:
        """The weighted parts; their sum decides."""
        parts = {
            "kind": KIND_TARGET[item.kind] - self._kinds.get(item.kind, 0.0),
            "function": FUNCTION_TARGET[item.function] - self._functions.get(item.function, 0.0),
            "theme": min(self._past.theme_ago.get(item.theme, THEME_MEMORY), THEME_MEMORY) / THEME_MEMORY,
            "level": self._target[item.primary_level - 1] - self._levels.get(item.primary_level, 0.0),
            "intensity": INTENSITY_TARGET[item.intensity] - self._intensities.get(item.intensity, 0.0),
            # A theme with much left must begin early, or its items pile up at the end of the cycle.
            "stock": self._stock[item.theme] / max(self._stock.values(), default=1),
            "competency": sum(1 / (1 + self._competencies[slug]) for slug in item.competency) / len(item.competency),
            "season": 1.0 if item.season & self._seasons else 0.0,
            "brevity": _brevity(item) if self._wishes.is_quiet else 0.0,
            "noise": _noise(self._wishes.seed, self._day, item.id),
        }
        return {name: WEIGHTS[name] * value for name, value in parts.items()}


def _shares(values: Sequence[Kind] | Sequence[Function] | Sequence[int]) -> Mapping[object, float]:
    return {value: count / len(values) for value, count in Counter[object](values).items()}


def _brevity(item: Item) -> float:
    """From 0 to 1: how little an item asks of somebody who has little to give; a pause can be answered with a tap."""
    return 1.0 if item.format is Format.PAUSE else max(0.0, 1 - len(item.body) / LONG_BODY)


def _noise(seed: str, day: date, item_id: str) -> float:
    """A number from 0 up to 1, the same on every machine and in every process."""
    digest = blake2b(f"{seed}|{day.isoformat()}|{item_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
