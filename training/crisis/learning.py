"""Learning the weights: three logistic regressions by AdaGrad, in plain Python, the same bytes every time."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from random import Random

from bot.crisis.statistical import FORMAT, OUTPUTS, Attention, Thresholds
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
from training.crisis.examples import Example

SEED = 2026
EPOCHS = 6
STEP = 0.25
DECAY = 1e-4
SMALLEST_ERROR = 0.004
AVERAGED = 3
"""How many of the last rounds are averaged, which forgets the accidents of each."""
CALM_WEIGHT = 1.5
"""How much more a calm message counts: there are fewer of them here, and far more of them in a chat."""
UNTUNED = Thresholds(own=1.0, other=1.0, after_silence=1.0, imminent=1.0)
TARGETS = {
    "self_imminent": (1.0, 0.0, 1.0),
    "self_risk": (1.0, 0.0, 0.0),
    "other_risk": (0.0, 1.0, 0.0),
    "none": (0.0, 0.0, 0.0),
}

Words = Callable[[str], Sequence[str]]
Rows = list[list[str]]
Item = tuple[list[int], float, list[int], float, str]
"""Buckets of the words, their share, places of the kinds, their share, label."""


@dataclass(frozen=True)
class Reader:
    """What turns messages into plain words, and words into kinds, for learning and scoring alike."""

    words: Words
    kinds: Kinds


def item(rows: Rows, label: str, kinds: Kinds) -> Item:
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
    return places, 1 / math.sqrt(len(places)), named, 1 / math.sqrt(len(named)), label


_of_word = cache(of_word)


def items(examples: Sequence[Example], reader: Reader, random: Random) -> list[Item]:
    """Turn messages into items: each as a whole, calm ones also a sentence at a time, some joined to others.

    Joining teaches that a calm sentence beside a worrying one takes nothing away from it.
    """
    read = [(example, rows) for example in examples if (rows := sentences(reader.words(example.text)))]
    calm = [rows for example, rows in read if example.ordinary]
    found = []
    for example, rows in read:
        found.append(item(rows, example.label, reader.kinds))
        if example.label == "none":
            if len(rows) > 1:
                found += [item([row], "none", reader.kinds) for row in rows]
                runs = range(len(rows) - 1) if len(rows) > 2 else ()
                found += [item(rows[at : at + 2], "none", reader.kinds) for at in runs]
        elif calm and len(rows) < 3 and random.random() < 0.5:
            other = calm[random.randrange(len(calm))]
            both = [*other[-1:], *rows] if random.random() < 0.5 else [*rows, *other[:1]]
            found.append(item(both, example.label, reader.kinds))
        shortened = [_forget(row, random) for row in rows]
        if sum(map(len, shortened)) > 5 and not example.line:
            found.append(item(shortened, example.label, reader.kinds))
    return found


def _forget(row: list[str], random: Random) -> list[str]:
    """Drop a word here and there, so that no single word carries a message."""
    kept = [word for word in row if random.random() > 0.12]
    return kept or row


def learn(examples: Sequence[Example], reader: Reader, epochs: int = EPOCHS) -> tuple[list[float], list[list[float]]]:
    """Return the bias and, for each output, the weight of each place."""
    random = Random(SEED)  # noqa: S311 - reproducible on purpose
    pack = items(examples, reader, random)
    size = BUCKETS + places_of_kinds(len(reader.kinds.names))
    bias = [-1.0 for _ in OUTPUTS]
    weights = [[0.0] * size for _ in OUTPUTS]
    squares = [[0.05] * size for _ in OUTPUTS]
    sums = [[0.0] * size for _ in OUTPUTS]
    averaged = min(AVERAGED, epochs)
    for epoch in range(epochs):
        _shuffle(pack, random)
        step = STEP / (1 + 0.2 * epoch)
        for places, share, named, named_share, label in pack:
            importance = CALM_WEIGHT if label == "none" else 1.0
            for output, target in enumerate(TARGETS[label]):
                row = weights[output]
                take = row.__getitem__
                logit = bias[output] + share * sum(map(take, places)) + named_share * sum(map(take, named))
                error = (1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))) - target) * importance
                if abs(error) < SMALLEST_ERROR:
                    continue
                bias[output] -= 0.02 * step * error
                square = squares[output]
                for group, factor in ((places, share), (named, named_share)):
                    slope = error * factor
                    power = slope * slope
                    for place in group:
                        total = square[place] + power
                        square[place] = total
                        row[place] -= step * (slope / math.sqrt(total) + DECAY * row[place])
        if epoch >= epochs - averaged:
            sums = [[one + two for one, two in zip(*rows, strict=True)] for rows in zip(sums, weights, strict=True)]
    return bias, [[value / averaged for value in row] for row in sums]


def _shuffle(pack: list[Item], random: Random) -> None:
    for at in range(len(pack) - 1, 0, -1):
        other = int(random.random() * (at + 1))
        pack[at], pack[other] = pack[other], pack[at]


def pack_model(
    bias: Sequence[float], weights: Sequence[Sequence[float]], thresholds: Thresholds, digest: str, kinds: Kinds
) -> bytes:
    """Write the model's file: one line of JSON, then one signed byte for each weight."""
    scales = []
    body = array("b")
    for row in weights:
        size = sorted(map(abs, row))
        # The very largest weights are clipped, so that the many small ones keep their differences.
        scale = max(size[-max(1, len(row) // 5_000)], 1e-6) / 127
        scales.append(round(scale, 8))
        body.extend(max(-127, min(127, round(weight / scales[-1]))) for weight in row)
    head = {
        "format": FORMAT,
        "buckets": BUCKETS,
        "kinds": len(kinds.names),
        "outputs": OUTPUTS,
        "bias": [round(value, 5) for value in bias],
        "scale": scales,
        "thresholds": asdict(thresholds),
        "data_digest": digest,
    }
    return json.dumps(head).encode() + b"\n" + body.tobytes()


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
