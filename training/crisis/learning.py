"""Learning the weights of words: three logistic regressions by AdaGrad, always the same bytes on a machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.crisis.statistical import Attention, Thresholds
from bot.crisis.statistical_features import (
    BUCKETS,
    identity,
    of_kinds,
    of_marks,
    of_row,
    of_word,
    places_of_kinds,
    sentences,
)
from bot.crisis.statistical_kinds import Kinds
from bot.crisis.statistical_weights import FORMAT, OUTPUTS
from training.crisis.examples import Example

SEED = 2026
EPOCHS = 6
STEP = 0.25
DECAY = 1e-4
SMALLEST_ERROR = 0.004
AVERAGED = 3
"""How many of the last rounds are averaged, which forgets the accidents of each."""
CALM_WEIGHT = 1.5
"""How much more a calm message counts: there are far more of them in a chat than here."""
ORDINARY_WEIGHT = 3.0
"""How much more ordinary talk counts, for the same reason."""
UNTUNED = Thresholds(own=1.0, other=1.0, after_silence=1.0, imminent=1.0, urgent=1.0, sure=1.0, seconding=1.0)
TARGETS = {
    "self_imminent": (1.0, 0.0, 1.0),
    "self_risk": (1.0, 0.0, 0.0),
    "other_risk": (0.0, 1.0, 0.0),
    "none": (0.0, 0.0, 0.0),
}

Words = Callable[[str], Sequence[str]]
Rows = list[list[str]]
Learned = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The bias, and for each place the weight for each output."""
Item = tuple[NDArray[np.int64], NDArray[np.float64], str, float]
"""The places of a run of sentences, each once, what each counts, the label, and how much the message counts."""


@dataclass(frozen=True)
class Reader:
    """What turns messages into plain words, and words into kinds, for learning and scoring alike."""

    words: Words
    kinds: Kinds


def item(rows: Rows, example: Example, kinds: Kinds) -> Item:
    """Turn a run of sentences into what a step of learning needs."""
    places: list[int] = []
    found = 0
    for words in rows:
        known = [kinds.of(word) for word in words]
        places += [place for word in words for place in _of_word(word)] + of_row([identity(word) for word in words])
        if marks := [identity(str(kind)) for kind in known if kind]:
            places += of_marks(marks)
        for kind in known:
            found |= kind
    named = [BUCKETS + place for place in of_kinds(found, len(kinds.names))]
    unique, counts = np.unique(np.array(places + named), return_counts=True)
    group = np.where(unique < BUCKETS, len(places), len(named))
    weight = ORDINARY_WEIGHT if example.ordinary else CALM_WEIGHT if example.label == "none" else 1.0
    return unique, counts / np.sqrt(group), example.label, weight


_of_word = cache(of_word)


def readings(examples: Sequence[Example], words: Words, random: Random) -> Iterator[tuple[Rows, Example]]:
    """Yield rows of words and where they come from: messages as a whole, some joined to calm ones, and parts of them.

    Joining teaches that a calm sentence beside a worrying one takes nothing away from it; parts, that no sentence of a
    calm message is worrying by itself, and that nothing rests on a single word.
    """
    read = [(example, rows) for example in examples if (rows := sentences(words(example.text)))]
    calm = [rows for example, rows in read if example.ordinary]
    for example, rows in read:
        yield rows, example
        if example.label != "none" and calm and len(rows) < 3 and random.random() < 0.5:
            other = calm[random.randrange(len(calm))]
            yield ([*other[-1:], *rows] if random.random() < 0.5 else [*rows, *other[:1]]), example
        if example.label == "none" and len(rows) > 1:
            yield from (([row], example) for row in rows)
            yield from ((rows[at : at + 2], example) for at in range(len(rows) - 1 if len(rows) > 2 else 0))
        shorter = [_forget(row, random) for row in rows]
        if sum(map(len, shorter)) > 5 and not example.line:
            yield shorter, example


def _forget(row: list[str], random: Random) -> list[str]:
    """Drop a word here and there, so that no single word carries a message."""
    kept = [word for word in row if random.random() > 0.12]
    return kept or row


def learn(examples: Sequence[Example], reader: Reader, epochs: int = EPOCHS) -> Learned:
    """Return the bias and, for each place, the weight for each output."""
    random = Random(SEED)  # noqa: S311 - reproducible on purpose
    pack = [item(rows, example, reader.kinds) for rows, example in readings(examples, reader.words, random)]
    size = BUCKETS + places_of_kinds(len(reader.kinds.names))
    bias = np.full(len(OUTPUTS), -1.0)
    weights = np.zeros((size, len(OUTPUTS)))
    squares = np.full((size, len(OUTPUTS)), 0.05)
    sums = np.zeros((size, len(OUTPUTS)))
    targets = {label: np.array(wanted) for label, wanted in TARGETS.items()}
    averaged = min(AVERAGED, epochs)
    for epoch in range(epochs):
        random.shuffle(pack)
        step = STEP / (1 + 0.2 * epoch)
        for places, values, label, weight in pack:
            row = weights[places]
            logits = bias + values @ row
            error = (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - targets[label]) * weight
            error[np.abs(error) < SMALLEST_ERROR] = 0
            if not error.any():
                continue
            bias -= 0.02 * step * error
            slope = values[:, None] * error
            total = squares[places] + slope * slope
            squares[places] = total
            weights[places] = row - step * (slope / np.sqrt(total) + DECAY * row)
        if epoch >= epochs - averaged:
            sums += weights
    return bias, sums / averaged


def pack_model(
    bias: NDArray[np.float64],
    weights: NDArray[np.float64],
    thresholds: Thresholds,
    digest: str,
    kinds: Kinds,
    **more: object,
) -> bytes:
    """Write the model's file: one line of JSON, then one signed byte for each weight, output by output."""
    sizes = np.sort(np.abs(weights), axis=0)
    # The very largest weights are clipped, so that the many small ones keep their differences.
    clipped = np.maximum(sizes[-max(1, len(weights) // 5_000)], 1e-6)
    scales = [round(float(scale), 8) for scale in clipped / 127]
    body = np.clip(np.round(weights / scales), -127, 127).astype(np.int8).T.tobytes()
    head = {
        "format": FORMAT,
        "buckets": BUCKETS,
        "kinds": len(kinds.names),
        "outputs": OUTPUTS,
        "bias": [round(float(value), 5) for value in bias],
        "scale": scales,
        "thresholds": asdict(thresholds),
        "data_digest": digest,
        **more,
    }
    return json.dumps(head).encode() + b"\n" + body


def trained(
    examples: Sequence[Example],
    reader: Reader,
    thresholds: Thresholds = UNTUNED,
    digest: str = "",
    epochs: int = EPOCHS,
) -> bytes:
    """Learn from the examples and return the file's bytes."""
    return pack_model(*learn(examples, reader, epochs), thresholds, digest, reader.kinds)


def model_of(examples: Sequence[Example], reader: Reader, epochs: int = EPOCHS) -> Attention:
    """Learn from the examples and return a model that can score, with thresholds that never speak."""
    return Attention.read(trained(examples, reader, epochs=epochs), reader.kinds)
