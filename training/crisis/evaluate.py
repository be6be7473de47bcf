"""Measure rules, model and both: ``python -m training.crisis.evaluate [file.jsonl ...]``.

Without a file it measures on the authors and themes that were held back. Other files need ``text`` and ``action``
(or ``label``) on each line. Only totals are printed, never a message.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from bot.crisis.assessment import NOTHING, Assessment
from bot.crisis.screening import Screen
from bot.crisis.statistical import Attention
from training.crisis.examples import load
from training.crisis.train import CONTENT

EXPECTED = {"self_imminent": "A", "self_risk": "B", "other_risk": "C", "none": "N"}
ACCEPTED = {
    "A, answered at all": ("A", "AB"),
    "A, answered with A": ("A", "A"),
    "B": ("B", "AB"),
    "A and B together": ("AB", "AB"),
    "C": ("C", "AC"),
    "N, false alarms": ("N", "ABC"),
    "N, false A": ("N", "A"),
}


class Case(NamedTuple):
    """One message, the action that is right, and what it is counted under."""

    text: str
    wanted: str
    groups: tuple[str, ...]


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, (middle - spread) / (1 + z * z / count)), min(1.0, (middle + spread) / (1 + z * z / count))


def held_back() -> list[Case]:
    """Return the examples that the model never saw."""
    cases = []
    for example in load():
        if example.held_back:
            calm = "ordinary" if example.ordinary else "reflective" if example.reflective else "hard calm"
            groups = (example.lang, *([calm] if example.label == "none" else []))
            cases.append(Case(example.text, EXPECTED[example.label], groups))
    return cases


def from_file(file: Path) -> list[Case]:
    """Read other people's messages."""
    cases = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            fields = json.loads(line)
            wanted = fields.get("action") or EXPECTED[fields["label"]]
            cases.append(Case(fields["text"], wanted, (fields["lang"],) if "lang" in fields else ()))
    return cases


def report(title: str, cases: list[Case], ways: dict[str, Callable[[str], Assessment]]) -> None:
    """Print one table: a line for each measure and group, a column for each way."""
    answers = {way: [answer(case.text).action for case in cases] for way, answer in ways.items()}
    print(f"\n{title}: {len(cases)} messages\n{'':36}" + "".join(f"{way:>28}" for way in ways))
    groups = ["", *sorted({group for case in cases for group in case.groups})]
    for group in groups:
        for name, (wanted, accepted) in ACCEPTED.items():
            places = [
                at for at, case in enumerate(cases) if case.wanted in wanted and (not group or group in case.groups)
            ]
            if not places or (group and name.startswith("A, answered at")):
                continue
            line = f"{group or 'all':12} {name:22} "
            for given in answers.values():
                hits = sum(given[at].value in accepted for at in places)
                low, high = wilson(hits, len(places))
                line += f"{f'{hits}/{len(places)} {hits / len(places):.1%} [{low:.1%}, {high:.1%}]':>28}"
            print(line)


def main(files: Iterable[str]) -> int:
    """Measure and print."""
    rules, both, attention = Screen.of_rules(CONTENT), Screen.load(CONTENT), Attention.load(CONTENT)
    if attention is None:
        print("There is no model to measure; train it first.")
        return 1
    ways: dict[str, Callable[[str], Assessment]] = {
        "rules": rules.assess,
        "model": lambda text: attention.raise_for(rules.words(text), len(text), NOTHING),
        "both": both.assess,
    }
    named = {file: from_file(Path(file)) for file in files} or {"held back": held_back()}
    for title, cases in named.items():
        report(title, cases, ways)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
