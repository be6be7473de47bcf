"""Twenty-five ways in which people hide words from filters, for tests and for the bench."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_LEET = str.maketrans("aeiost", "431057")
_CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
_GREEK = str.maketrans("aeoikn", "αεοικη")
_SMALL = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")
_TURNED = str.maketrans("aecfghijklmrtvwy", "ɐǝɔɟƃɥᴉɾʞlɯɹʇʌʍʎ")
_ACCENTS = str.maketrans("aeiou", "áëìõü")


def _shift(first: int) -> Callable[[str], str]:
    return lambda text: "".join(chr(first + ord(mark) - 97) if "a" <= mark <= "z" else mark for mark in text)


def _every_word(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"[a-z]{4,}", lambda match: change(match[0]), text)


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "leet": lambda text: text.translate(_LEET),
    "leet_some": _every_word(lambda word: word.replace("i", "1", 1).replace("e", "3", 1)),
    "signs": _every_word(lambda word: word.replace("i", "!", 1).replace("a", "@", 1).replace("s", "$", 1)),
    "star": _every_word(lambda word: f"{word[0]}*{word[2:]}"),
    "cyrillic": lambda text: text.translate(_CYRILLIC),
    "greek": lambda text: text.translate(_GREEK),
    "full_width": _shift(0xFF41),
    "bold": _shift(0x1D41A),
    "script": _shift(0x1D4EA),
    "circled": _shift(0x24D0),
    "small_capitals": lambda text: text.translate(_SMALL),
    "accents": lambda text: text.translate(_ACCENTS),
    "struck_through": lambda text: "".join(f"{mark}\u0336" for mark in text),
    "zero_width": lambda text: "\u200b".join(text),
    "soft_hyphens": _every_word(lambda word: "\u00ad".join(word)),
    "spaced": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "dotted": _every_word(lambda word: ".".join(word)),
    "dashed": _every_word(lambda word: "-".join(word)),
    "marked_up": _every_word(lambda word: f"{word[:2]}**{word[2:]}**"),
    "stretched": _every_word(lambda word: f"{word[:-1]}{word[-1] * 4}"),
    "doubled": _every_word(lambda word: "".join(mark * 2 for mark in word)),
    "joined": lambda text: text.replace(" ", ""),
    "dots_for_spaces": lambda text: text.replace(" ", "."),
    "swapped": _every_word(lambda word: f"{word[0]}{word[2]}{word[1]}{word[3:]}" if len(word) > 5 else word),
    "turned_round": lambda text: text.translate(_TURNED)[::-1],
}

PHRASES = (
    "i want to kill myself",
    "i want to die",
    "i am going to end my life tonight",
    "i am suicidal again",
    "thinking about suicide",
    "going to hang myself",
    "i took an overdose",
    "i keep cutting myself",
    "i want to hurt myself",
    "wish i was dead",
)
