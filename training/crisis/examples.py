"""The examples that the statistical layer learns from, and which of them it never sees.

Held back are whole authors and whole themes, by the two lists below, so that the measure is about people and
subjects that are new to the model and not about the other half of a shuffled pack.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from training.crisis.phrases import PHRASES, said

FOLDER = Path(__file__).parent / "messages"
VOICES = Path(__file__).parent / "voices"
LABELS = ("self_imminent", "self_risk", "other_risk", "none")

HELD_AUTHORS = frozenset({"ruth", "tolu", "carmen", "bernard", "mirjam", "tiago"})
HELD_THEMES = frozenset({"lastthings", "family", "hypo", "selfcare", "bereaved", "relationships", "support"})
ORDINARY_THEMES = frozenset({"admin", "smalltalk", "tech", "study", "prompts", "everyday", "long"})
"""Small talk, organising and technical talk; their false alarms have the smallest budget."""
ORDINARY_BEGINS = "chat_"
"""How the themes of ordinary talk from elsewhere begin: technical channels, games, gossip, customer service."""
REFLECTIVE_THEMES = frozenset(
    {"reflection", "lowmood", "relationships", "clinical", "selfcare", "feelings", "depression"}
)
"""What trainees write most: about themselves and their work, feelings included."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message as somebody could type it."""

    text: str
    label: str
    lang: str
    author: str
    theme: str
    line: str = ""
    """Where it comes from in the phrases; empty for a message that was written as a whole."""
    voice: str = ""
    """The folder of its voice, ``seen`` or ``held_back``; empty for one from the messages or phrases."""

    @property
    def held_back(self) -> bool:
        """Whether the model never sees it in training."""
        if self.voice:
            return self.voice == "held_back"
        return self.author in HELD_AUTHORS or self.theme in HELD_THEMES

    @property
    def ordinary(self) -> bool:
        """Whether it is calm talk that is about nobody's feelings."""
        return self.label == "none" and (self.theme in ORDINARY_THEMES or self.theme.startswith(ORDINARY_BEGINS))

    @property
    def chat(self) -> bool:
        """Whether it is ordinary talk from elsewhere, and no calm twin of a message at risk."""
        return self.ordinary and (not self.voice or self.theme.startswith(ORDINARY_BEGINS))

    @property
    def reflective(self) -> bool:
        """Whether it is calm talk about oneself and the work."""
        return self.label == "none" and self.theme in REFLECTIVE_THEMES

    @property
    def group(self) -> str:
        """What must stay on one side of a fold: a voice, whose calm messages answer its worrying ones; a line; else
        all messages of one author on one theme.
        """
        return self.author if self.voice else f"{self.author}/{self.theme}/{self.line}"


def load(folder: Path = FOLDER, phrases: Path = PHRASES, voices: Path = VOICES) -> list[Example]:
    """Read all examples: messages, voices, phrases, in the order of the files; ValueError names a broken line."""
    examples = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            example = Example(**json.loads(line))
            if example.label not in LABELS or not example.text.strip():
                raise ValueError(f"{file.name}, line {number}: not an example")
            examples.append(example)
    examples += spoken(voices)
    known = {example.text.lower() for example in examples}
    for phrase in said(phrases):
        if phrase.text.lower() not in known:
            known.add(phrase.text.lower())
            examples.append(Example(phrase.text, phrase.label, phrase.lang, "phrases", phrase.theme, phrase.line))
    return examples


def spoken(voices: Path = VOICES) -> list[Example]:
    """Read the voices: a file for each invented person, headings of label and theme, a message a line."""
    examples = []
    for file in sorted(voices.glob("*/*.txt")):
        lang = label = theme = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("# lang: "):
                lang = line.removeprefix("# lang: ")
            elif line.startswith("== "):
                _, label, theme = line.split()
            elif line.strip():
                if not lang or label not in LABELS:
                    raise ValueError(f"{file.name}, line {number}: a heading is missing before it")
                text = line.replace("\\n", "\n")
                examples.append(Example(text, label, lang, file.stem, theme, voice=file.parent.name))
    return examples


def digest(folder: Path = FOLDER, phrases: Path = PHRASES, voices: Path = VOICES) -> str:
    """Return a fingerprint of the files; the model carries that of the data it was trained on."""
    found = hashlib.sha256()
    for file in (*sorted(folder.glob("*.jsonl")), *sorted(phrases.glob("*.txt")), *sorted(voices.glob("*/*.txt"))):
        found.update(file.name.encode() + b"\n" + file.read_bytes())
    return found.hexdigest()
