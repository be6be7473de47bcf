"""How well and how fast the crisis screen answers: recall, false alarms, obfuscation, speed beside 40 keywords.

`python -m bench.screen [--beside MODULE:FUNCTION] [FILE.jsonl ...]` prints one JSON object. `--beside` names a detector
that is installed here, as a function from a text to whether it fires, and measures it on the same messages in the same
run: there are published ones, none of which this project may copy or wants to depend on. Without files it measures the
project's own sets (`dev` and `fresh` were used to write the rules, `heldout` was written before them by the same
author, and its misses were never looked at). A row needs `text` and `action`, and may have `class` or `label`,
`accept` and `lang`.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from math import sqrt
from pathlib import Path
from typing import Any

from bot.crisis.screening import Screen
from training.crisis.examples import load

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "tests" / "crisis" / "messages"
KEYWORDS = (
    "suicide", "suicidal", "kill myself", "kill me", "want to die", "wanna die", "end my life", "end it all", "kms",
    "self harm", "self-harm", "cut myself", "cutting", "hurt myself", "overdose", "hang myself", "hopeless",
    "worthless", "no reason to live", "better off dead", "die", "dead", "death", "suicid", "take my life",
    "don't want to live", "can't go on", "give up", "goodbye", "unalive", "depressed", "pills", "jump off", "slit",
    "shoot myself", "noose", "harm myself", "not worth living", "ending it", "kill",
)  # fmt: skip
ACCEPT = {"A": "A", "B": "BA", "C": "CA", "N": "N"}
HOSTILE = {
    "one letter": "a" * 4000,
    "spelled out": "k i l l " * 500,
    "beginnings of rules": "i want to " * 400,
    "words of rules": "pills bridge tonight goodbye sorry client plan die kill not myself " * 60,
    "quotes": "'\"" * 2000,
    "apostrophes": "i want to die " + "'" * 3986,
    "quotations": "'he kms' x " * 363,
    "quotations begun": "i want to die " + "'a " * 1328,
    "leet": "1|!3 " * 800,
    "stars": " ".join(f"{a}{b}**{c}{d}" for a in "bcdfghklmp" for b in "aeiou" for c in "lnrst" for d in "aei"),
    "joined": "iwanttogoandkillnobody" * 182,
}


def wilson(hits: int, total: int) -> dict[str, float | int]:
    """Give a share with its 95 % Wilson interval."""
    if not total:
        return {"n": 0}
    z, share = 1.96, hits / total
    centre, spread = share + z * z / (2 * total), z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return {
        "n": total,
        "hits": hits,
        "share": round(share, 4),
        "low": round(max(0.0, (centre - spread) / scale), 4),
        "high": round(min(1.0, (centre + spread) / scale), 4),
    }


def answers_of(rows: list[dict[str, Any]], answer: Callable[[str], str]) -> dict[str, object]:
    """Count, for each goal of the screen and each class of message, how often the answer was right."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def count(name: str, hit: bool) -> None:
        counts[name][0] += hit
        counts[name][1] += 1

    for row in rows:
        given, expected = answer(row["text"]), row["action"]
        kind = str(row.get("class") or row.get("label") or expected)
        count(f"class {kind}", given in (row.get("accept") or ACCEPT[expected]))
        language = row.get("lang") or next((tag[5:] for tag in row.get("tags", ()) if tag.startswith("lang:")), "en")
        if expected in "AB":
            count("own risk answered A or B", given in "AB")
            count(f"own risk {language}", given in "AB")
        if expected == "A":
            count("imminent answered A", given == "A")
        if expected == "C":
            count("others answered C or A", given in "CA")
        if expected == "N":
            count("false alarms", given != "N")
            count(f"false alarms {language}", given != "N")
            count("an A on a harmless message", given == "A")
    return {name: wilson(*counts[name]) for name in sorted(counts)}


def keyword_answer(text: str) -> str:
    """Answer as a substring matcher of 40 usual words does: one level, no subject, no context."""
    lowered = text.lower()
    return "B" if any(word in lowered for word in KEYWORDS) else "N"


def detector(name: str) -> Callable[[str], str]:
    """Give a detector that is installed here as one that answers B or N; ``module:function`` names it."""
    module, _, function = name.partition(":")
    fires: Callable[[str], object] = getattr(importlib.import_module(module), function)
    return lambda text: "B" if fires(text) else "N"


def beside(answer: Callable[[str], str], sets: dict[str, list[dict[str, Any]]]) -> dict[str, object]:
    """Count what a detector of one level gets right; it cannot tell whose risk it is, so others count if it fires."""
    goals = ("own risk answered A or B", "false alarms", "others answered C or A")
    found = {}
    for name, rows in sets.items():
        counts = answers_of(rows, answer)
        others = [row for row in rows if row["action"] == "C"]
        counts[goals[2]] = wilson(sum(answer(row["text"]) != "N" for row in others), len(others))
        found[name] = {goal: counts[goal] for goal in goals if goal in counts}
    return found


def obfuscation(screen: Screen) -> dict[str, float | int]:
    """Count the disguised phrases that are answered as the plain ones are."""
    sys.path.insert(0, str(ROOT / "tests" / "crisis"))
    from disguises import DISGUISES, PHRASES  # type: ignore[import-not-found]

    pairs = [(hide(phrase), phrase) for hide in DISGUISES.values() for phrase in PHRASES]
    return wilson(
        sum(screen.assess(hidden).action is screen.assess(plain).action for hidden, plain in pairs), len(pairs)
    )


def seconds(work: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Time each text on this process's CPU, so that neighbours on the machine count less."""
    times = []
    for text in texts:
        start = time.process_time_ns()
        work(text)
        times.append((time.process_time_ns() - start) / 1e9)
    return times


def speed(
    screen: Screen, texts: list[str], reference_answer: Callable[[str], str] = keyword_answer
) -> dict[str, object]:
    """Measure throughput and p99 beside a reference, in alternating rounds of the same run."""
    seconds(screen.assess, texts)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(3):
        ours += seconds(screen.assess, texts)
        theirs += seconds(reference_answer, texts)
    rate, reference = len(ours) / sum(ours), len(theirs) / sum(theirs)
    return {
        "messages": len(texts),
        "messages_per_cpu_second": round(rate),
        "p99_ms": round(sorted(ours)[int(len(ours) * 0.99)] * 1000, 3),
        "reference_per_cpu_second": round(reference),
        "ratio_to_reference": round(rate / reference, 4),
    }


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Read a set of messages, one JSON object a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(files: list[str]) -> int:
    """Measure and print."""
    other = detector(files[files.index("--beside") + 1]) if "--beside" in files else None
    if other is not None:
        at = files.index("--beside")
        files = files[:at] + files[at + 2 :]
    paths = [Path(name) for name in files] or [
        MESSAGES / "dev.jsonl",
        MESSAGES / "fresh.jsonl",
        MESSAGES / "heldout.jsonl",
    ]
    screen = Screen.load(ROOT / "content")
    sets = {path.stem: read_rows(path) for path in paths}
    texts = [row["text"] for rows in sets.values() for row in rows]
    calm = [row["text"] for rows in sets.values() for row in rows if row["action"] == "N"]
    chat = [example.text for example in load() if example.ordinary and not example.line]
    result: dict[str, object] = {
        "rules": {name: answers_of(rows, lambda text: screen.assess(text).action.value) for name, rows in sets.items()},
        "forty_keywords": beside(keyword_answer, sets),
        "obfuscation": obfuscation(screen),
        "speed": {
            "all messages": speed(screen, texts),
            "harmless messages": speed(screen, calm),
            "ordinary chat": speed(screen, chat),
        },
        "hostile_4000_characters_ms": {
            name: round(min(seconds(screen.assess, [text] * 3)) * 1000, 2) for name, text in HOSTILE.items()
        },
        "languages": sorted(screen.book.languages),
        "rules_and_patterns": [len(screen.book.rules), sum(len(rule.patterns) for rule in screen.book.rules)],
    }
    if other is not None:
        result["other_detector"] = beside(other, sets)
        result["speed_beside_other_detector"] = speed(screen, texts, other)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
