"""Train the statistical layer: ``python -m training.crisis.train`` writes the two files in ``content/crisis/model``.

It needs what ``training/crisis/requirements.txt`` names, no network, and about an hour on two cores, most of it
for the encoder; ``--keep-encoder`` teaches only the linear half anew and calibrates both, ``--further`` teaches the
encoder that is shipped some more instead of beginning from nothing. The same examples, rules, code and libraries give
the same linear half on one machine; nobody has made the encoder twice to see.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np

from bot.crisis.assessment import Assessment
from bot.crisis.screening import Screen
from bot.crisis.statistical import Attention, Mixings, Thresholds, scores_of
from bot.crisis.statistical_encoder import ENCODER_FILE, Encoder
from bot.crisis.statistical_features import sentences, windows
from bot.crisis.statistical_kinds import Kinds
from bot.crisis.statistical_weights import MODEL_FILE, Logits
from training.crisis.calibrating import Judged, glance, half_of, is_calibrating, mixed, thresholds
from training.crisis.examples import Example, digest, load
from training.crisis.learning import Learned, Reader, learn, model_of, pack_model

CONTENT = Path(__file__).parents[2] / "content"
KEEP_ENCODER, FURTHER = "--keep-encoder", "--further"


def gathered() -> tuple[list[Example], Screen, Reader]:
    """Read the examples that are not held back and the rules; each process reads its own."""
    screen = Screen.of_rules(CONTENT)
    seen = [example for example in load() if not example.held_back]
    return seen, screen, Reader(screen.words, Kinds.load(CONTENT))


def learn_all() -> Learned:
    """Learn the linear half from all examples that are not held back."""
    seen, _, reader = gathered()
    return learn(seen, reader)


def learn_most() -> Attention:
    """Learn the linear half from those that are not for calibrating either."""
    seen, _, reader = gathered()
    return model_of([example for example in seen if not is_calibrating(example)], reader)


def worries_of_half(half: int) -> dict[str, float]:
    """Weigh every text of one half of the groups by a linear half that learned from the other groups."""
    seen, screen, reader = gathered()
    learned_from = [it for it in seen if not is_calibrating(it)]
    linear = model_of([it for it in learned_from if half_of(it) != half], reader)
    rows = {it.text: sentences(screen.words(it.text)) for it in learned_from if half_of(it) == half}
    return {
        text: max(linear.weights.logits([linear.weights.look_up(row) for row in said], windows(len(said)))[:2])
        for text, said in rows.items()
        if said
    }


def teach_encoder(worries: Mapping[str, float], *, further: bool) -> None:
    """Teach the encoder by the same examples, from nothing or further, and write its file."""
    from training.crisis.encoding import teach  # PyTorch is needed for nothing else

    seen, screen, _ = gathered()
    learned_from = [it for it in seen if not is_calibrating(it)]
    content = teach(
        learned_from, screen.words, worries, further=further, digest=digest(), say=partial(print, flush=True)
    )
    (CONTENT / ENCODER_FILE).write_bytes(content)


class Weighed(NamedTuple):
    """A message for calibrating: both halves, whether the encoder knows its words, and the rules' view."""

    linear: Logits
    encoder: Logits
    known: bool
    ruled: Assessment
    hinted: Assessment


def weigh(linear: Attention, texts: Sequence[str]) -> list[Weighed]:
    """Weigh messages by both halves, of which the encoder is read from its file."""
    screen, encoder = Screen.of_rules(CONTENT), Encoder.load(CONTENT)
    found = []
    for text in texts:
        rows = sentences(screen.words(text))
        read = [linear.weights.look_up(row) for row in rows]
        logits = linear.weights.logits(read, windows(len(rows)))
        meant = encoder.weigh(encoder.views(rows, linear.worry))
        found.append(Weighed(logits, meant, encoder.knows(rows), *screen.found(text)))
    return found


def calibrated(kept: Sequence[Example], weighed: Sequence[Weighed]) -> tuple[Thresholds, Mixings]:
    """Learn how the halves add up and choose from where on they speak."""
    linear, encoder = (np.array([getattr(one, half) for one in weighed]) for half in ("linear", "encoder"))
    ours = np.array([one.known for one in weighed])
    known, foreign = (
        mixed([kept[at] for at in places], linear[places], encoder[places])
        for places in (np.flatnonzero(ours), np.flatnonzero(~ours))
    )
    judged = [
        Judged(example, scores_of((known if one.known else foreign).of(one.linear, one.encoder)), one.ruled, one.hinted)
        for example, one in zip(kept, weighed, strict=True)
    ]
    chosen = thresholds(judged)
    return chosen, Mixings(known, foreign, glance(judged, [max(one.linear[:2]) for one in weighed], chosen))


def main(options: Sequence[str]) -> int:
    """Learn from the examples that are not held back, calibrate, write the files."""
    began = monotonic()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        all_of_them, most = workers.submit(learn_all), workers.submit(learn_most)
        halves = [workers.submit(worries_of_half, half) for half in (0, 1)] if KEEP_ENCODER not in options else []
        (bias, weights), linear = all_of_them.result(), most.result()
        worries = {text: worry for half in halves for text, worry in half.result().items()}
    if KEEP_ENCODER not in options:
        teach_encoder(worries, further=FURTHER in options)
    seen, screen, _ = gathered()
    kept = [it for it in seen if is_calibrating(it) and sentences(screen.words(it.text))]
    texts = [example.text for example in kept]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        parts = [workers.submit(weigh, linear, texts[first::2]) for first in (0, 1)]
        halved = [part.result() for part in parts]
    weighed = [halved[at % 2][at // 2] for at in range(len(texts))]
    chosen, mixings = calibrated(kept, weighed)
    encoder = Encoder.load(CONTENT).digest
    content = pack_model(bias, weights, chosen, digest(), Kinds.load(CONTENT), mixings=asdict(mixings), encoder=encoder)
    (CONTENT / MODEL_FILE).write_bytes(content)
    print(f"{MODEL_FILE}: {len(content)} bytes, {len(kept)} messages calibrate, {chosen}, {mixings}")
    print(f"{monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
