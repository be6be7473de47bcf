"""What the statistical layer sees of a message: words, pieces of words, and who and when they speak of.

Training and scoring share this file, so that a weight always means what it meant when it was learned. Everything
is computed on the folded message, a sentence at a time, and hashed into a fixed number of buckets.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from bot.crisis.folding import fold
from bot.crisis.statistical_kinds import ABSENCES, NAMES

BUCKETS = 1 << 16
"""How many places the features are hashed into; part of the model file."""
LONGEST = 4_000
"""Characters of a message that are looked at; the doors accept no longer ones."""
MOST_SENTENCES = 100
"""Where there are more, neighbouring ones are read as one, so that none is lost and a long message stays cheap."""
WIDEST = 3
"""Sentences that are read together, besides the whole of a short message."""
SHORT = 6
"""Sentences up to which a message is also read as a whole."""

_SENTENCE = re.compile(r"[.!?]+(?=[\s\"')\]]|$)|\n+|;\s")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[?\"$%&@#:]")
_LONGEST_WORD = 30


def bucket(feature: str) -> int:
    """Give the place of a feature; the same on every machine."""
    return crc32(feature.encode()) % BUCKETS


def sentences(text: str) -> list[list[str]]:
    """Split a message into sentences of folded words; never empty sentences, never more than `MOST_SENTENCES`."""
    found = [_TOKEN.findall(part) for part in _SENTENCE.split(fold(text[:LONGEST]))]
    rows = [[word[:_LONGEST_WORD] for word in words] for words in found if words]
    size = -(-len(rows) // MOST_SENTENCES)
    if size < 2:
        return rows
    return [[word for words in rows[at : at + size] for word in words] for at in range(0, len(rows), size)]


def of_word(word: str) -> list[int]:
    """Give the buckets of one word: the word itself and its pieces of four letters."""
    marked = f"<{word}>"
    places = [bucket(f"w {word}")]
    if len(word) > 2:
        places += [bucket(f"c {marked[at : at + 4]}") for at in range(len(marked) - 3)]
    return places


def of_row(words: list[str]) -> list[int]:
    """Give the buckets of the pairs and triples of neighbouring words, beginning and end included."""
    row = ["^", *words, "$"]
    pairs = [f"{first} {second}" for first, second in pairwise(row)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, row[2:], strict=False)]
    return [crc32(gram.encode()) % BUCKETS for gram in pairs + triples]


def of_marks(marks: list[int]) -> list[int]:
    """Give the buckets of what follows on what: the kinds of words in their order, words of no kind left out."""
    row = [0, *marks, 0]
    pairs = [f"m {first} {second}" for first, second in pairwise(row)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, row[2:], strict=False)]
    return [crc32(gram.encode()) % BUCKETS for gram in pairs + triples]


@lru_cache(maxsize=4096)
def of_kinds(found: int) -> tuple[int, ...]:
    """Give the buckets of the kinds of words that occur, each alone and with each other."""
    present = [name for bit, name in enumerate(NAMES) if found >> bit & 1]
    absent = [f"no {name}" for bit, name in enumerate(ABSENCES) if not found >> bit & 1]
    names = present + absent
    single = [bucket(f"k {name}") for name in names]
    pairs = [bucket(f"k {one} {two}") for at, one in enumerate(names) for two in names[at + 1 :]]
    return tuple(single + pairs)


def windows(count: int) -> list[tuple[int, int]]:
    """Give the runs of sentences (first, past the last) that are read together."""
    runs = [(first, first + size) for size in range(1, WIDEST + 1) for first in range(count - size + 1)]
    if WIDEST < count <= SHORT:
        runs.append((0, count))
    return runs
