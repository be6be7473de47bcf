"""Is it one open question, asked last? (rules 2 and 3)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue.report import Finding, error
from bot.prompts.item import Item

_PREPOSITION = r"(?:(?:at|in|on|for|from|to|with|by|under|after|before|of|about|against)\s+)?"
_OPEN = re.compile(
    rf"(?:[^,?]{{1,70}},\s+)?{_PREPOSITION}(?:what|how|where|which|when|who|whose|whom)\b", re.IGNORECASE
)
_WHY_YOU = re.compile(r"\bwhy\s+(?:\w+n't\s+|\w+\s+)?you\b", re.IGNORECASE)


def check_question(item: Item) -> Iterator[Finding]:
    """Findings about the question of the item, and of each beat."""
    yield from _one_open_question(item.path, "", item.body, item.question)
    for number, beat in enumerate(item.beats):
        yield from _one_open_question(item.path, f"beats[{number}].", beat.body, beat.question)


def _one_open_question(path: str, prefix: str, body: str, question: str) -> Iterator[Finding]:
    field = f"{prefix}question"
    marks = body.count("?") + question.count("?")
    if marks != 1 or not question.rstrip("\"')").endswith("?"):
        where = f"{prefix}body" if "?" in body else field
        yield error(
            path,
            where,
            "E2",
            f"{marks} question marks in body and question; there is one, at the end of the question.",
            "Ask once, and turn the other questions into statements or reported speech.",
        )
    if not _OPEN.match(question):
        yield error(
            path,
            field,
            "E3",
            "the question does not open with what, how, where, which, when, who or whose.",
            "Ask so that yes or no cannot answer it.",
        )
    if _WHY_YOU.search(question):
        yield error(
            path,
            field,
            "E3",
            "a why aimed at the reader sounds like a reproach.",
            "Ask what made, or what was, instead.",
        )
