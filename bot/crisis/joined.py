"""Words that were run together ("killmyself"), taken apart without taking ordinary compounds apart ("deadlock")."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

_LONGEST_PIECE = 14
_SHORT_WORD = 4
_ENDING = 2


@dataclass(frozen=True, slots=True)
class Tongue:
    """What words that were run together can be made of, in one language.

    `pieces` are its words. `compounding` are hidden words of which other words are made ("deadlock", "Nachtleben"):
    two words with one of them, or with one of four letters, are only taken apart where the other is one of
    `beside` ("todie"). With any other hidden word somebody left out the space ("myselftomorrow").
    """

    pieces: frozenset[str]
    beside: frozenset[str]
    compounding: frozenset[str]

    def split(self, token: str, hidden: AbstractSet[str]) -> tuple[str, ...] | None:
        """Give the fewest words that make up a token, one of them hidden, or None where it is a word of its own."""
        pieces = self._fewest(token)
        worth = hidden & set(pieces)
        return pieces if len(pieces) > 1 and worth and self._left_out_spaces(pieces, worth) else None

    def _left_out_spaces(self, pieces: tuple[str, ...], worth: AbstractSet[str]) -> bool:
        if len(worth) > 1 or not self.beside.isdisjoint({*pieces} - worth):
            return True
        shortest = min(map(len, pieces))
        # Three words are a sentence without its spaces ("lifeisover"); two may be a word, or have an ending.
        if len(pieces) >= 3 and shortest > 1:
            return True
        return shortest > _ENDING and any(len(word) > _SHORT_WORD and word not in self.compounding for word in worth)

    def _fewest(self, token: str) -> tuple[str, ...]:
        # The fewest pieces that lead to each place, as a chain of (pieces, where the last one began).
        fewest: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(token)
        for end in range(1, len(token) + 1):
            best: tuple[int, int] | None = None
            for start in range(max(0, end - _LONGEST_PIECE), end):
                before = fewest[start]
                if before is None or token[start:end] not in self.pieces:
                    continue
                if best is None or before[0] + 1 < best[0]:
                    best = (before[0] + 1, start)
            fewest[end] = best
        pieces: list[str] = []
        end = len(token)
        while end > 0:
            step = fewest[end]
            if step is None:
                return ()
            pieces.append(token[step[1] : end])
            end = step[1]
        return tuple(reversed(pieces))
