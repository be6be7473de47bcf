"""Reading an item's words: which parts a trainee sees, where sentences end, what is somebody's speech."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.prompts.item import Item

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019]?\s+(?=[\"'\u201c\u2018]?[A-Z0-9])")
_SPEECH = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d")


def reader_texts(item: Item) -> Iterator[tuple[str, str]]:
    """Field and text of everything that trainees read, the afterword included."""
    yield "title", item.title
    yield "body", item.body
    yield "question", item.question
    for number, starter in enumerate(item.response_starters):
        yield f"response_starters[{number}]", starter
    for number, card in enumerate(item.role_cards):
        yield f"role_cards[{number}]", card
    for number, beat in enumerate(item.beats):
        yield f"beats[{number}].body", beat.body
        yield f"beats[{number}].question", beat.question
    if item.afterword is not None:
        yield "afterword.text", item.afterword.text


def facilitator_texts(item: Item) -> Iterator[tuple[str, str]]:
    """Field and text of the supervisors' note."""
    note = item.facilitator
    for number, text in enumerate(note.listen_for):
        yield f"facilitator.listen_for[{number}]", text
    for number, text in enumerate(note.probes):
        yield f"facilitator.probes[{number}]", text
    yield "facilitator.trap", note.trap
    if note.other_side is not None:
        yield "facilitator.other_side", note.other_side
    yield "facilitator.safety_note", note.safety_note


def all_texts(item: Item) -> Iterator[tuple[str, str]]:
    """Field and text of everything, for readers and for supervisors."""
    yield from reader_texts(item)
    yield from facilitator_texts(item)


def sentences(text: str) -> list[str]:
    """The sentences of a text; good enough for counting words in them."""
    return [part for paragraph in text.split("\n\n") for part in _SENTENCE_END.split(paragraph) if part.strip()]


def without_speech(text: str) -> str:
    """The text with quoted speech cut out: what a character says is not said to the reader."""
    return _SPEECH.sub("", text)
