"""What surrounds the words that a rule found: whose they are, whether they are denied, quoted, past or play.

Worked out only for messages in which a rule has spoken, so that ordinary talk stays cheap.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from bot.crisis.patterns import PAUSE, STOP, Gate, Pattern
from bot.crisis.reading import Reading, quotations
from bot.crisis.rules import Frame, Language, OfOthers, Rule, RuleBook, Scope, Speaker

_NEGATION_REACH = 4
_DENIAL_REACH = 4
_UNDOING_REACH = 2
_EXCUSE_REACH = 12
_SUBJECT_REACH = 14
_MOSTLY_QUOTED = 0.85


class Who(Enum):
    """Whose risk a finding is."""

    SELF = "self"
    IMPLIED = "implied"
    CLIENT = "client"
    CLOSE = "close"
    NOBODY = "nobody"

    @property
    def is_self(self) -> bool:
        return self in (Who.SELF, Who.IMPLIED)


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that matched, with the indexes of its first and last word."""

    rule: Rule
    first: int
    last: int


class Marker(Enum):
    """What a writer can say about her own words, anywhere in the message."""

    ENDORSED = "endorsed"
    MEANT = "meant"
    AGAIN = "again"


class Surroundings:
    """Everything beside the rules that is looked for in a message, behind gates of its own."""

    def __init__(self, book: RuleBook, frequency: Mapping[str, int]) -> None:
        self.languages = dict(book.languages)
        self.frames = Gate(((frame, pattern) for frame in book.frames for pattern in frame.patterns), frequency)
        self.markers = Gate(
            (
                ((language.code, marker), pattern)
                for language in book.languages.values()
                for marker in Marker
                for pattern in language.markers[marker.value]
            ),
            frequency,
        )


class Context:
    """One reading of a message, and the questions that can be asked about a place in it."""

    def __init__(self, reading: Reading, surroundings: Surroundings) -> None:
        self.reading = reading
        self.words = reading.words
        self._around = surroundings
        self._languages = surroundings.languages
        self._stops = [at for at, word in enumerate(self.words) if word == STOP]
        self._spaces = [at for at, mark in enumerate(reading.line) if mark == " "]
        self._found: dict[str, list[tuple[int, int]]] = {}
        self._named_outside: dict[str, int] = {}

    @cached_property
    def markers(self) -> frozenset[tuple[str, Marker]]:
        """What the message says about itself, by language."""
        line, present = self.reading.line, self.reading.present
        candidates = self._around.markers.candidates(present)
        return frozenset(key for _, key, pattern in candidates if pattern.regex.search(line))

    @cached_property
    def frames(self) -> list[tuple[Frame, list[tuple[int, int]]]]:
        """The frames found anywhere in the message, with their places."""
        found: dict[str, tuple[Frame, list[tuple[int, int]]]] = {}
        for _, frame, pattern in self._around.frames.candidates(self.reading.present):
            if places := self.places(pattern):
                found.setdefault(frame.id, (frame, []))[1].extend(places)
        return list(found.values())

    @cached_property
    def main_language(self) -> Language:
        """The language that most of the message's everyday words belong to."""
        return max(self._languages.values(), key=lambda language: sum(word in language.everyday for word in self.words))

    @cached_property
    def quotes(self) -> list[tuple[int, int]]:
        """Ranges of the folded text that are quoted, unless nearly all of it is."""
        folded = self.reading.folded
        spans = quotations(folded)
        covered = sum(end - start for start, end in spans)
        return [] if covered >= _MOSTLY_QUOTED * len(folded.strip()) else spans

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        """For each word its range in the folded text."""
        return self.reading.places()

    def places(self, pattern: Pattern) -> list[tuple[int, int]]:
        """Find a pattern: indexes of the first and last word of each match."""
        known = self._found.get(pattern.source)
        if known is None:
            known = []
            if pattern.may_match(self.reading.present):
                known = [self.place(match) for match in pattern.regex.finditer(self.reading.line)]
            self._found[pattern.source] = known
        return known

    def place(self, match: re.Match[str]) -> tuple[int, int]:
        """Turn a match in the line into word indexes."""
        first = bisect_left(self._spaces, match.start())
        return first, max(first, bisect_left(self._spaces, match.end()) - 1)

    def sentence(self, at: int) -> tuple[int, int]:
        """Give the first and last word index of the sentence around word `at`."""
        after = bisect_right(self._stops, at)
        start = self._stops[after - 1] + 1 if after else 0
        if self.words[at] == STOP:
            return at, at
        end = self._stops[after] - 1 if after < len(self._stops) else len(self.words) - 1
        return start, end

    def original(self, place: tuple[int, int]) -> tuple[int, int]:
        """Give the range in the original message of the words from the first to the last index."""
        return self.reading.original(self.ranges[place[0]][0], self.ranges[place[1]][1])

    def speaks_its_language(self, hit: Hit, pattern: Pattern) -> bool:
        """Say whether a hit is more than words which its language shares with the language of the message."""
        if hit.rule.language == self.main_language.code:
            return True
        spoken = {word for word in self.words[hit.first : hit.last + 1] if word in pattern.words}
        return not spoken <= self.main_language.words

    def who(self, hit: Hit) -> Who:
        """Say whose risk a hit is."""
        rule = hit.rule
        if rule.speaker is Speaker.SELF:
            return Who.SELF
        language = self._languages[rule.language]
        inside = self._subject_in(range(hit.first, hit.last + 1), language)
        if rule.speaker is Speaker.OTHER:
            nearby = inside or self._subject_before(hit.first, language)
            return nearby if nearby in (Who.CLIENT, Who.CLOSE) else Who.CLIENT
        found = inside or self._subject_before(hit.first, language)
        if found is None:
            return Who.NOBODY if rule.speaker is Speaker.NAMED else Who.IMPLIED
        return found

    def _subject_in(self, places: Iterable[int], language: Language) -> Who | None:
        for at in places:
            if (who := _role(self.words[at], language)) is not None:
                return who
        return None

    def _subject_before(self, first: int, language: Language) -> Who | None:
        start, _ = self.sentence(first)
        here = range(first - 1, max(start, first - _SUBJECT_REACH) - 1, -1)
        if (who := self._subject_in(here, language)) is not None:
            return who
        if start < 2:
            return None
        # "Client seen today. Wants to die." - the sentence before lends its subject.
        before, end = self.sentence(start - 2)
        return self._subject_in(range(before, min(end, before + _SUBJECT_REACH) + 1), language)

    def is_negated(self, hit: Hit) -> bool:
        """Say whether a negation stands right before the hit, in its clause."""
        language = self._languages[hit.rule.language]
        if _role(self.words[hit.first], language) is not None:
            return False
        for at in range(hit.first - 1, max(-1, hit.first - 1 - _NEGATION_REACH), -1):
            word = self.words[at]
            if word in (STOP, PAUSE) or word in language.not_negating:
                return False
            if word in language.negations:
                return self.words[min(at + 1, hit.first)] not in language.not_negating
        return False

    def is_quoted(self, hit: Hit) -> bool:
        """Say whether the hit, but for a comma at its end, is quoted, and not all of the message is."""
        last = hit.last - (self.words[hit.last] == PAUSE and hit.last > hit.first)
        start, end = self.ranges[hit.first][0], self.ranges[last][1]
        at = bisect_right(self.quotes, (start, len(self.reading.folded)))
        return at > 0 and end <= self.quotes[at - 1][1]

    def says_outside_quotes(self, hit: Hit, language: Language) -> bool:
        """Say whether the words around a quotation name a client or someone close, whose words it then is."""
        if language.code not in self._named_outside:
            self._named_outside[language.code] = next(
                (
                    at
                    for at, word in enumerate(self.words)
                    if _role(word, language) in (Who.CLIENT, Who.CLOSE) and not self.is_quoted(Hit(hit.rule, at, at))
                ),
                len(self.words),
            )
        return self._named_outside[language.code] < hit.first

    def says(self, patterns: Iterable[Pattern]) -> bool:
        """Say whether any of the patterns stands anywhere in the message."""
        return any(self.places(pattern) for pattern in patterns)

    def says_near(self, patterns: Iterable[Pattern], at: int) -> bool:
        """Say whether any of the patterns touches the sentence around word `at`."""
        start, end = self.sentence(at)
        return any(first <= end and last >= start for pattern in patterns for first, last in self.places(pattern))

    def excuses(self, hit: Hit) -> bool:
        """Say whether an exception of the hit's own rule stands near it in its sentence, and is not denied itself."""
        start, end = self.sentence(hit.first)
        low, high = max(start, hit.first - _EXCUSE_REACH), min(end, hit.last + _EXCUSE_REACH)
        return any(
            first <= high and last >= low and not self._is_denied(first, hit)
            for pattern in hit.rule.unless
            for first, last in self.places(pattern)
        )

    def _is_denied(self, at: int, hit: Hit) -> bool:
        negations = self._languages[hit.rule.language].negations
        for before in range(at - 1, max(-1, at - 1 - _UNDOING_REACH), -1):
            if self.words[before] in (STOP, PAUSE) or (before <= hit.last < at and before >= hit.first):
                return False
            if self.words[before] in negations:
                return True
        return False

    def frames_around(self, hit: Hit, *, reported: bool = False) -> Iterable[Frame]:
        """Yield the frames that reach the hit, in the order of the files."""
        for frame, places in self.frames:
            if frame.language != hit.rule.language:
                continue
            if any(self._reaches(frame, place, hit) for place in places):
                # In a client's reported words, "I" is the client: no exception may rest on it.
                if frame.unless and not reported and self._excepted(frame, hit):
                    continue
                yield frame

    def _excepted(self, frame: Frame, hit: Hit) -> bool:
        return self.says(frame.unless) if frame.scope is Scope.MESSAGE else self.says_near(frame.unless, hit.first)

    def _reaches(self, frame: Frame, place: tuple[int, int], hit: Hit) -> bool:
        first, last = place
        match frame.scope:
            case Scope.MESSAGE:
                return True
            case Scope.OVERLAP:
                return first <= hit.last and last >= hit.first
            case Scope.BEFORE:
                between = self.words[last + 1 : hit.first]
                near = last < hit.last and len(between) <= _DENIAL_REACH and first < hit.first
                return near and STOP not in between and PAUSE not in between
            case Scope.CLAUSE:
                low, high = min(last, hit.last), max(first, hit.first)
                between = self.words[low : high + 1]
                return STOP not in between and PAUSE not in between
            case Scope.SENTENCE:
                start, end = self.sentence(hit.first)
                return first <= end and last >= start and not self._is_denied(first, hit)

    def current(self, rule: Rule, who: Who, *, said_now: bool) -> bool:
        """Say whether another person's risk is a matter of now."""
        if rule.others is OfOthers.ALWAYS:
            return True
        return rule.others is OfOthers.CURRENT and (said_now or who is Who.CLOSE)


def _role(word: str, language: Language) -> Who | None:
    if word in language.i:
        return Who.SELF
    if word in language.client:
        return Who.CLIENT
    if word in language.close:
        return Who.CLOSE
    if word in language.stranger:
        return Who.NOBODY
    return None
