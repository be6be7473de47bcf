"""How words are written to be hidden or by accident: signs for letters, and letters that went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

_LEET: Mapping[str, str] = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "€": "e", "§": "s", "(": "c", "<": "c",
}  # fmt: skip


def letterings(text: str) -> Iterable[str]:
    """Yield the ways to read signs as letters, at most a few dozen."""
    choices = [_LEET.get(mark, mark) for mark in text]
    if sum(len(choice) > 1 for choice in choices) > 5:
        choices = [choice[0] for choice in choices]
    return ("".join(letters) for letters in product(*choices))


def misspellings(word: str) -> Iterable[str]:
    """Yield the ways to miss, double, swap or mistake a letter; never the first one missed."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        for vowel in "aeiou":
            if word[at] in "aeiou" and vowel != word[at]:
                yield word[:at] + vowel + word[at + 1 :]
