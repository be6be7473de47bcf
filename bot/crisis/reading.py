"""A message as the screen reads it: plain words for the rules, and a little more for the statistical layer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.crisis.folding import offsets
from bot.crisis.patterns import STOP

TOKEN = re.compile(
    r"\d+(?:[:.,/h]\d+)*[a-z]*"  # numbers, times, dates
    r"|[a-z0-9]+(?:'[a-z]+)*"
    r"|[.!?]+(?=[\s\"')\]]|$)|\n+|[,;:()\[\]]|\s-+\s"
)
"""Words, numbers, and the marks that end a sentence or part it."""
QUOTE, QUESTION = '"', "?"
_LONGEST_QUOTE = 600
_QUOTES = re.compile(rf'"[^"\n]{{2,{_LONGEST_QUOTE}}}"|(?m:^[ \t]*>+[ \t]*(?=[a-z0-9"\'])[^\n]*)')
_ELIDED = (
    "cause|cos|coz|cuz|til|till|em|bout|round|twas|tis|n|im|er|ere|is|ave|ow|ome|ell|bye|kay|nuff|sup|fraid|least|cept|neath|"
    "tween|gainst|morning|evening|afternoon|night"
)
_APOSTROPHES = re.compile(
    r"(?P<line>\n)"
    rf"|(?P<opens>(?<![^\s(\[\"/-])'+(?=[a-z\"])(?!(?:{_ELIDED})(?![a-z0-9])))"
    r"|(?P<closes>(?<=[a-rt-z0-9.,!?\"])(?<!in)(?<!\ban)(?<!\bo)(?<!\bol)'+(?![a-z0-9']))"
    r"|(?P<may_close>(?<=s)'+(?![a-z0-9']))"
)
"""Apostrophes that begin a quotation, that end one, and those after an s, which may also stand for possession. Smileys,
and apostrophes that stand for what was left out of a word, are none of these."""


def quotations(folded: str) -> list[tuple[int, int]]:
    """Give the ranges of a folded text that stand in quotation marks or a block quote, in order, none overlapping."""
    spans = [match.span() for match in _QUOTES.finditer(folded)] if '"' in folded or ">" in folded else []
    if "'" in folded:
        spans = sorted([*spans, *_between_apostrophes(folded, spans)])
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if end - start <= _LONGEST_QUOTE and (not apart or start >= apart[-1][1]):
            apart.append((start, end))
    return apart


def _between_apostrophes(folded: str, within: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what stands between apostrophes in one line, of which no one stands within another quotation."""
    others = iter([*within, (len(folded), len(folded))])
    start, end = next(others)
    opened = possible = None
    for match in _APOSTROPHES.finditer(folded):
        while match.start() >= end and end < len(folded):
            start, end = next(others)
        if start <= match.start() < end:
            continue
        kind = match.lastgroup
        if kind == "closes" and opened is not None:
            yield opened, match.end()
            opened = possible = None
        elif kind == "may_close" and possible is None:
            possible = match.end()
        elif kind in ("line", "opens"):
            if opened is not None and possible is not None and possible > opened:
                yield opened, possible
            opened, possible = (match.start() if kind == "opens" else None), None
    if opened is not None and possible is not None and possible > opened:
        yield opened, possible


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
        at = edge = 0
        for match, count in zip(TOKEN.finditer(self.plain), self.tokens, strict=True):
            stops = count == 1 and self.words[at] == STOP
            # A mark right behind a full stop belongs to the sentence before it, whichever side of it is the custom.
            reached = match.end() if stops else match.start()
            while edge < len(edges) and edges[edge] <= reached + (stops and edge % 2):
                told.append(QUOTE)
                edge += 1
            if QUESTION in match[0] and told and told[-1] not in (STOP, QUESTION):
                told.append(QUESTION)
            told += self.words[at : at + count]
            at += count
        return [*told, *[QUOTE] * (len(edges) - edge)]
