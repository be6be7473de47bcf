"""Could it draw out, or carry, a real person's particulars? (rules 5 and 6)

The prompt is the first privacy control: an item that says "describe a client who" asks for the breach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue.prose import all_texts, reader_texts
from bot.catalogue.report import Finding, error
from bot.catalogue.shingles import digest
from bot.catalogue.wordlists import WordLists
from bot.prompts.item import Item

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_SMALL_NUMBER = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|\w+teen|ten|eleven|twelve|\d{1,3})"
)
IDENTIFIERS = {
    "a date": re.compile(
        rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b"
        rf"|\b{_MONTH}\s+\d{{1,2}}\b|\b(?:19|20)\d\d\b"
    ),
    "an exact age": re.compile(
        rf"\b{_SMALL_NUMBER}[- ]years?[- ]old\b|\baged?\s+(?:of\s+)?{_SMALL_NUMBER}\b"
        rf"|\bturn(?:s|ed|ing)\s+{_SMALL_NUMBER}\b",
        re.IGNORECASE,
    ),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\b\d{5}(?:-\d{4})?\b"),
    "a phone number": re.compile(r"\+?\d[\d\s().-]{7,}\d"),
    "an e-mail address": re.compile(r"\S+@\S+\.\S+"),
    "a web address": re.compile(r"https?://|\bwww\.|\b\w+\.(?:com|org|net|co\.uk)\b", re.IGNORECASE),
    "a handle": re.compile(r"(?:^|\s)@\w+"),
    "a channel": re.compile(r"(?:^|\s)#\w+"),
    "a surname after a title": re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor)\.?\s+[A-Z]\w+"),
}
_CAPITALISED = re.compile(r"\b[A-Z][\w'\u2019]+")


def check_privacy(item: Item, lists: WordLists, names: frozenset[str]) -> Iterator[Finding]:
    """Findings about phrases that ask for client facts, and about identifying details."""
    probes = ((f"facilitator.probes[{n}]", text) for n, text in enumerate(item.facilitator.probes))
    for field, text in (*reader_texts(item), *probes):
        if match := lists.client_eliciting.search(text):
            yield error(
                item.path,
                field,
                "E5",
                f'"{match[0]}" asks for facts about a client.',
                "Ask about the therapist's own side, or about the invented people.",
            )
    # One look at the whole item first: nearly all items are clean, and this keeps the lint quick.
    whole = "\n".join(text for _, text in all_texts(item))
    suspected = [(what, pattern) for what, pattern in IDENTIFIERS.items() if pattern.search(whole)]
    somewhere = lists.place_or_employer.search(whole) is not None
    for field, text in all_texts(item):
        for what, pattern in suspected:
            if match := pattern.search(text):
                yield error(
                    item.path, field, "E6", f'"{match[0].strip()}" looks like {what}.', "Leave it out or blur it."
                )
        if somewhere and (match := lists.place_or_employer.search(text)):
            yield error(
                item.path, field, "E6", f'"{match[0]}" is a real place or employer.', "Say what kind of place it is."
            )
        yield from _people(item.path, field, text, lists, names)


def _people(path: str, field: str, text: str, lists: WordLists, names: frozenset[str]) -> Iterator[Finding]:
    before: re.Match[str] | None = None
    for match in _CAPITALISED.finditer(text):
        word = re.split(r"['\u2019]", match[0])[0]
        if digest(word.casefold()) in lists.forbidden_names:
            yield error(
                path, field, "E6", f'"{word}" is a name out of the source texts.', "Choose a name of names.yaml."
            )
        follows_name = before is not None and before[0] in names and text[before.end() : match.start()] == " "
        if follows_name and word not in lists.proper_words and before is not None:
            yield error(path, field, "E6", f'"{before[0]} {word}" looks like a surname.', "Use given names only.")
        before = match
