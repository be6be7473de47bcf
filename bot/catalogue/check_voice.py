"""Does it sound like a colleague talking? Commands, slogans and tangled sentences (rules 4, 11 and 13)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue.prose import all_texts, reader_texts, sentences, without_speech
from bot.catalogue.report import Finding, error, warning
from bot.catalogue.shingles import words_of
from bot.catalogue.wordlists import WordLists
from bot.prompts.item import Item, Kind

LONGEST_SENTENCE = 24
GRADE = {Kind.PROMPT: 9.0, Kind.VIGNETTE: 10.0}

_VOWELS = re.compile(r"[aeiouy]+")
_EMOJI_RUN = re.compile(r"(?:[\U0001F300-\U0001FAFF\u2600-\u27BF]\uFE0F?\s*){2,}")


def check_voice(item: Item, lists: WordLists) -> Iterator[Finding]:
    """Findings about how the item speaks to its reader."""
    for field, text in reader_texts(item):
        said_to_reader = without_speech(text)
        if match := lists.directive.search(said_to_reader):
            yield error(item.path, field, "E4", f'"{match[0]}" tells the reader what to do.', "Describe it, or ask.")
        if match := lists.never_first.search(said_to_reader):
            rule = match[0].split()[-1]
            yield error(
                item.path, field, "E4", f'a sentence that opens with "{rule}" is a rule.', "Tell the moment instead."
            )
    for field, text in all_texts(item):
        if match := lists.banned_tone.search(text) or _EMOJI_RUN.search(text):
            yield warning(item.path, field, "W13", f'"{match[0]}" is a worn or loaded phrase.', "Say it plainly.")
    yield from _tangles(item)


def _tangles(item: Item) -> Iterator[Finding]:
    for field, text in (("body", item.body), ("question", item.question)):
        for sentence in sentences(text):
            count = len(sentence.split())
            if count > LONGEST_SENTENCE:
                start = " ".join(sentence.split()[:4])
                yield warning(
                    item.path, field, "W11", f'the sentence "{start} ..." has {count} words.', "Make two of it."
                )
    grade = reading_grade(item.body)
    if grade > GRADE[item.kind]:
        yield warning(
            item.path, "body", "W11", f"reads at school grade {grade:.0f}.", "Use shorter words and sentences."
        )


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade with a rough syllable count; unstable on short texts, so only ever a hint."""
    words = words_of(text)
    syllables = sum(max(1, len(_VOWELS.findall(word.removesuffix("e")))) for word in words)
    return 0.39 * len(words) / max(1, len(sentences(text))) + 11.8 * syllables / max(1, len(words)) - 15.59
