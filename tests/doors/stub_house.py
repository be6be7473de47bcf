"""A house that writes down what the door asks of it, held to the signatures of the real one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.cards import Card
from bot.care.care import Care
from bot.care.feedback import Feedback
from bot.cohorts.cohorts import Cohorts
from bot.house import House
from bot.library.adding import Adding
from bot.library.reviewing import Reviewing
from bot.library.suggesting import Suggesting
from bot.moderation.bringing import Bringing
from bot.moderation.moderation import Moderation
from bot.ports.clock import SystemClock
from bot.ports.words import Words
from bot.privacy.people import Privacy
from bot.prompts.arranging import Arranging
from bot.prompts.curricula import Curricula
from bot.prompts.parts import Parts
from bot.prompts.prompts import Prompts
from bot.prompts.week_acts import WeekActs
from bot.responses.dealing import Dealing
from bot.responses.opinions import Opinions
from bot.responses.responses import Responses
from bot.supervision.sessions import Supervision


class Call(NamedTuple):
    """One call of a feature, with its arguments by name."""

    feature: str
    verb: str
    given: dict[str, Any]


@dataclass
class Notes:
    """What was asked, and what the features answer: `answers["responses.submit"]` a value, or an exception to raise."""

    calls: list[Call] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    watch: Callable[[], Any] | None = None
    """Looked through at the moment of each call, into `seen`."""
    seen: list[Any] = field(default_factory=list)

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of `feature.verb`."""
        return [call.given for call in self.calls if f"{call.feature}.{call.verb}" == name]

    def only(self, name: str) -> dict[str, Any]:
        found = self.of(name)
        assert len(found) == 1, f"{name} was called {len(found)} times"
        return found[0]


class Feature:
    """Stands in for a feature. A verb that the real one lacks, or arguments that do not fit it, raise."""

    def __init__(self, name: str, real: type, notes: Notes) -> None:
        self._name = name
        self._real = real
        self._notes = notes

    def __getattr__(self, verb: str) -> Any:
        real = getattr(self._real, verb)
        signature = inspect.signature(real)

        def called(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(None, *args, **kwargs)
            if (self._name, verb) != ("privacy", "language_of"):  # looked up before every act, and no act itself
                given = {k: v for k, v in bound.arguments.items() if k != "self"}
                self._notes.calls.append(Call(self._name, verb, given))
            if self._notes.watch:
                self._notes.seen.append(self._notes.watch())
            answer = self._notes.answers.get(f"{self._name}.{verb}", Card(f"{self._name}.{verb}"))
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return called(*args, **kwargs)

        return awaited if inspect.iscoroutinefunction(real) else called


def stub_house(notes: Notes, words: Words) -> House:
    """Make the house; by default nobody's words worry it, nobody is owed a card, and nobody supervises."""
    notes.answers |= {"care.typed": None, "care.listen": None, "care.owed": None, "cohorts.in_workspace": []}
    notes.answers |= {"privacy.language_of": None}
    features: dict[str, Any] = {
        "cohorts": Cohorts,
        "prompts": Prompts,
        "week": WeekActs,
        "arranging": Arranging,
        "curricula": Curricula,
        "parts": Parts,
        "responses": Responses,
        "dealing": Dealing,
        "moderation": Moderation,
        "supervision": Supervision,
        "bringing": Bringing,
        "care": Care,
        "feedback": Feedback,
        "opinions": Opinions,
        "adding": Adding,
        "reviewing": Reviewing,
        "suggesting": Suggesting,
        "privacy": Privacy,
    }
    made: dict[str, Any] = {name: Feature(name, real, notes) for name, real in features.items()}
    return House(**made, words=words, clock=SystemClock())
