"""Signs, spaces and stars that people put into words, read as the letters that they stand for.

A word is only changed where one of the rules' words results, save letters that are written one by one with signs
between them. Every repair keeps the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from bot.crisis.disguises import letterings

LONGEST_WORD = 40
_SUSPICIOUS = re.compile(
    "|".join(
        (
            r"[a-z][0-9@$!|*#%+€§(<][a-z0-9@$!|*#%+€§(<]",  # a sign inside a word
            r"[0-9@$!|+€§][a-z]",
            r"[a-z][._*~/|^=-]+[a-z]",
            r"[a-z](?:[^a-z0-9\s']{1,4}|'')[a-z](?![a-z0-9])",  # letters with signs between them
            r"[a-z][()\[\]]{1,2}[a-z]",
            r"(?:^|\s)[a-z0-9](?:[\s.,_-]+[a-z0-9]){2}",  # spelled out
        )
    )
)
_DIGIT_WORD = re.compile(r"(?<![a-z0-9:.,/$£€])\d[0-9a-z]{0,4}(?![a-z0-9:/%€£]|[.,]\d)")
_CHUNK = re.compile(r"[^\s,;:\"?]*[a-z][^\s,;:\"?]*")
_SPELLED = re.compile(
    r"(?<![a-z0-9])(?<![a-z0-9]')[a-z0-9](?:(?:[^a-z0-9\s'@$!+€§]{1,4}|'')[a-z0-9](?![a-z0-9])){2,200}"
)
_SPELLED_PAIR = re.compile(r"(?<![a-z0-9'])([a-z])([._*~/|^=-])([a-z])(?![a-z0-9'])")
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z0-9@$!|](?:(?:[\s.,_*~/|-]{1,3}|\s'\s)[a-z0-9@$!|](?![a-z0-9'])){2,200}")
_BETWEEN_LETTERS = re.compile(r"[._*~/|^=+()\[\]-]+")
_STARS = re.compile(r"[*#%_]")
_ROW_OF_STARS = re.compile(r"[*#%_]{2,}")
_SHORTEST_UNSTARRED = 4
_NEVER_IN_WORDS = re.compile(r"[*_~|^+]")


class Unmasking:
    """Knows the words of the rules; `split` gives the words that were run together to one, or None."""

    def __init__(
        self,
        words: AbstractSet[str],
        hidden: AbstractSet[str],
        expansions: Mapping[str, tuple[str, ...]],
        misspelt: Mapping[str, str],
        split: Callable[[str], tuple[str, ...] | None],
    ) -> None:
        self._words = words
        self._hidden = hidden
        self._expansions = expansions
        self._misspelt = misspelt
        self._split = split
        self._shapes = _by_shape(words)
        self._hidden_shapes = _by_shape(hidden)

    def repair(self, folded: str) -> str:
        """Undo what can be undone, keeping the length; text that nothing was done to stays as it is."""
        if not _SUSPICIOUS.search(folded):
            return folded
        spelled = _SPELLED.sub(lambda match: self._close(match[0]), folded)
        if spelled != folded:
            folded = _SPELLED_PAIR.sub(lambda match: self._close(match[0]), spelled)
        folded = _SPACED.sub(lambda match: self._despace(match[0]), folded)
        plain = _CHUNK.sub(lambda match: self._unmask(match[0]), folded)
        if plain != folded and _DIGIT_WORD.search(plain):
            # Somebody who writes "k1ll my53lf" also writes "70" for "to"; anybody else means a number.
            plain = _DIGIT_WORD.sub(lambda match: self._number_as_word(match[0]), plain)
        return plain

    def _number_as_word(self, digits: str) -> str:
        return next((word for word in letterings(digits) if word in self._words), digits)

    def _close(self, spelled: str) -> str:
        """Close up letters with signs between them, whatever word results: nobody writes a letter at a time."""
        letters = "".join(filter(str.isalnum, spelled))
        if sum(map(str.isalpha, letters)) * 2 <= len(letters):
            return spelled
        return (self._plain_letters(letters) or letters).ljust(len(spelled))[: len(spelled)]

    def _despace(self, spaced: str) -> str:
        """Close up letters that were spelled out, if words of the rules result."""
        groups = re.split(r"\s{2,}|\s*[/|]\s*", spaced) if re.search(r"\S \S", spaced) else [spaced]
        letters = [re.sub(r"[\s.,_*~/|'-]+", "", group) for group in groups]
        for words in (letters, ["".join(letters)]) if len(letters) > 1 else (letters,):
            plain = [self._plain_letters(word) for word in words]
            if all(plain):
                return " ".join(word or "" for word in plain).ljust(len(spaced))[: len(spaced)]
        if len(letters) * 2 > sum(map(len, letters)):
            return spaced
        # Wide gaps show where words end: a name among them does not hide the rest.
        closed = [self._plain_letters(word) or word for word in letters]
        return " ".join(closed).ljust(len(spaced))[: len(spaced)] if len(closed) > 1 else spaced

    def _plain_letters(self, letters: str) -> str | None:
        for candidate in letterings(letters):
            if candidate in self._hidden or candidate in self._words or candidate in self._expansions:
                return candidate
            if len(candidate) > 4 and (split := self._split(candidate)):
                return " ".join(split)
        return None

    def _unmask(self, chunk: str) -> str:
        """Read digits and signs inside a word as letters, if a word of the rules results."""
        if len(chunk) > LONGEST_WORD or chunk.isalpha():
            return chunk
        core = chunk.strip("*_~|.!?()'[]{}<>#-")
        if not core or core.isalpha() or core.replace("'", "").isalpha():
            return chunk
        closed = _BETWEEN_LETTERS.sub("", core)
        if closed != core and self._was_taken_apart(core, closed):
            return chunk.replace(core, closed.ljust(len(core)))
        if _STARS.search(core) and (word := self._starred(core)):
            return chunk.replace(core, word.ljust(len(core)))
        for text in dict.fromkeys((core, chunk.strip("*_~.?'#-"))):
            letters = sum(map(str.isalpha, text))
            if not letters or letters == len(text) or (text[0].isdigit() and letters < 2):
                continue
            for candidate in letterings(text):
                if candidate in self._hidden or (len(candidate) > 1 and candidate in self._words):
                    return chunk.replace(text, candidate)
                if len(candidate) > 3 and candidate in self._expansions:
                    return chunk.replace(text, candidate)
                if candidate.isalpha() and len(candidate) > 7 and self._split(candidate):
                    return chunk.replace(text, candidate)
        return chunk

    def _was_taken_apart(self, core: str, closed: str) -> bool:
        """Say whether marks inside a word only hide it; a compound of two words is left as it is."""
        if closed in self._hidden:
            return True
        if len(closed) < 4 or not (closed in self._words or (len(closed) > 5 and closed in self._misspelt)):
            return False
        return bool(_NEVER_IN_WORDS.search(core)) or not all(part in self._words for part in re.split(r"[-./=]+", core))

    def _starred(self, core: str) -> str | None:
        if sum(map(str.isalpha, core)) < 2 or not core[0].isalpha():
            return None
        if word := self._fitting(core):
            return word
        shorter = _ROW_OF_STARS.sub("*", core)
        return self._fitting(shorter) if _SHORTEST_UNSTARRED <= len(shorter) < len(core) else None

    def _fitting(self, core: str) -> str | None:
        """Find the one word, of the hidden ones or else of all, that a word with signs in it can be."""
        mask = re.compile("".join("[a-z]" if mark in "*#%_" else re.escape(mark) for mark in core))
        for shapes in (self._hidden_shapes, self._shapes):
            fits = [word for word in shapes.get((core[0], len(core)), ()) if mask.fullmatch(word)]
            if fits:
                return fits[0] if len(fits) == 1 else None
        return None


def _by_shape(words: AbstractSet[str]) -> Mapping[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for word in sorted(words):
        found.setdefault((word[0], len(word)), []).append(word)
    return found
