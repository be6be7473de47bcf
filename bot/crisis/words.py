"""From a message to a row of plain words, whatever was done to hide them.

The disguises that people use against filters (numbers for letters, dots between letters, words run together,
stretched or misspelt) are undone only where a word of the rules results, so that ordinary text stays as it is.
Every repair keeps the length of the folded text, so offsets survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from bot.crisis.disguises import crossed_out, letterings, misspellings, short_misspellings
from bot.crisis.folding import fold, turn, without_laughs
from bot.crisis.joined import Tongue
from bot.crisis.patterns import PAUSE, STOP
from bot.crisis.reading import TOKEN, Reading
from bot.crisis.unmasking import LONGEST_WORD, Unmasking

_URL = re.compile(r"\w{2,10}://\S+")
_CAPITAL_I = re.compile(r"(?<=[a-z])I+(?![A-HJ-Z0-9])")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")
_OTHER_CAPITALS = re.compile(r"(?<!^)[A-HJ-Z]")
_LONGEST_WITH_I = 12
_PIECE = re.compile(r"(?<![a-z'])[a-z]+(?![a-z'])")
_GAP = re.compile(r"[ .-]|[ -]{0,2}\n ?")
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_ELISION = re.compile(r"(?:[jldnmtsc]|qu|jusqu|lorsqu|puisqu)'(?=[a-z])")
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class _Word:
    """What one token becomes."""

    words: tuple[str, ...]
    known: tuple[str, ...]
    view: str = ""


@dataclass(slots=True)
class Vocabulary:
    """All words that the rules can match, and the ways that lead to them.

    `words` and `beginnings` come from the compiled rules; `hidden` are the words worth recovering from disguises;
    `expansions` are contractions, slang and misspellings, each with the words it stands for. `ordinary` are words that
    look like a slip in a hidden one or like several words run together, and are neither.
    """

    words: frozenset[str]
    beginnings: frozenset[str]
    hidden: frozenset[str]
    expansions: Mapping[str, tuple[str, ...]]
    tongues: tuple[Tongue, ...] = ()
    ordinary: frozenset[str] = frozenset()
    _memory: dict[str, _Word] = field(default_factory=dict)
    _misspelt: dict[str, str] = field(default_factory=dict)
    _squeezed: dict[str, str] = field(default_factory=dict)
    _backwards: frozenset[str] = frozenset()
    _pieces: dict[str, dict[str, str]] = field(default_factory=dict)
    _first_pieces: frozenset[str] = frozenset()
    _unmasking: Unmasking = field(init=False)
    _hidden_inside: re.Pattern[str] = re.compile(r"(?!)")

    def __post_init__(self) -> None:
        for word in sorted(self.hidden):
            self._squeezed.setdefault(_RUN.sub(r"\1", word), word)
            wrongs = misspellings(word) if len(word) >= 6 else short_misspellings(word) if len(word) == 5 else ()
            for wrong in chain(wrongs, crossed_out(word) if len(word) >= 4 else ()):
                if wrong not in self.ordinary and not self._is_told_from(wrong, word):
                    self._misspelt.setdefault(wrong, word)
            for cut in range(2, len(word) - 1):
                first, second = word[:cut], word[cut:]
                strange = not (self._is_known(first) or self._is_known(second))
                if strange or (len(word) >= 6 and not (self._is_known(first) and self._is_known(second))):
                    self._pieces.setdefault(first, {})[second] = word
        self._unmasking = Unmasking(self.words, self.hidden, self.expansions, self._misspelt, self._split)
        self._first_pieces = frozenset(self._pieces)
        if self.hidden:
            self._hidden_inside = re.compile("|".join(map(re.escape, sorted(self.hidden))))
        self._backwards = frozenset(word[::-1] for word in self.hidden if len(word) >= 4 and word != word[::-1])

    def read(self, text: str) -> tuple[Reading, ...]:
        """Read a message as it stands, and once more where it seems to be turned round or has faces among its words."""
        # A capital I between small letters is read as an l by people, and so here.
        folded = fold(_ENGLISH_WORD.sub(self._capital_i, text) if _CAPITAL_I.search(text) else text)
        readings = [self._read(text, folded)]
        if sober := without_laughs(text, folded):
            readings.append(self._read(text, sober))
        turned = turn(text, folded)
        if turned:
            readings.append(self._read(text, turned, backwards=True))
        if turned or not self._backwards.isdisjoint(folded.split()):
            readings.append(self._read(text, folded[::-1], backwards=True))
        return tuple(readings)

    def _capital_i(self, match: re.Match[str]) -> str:
        """Read a capital I between small letters as an l, unless a word of the rules or mixed case explains it."""
        word = match[0]
        if len(word) > _LONGEST_WITH_I or not _CAPITAL_I.search(word) or self._is_known(word.lower()):
            return word
        with_l = _CAPITAL_I.sub(lambda run: "l" * len(run[0]), word)
        return word if _OTHER_CAPITALS.search(word) and not self._is_known(with_l.lower()) else with_l

    def _read(self, text: str, folded: str, *, backwards: bool = False) -> Reading:
        views: list[str] = ["reversed"] if backwards else []
        plain = _URL.sub(lambda match: " " * len(match[0]), folded) if "://" in folded else folded
        repaired = self._unmasking.repair(plain)
        if repaired != plain:
            plain = repaired
            views.append("disguised")
        tokens = TOKEN.findall(plain)
        if not self._first_pieces.isdisjoint(tokens):
            whole = self._join_pieces(plain)
            if whole != plain:
                plain = whole
                tokens = TOKEN.findall(plain)
                views.append("split")
        verse = "\n" in plain and _is_verse(plain)
        words: list[str] = []
        counts: list[int] = []
        present: set[str] = set()
        memory = self._memory
        for token in tokens:
            word = memory.get(token)
            if word is None:
                word = self._look_up(token)
            if verse and token[0] == "\n":
                counts.append(0)
                continue
            words += word.words
            counts.append(len(word.words))
            if word.known:
                present.update(word.known)
                if word.view:
                    views.append(word.view)
        return Reading(
            text=text,
            folded=folded,
            plain=plain,
            words=words,
            line=f" {' '.join(words)} ",
            present=present,
            tokens=counts,
            views=tuple(dict.fromkeys(views)),
            backwards=backwards,
        )

    def _look_up(self, token: str) -> _Word:
        word = self._work_out(token)
        if len(self._memory) >= _REMEMBERED:
            self._memory.clear()
        self._memory[token] = word
        return word

    def _work_out(self, token: str) -> _Word:
        if not token[0].isalnum():
            mark = STOP if token[0] in ".!?\n" else PAUSE
            return _Word((mark,), (mark,))
        if len(token) > LONGEST_WORD * 3:
            return _Word((token[:LONGEST_WORD],), ())
        plain = self.spell(token)
        if any(word in self.words for word in plain) or len(plain) > 1:
            return self._word(plain)
        found = self._undisguise(token.replace("'", ""))
        return self._word(self.spell(" ".join(found[0])), found[1]) if found else self._word(plain)

    def spell(self, token: str) -> tuple[str, ...]:
        """Give the plain words of one token: ``don't`` is ``do not``, ``j'ai`` is ``j ai``."""
        if " " in token or "-" in token:
            return tuple(word for part in token.replace("-", " ").split() for word in self.spell(part))
        if token in self.expansions:
            return self.expansions[token]
        bare = token.replace("'", "")
        if bare in self.expansions:
            return self.expansions[bare]
        if "'" in token:
            if elision := _ELISION.match(token):
                return (elision[0][:-1], *self.spell(token[elision.end() :]))
            if token.endswith("'s"):
                return (*self.spell(token[:-2]), "s")
        return (bare,)

    def _word(self, words: tuple[str, ...], view: str = "") -> _Word:
        known = [word for word in words if word in self.words]
        known += [start for word in words for start in self._beginnings_of(word)]
        return _Word(words, tuple(known), view)

    def _beginnings_of(self, word: str) -> Iterable[str]:
        return (f"{word[:size]}*" for size in range(2, len(word) + 1) if f"{word[:size]}*" in self.beginnings)

    def _is_known(self, word: str) -> bool:
        return word in self.words or word in self.expansions or any(True for _ in self._beginnings_of(word))

    def _is_told_from(self, wrong: str, word: str) -> bool:
        """Say whether rules can mean a wrong spelling itself: a beginning that both share means the word as well."""
        if wrong in self.words or wrong in self.expansions:
            return True
        return any(not word.startswith(start[:-1]) for start in self._beginnings_of(wrong))

    def _undisguise(self, token: str) -> tuple[tuple[str, ...], str] | None:
        if token in self.ordinary:
            return None
        if len(token) > LONGEST_WORD * 2:
            token = _LONG_RUN.sub(r"\1", token)
        if len(token) > LONGEST_WORD * 2 or len(token) < 3:
            return None
        if len(token) % 2 == 0 and token[::2] == token[1::2] and token[::2] in self.words:
            return (token[::2],), "stretched"
        if _LONG_RUN.search(token):
            for stretched in (_LONG_RUN.sub(r"\1", token), _LONG_RUN.sub(r"\1\1", token)):
                # "shhhh" asks for silence and is not the abbreviation "sh"; "iiii" is still an "i".
                if stretched in self.words or (len(stretched) > 2 and self._is_known(stretched)):
                    return (stretched,), "stretched"
        squeezed = _RUN.sub(r"\1", token)
        if squeezed != token and squeezed in self._squeezed:
            return (self._squeezed[squeezed],), "stretched"
        for candidate in (token, squeezed):
            if candidate in self._misspelt:
                return (self._misspelt[candidate],), "misspelt"
        if "l" in token:
            for candidate in letterings(token.replace("l", "1")):
                if candidate in self.hidden:
                    return (candidate,), "misspelt"
        if len(token) >= 7 and token.isalpha():
            joined = self._split(token) or (self._split(squeezed) if squeezed != token else None)
            if joined:
                return joined, "joined"
        return None

    def _split(self, token: str) -> tuple[str, ...] | None:
        """Split words that were run together, if all of it is words of one language and it is no word of its own."""
        if not self._hidden_inside.search(token):
            return None
        found = [pieces for tongue in self.tongues if (pieces := tongue.split(token, self.hidden))]
        return min(found, key=len, default=None)

    def _join_pieces(self, plain: str) -> str:
        """Close a gap inside a hidden word (``sui cide``), keeping the length."""

        whole: list[str] = []
        done = 0
        before: re.Match[str] | None = None
        for match in _PIECE.finditer(plain):
            word = self._pieces.get(before[0], {}).get(match[0]) if before else None
            if before and word and _GAP.fullmatch(plain, before.end(), match.start()):
                whole += (plain[done : before.start()], word.ljust(match.end() - before.start()))
                done, before = match.end(), None
            else:
                before = match
        return "".join((*whole, plain[done:]))


def _is_verse(folded: str) -> bool:
    """Say whether line breaks are breath rather than full stops: short lines, as in a phone's message."""
    breaks = folded.count("\n")
    return bool(breaks) and len(folded) <= 28 * (breaks + 1)
