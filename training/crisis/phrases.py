"""Examples from hand-written sentences with interchangeable parts: many ways of saying one thing, a line each.

The files in ``phrases/`` hold lines such as ``{i want|i wish} to {die|not wake up} [tonight]`` below headings of label
and theme. Each line gives a few messages, chosen by a fixed seed, so that training stays reproducible and the files
can be read and corrected by a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

PHRASES = Path(__file__).parent / "phrases"
MOST_OF_A_LINE = 12
MOST_OF_A_CALM_LINE = 18
_TRIES = 40
_CHOICE = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]")
_SPACE_BEFORE = re.compile(r"\s+(?=[,.!?;:)])")


class Phrase(NamedTuple):
    """One message that a line gives, and where the line stands."""

    text: str
    label: str
    lang: str
    theme: str
    line: str


class BrokenPhrases(ValueError):
    """A line that cannot be read; the text names file and line."""


def said(folder: Path = PHRASES) -> Iterator[Phrase]:
    """Yield every message that the files give; BrokenPhrases names a bad line."""
    for file in sorted(folder.glob("*.txt")):
        label = theme = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("== "):
                _, label, theme = line.split()
            elif line.strip():
                if not label or line.count("{") != line.count("}") or line.count("[") != line.count("]"):
                    raise BrokenPhrases(f"{file.name}, line {number}: a heading or a bracket is missing")
                for text in ways(line, MOST_OF_A_CALM_LINE if label == "none" else MOST_OF_A_LINE):
                    yield Phrase(text, label, file.name[:2], theme, f"{file.stem}:{number}")


def ways(line: str, most: int) -> list[str]:
    """Give up to `most` different messages of a line, always the same ones."""
    random = Random(line)  # noqa: S311 - reproducible on purpose
    found: dict[str, None] = {}
    for _ in range(_TRIES):
        if len(found) < most:
            found[_one_way(line, random)] = None
    return list(found)


def _one_way(line: str, random: Random) -> str:
    def choose(match: re.Match[str]) -> str:
        if match[1] is not None:
            return random.choice(match[1].split("|"))
        return match[2] if random.random() < 0.5 else ""

    before = ""
    while before != line:
        # From the inside out, so that choices may stand inside choices.
        before, line = line, _CHOICE.sub(choose, line)
    return _SPACE_BEFORE.sub("", " ".join(line.split()))
