"""Two sentences that any working screen tells apart: tried at every start and by `doctor`.

A screen that loads and hears nothing would be the worst of failures, since nothing else shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from bot.care.watching import Screen
from bot.crisis.assessment import Action
from bot.errors import ThirdChairError

URGENT = "I am going to kill myself tonight"
CALM = "I updated my client's safety plan with my supervisor last week, and the session went well."


class DeafScreen(ThirdChairError):
    """The crisis screen is there and does not hear; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How the screen answered the two sentences, and how many milliseconds both took together."""

    urgent: Action
    calm: Action
    milliseconds: float


def try_screen(screen: Screen) -> Tried:
    """Try both sentences. Raises DeafScreen if the screen fails on them or does not hear the urgent one."""
    begun = perf_counter()
    try:
        urgent, calm = (screen.assess(sentence).action for sentence in (URGENT, CALM))
    except Exception as error:
        raise DeafScreen(
            f"The crisis screen fails ({type(error).__name__}), so the bot does not start: restore content/crisis."
        ) from error
    took = (perf_counter() - begun) * 1000
    if urgent is not Action.A:
        raise DeafScreen(
            f"The crisis screen answers “{URGENT}” with {urgent} where it must be A, so the bot does not start: "
            "restore content/crisis/rules, or undo the latest change there."
        )
    return Tried(urgent, calm, took)
