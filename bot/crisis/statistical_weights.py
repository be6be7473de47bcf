"""What the statistical layer has learned: weights of words, rows of words and kinds of words, and how they add up."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.crisis.content import BrokenContent
from bot.crisis.statistical_features import (
    BUCKETS,
    identity,
    of_kinds,
    of_marks,
    of_row,
    of_word,
    places_of_kinds,
)
from bot.crisis.statistical_kinds import Kinds

MODEL_FILE = Path("crisis") / "model" / "attention.model"
FORMAT = 3
OUTPUTS = ("own", "other", "imminent")
"""What is weighed, each for itself, in the order of the file: own risk, somebody else's, own and imminent."""
LARGEST_LOGIT = 30.0

_REMEMBERED_WORDS = 20_000
_REMEMBERED_KINDS = 10_000
# Three signed bytes are added up at once: each lies, moved above nought, in a field of its own in one number. A field
# holds the sum of 8,224 weights, more than a row of `LONGEST_ROW` words has.
_FIELD = 21
_FIELD_MASK = (1 << _FIELD) - 1
_ABOVE_NOUGHT = 128

Logits = tuple[float, float, float]


class _Word(NamedTuple):
    """A word's own weights in one number, how many they are, its number in a row, its kinds, and theirs."""

    packed: int
    size: int
    identity: int
    kinds: int
    mark: int


class Read(NamedTuple):
    """A row whose words were looked up: the words, their own weights added up, how many these are, all their kinds."""

    words: Sequence[_Word]
    packed: int
    size: int
    found: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The loaded weights; immutable in what they say and safe to share."""

    bias: Logits
    scale: Logits
    kinds: Kinds
    table: Sequence[int]
    _words: dict[str, _Word] = field(default_factory=dict)
    _found: dict[int, Logits] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: dict[str, Any], body: bytes, kinds: Kinds, file: Path = MODEL_FILE) -> Weights:
        """Build it from a file's head, already parsed, and body: a signed byte for each weight, output by output."""
        try:
            made_for = fields["format"], fields["buckets"], fields["kinds"], tuple(fields["outputs"])
            bias, scale = (three(fields[name]) for name in ("bias", "scale"))
        except (ValueError, KeyError, TypeError) as problem:
            raise BrokenContent(file, "head", "cannot be read") from problem
        if made_for != (FORMAT, BUCKETS, len(kinds.names), OUTPUTS):
            raise BrokenContent(file, "format", "was made for another version, or for other lists of kinds")
        size = BUCKETS + places_of_kinds(len(kinds.names))
        if len(body) != size * len(OUTPUTS):
            raise BrokenContent(file, "weights", f"should be {size * len(OUTPUTS)} bytes, not {len(body)}")
        # Moved above nought a signed byte is itself with its highest bit turned.
        above = body.translate(bytes(value ^ _ABOVE_NOUGHT for value in range(256)))
        own, other, imminent = (above[at * size : (at + 1) * size] for at in range(3))
        packed = (a | b << _FIELD | c << 2 * _FIELD for a, b, c in zip(own, other, imminent, strict=True))
        return cls(bias, scale, kinds, array("Q", packed))

    def look_up(self, row: Sequence[str]) -> Read:
        """Look a row's words up."""
        known = self._words
        read = [known.get(word) or self._learn(word) for word in row]
        packed = size = found = 0
        for word in read:
            packed += word.packed
            size += word.size
            found |= word.kinds
        return Read(read, packed, size, found)

    def at_a_glance(self, rows: Sequence[Read], runs: Sequence[tuple[int, int]]) -> Logits:
        """Give the highest logits of the runs by words and kinds alone, without what follows on what."""
        return self._highest([(row.packed, row.size, row.found) for row in rows], runs)

    def logits(self, rows: Sequence[Read], runs: Sequence[tuple[int, int]]) -> Logits:
        """Give for each output the highest logit of the runs of rows (first, past the last)."""
        return self._highest([self._weigh(row) for row in rows], runs)

    def _highest(self, rows: Sequence[tuple[int, int, int]], runs: Sequence[tuple[int, int]]) -> Logits:
        own = other = imminent = -LARGEST_LOGIT
        first, second, third = self.scale
        sums = [(*_unpacked(packed, size), size, found) for packed, size, found in rows]
        for start, end in runs:
            a, b, c, count, found = sums[start]
            for part in sums[start + 1 : end]:
                a, b, c = a + part[0], b + part[1], c + part[2]
                count += part[3]
                found |= part[4]
            share = 1 / math.sqrt(count)
            extra = self._found.get(found) or self._weigh_kinds(found)
            own = max(own, a * first * share + extra[0])
            other = max(other, b * second * share + extra[1])
            imminent = max(imminent, c * third * share + extra[2])
        return own, other, imminent

    def _weigh(self, row: Read) -> tuple[int, int, int]:
        """Add what follows on what, of words and of kinds, to the weights of a row's words."""
        places = of_row([word.identity for word in row.words])
        if marks := [word.mark for word in row.words if word.kinds]:
            places += of_marks(marks)
        return row.packed + sum(map(self.table.__getitem__, places)), row.size + len(places), row.found

    def _learn(self, word: str) -> _Word:
        places = of_word(word)
        kinds = self.kinds.of(word)
        if len(self._words) >= _REMEMBERED_WORDS:
            self._words.clear()
        self._words[word] = known = _Word(
            sum(map(self.table.__getitem__, places)), len(places), identity(word), kinds, identity(str(kinds))
        )
        return known

    def _weigh_kinds(self, found: int) -> Logits:
        places = of_kinds(found, len(self.kinds.names))
        # All pairs of some eighty kinds are fewer than a field holds.
        sums = _unpacked(sum([self.table[BUCKETS + place] for place in places]), len(places))
        share = 1 / math.sqrt(len(places))
        if len(self._found) >= _REMEMBERED_KINDS:
            self._found.clear()
        self._found[found] = weighed = three(
            [bias + scale * part * share for bias, scale, part in zip(self.bias, self.scale, sums, strict=True)]
        )
        return weighed


def _unpacked(packed: int, count: int) -> tuple[int, int, int]:
    above = _ABOVE_NOUGHT * count
    return (
        (packed & _FIELD_MASK) - above,
        (packed >> _FIELD & _FIELD_MASK) - above,
        (packed >> 2 * _FIELD) - above,
    )


def three(values: Sequence[float]) -> Logits:
    """Return exactly three numbers; ValueError for more or fewer."""
    a, b, c = map(float, values)
    return a, b, c


def head_and_body(content: bytes, file: Path) -> tuple[dict[str, Any], bytes]:
    """Split a model's file into its head, one line of JSON, and the bytes behind it."""
    head, _, body = content.partition(b"\n")
    try:
        fields = json.loads(head)
    except ValueError as problem:
        raise BrokenContent(file, "head", "cannot be read") from problem
    if not isinstance(fields, dict):
        raise BrokenContent(file, "head", "cannot be read")
    return fields, body
