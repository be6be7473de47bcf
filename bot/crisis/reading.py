"""A message as the screen reads it: plain words for the rules, and a little more for the statistical layer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.crisis.folding import offsets

TOKEN = re.compile(
    r"\d+(?:[:.,/h]\d+)*[a-z]*"  # numbers, times, dates
    r"|[a-z0-9]+(?:'[a-z]+)*"
    r"|[.!?]+(?=[\s\"')\]]|$)|\n+|[,;:()\[\]]|\s-+\s"
)
"""Words, numbers, and the marks that end a sentence or part it."""
QUOTE, QUESTION = '"', "?"
_LONGEST_QUOTE = 600
_QUOTES = re.compile(rf'"[^"\n]{{2,{_LONGEST_QUOTE}}}"|(?m:^[ \t]*>[^\n]*)')
_APOSTROPHES = re.compile(r"\n|'+(?!(?:cause|cos|coz|cuz|til|till|em|bout|round|twas|tis|n)(?![a-z0-9]))")
"""Runs of apostrophes, but for those that stand for what was left out of a word, and ends of lines."""


def quotations(folded: str) -> list[tuple[int, int]]:
    """Give the ranges of a folded text that stand in quotation marks or in a block quote, marks included."""
    spans = [match.span() for match in _QUOTES.finditer(folded)] if '"' in folded or ">" in folded else []
    if "'" in folded:
        spans = sorted([*spans, *_between_apostrophes(folded)])
    return [span for span in spans if span[1] - span[0] <= _LONGEST_QUOTE]


def _between_apostrophes(folded: str) -> Iterator[tuple[int, int]]:
    """Yield what stands between an apostrophe that begins a word and the next one that ends one in the line."""
    opened: int | None = None
    for match in _APOSTROPHES.finditer(folded):
        start, end = match.span()
        before, after = folded[start - 1 : start], folded[end : end + 1]
        if match[0] == "\n":
            opened = None
        elif opened is None:
            if not before.isalnum() and after and not after.isspace():
                opened = start
        elif not before.isspace() and not after.isalnum():
            yield opened, end
            opened = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as the rules see it.

    `words` and `line` hold the plain words (in `line` between single spaces), `present` the words and beginnings
    (``suicid*``) that the rules know, `views` which disguises were undone. `tokens` tells how many words came of
    each token; with it the place of a word in the message is found again when a rule has spoken, and only then.
    """

    text: str
    folded: str
    plain: str
    words: Sequence[str]
    line: str
    present: AbstractSet[str]
    tokens: Sequence[int]
    views: tuple[str, ...]
    backwards: bool = False

    def places(self) -> list[tuple[int, int]]:
        """Give for each word its range in the folded text."""
        spans = (match.span() for match in TOKEN.finditer(self.plain))
        return [span for span, count in zip(spans, self.tokens, strict=True) for _ in range(count)]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range in the folded text into one in the original message."""
        if self.backwards:
            start, end = len(self.folded) - end, len(self.folded) - start
        origins = offsets(self.text)
        return origins[start], origins[end - 1] + 1

    def weighed(self) -> Sequence[str]:
        """Give the plain words with what else a reader sees: question marks, and where quotations begin and end."""
        edges = sorted(edge for span in quotations(self.folded) for edge in span)
        if not edges and QUESTION not in self.plain:
            return self.words
        told: list[str] = []
        at = 0
        for match, count in zip(TOKEN.finditer(self.plain), self.tokens, strict=True):
            while edges and edges[0] <= match.start():
                told.append(QUOTE)
                edges.pop(0)
            if QUESTION in match[0]:
                told.append(QUESTION)
            told += self.words[at : at + count]
            at += count
        return [*told, *[QUOTE] * len(edges)]
