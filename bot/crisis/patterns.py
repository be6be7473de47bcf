"""The small language in which a clinician writes down what people say.

A pattern is a row of words with a few marks, read against a message that has been folded to plain words:

    i want to die                 these words, one after another
    (want|wish|long) to           one of these
    really?                       may be missing
    <wish>                        one entry of the list `wish` of the language pack
    suicid*                       any word that begins so
    %                             a number or a time of day
    ~3                            up to three other words of the same clause, none of them a negation
    ~~6                           up to six words of the same sentence, commas and negations included
    !(here|there)                 not followed by one of these
    ^ and $                       beginning and end of a sentence

Every gap is bounded and there is no repetition, so a match costs at most a constant for each word of a
message. From the same tree come the words without which a pattern cannot match; they are the gate in front
of the regular expressions, and nobody has to keep them in step by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.crisis.folding import fold

STOP, PAUSE = ".", ","
LONGEST_GAP = 12
_EVERYDAY_COST = 20

Groups = tuple[frozenset[str], ...]
Key = TypeVar("Key")
Expand = Callable[[str], tuple[str, ...]]

_TERMS = re.compile(r"~~?\d+|!\(|[()|?^$]|<[a-z_.]+>|%|[^\s()|?^$<>~!%]+")


class BadPattern(ValueError):
    """A pattern that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern: its expression, the groups of words one of which must be there, all words it may read.

    `literals` are the only texts that it matches, where there is such a list.
    """

    regex: str
    groups: Groups = ()
    words: frozenset[str] = frozenset()
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The named word lists of a language, the words that its gaps never cross, and those too common for a gate."""

    pieces: Mapping[str, Piece]
    negations: frozenset[str]
    everyday: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. `groups` are its gate: each must share a word with the message.

    The expression reads a line in which every word stands between single spaces; a match begins with the space
    before its first word, which lets the search hop from space to space.
    """

    source: str
    regex: re.Pattern[str]
    groups: Groups
    words: frozenset[str]

    def may_match(self, present: AbstractSet[str]) -> bool:
        """Say whether the words without which the pattern cannot match are all there."""
        for group in self.groups:  # noqa: SIM110 - a loop is twice as fast as `all` here, and this is the hot path
            if group.isdisjoint(present):
                return False
        return True


class Gate(Generic[Key]):
    """Finds, among many patterns, the few that could match a message.

    Each pattern waits behind the words of its rarest group. Which group that is decides only about speed: a
    pattern comes through whenever every one of its groups has a word in the message.
    """

    def __init__(self, patterns: Iterable[tuple[Key, Pattern]], frequency: Mapping[str, int]) -> None:
        self._behind: dict[str, list[tuple[int, Key, Pattern]]] = {}
        for number, (key, pattern) in enumerate(patterns):
            rarest = min(pattern.groups, key=lambda group: sum(frequency.get(word, 0) + 1 for word in group))
            for word in rarest:
                self._behind.setdefault(word, []).append((number, key, pattern))
        self._words = frozenset(self._behind)

    def candidates(self, present: AbstractSet[str]) -> list[tuple[int, Key, Pattern]]:
        """Give the patterns whose words are there, in the order in which they were given."""
        found = {}
        for word in self._words.intersection(present):
            for candidate in self._behind[word]:
                if candidate[0] not in found and candidate[2].may_match(present):
                    found[candidate[0]] = candidate
        return [found[number] for number in sorted(found)]


def compile_lists(raw: Mapping[str, Iterable[str]], expand: Expand, bare: Lists) -> Lists:
    """Compile named lists in the order given into `bare`; an entry may use the lists before it."""
    pieces: dict[str, Piece] = {}
    lists = replace(bare, pieces=pieces)
    for name, entries in raw.items():
        options = []
        for entry in entries:
            try:
                options.append(_Reader(entry, lists, expand).read())
            except BadPattern as error:
                raise BadPattern(f"{name}: {error}") from error
        if not options:
            raise BadPattern(f"{name}: the list is empty")
        pieces[name] = _one_of(options, bare.everyday)
    return lists


def compile_pattern(source: str, lists: Lists, expand: Expand) -> Pattern:
    """Compile one pattern; BadPattern says what cannot be read."""
    piece = _Reader(source, lists, expand).read()
    if not piece.groups:
        raise BadPattern(f"{source!r} has no word that must be there")
    return Pattern(source, re.compile(piece.regex + "(?= )"), piece.groups, piece.words)


class _Reader:
    """A recursive-descent reader of one pattern."""

    def __init__(self, source: str, lists: Lists, expand: Expand) -> None:
        self._source = source
        folded = fold(source)
        self._terms = _TERMS.findall(folded)
        if "".join(self._terms) != "".join(folded.split()):
            raise BadPattern(f"{source!r} holds a mark that means nothing here")
        if " ?" in source:
            raise BadPattern(f"{source!r} has a ? after a space: it belongs right behind what may be missing")
        self._at = 0
        self._lists = lists
        self._expand = expand
        no = "|".join(sorted(lists.negations))
        self._gap = rf"(?: (?!(?:{no}) )[^ {STOP}{PAUSE}][^ ]*)" if no else rf"(?: [^ {STOP}{PAUSE}][^ ]*)"

    def read(self) -> Piece:
        piece = self._choice()
        if self._at < len(self._terms):
            raise BadPattern(f"{self._source!r} has a bracket too many")
        return piece

    def _peek(self) -> str:
        return self._terms[self._at] if self._at < len(self._terms) else ""

    def _choice(self) -> Piece:
        options = [self._row()]
        while self._peek() == "|":
            self._at += 1
            options.append(self._row())
        return options[0] if len(options) == 1 else _one_of(options, self._lists.everyday)

    def _row(self) -> Piece:
        regex: list[str] = []
        groups: list[frozenset[str]] = []
        words: frozenset[str] = frozenset()
        literals: tuple[str, ...] = ()
        while self._peek() not in ("", "|", ")"):
            piece = self._term()
            if self._peek() == "?":
                self._at += 1
                piece = Piece(f"(?:{piece.regex})?", words=piece.words)
            literals = _joined(literals, piece.literals) if regex else piece.literals
            regex.append(piece.regex)
            groups += piece.groups
            words |= piece.words
        if not regex:
            raise BadPattern(f"{self._source!r} has an empty place")
        return Piece("".join(regex), tuple(dict.fromkeys(groups)), words, literals)

    def _term(self) -> Piece:
        term = self._terms[self._at]
        self._at += 1
        if term in ("(", "!("):
            inside = self._choice()
            if self._peek() != ")":
                raise BadPattern(f"{self._source!r} has a bracket that is not closed")
            self._at += 1
            if term == "!(":
                return Piece(f"(?!{inside.regex}(?= ))", words=inside.words)
            return inside
        if term[0] == "~":
            return self._gap_of(term)
        if term[0] == "<":
            try:
                return self._lists.pieces[term[1:-1]]
            except KeyError:
                raise BadPattern(f"{self._source!r} names a list that does not exist: {term}") from None
        if term == "^":
            # The end of one sentence is the beginning of the next.
            return Piece(rf"(?<![^{STOP}])")
        if term == "$":
            return Piece(rf"(?= (?:\{STOP} |$))")
        if term == "%":
            return Piece(r" \d[^ ]*")
        if term in ("?", "|", ")"):
            raise BadPattern(f"{self._source!r} has {term} in a place where it means nothing")
        return self._word(term)

    def _gap_of(self, term: str) -> Piece:
        size = int(term.lstrip("~"))
        if not 0 < size <= LONGEST_GAP:
            raise BadPattern(f"{self._source!r} has a gap that is not between 1 and {LONGEST_GAP}")
        step = rf"(?: [^ {STOP}][^ ]*)" if term.startswith("~~") else self._gap
        return Piece(f"{step}{{0,{size}}}?")

    def _word(self, term: str) -> Piece:
        if term in (STOP, PAUSE):
            return _literal(term)
        if term.endswith("*"):
            return Piece(f" {re.escape(term[:-1])}[^ ]*", (frozenset({term}),), frozenset({term}))
        return _literal(*self._expand(term))


def _literal(*words: str) -> Piece:
    plain = "".join(f" {word}" for word in words)
    return Piece(re.escape(plain), tuple(frozenset({word}) for word in words), frozenset(words), (plain,))


def _one_of(options: list[Piece], everyday: frozenset[str]) -> Piece:
    literals: tuple[str, ...] = ()
    if all(option.literals for option in options):
        literals = tuple(dict.fromkeys(text for option in options for text in option.literals))
        regex = _shared_beginnings(literals)
    else:
        regex = f"(?:{'|'.join(option.regex for option in options)})"
    words: frozenset[str] = frozenset().union(*(option.words for option in options))
    if not all(option.groups for option in options):
        return Piece(regex, words=words, literals=literals)

    def commonness(group: frozenset[str]) -> int:
        return len(group) + _EVERYDAY_COST * len(group & everyday)

    # One group from each way through: whichever way matches, its word is there. The rarest says most.
    merged: frozenset[str] = frozenset().union(*(min(option.groups, key=commonness) for option in options))
    return Piece(regex, (merged,), words, literals)


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Join two lists of texts, if one of them has a single entry; more would only blow up the expression."""
    if not first or not second or (len(first) > 1 and len(second) > 1):
        return ()
    return tuple(before + after for before in first for after in second)


def _shared_beginnings(texts: Iterable[str]) -> str:
    """Write alternatives as a tree of their letters, which the matcher walks instead of trying each in turn."""
    tree: dict[str, list[str]] = {}
    may_end = False
    for text in texts:
        if text:
            tree.setdefault(text[0], []).append(text[1:])
        else:
            may_end = True
    if not tree:
        return ""
    branches = [re.escape(letter) + _shared_beginnings(rests) for letter, rests in tree.items()]
    if len(branches) == 1 and not may_end:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if may_end else ''}"
