"""A lint for the words that a person in distress reads: nothing that harms, nothing that is hard to read.

It follows the safe-messaging guidance for suicide: no methods, no "committed", no guilt, no verdicts and no promise
that the bot cannot keep. What is forbidden stands in ``content/crisis/safe_messaging.yaml``, so that a clinician can
add to it in her own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.crisis.care_cards import CardWords, read_words
from bot.crisis.content import BrokenContent, Fields, Finding, read_mapping

_PLACEHOLDER = re.compile(r"\{\w+\}")
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")
_LONG_WORD = 6
_LABEL = 5
# A button of a few words has no sentence to measure.


@dataclass(frozen=True, slots=True)
class SafeMessaging:
    """The limits and the forbidden words of each language, by the reason why they are forbidden.

    `longest_sentence` counts words; `hardest` is a LIX value (words a sentence plus the percentage of long words),
    where 40 is a newspaper and 50 an official letter.
    """

    longest_sentence: int
    hardest: int
    forbidden: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def load(cls, content_dir: Path) -> SafeMessaging:
        """Read ``crisis/safe_messaging.yaml`` below the content folder; BrokenContent names file and field."""
        file = content_dir / "crisis" / "safe_messaging.yaml"
        fields = Fields(file, read_mapping(file))
        limits = Fields(file, fields.take("everywhere"), "everywhere")
        longest, hardest = limits.take("longest_sentence"), limits.take("hardest")
        for key, value in (("longest_sentence", longest), ("hardest", hardest)):
            if type(value) is not int or value <= 0:
                raise BrokenContent(file, f"everywhere.{key}", "must be a number above zero")
        limits.done()
        languages = Fields(file, fields.take("forbidden"), "forbidden").rest()
        forbidden = {
            str(locale): {
                str(reason): Fields(file, reasons, f"forbidden.{locale}").texts(str(reason)) for reason in reasons
            }
            for locale, reasons in languages.items()
        }
        fields.done()
        return cls(longest, hardest, forbidden)

    def lint(self, words: CardWords) -> list[Finding]:
        """List everything in one language's cards that a person should mend."""
        file = f"cards.{words.locale}.yaml"
        if words.locale not in self.forbidden:
            return [Finding(file, "locale", "no forbidden words are listed for it", "add them to safe_messaging.yaml")]
        findings = []
        for field, text in _texts(words):
            plain = _PLACEHOLDER.sub("", text)
            findings += [Finding(file, field, problem, mend) for problem, mend in self._problems(words.locale, plain)]
        return findings

    def _problems(self, locale: str, text: str) -> Iterable[tuple[str, str]]:
        for reason, phrases in self.forbidden[locale].items():
            for phrase in phrases:
                if _stands_in(phrase, text):
                    yield f"says {phrase!r} ({reason})", "find words without it"
        sentences = [found for part in _SENTENCE_END.split(text) if (found := re.findall(r"[^\W\d_]+", part))]
        longest = max(map(len, sentences), default=0)
        if longest > self.longest_sentence:
            yield f"has a sentence of {longest} words", f"use at most {self.longest_sentence}"
        hardness = _lix(sentences)
        if sum(map(len, sentences)) > _LABEL and hardness > self.hardest:
            yield (
                f"is hard to read (LIX {hardness:.0f})",
                f"use shorter words and sentences, LIX {self.hardest} at most",
            )


def check_cards(content_dir: Path) -> list[Finding]:
    """Lint the cards of every language in the content folder."""
    rules = SafeMessaging.load(content_dir)
    files = sorted((content_dir / "crisis").glob("cards.*.yaml"))
    return [finding for file in files for finding in rules.lint(read_words(file))]


def _texts(words: CardWords) -> Iterable[tuple[str, str]]:
    for card, (title, body) in words.cards.items():
        yield f"cards.{card}.title", title
        yield f"cards.{card}.body", body
    for group, texts in (
        ("told", words.told),
        ("held", words.held),
        ("notes", words.notes),
        ("choices", words.choices),
    ):
        for name, text in texts.items():
            yield f"{group}.{name}", text


def _stands_in(phrase: str, text: str) -> bool:
    pattern = re.escape(phrase.rstrip("*")) + ("" if phrase.endswith("*") else r"(?!\w)")
    return re.search(rf"(?<!\w){pattern}", text, re.IGNORECASE) is not None


def _lix(sentences: list[list[str]]) -> float:
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return len(words) / len(sentences) + 100 * sum(len(word) > _LONG_WORD for word in words) / len(words)
