"""Undoing disguises, one character at a time: case, accents, look-alike letters, invisible marks, emoji.

Folding is a fixed table, so a fold can always be traced back: `offsets` tells for each folded character
where in the original it came from. It is computed only when a rule has spoken.
"""

from __future__ import annotations

import re
import unicodedata

_LOOK_ALIKES = {
    # Cyrillic and Greek letters that a reader takes for Latin ones.
    **dict(zip("авекмнорстухіјѕԁһԛԝгпиьӏґ", "abekmhopctyxijsdhqwrnublr", strict=True)),
    **dict(zip("αβγδεζηικλμνορστυχωςϲϳ", "abydeznikluvopotuxwccj", strict=True)),
    # Greek capitals, which look otherwise than their small letters do; signs that fancy alphabets use as letters.
    **dict(zip("ΗΜΝΥΧ", "hmnyx", strict=True)),
    **dict(zip("єяҝ∂¢ƒĸℓɇⱡɽⱨⱪⱬɏ₳₵₲₭₥₦₱₴₮₩₣₿נ", "erkdcfklelrhkzyacgkmnpstwfbj", strict=True)),
    # Small capitals, and letters with a bar, hook or turn that do not decompose.
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)),
    **dict(zip("łøđħŧɨʉƀɵıȷɫƙɗɓƭɑɡ", "lodhtiubcijlkdbtag", strict=True)),
    # Upside-down letters; together with the reversed reading they give turned text back.
    **dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎן", "acefghijkmrtvwyl", strict=True)),
    "ɵ": "o",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "`": "'",
    "＇": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‹": '"',
    "›": '"',
    "…": ". ",
    "—": " - ",
    "–": " - ",
    "¿": " ",
    "¡": "!",
}

_TURNED = frozenset("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ")
_ALSO_TURNED = str.maketrans("nudpbq", "unpdqb")

_LAUGHING = "😂🤣😆😹🙃😅💀☠🤪😜😄😁😉"
_LAUGH_BETWEEN_WORDS = re.compile(r"(?<=[a-z]) {1,2}lol {1,2}(?=[a-z])")
_EMOJI = {
    "💊": " pills ",
    "🔪": " knife ",
    "🔫": " gun ",
    "🪢": " rope ",
    "🌉": " bridge ",
    "⚰": " coffin ",
    "🪦": " grave ",
    "🩸": " blood ",
    "👋": " bye ",
    **dict.fromkeys(_LAUGHING, " lol "),
}


class _Folding(dict[int, str]):
    """A translation table that works out each character once."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        # The table may only ever grow by what Unicode holds; keep it from growing with hostile input.
        if len(self) < 20_000:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _EMOJI:
        return _EMOJI[character]
    code = ord(character)
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators
        return chr(code - 0x1F1E6 + ord("a"))
    for first in (0x1F130, 0x1F150, 0x1F170):  # squared and circled capitals
        if first <= code < first + 26:
            return chr(code - first + ord("a"))
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cs", "Co"}:
        return ""
    plain = unicodedata.normalize("NFKD", character).lower()
    return "".join(
        _LOOK_ALIKES.get(part, part) for part in plain if unicodedata.category(part) not in {"Mn", "Me", "Cf"}
    )


_TABLE = _Folding()
_ENOUGH_TURNED = 3


def fold(text: str) -> str:
    """Return `text` in lower-case plain letters where it can be read so."""
    return text.lower() if text.isascii() and "`" not in text else text.translate(_TABLE)


def turn(text: str, folded: str) -> str | None:
    """Give the folded text read from the other side, if it holds letters that stand on their heads."""
    if text.isascii() or sum(character in _TURNED for character in text) < _ENOUGH_TURNED:
        return None
    return folded[::-1].translate(_ALSO_TURNED)


def without_laughs(text: str, folded: str) -> str | None:
    """Give the folded text without laughing faces between two words, which nobody reads as a word; None without any."""
    if text.isascii() or not any(face in text for face in _LAUGHING):
        return None
    plain = _LAUGH_BETWEEN_WORDS.sub(lambda match: " " * len(match[0]), folded)
    return None if plain == folded else plain


def offsets(text: str) -> list[int]:
    """Return, for each character of `fold(text)`, the index in `text` that it came from."""
    if text.isascii():
        return list(range(len(text)))
    return [index for index, character in enumerate(text) for _ in _TABLE[ord(character)]]
