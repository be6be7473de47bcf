"""What gives a tired writer away: habits that are fine once and a tic over a whole library (rule 8, as warnings).

Each habit may take its share of the items of a kind; the items beyond it, in the order of their files, are named. A
small library is left some room, since three items prove nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from bot.catalogue.prose import sentences, without_speech
from bot.catalogue.report import Finding, warning
from bot.catalogue.wordlists import WordLists
from bot.prompts.item import Item, Kind

RULE = "W8"
CADENCE_SENTENCES = 5
CADENCE_SHARE = 0.03
ENDING_GESTURE_SHARE = 0.3
ONE_GESTURE_SHARE = 0.08
TRIAD_SHARE = 0.3
TURN_SHARE = 0.06
SIMILE_SHARE = 0.08
QUESTION_SHARE = 0.12
FEWEST = 3
"""How many items may share a habit in any library, however small."""

_TURN = re.compile(
    r"\bnot (?:just |only |merely )?[^.,;:!?]{1,50}?[,;]? but\b"
    r"|\b(?:is|was|are|were)(?: not|n['\u2019]t) [^.;:!?]{1,50}[.;,] (?:it|that|this)(?: is| was|['\u2019]s)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:\u2013\u2014]")
_LONGEST_MEMBER = 4
_SIMILE = re.compile(r"\b(?:like (?:a|an|the|some\w*|two|old|one)|as (?:if|though))\b", re.IGNORECASE)


def check_spread(items: Sequence[Item], lists: WordLists) -> Iterator[Finding]:
    """Findings about habits of rhythm, figure and ending over all items."""
    for kind in Kind:
        own = [item for item in items if item.kind is kind]
        yield from _cadences(own)
        yield from _endings(own, lists)
        yield from _figures(own)
    yield from _question_openings(items)


def _cadences(items: Sequence[Item]) -> Iterator[Finding]:
    """The same row of short, middling and long sentences, item after item."""

    def row(item: Item) -> str | None:
        lengths = [len(sentence.split()) for sentence in sentences(item.body)[:CADENCE_SENTENCES]]
        if len(lengths) < CADENCE_SENTENCES:
            return None
        return "".join("s" if n <= 6 else "m" if n <= 14 else "l" for n in lengths)

    for pattern, group in _by(items, row).items():
        said = f"{len(group)} {items[0].kind}s have the sentence rhythm {pattern}."
        yield from _beyond(group, len(items), CADENCE_SHARE, "body", said, "Join two sentences, or break one.")


def _endings(items: Sequence[Item], lists: WordLists) -> Iterator[Finding]:
    """A glance, a breath, the door, the clock: bodies that end on a stage direction."""

    def gesture(item: Item) -> str | None:
        found = lists.ending_gesture.search(sentences(item.body)[-1])
        return " ".join(found[0].casefold().split()) if found else None

    gesturing = [item for item in items if gesture(item)]
    if items:
        said = f"{len(gesturing)} of {len(items)} {items[0].kind}s end on a look, a breath, a door or a pause."
        mend = "End on something said, done or left lying about."
        yield from _beyond(gesturing, len(items), ENDING_GESTURE_SHARE, "body", said, mend)
    for words, group in _by(items, gesture).items():
        said = f'{len(group)} {items[0].kind}s have "{words}" in their last sentence.'
        yield from _beyond(group, len(items), ONE_GESTURE_SHARE, "body", said, "End on something else.")


def _figures(items: Sequence[Item]) -> Iterator[Finding]:
    """Figures that are lovely once: the tidy row of three, the turn from not this to that, the closing simile."""
    told = {item.id: [without_speech(sentence) for sentence in sentences(item.body)] for item in items}
    for name, has, share, mend in (
        ("a tidy row of three", lambda said: any(map(is_triad, said)), TRIAD_SHARE, "Let one go, or add an odd one."),
        (
            "the turn \u201cnot this but that\u201d",
            lambda said: _TURN.search(" ".join(said)),
            TURN_SHARE,
            "Say what it is.",
        ),
        (
            "a likeness in the last sentence",
            lambda said: _SIMILE.search(said[-1]),
            SIMILE_SHARE,
            "Leave the thing itself.",
        ),
    ):
        group = [item for item in items if has(told[item.id])]
        said = f"{len(group)} of {len(items)} have {name}."
        yield from _beyond(group, len(items), share, "body", said, mend)


def is_triad(sentence: str) -> bool:
    """Whether a sentence ends on three members of about one length: "the hurry, the heat and the wish"."""
    parts = [part.split() for part in _PAUSE.split(sentence.rstrip(" .!?\"'\u201d"))]
    tail = parts[-1]
    joint = next((word for word in ("and", "or") if word in tail), None)
    if joint is not None and tail[0] != joint:
        second, third, before = tail[: tail.index(joint)], tail[tail.index(joint) + 1 :], parts[:-1]
    elif len(parts) > 2:
        second, third, before = parts[-2], tail[1:] if joint else tail, parts[:-2]
    else:
        return False
    if not before or (len(before) > 1 and len(before[-1]) <= _LONGEST_MEMBER):
        return False  # no first member, or a list of four and more
    return (
        1 <= len(second) <= _LONGEST_MEMBER and 1 <= len(third) <= _LONGEST_MEMBER and abs(len(second) - len(third)) < 2
    )


def _question_openings(items: Sequence[Item]) -> Iterator[Finding]:
    """A library that asks "What would ..." every other day asks one question."""
    for opening, group in _by(items, lambda item: " ".join(item.question.casefold().split()[:2])).items():
        said = f'{len(group)} of {len(items)} questions open with "{opening}".'
        yield from _beyond(group, len(items), QUESTION_SHARE, "question", said, "Ask for it from another side.")


def _by(items: Sequence[Item], habit: Callable[[Item], str | None]) -> dict[str, list[Item]]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if (found := habit(item)) is not None:
            groups[found].append(item)
    return groups


def _beyond(group: Sequence[Item], of: int, share: float, field: str, said: str, mend: str) -> Iterator[Finding]:
    """Name the items that are more than a habit's share."""
    for item in sorted(group, key=lambda item: item.path)[max(FEWEST, int(of * share)) :]:
        yield warning(item.path, field, RULE, said, mend)
