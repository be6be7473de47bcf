"""A message as the screen reads it: plain words for the rules, and a little more for the statistical layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_QUOTES = re.compile(
    r'"[^"\n]{2,600}"'
    r"|(?<![a-z0-9])'+[^'\n]{2,}?(?:'[a-z][^'\n]*?){0,20}'+(?![a-z0-9])"
    r"|(?m:^[ \t]*>[^\n]*)"
)
_MAY_QUOTE = re.compile(r"\"|(?<![a-z0-9])'|(?m:^[ \t]*>)")
_LONGEST_QUOTE = 600


def quotations(folded: str) -> list[tuple[int, int]]:
    """Give the ranges of a folded text that stand in quotation marks or in a block quote, marks included."""
    if not _MAY_QUOTE.search(folded):
        return []
    spans = (match.span() for match in _QUOTES.finditer(folded))
    return [span for span in spans if span[1] - span[0] <= _LONGEST_QUOTE]


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
        edges = [edge for span in quotations(self.folded) for edge in span]
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
