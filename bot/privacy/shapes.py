"""What identifying details look like in writing.

A shape is a pattern and, where a pattern cannot tell, a closer look. Every repetition is bounded, so that no text,
however hostile, costs more than its length. Each shape prefers the cautious reading: a trainee who is asked about
every second reflection stops reading the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.privacy.ordinary import is_ordinary, is_well_known


class Kind(StrEnum):
    """What a finding looks like."""

    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    DATE = "date"
    POSTCODE = "postcode"
    RECORD = "record"
    NAME = "name"
    PERSON = "person"
    INITIALS = "initials"
    ADDRESS = "address"
    HANDLE = "handle"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern whose group `it`, where it has one, is the finding; `holds` looks closer than a pattern can."""

    kind: Kind
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = lambda match: True

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give (start, end) of each place in `text` that has this shape."""
        for match in self.pattern.finditer(text):
            if self.holds(match):
                yield match.span("it" if "it" in self.pattern.groupindex else 0)


def _one_of(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _is_phone(match: re.Match[str]) -> bool:
    written = match["it"]
    digits = _digits(written)
    if re.fullmatch(r"\d+[.,]\d+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", written):
        return False
    if match["said"]:
        return len(digits) >= 7
    if re.fullmatch(r"\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}", written):
        return True
    return len(digits) >= 9 and written[0] in "+0(" and len(set(digits)) > 2


def _is_date(match: re.Match[str]) -> bool:
    low, high = sorted((int(match["a"]), int(match["b"])))
    return 1 <= low <= 12 and high <= 31


def _is_nhs_number(match: re.Match[str]) -> bool:
    digits = [int(digit) for digit in _digits(match[0])]
    check = -sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check == digits[9] and len(set(digits)) > 2


def _has_number(match: re.Match[str]) -> bool:
    """Tell a record number from "case 2019": a word for "number" was said, or there are more digits than in a year."""
    return len(_digits(match["it"])) >= (3 if match["number"] else 5)


def _is_name(match: re.Match[str]) -> bool:
    return not is_ordinary(match["name"])


def _is_person(match: re.Match[str]) -> bool:
    return not is_ordinary(match["name"]) and not is_well_known(match["name"])


def _is_initials(match: re.Match[str]) -> bool:
    return "".join(filter(str.isalpha, match["letters"])) not in _ABBREVIATIONS


_ABBREVIATIONS = frozenset(
    {"US", "UK", "EU", "UN", "PS", "NB", "DC", "BA", "MA", "MSC", "PHD", "AA", "NA", "AM", "PM", "OK", "TV", "CV", "ID"}
    | {"TA", "CBT", "DBT", "ACT", "IFS", "CAT"}
)

_UP = "[A-ZÀ-ÖØ-Þ]"
_LOW = "[a-zà-öø-ÿ]"
_NAME = rf"(?:Mc|Mac|{_UP}['’])?{_UP}{_LOW}{{1,20}}(?:['’-]{_UP}?{_LOW}{{1,20}}){{0,2}}"
_NAMED = rf"['\"“‘„]?(?P<name>{_NAME})(?!\w)"
_BEFORE_SURNAME = rf"(?:(?:{_UP}\.? )|(?i:van|von|de|der|den|del|della|di|da|la|le|al|el|bin|zu)[ -]){{0,3}}"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember)\.?"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_CLIENT = "(?:clients?|patients?|supervisees?|service[ -]users?)"
_SOMEONE = _one_of(
    "clients? patients? supervisees? teenager teen girl boy man woman child kid couple mother father mum mom dad son"
    " daughter husband wife partner brother sister guy lady student person someone klient(?:in)? patient(?:in|e)?"
    " cliente paciente"
)
_CALLED = (
    r"(?:called|named|namens|heißt|llamad[oa]|nommée?|appelée?|s['’]appelle|se llama|chamad[oa]|(?:is|was|who is|who's)"
    r" (?:called|named))"
)
_WHOSE = rf"(?:her|his|their|{_CLIENT}['’]s?)"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herr|Herrn|Frau|Monsieur|Madame|Mme|Señora?|Senhora?|Sra?\.)\.?"
_YEARS_OLD = r"(?:years?[ -]old|y/?o\b|yrs?\b|jahre)"
_GOES_ON = rf"(?:[,.;:)!?]|$|-year| {_YEARS_OLD}| {_one_of('male female m f who and is was has had came told said')}\b)"
_RELATION = _one_of(
    "husband wife partner mother father mum mom dad son daughter brother sister boyfriend girlfriend uncle aunt cousin"
    " stepfather stepmother"
)
_STREET = _one_of(
    "street st road rd avenue ave lane ln drive close court crescent terrace place square boulevard blvd gardens grove"
    " mews row way"
)
_STRASSE = "(?:straße|strasse|str\\.|gasse|allee|platz| (?:Straße|Strasse|Str\\.|Weg|Allee|Platz))"
_RECORD = _one_of(
    "nhs mrn record case file chart hospital insurance policy membership reference ref versicherten versicherungs"
    " kassen patienten akten"
)
_LITTLE = r"(?:(?:de|del|du|des|da|do|la|le|las|los|les) ){0,2}"
_I = re.IGNORECASE

# Where two shapes claim the same stretch, the earlier one in this list names it.
SHAPES = (
    Shape(Kind.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    Shape(Kind.URL, re.compile(r"\b(?:https?://|www\.)[^\s<>]{2,300}", _I)),
    Shape(
        Kind.URL,
        re.compile(
            r"(?<![\w.@-])(?:[a-z0-9-]{1,40}\.){1,3}(?:com|org|net|info|edu|gov|io|co\.uk|org\.uk|ac\.uk|nhs\.uk|de|eu"
            r"|fr|nl)(?![\w-])(?:/[^\s<>]{0,300})?"
        ),
    ),
    Shape(Kind.MENTION, re.compile(r"<[@#][!&]?\d{15,22}>|<@[UW][A-Z0-9]{5,20}(?:\|[^>\s]{1,80})?>")),
    Shape(Kind.HANDLE, re.compile(r"(?<![\w@.<])@(?!everyone\b|here\b)[A-Za-z_][\w.-]{1,40}")),
    Shape(
        Kind.RECORD,
        re.compile(
            rf"\b(?:{_RECORD}|medical record|{_CLIENT})(?P<number>[ -]?(?:number|no\.?|nr\.?|id|code|nummer|#))?"
            r"(?: (?:is|was|ist))?[ :#]{1,3}(?P<it>[A-Z]{0,4}[/-]?\d[\dA-Z/-]{2,20}(?: \d{2,4}){0,3})\b",
            _I,
        ),
        _has_number,
    ),
    Shape(Kind.RECORD, re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")),
    Shape(Kind.RECORD, re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")),
    Shape(Kind.RECORD, re.compile(r"\b(?:[A-Z]\d{9}|756\.\d{4}\.\d{4}\.\d{2}|[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7})\b")),
    Shape(Kind.RECORD, re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])"), _is_nhs_number),
    Shape(
        Kind.HANDLE,
        re.compile(
            r"\b(?:snapchat|insta(?:gram)?|tiktok|twitter|facebook|discord|skype)(?: is| name)?[:=] ?[\w.]{3,40}", _I
        ),
    ),
    Shape(
        Kind.PHONE,
        re.compile(
            r"(?P<said>\b(?:phone|mobile|cell|tel|telephone|call|text|whatsapp|number is)\b[^\d\n]{0,16})?"
            r"(?<![\w.,/-])(?P<it>[+(]?\d(?:[ ().\-/]{0,2}\d){6,16})(?![\w/]|[.,]\d)",
            _I,
        ),
        _is_phone,
    ),
    Shape(Kind.DATE, re.compile(r"(?<![\w./-])(?P<a>\d{1,2})([./-])(?P<b>\d{1,2})\2\d{4}(?![\w/-])"), _is_date),
    Shape(Kind.DATE, re.compile(r"(?<![\w./-])[12]\d{3}([./-])(?P<a>\d{1,2})\1(?P<b>\d{1,2})(?![\w/-])"), _is_date),
    Shape(
        Kind.DATE,
        re.compile(
            r"\b(?:on|dob|d\.o\.b\.?|birth|born|dated?|since|from|until|am)\b:? {0,2}"
            r"(?P<it>(?P<a>\d{1,2})([./-])(?P<b>\d{1,2})\3\d{2})(?![\w/-])",
            _I,
        ),
        _is_date,
    ),
    Shape(Kind.DATE, re.compile(rf"(?<!\w){_NTH} (?:of )?{_MONTH},? (?:19|20)\d\d\b", _I)),
    Shape(Kind.DATE, re.compile(rf"\b{_MONTH} {_NTH},? (?:19|20)\d\d\b", _I)),
    Shape(
        Kind.DATE,
        re.compile(
            r"\b(?:born|birthday|dob|date of birth|admitted|discharged|sectioned|arrested|died|geboren)\b"
            rf"[^\n.!?]{{0,24}}?\b(?P<it>{_NTH} (?:of )?{_MONTH}|{_MONTH} {_NTH})(?!\w)",
            _I,
        ),
    ),
    Shape(Kind.POSTCODE, re.compile(r"\b(?:GIR|[A-Z]{1,2}\d[A-Z\d]?) \d[ABD-HJLNP-UW-Z]{2}\b")),
    Shape(Kind.POSTCODE, re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d\b")),
    Shape(Kind.POSTCODE, re.compile(r"\b(?:[A-Z]{2} |(?i:zip(?: code)?:? |postcode:? ))(?P<it>\d{5}(?:-\d{4})?)\b")),
    Shape(Kind.POSTCODE, re.compile(r"\bpost(?:al )?code:? (?:is )?(?P<it>[a-z\d]{2,4} ?\d[a-z\d]{2})\b", _I)),
    Shape(Kind.POSTCODE, re.compile(rf"(?:\bin|\baus|\bD-|,) ?(?P<it>\d{{5}} {_UP}[a-zäöüß]{{3,20}})\b")),
    Shape(Kind.PERSON, re.compile(rf"\b{_TITLE} {_BEFORE_SURNAME}{_NAMED}"), _is_person),
    Shape(Kind.NAME, re.compile(rf"\b(?i:{_SOMEONE},? {_CALLED}) {_NAMED}"), _is_name),
    Shape(
        Kind.NAME,
        re.compile(rf"\b(?i:{_WHOSE} (?:(?:first|last|real|full) )?name(?:['’]s| is| was)) {_NAMED}"),
        _is_name,
    ),
    Shape(
        Kind.NAME,
        re.compile(rf"\b(?i:(?:my|our|a|the|this|another|new|with|saw|about)(?: [a-z]{{2,12}})? {_CLIENT}),? {_NAMED}"),
        _is_name,
    ),
    Shape(Kind.NAME, re.compile(rf"\b(?:client|patient) {_NAMED}"), _is_name),
    Shape(Kind.NAME, re.compile(rf"\b(?i:{_SOMEONE}), {_NAMED},"), _is_name),
    Shape(Kind.NAME, re.compile(rf"\b(?i:{_WHOSE} (?:[a-z]{{2,12}} )?{_RELATION}),? {_NAMED}"), _is_name),
    Shape(
        Kind.INITIALS,
        re.compile(rf"\b(?P<letters>{_UP}\. ?{_UP}\.),? \(?(?:aged? )?\d{{1,2}}\)?(?= ?{_GOES_ON})", re.MULTILINE),
        _is_initials,
    ),
    Shape(
        Kind.INITIALS,
        re.compile(
            rf"\b(?P<letters>{_UP}{{2,3}}|{_UP}\.?)(?:,? \(?aged? \d{{1,2}}\b|,? \(?\d{{1,2}}[ -](?i:{_YEARS_OLD})"
            r"|,? \(\d{2}\)|, \d{2},)"
        ),
        _is_initials,
    ),
    Shape(
        Kind.INITIALS,
        re.compile(rf"\b(?i:{_CLIENT}|Mrs?|Ms) (?P<letters>{_UP}\.?(?: ?{_UP}\.?)?),? \(?(?:aged )?\d{{1,2}}\b"),
        _is_initials,
    ),
    Shape(Kind.INITIALS, re.compile(rf"\b{_NAMED}(?:,? aged \d{{1,2}}\b| \(\d{{2}}\)|, \d{{2}},)"), _is_name),
    Shape(
        Kind.ADDRESS,
        re.compile(
            rf"(?<![\w.])\d{{1,4}}[a-zA-Z]?,? (?:(?:{_UP}[\w'’.-]{{1,20}}|high|main|church|station|the) ){{1,3}}"
            rf"(?i:{_STREET})\b"
        ),
    ),
    Shape(Kind.ADDRESS, re.compile(rf"\b{_UP}[a-zäöüß-]{{2,30}}{_STRASSE} \d{{1,4}}[a-z]?\b")),
    Shape(
        Kind.ADDRESS,
        re.compile(
            rf"(?<!\w)\d{{1,4}},? (?:bis |ter )?(?i:rue|avenue|boulevard|place|chemin|impasse) {_LITTLE}"
            rf"(?:d['’]|l['’])?{_UP}\w{{1,20}}"
        ),
    ),
    Shape(
        Kind.ADDRESS,
        re.compile(
            rf"\b(?i:calle|avenida|avda\.|plaza|rua|travessa) {_LITTLE}{_UP}\w{{1,20}}(?: \w{{1,20}}){{0,2}},?"
            r" (?:n[ºo°.]{1,2} ?)?\d{1,4}\b"
        ),
    ),
)
