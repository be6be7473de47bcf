"""Train the statistical layer: ``python -m training.crisis.train`` writes ``content/crisis/model/attention.model``.

The same examples, rules and code give the same file, byte for byte. It takes some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.crisis.screening import Screen
from bot.crisis.statistical import MODEL_FILE
from bot.crisis.statistical_kinds import Kinds
from training.crisis.calibrating import judge, thresholds
from training.crisis.examples import digest, load
from training.crisis.learning import Reader, trained

CONTENT = Path(__file__).parents[2] / "content"


def main() -> int:
    """Learn from the examples that are not held back, choose the thresholds, write the file."""
    seen = [example for example in load() if not example.held_back]
    screen = Screen.of_rules(CONTENT)
    reader = Reader(screen.words, Kinds.load(CONTENT))
    chosen = thresholds(judge(seen, reader, screen.assess))
    content = trained(seen, reader, chosen, digest())
    file = CONTENT / MODEL_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    print(f"{file.relative_to(CONTENT.parent)}: {len(content)} bytes from {len(seen)} messages, {chosen}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
