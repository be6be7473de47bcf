"""What the statistical layer sees of a message: words, pieces of words, and who and when they speak of.

Training and scoring share this file, so that a weight always means what it meant when it was learned. It reads
what `Reading.weighed` gives, the plain words of the rules with question marks and quotation marks, a sentence at a
time. Words and their rows are hashed into a fixed number of buckets; kinds of words and their pairs have a place each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from bot.crisis.patterns import STOP
from bot.crisis.statistical_kinds import BASIC

BUCKETS = 1 << 18
"""How many places words and rows of words are hashed into; part of the model file."""
MOST_WORDS = 1_500
"""Words of a message that are looked at; nobody types more within the length that the doors accept."""
MOST_SENTENCES = 60
"""Where there are more, neighbouring ones are read as one, so that none is lost and a long message stays cheap."""
LONGEST_ROW = 200
"""Words after which a sentence without an end is cut, which also bounds the sums of the weights of a row."""
WIDEST = 3
"""Sentences that are read together, besides the whole of a short message."""
SHORT = 6
"""Sentences up to which a message is also read as a whole."""

_MASK = BUCKETS - 1
_LONGEST_WORD = 26
_BEGIN, _END = 0x51ED270B, 0x2545F491
_FIRST, _SECOND = 0x9E3779B1, 0x85EBCA6B
_WHOLE = 0xFFFFFFFF
_MARKS = 0x27D4EB2F
_GAPS = ((2, 0xC2B2AE35), (3, 0x165667B1))


def bucket(feature: str) -> int:
    """Give the place of a feature; the same on every machine."""
    return crc32(feature.encode()) & _MASK


def sentences(words: Sequence[str]) -> list[list[str]]:
    """Split a message's words into sentences: none empty, none much over `LONGEST_ROW`, about `MOST_SENTENCES`."""
    rows: list[list[str]] = [[]]
    words = words[:MOST_WORDS]
    for word in words:
        if rows[-1] and (word == STOP or len(rows[-1]) >= LONGEST_ROW):
            rows.append([])
        # Said three times or three hundred times, a word says the same.
        if word != STOP and rows[-1][-2:] != [word, word]:
            rows[-1].append(word)
    if not rows[-1]:
        rows.pop()
    if len(rows) <= MOST_SENTENCES:
        return rows
    enough = len(words) // MOST_SENTENCES
    merged: list[list[str]] = [[]]
    for row in rows:
        if len(merged[-1]) > enough:
            merged.append([])
        merged[-1] += row
    return merged


def identity(word: str) -> int:
    """Give the number that stands for a word, or for a set of kinds written as text, in a row."""
    return crc32(word.encode())


def of_word(word: str) -> list[int]:
    """Give the buckets of one word: the word itself and its pieces of four letters."""
    word = word[:_LONGEST_WORD]
    marked = f"<{word}>"
    places = [bucket(f"w {word}")]
    if len(word) > 2:
        places += [bucket(f"c {marked[at : at + 4]}") for at in range(len(marked) - 3)]
    return places


def of_row(identities: Sequence[int]) -> list[int]:
    """Give the buckets of pairs and triples of neighbours, beginning and end included, and of pairs with a gap."""
    row = [_BEGIN, *identities, _END]
    pairs = [(first * _FIRST + second) & _WHOLE for first, second in pairwise(row)]
    places = [(pair >> 9) & _MASK for pair in pairs]
    places += [((pair * _SECOND + third) >> 9) & _MASK for pair, third in zip(pairs, row[2:], strict=False)]
    for gap, turn in _GAPS:
        places += [
            ((first * turn + second) & _WHOLE) >> 9 & _MASK for first, second in zip(row, row[gap:], strict=False)
        ]
    return places


def of_marks(marks: Sequence[int]) -> list[int]:
    """Give the buckets of what follows on what: the kinds of words in their order, words of no kind left out."""
    return of_row([(mark * _MARKS) & _WHOLE for mark in marks])


def of_kinds(found: int, count: int) -> list[int]:
    """Give the places of the kinds that occur, each alone and with each other; `count` is how many kinds there are.

    The places count from nought: the kinds, then the basic ones that are missing, then the pairs of all these.
    """
    present = [bit for bit in range(count) if found >> bit & 1]
    present += [count + bit for bit in range(BASIC) if not found >> bit & 1]
    width = count + BASIC
    return present + [width + one * width + two for at, one in enumerate(present) for two in present[at + 1 :]]


def places_of_kinds(count: int) -> int:
    """Give how many places `of_kinds` can name."""
    width = count + BASIC
    return width + width * width


def windows(count: int) -> list[tuple[int, int]]:
    """Give the runs of sentences (first, past the last) that are read together."""
    if count == 1:
        return [(0, 1)]
    runs = [(first, first + size) for size in range(1, WIDEST + 1) for first in range(count - size + 1)]
    if WIDEST < count <= SHORT:
        runs.append((0, count))
    return runs
