"""The word lists of the lint, read from `lint.yaml` and compiled once.

They are plain phrases, not patterns: whoever writes content can extend them without knowing what a
regular expression is, and no list can make the lint slow or crash it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import Field

from bot.catalogue.shapes import Shape, Slug, Text


class LintShape(Shape):
    """`lint.yaml`."""

    directives: list[Text] = Field(min_length=1)
    never_first: list[Text] = Field(min_length=1)
    client_eliciting: list[Text] = Field(min_length=1)
    banned_tone: list[Text] = Field(min_length=1)
    ending_gestures: list[Text] = Field(min_length=1)
    places_and_employers: list[Text] = Field(min_length=1)
    proper_words: list[Text]
    forbidden_names: list[Text]
    problems: list[Slug] = Field(min_length=1)
    risk_themes: list[Slug] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists, ready to search with. `forbidden_names` holds hashes of folded words."""

    directive: re.Pattern[str]
    never_first: re.Pattern[str]
    client_eliciting: re.Pattern[str]
    banned_tone: re.Pattern[str]
    ending_gesture: re.Pattern[str]
    place_or_employer: re.Pattern[str]
    proper_words: frozenset[str]
    forbidden_names: frozenset[str]
    problems: frozenset[str]
    risk_themes: frozenset[str]

    @classmethod
    def compile(cls, shape: LintShape) -> WordLists:
        return cls(
            directive=_any_of(shape.directives),
            never_first=re.compile(rf"(?:^|[.!?]\s+){_any_of(shape.never_first).pattern}", re.IGNORECASE),
            client_eliciting=_any_of(shape.client_eliciting),
            banned_tone=_any_of(shape.banned_tone),
            ending_gesture=_any_of(shape.ending_gestures),
            place_or_employer=_any_of(shape.places_and_employers, flags=0),
            proper_words=frozenset(shape.proper_words),
            forbidden_names=frozenset(shape.forbidden_names),
            problems=frozenset(shape.problems),
            risk_themes=frozenset(shape.risk_themes),
        )


def _any_of(phrases: Iterable[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Any of the phrases as whole words; a space in a phrase matches any white space."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    joined = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)
    # Looking at one letter first saves trying every phrase at every word.
    initials = "".join(sorted({re.escape(phrase[0]) for phrase in longest_first}))
    return re.compile(rf"\b(?=[{initials}])(?:{joined})\b", flags)
