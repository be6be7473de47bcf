"""How words are written to be hidden or by accident: signs for letters, and letters that went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise, product

_LEET: Mapping[str, str] = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "€": "e", "§": "s", "(": "c", "<": "c",
}  # fmt: skip

_VOWELS = "aeiou"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> Mapping[str, str]:
    """Say for each letter which keys lie next to it."""
    near: dict[str, str] = {}
    for row in _ROWS:
        for left, right in pairwise(row):
            near[left] = near.get(left, "") + right
            near[right] = near.get(right, "") + left
    for upper, lower in pairwise(_ROWS):
        for at, letter in enumerate(lower):
            for above in upper[at : at + 2]:
                near[letter] += above
                near[above] += letter
    return near


_NEAR = _neighbours()


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
        for vowel in _VOWELS:
            if word[at] in _VOWELS and vowel != word[at]:
                yield word[:at] + vowel + word[at + 1 :]
        for letter in _NEAR.get(word[at], ""):
            yield word[:at] + letter + word[at + 1 :]


def short_misspellings(word: str) -> Iterable[str]:
    """Yield the few ways to go wrong in a word of five letters that make no other word: swaps, a first vowel missed."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if word[1] in _VOWELS:
        yield word[0] + word[2:]


def crossed_out(word: str) -> Iterable[str]:
    """Yield a word with an x for one of its vowels."""
    for at in range(1, len(word)):
        if word[at] in _VOWELS:
            yield word[:at] + "x" + word[at + 1 :]
