"""The rules as the screen uses them: what people say, in which settings it means something else, and the languages.

``bot/crisis/rule_files.py`` reads them from ``content/crisis/rules``, where a clinician writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.crisis.assessment import Action
from bot.crisis.patterns import Pattern
from bot.crisis.words import Vocabulary


class Speaker(StrEnum):
    """Whose words a rule's patterns can be."""

    ANY = "any"
    """Work it out from the sentence; without any subject the writer speaks of herself."""
    NAMED = "named"
    """Work it out, but a sentence without a subject says nothing."""
    SELF = "self"
    """The pattern itself is in the first person."""
    OTHER = "other"
    """The pattern itself names another person."""


class OfOthers(StrEnum):
    """What a rule means when it is said of a client, a friend or a peer."""

    CURRENT = "current"
    """C if the message also says that it is happening now, or if the person is close to the writer."""
    ALWAYS = "always"
    NEVER = "never"


class Kind(StrEnum):
    """What a frame makes of the words inside it."""

    IDIOM = "idiom"
    """A manner of speaking: silences what it overlaps, unless the writer says that she means it."""
    STORY = "story"
    """Quotation, fiction, role play, teaching, instrument, supposition: silences everything, unless endorsed."""
    SHOP = "shop"
    """Clinical vocabulary: never silences what the writer says of herself in so many words."""
    HANDLED = "handled"
    """Others' risk that is already in good hands, closed or long past."""
    PAST = "past"
    """The writer's own past, recovered: silenced unless it is back."""
    DENIAL = "denial"
    """"I'm not saying that", said right before."""
    FAREWELL = "farewell"
    """An ordinary leave-taking: silences the weak words of goodbye, and only those."""
    CLEAR = "clear"
    """A plain answer to the screen itself: "I'm safe, I was talking about a film"."""


class Scope(StrEnum):
    """How far a frame reaches."""

    OVERLAP = "overlap"
    BEFORE = "before"
    CLAUSE = "clause"
    SENTENCE = "sentence"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One thing that people say. `signals` let combinations build on it."""

    id: str
    language: str
    action: Action
    why: str
    speaker: Speaker
    others: OfOthers
    heed_negation: bool
    heed_past: bool
    plain: bool
    seconded: bool
    """Says nothing alone: only where the statistical layer is at least a little worried too."""
    signals: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    needs: tuple[Pattern, ...]
    fires: tuple[str, ...]
    quiet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Several signals that mean more together than alone."""

    id: str
    action: Action
    why: str
    signals: tuple[str, ...]
    near: bool
    seconded: bool
    fires: tuple[str, ...]
    quiet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A setting in which words mean something else.

    `quiet` are messages that no rule speaks on because of it; `fires` have its words too, and are heard all the same.
    """

    id: str
    language: str
    kind: Kind
    scope: Scope
    why: str
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    quiet: tuple[str, ...]
    fires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language that the engine itself needs.

    `everyday` are words so common that they say which language a message is in (and make a poor gate);
    `words` are all that its rules can read; `markers` hold what a writer can say about her own words.
    """

    code: str
    everyday: frozenset[str]
    words: frozenset[str]
    negations: frozenset[str]
    not_negating: frozenset[str]
    i: frozenset[str]
    client: frozenset[str]
    close: frozenset[str]
    stranger: frozenset[str]
    markers: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything that was read."""

    languages: Mapping[str, Language]
    rules: tuple[Rule, ...]
    combinations: tuple[Combination, ...]
    frames: tuple[Frame, ...]
    vocabulary: Vocabulary

    @property
    def examples(self) -> Iterable[tuple[str, str, bool]]:
        """Yield (rule id, example, whether it must fire) for every example in the files."""
        spoken: tuple[Rule | Combination, ...] = (*self.rules, *self.combinations)
        for rule in spoken:
            yield from ((rule.id, text, True) for text in rule.fires)
            yield from ((rule.id, text, False) for text in rule.quiet)
