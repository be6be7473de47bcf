"""Kinds of words in five languages, so that what is learned in one way of speaking carries over to others.

The lists stand in ``content/crisis/model/kinds.txt`` and say nothing by themselves: they are inputs that the model
weighs, alone and in pairs. They belong to the model, which refuses to work with another number of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.crisis.content import BrokenContent

KINDS_FILE = Path("crisis") / "model" / "kinds.txt"
NUMBER = "number"
"""The kind of every word that begins with a digit; it comes after those of the file."""
BASIC = 6
"""How many kinds, from the first on, also tell something by not being there."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The lists, and which of them a word is in."""

    names: tuple[str, ...]
    whole: dict[str, int]
    stems: dict[str, int]
    lengths: range

    @classmethod
    def load(cls, content_dir: Path) -> Kinds:
        """Read the lists below the content folder; BrokenContent for a file that is missing or cannot be read."""
        file = content_dir / KINDS_FILE
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError as problem:
            raise BrokenContent(file, "the file", "is missing, and the model cannot work without it") from problem
        lists = [line.partition(":") for line in lines if line.strip() and not line.startswith("#")]
        if not lists or not all(name.strip() and words.strip() for name, _, words in lists):
            raise BrokenContent(file, "a line", "should be a name, a colon and words")
        whole: dict[str, int] = {}
        stems: dict[str, int] = {}
        for bit, (_, _, words) in enumerate(lists):
            for word in words.split():
                book = stems if word.endswith("*") else whole
                key = word.rstrip("*")
                book[key] = book.get(key, 0) | 1 << bit
        sizes = [len(stem) for stem in stems] or [1]
        return cls((*(name.strip() for name, _, _ in lists), NUMBER), whole, stems, range(min(sizes), max(sizes) + 1))

    def of(self, word: str) -> int:
        """Give the kinds that a folded word belongs to, as bits in the order of `names`."""
        found = self.whole.get(word, 0)
        for size in self.lengths:
            if size > len(word):
                break
            found |= self.stems.get(word[:size], 0)
        return found | 1 << (len(self.names) - 1) if word[:1].isdigit() else found
