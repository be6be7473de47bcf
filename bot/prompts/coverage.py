"""On which days is a supervisor there? What a cohort wrote about it, read as far as it can be.

The setting is a sentence for people ("Mon to Fri, 9 to 17"), and most of it stays one. Only the days are taken from it,
since a heavy item must not come on a day that nobody covers. Where no day can be read, the sentence is taken at its
word that somebody is there; where there is no sentence, nobody is.
"""

from __future__ import annotations

import re

_DAYS = {
    0: ("mo", "mon", "monday", "mondays", "lu", "lun", "lunes"),
    1: ("tu", "tue", "tues", "tuesday", "tuesdays", "ma", "mar", "martes"),
    2: ("we", "wed", "weds", "wednesday", "wednesdays", "mi", "mie", "mi\u00e9", "miercoles", "mi\u00e9rcoles"),
    3: ("th", "thu", "thur", "thurs", "thursday", "thursdays", "ju", "jue", "jueves"),
    4: ("fr", "fri", "friday", "fridays", "vi", "vie", "viernes"),
    5: ("sa", "sat", "saturday", "saturdays", "sab", "s\u00e1b", "sabado", "s\u00e1bado", "sabados", "s\u00e1bados"),
    6: ("su", "sun", "sunday", "sundays", "do", "dom", "domingo", "domingos"),
}
_NUMBER = {word: day for day, words in _DAYS.items() for word in words}
_ALL = frozenset(range(7))
_WORKING = re.compile(r"\b(?:weekdays?|working days?|work days?|entre semana|laborables?|h\u00e1biles?)\b")
_NAME = "|".join(sorted(_NUMBER, key=len, reverse=True))
_RANGE = re.compile(rf"\b({_NAME})\b\.?\s*(?:-|\u2013|\u2014|to|till|until|through|a|al|hasta)\s*\b({_NAME})\b")
# "Do ask the desk", "we are there": two letters are a day only where a range makes them one.
_ONE = re.compile(rf"\b({'|'.join(name for name in _NUMBER if len(name) > 2)})\b")


def covered_days(hours: str) -> frozenset[int]:
    """Return the weekdays (Monday is 0) that a cohort's coverage hours name; none for none, all if none can be read."""
    text = hours.casefold().strip()
    if not text:
        return frozenset()
    found = {_NUMBER[name] for name in _ONE.findall(text)}
    for first, last in _RANGE.findall(text):
        span = (_NUMBER[last] - _NUMBER[first]) % 7
        found |= {(_NUMBER[first] + step) % 7 for step in range(span + 1)}
    if _WORKING.search(text):
        found |= set(range(5))
    return frozenset(found) or _ALL
