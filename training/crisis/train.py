"""Train the statistical layer: ``python -m training.crisis.train`` writes ``content/crisis/model/attention.model``.

The same examples, rules and code give the same file, byte for byte on one machine. It takes some minutes on two cores,
and no network.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from bot.crisis.screening import Screen
from bot.crisis.statistical_kinds import Kinds
from bot.crisis.statistical_weights import MODEL_FILE
from training.crisis.calibrating import FOLDS, Judged, fold_of, thresholds
from training.crisis.examples import Example, digest, load
from training.crisis.learning import Learned, Reader, learn, model_of, pack_model

CONTENT = Path(__file__).parents[2] / "content"


def gathered() -> tuple[list[Example], Screen, Reader]:
    """Read the examples that are not held back and the rules; each process reads its own."""
    screen = Screen.of_rules(CONTENT)
    seen = [example for example in load() if not example.held_back]
    return seen, screen, Reader(screen.words, Kinds.load(CONTENT))


def judge_fold(fold: int) -> list[Judged]:
    """Score the examples of a fold by a model that learned from the others."""
    seen, screen, reader = gathered()
    model = model_of([example for example in seen if fold_of(example) != fold], reader)
    return [
        Judged(example, model.score(screen.words(example.text)), *screen.found(example.text))
        for example in seen
        if fold_of(example) == fold
    ]


def learn_all() -> Learned:
    """Learn from all examples that are not held back."""
    seen, _, reader = gathered()
    return learn(seen, reader)


def main() -> int:
    """Learn from the examples that are not held back, choose the thresholds, write the file."""
    began = monotonic()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        folds = [workers.submit(judge_fold, fold) for fold in range(FOLDS)]
        learned = workers.submit(learn_all)
        judged = [one for fold in folds for one in fold.result()]
        bias, weights = learned.result()
    chosen = thresholds(judged)
    content = pack_model(bias, weights, chosen, digest(), Kinds.load(CONTENT))
    (CONTENT / MODEL_FILE).write_bytes(content)
    print(f"{MODEL_FILE}: {len(content)} bytes from {len(judged)} messages in {monotonic() - began:.0f} s, {chosen}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
