"""Learning the weights: multinomial logistic regression by AdaGrad, in plain Python, the same bytes every time."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import asdict
from random import Random

from bot.crisis.statistical import FORMAT, OUTPUTS, Attention, Thresholds
from bot.crisis.statistical_features import BUCKETS, of_kinds, of_marks, of_row, of_word, sentences
from bot.crisis.statistical_kinds import kinds_of
from training.crisis.examples import LABELS, Example

SEED = 2026
EPOCHS = 6
STEP = 0.2
DECAY = 3e-4
SMALLEST_ERROR = 0.003
LABEL_WEIGHT = {"self_imminent": 1.0, "self_risk": 1.0, "other_risk": 1.0, "none": 1.3}
UNTUNED = Thresholds(own=1.0, other=1.0, after_silence=1.0, imminent=1.0)

Item = tuple[list[int], float, tuple[int, ...], float, int, float]
"""Buckets of the words, their share, buckets of the kinds, their share, label, weight."""


def item(rows: Sequence[list[str]], label: str) -> Item:
    """Turn a run of sentences into what a step of learning needs."""
    places: list[int] = []
    found = 0
    for words in rows:
        marks = [kind for word in words if (kind := kinds_of(word))]
        places += [place for word in words for place in of_word(word)] + of_row(words) + of_marks(marks)
        for kind in marks:
            found |= kind
    named = of_kinds(found)
    weight = LABEL_WEIGHT[label]
    return places, 1 / math.sqrt(len(places)), named, 1 / math.sqrt(len(named)), LABELS.index(label), weight


def items(examples: Sequence[Example], random: Random) -> list[Item]:
    """Turn messages into items: each as a whole, calm ones also a sentence at a time, some joined to others.

    Joining teaches that a calm sentence beside a worrying one takes nothing away from it.
    """
    read = [(example, rows) for example in examples if (rows := sentences(example.text))]
    calm = [rows for example, rows in read if example.ordinary]
    found = []
    for example, rows in read:
        found.append(item(rows, example.label))
        if example.label == "none":
            if len(rows) > 1:
                found += [item([row], "none") for row in rows]
                found += [item(rows[at : at + 2], "none") for at in range(len(rows) - 1) if len(rows) > 2]
        elif calm and len(rows) < 3:
            other = calm[random.randrange(len(calm))]
            both = [*other[-1:], *rows] if random.random() < 0.5 else [*rows, *other[:1]]
            found.append(item(both, example.label))
        shortened = [_forget(row, random) for row in rows]
        if sum(map(len, shortened)) > 5:
            found.append(item(shortened, example.label))
    return found


def _forget(row: list[str], random: Random) -> list[str]:
    """Drop a word here and there, so that no single word carries a message."""
    kept = [word for word in row if random.random() > 0.12]
    return kept or row


def learn(examples: Sequence[Example], epochs: int = EPOCHS) -> tuple[list[float], list[list[float]]]:
    """Return the bias and, for each output, the weight of each bucket."""
    random = Random(SEED)  # noqa: S311 - reproducible on purpose
    pack = items(examples, random)
    outputs = range(len(OUTPUTS))
    bias = [-1.0 for _ in outputs]
    weights = [[0.0] * BUCKETS for _ in outputs]
    squares = [[0.05] * BUCKETS for _ in outputs]
    for epoch in range(epochs):
        _shuffle(pack, random)
        step = STEP / (1 + 0.15 * epoch)
        for places, share, named, named_share, label, importance in pack:
            logits = []
            for output in outputs:
                row = weights[output]
                logits.append(
                    bias[output]
                    + share * sum([row[place] for place in places])
                    + named_share * sum([row[place] for place in named])
                )
            powers = [math.exp(min(logit, 30.0)) for logit in logits]
            total = 1.0 + sum(powers)
            for output in outputs:
                error = (powers[output] / total - (1.0 if output == label else 0.0)) * importance
                if abs(error) < SMALLEST_ERROR:
                    continue
                bias[output] -= 0.02 * step * error
                row, square = weights[output], squares[output]
                for group, factor in ((places, share), (named, named_share)):
                    slope = error * factor
                    power = slope * slope
                    for place in group:
                        square[place] += power
                        row[place] -= step * (slope / math.sqrt(square[place]) + DECAY * row[place])
    return bias, weights


def _shuffle(pack: list[Item], random: Random) -> None:
    for at in range(len(pack) - 1, 0, -1):
        other = int(random.random() * (at + 1))
        pack[at], pack[other] = pack[other], pack[at]


def pack_model(bias: Sequence[float], weights: Sequence[Sequence[float]], thresholds: Thresholds, digest: str) -> bytes:
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
        "outputs": OUTPUTS,
        "bias": [round(value, 5) for value in bias],
        "scale": scales,
        "thresholds": asdict(thresholds),
        "data_digest": digest,
    }
    return json.dumps(head).encode() + b"\n" + body.tobytes()


def trained(
    examples: Sequence[Example], thresholds: Thresholds = UNTUNED, digest: str = "", epochs: int = EPOCHS
) -> bytes:
    """Learn from the examples and return the file's bytes."""
    return pack_model(*learn(examples, epochs), thresholds, digest)


def model_of(examples: Sequence[Example], epochs: int = EPOCHS) -> Attention:
    """Learn from the examples and return a model that can score, with thresholds that never speak."""
    return Attention.read(trained(examples, epochs=epochs))
