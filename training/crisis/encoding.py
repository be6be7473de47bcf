"""Teaching the encoder: a pruned, pre-trained transformer learns from the examples, then is written as small bytes.

The start is all-MiniLM-L6-v2 (Apache 2.0), of which the first layers and the pieces of words that matter here are
kept. It needs PyTorch and the package that carries the start, see ``training/crisis/requirements.txt``; nothing that
runs needs either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from random import Random
from time import monotonic
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bot.crisis.statistical_encoder import BEGIN, END, ROOM, Encoder, joined, pack
from bot.crisis.statistical_features import sentences
from bot.crisis.statistical_network import Layer
from training.crisis.examples import Example
from training.crisis.learning import CALM_WEIGHT, ORDINARY_WEIGHT, TARGETS, Words
from training.crisis.starting import HEAD, HEADS, cutter_of, start, taught_before

LAYERS = 6
WIDTH = 384
EPOCHS = 3.0
BATCH = 32
STEP = 1e-4
WARM_UP = 200
FURTHER_EPOCHS, FURTHER_STEP = 1.4, 6e-5
"""Rounds and step where a taught encoder is taught further: gently, so that it keeps what it knows."""
SEED = 2026
THREADS = 2
"""Always as many, since the order in which sums are added up changes the last bits."""
MOST_OF_A_LINE = 3
"""Messages of one line of the phrases; they are alike, and there are many."""
SURELY_CALM = -2.5
"""Logit below which the linear half, where it had not seen the voice, is so sure of calm that the encoder is hardly
ever asked; only seven in a hundred messages at risk lie below."""
CALM_SHARE = 0.15
"""Share of such calm messages that each round takes, others each time."""
AVERAGED_FROM, AVERAGED = 0.6, 0.99
"""The share of the steps after which weights are averaged, every ten steps, and how much the average keeps then."""
JOINED, FORGOTTEN = 0.35, 0.12
"""Shares of the messages that are joined to calm sentences, and of the words that are left out in a third of them."""
MOST_JOINED, FULL = 6, 60
"""Calm sentences that a message is joined to at most, and the words beyond which none is added: a hint in the midst
of a rota must not fade."""


class Taught(nn.Module):
    """The network as it is taught: the same sums as `Encoder`, over many rows at once."""

    def __init__(self, tensors: dict[str, Tensor], layers: int, outputs: int) -> None:
        super().__init__()
        # The pieces stay as they are: words that no example has keep their place beside those that some have.
        self.register_buffer("pieces", tensors["pieces"])
        names = [name for name in tensors if name not in ("pieces", *HEAD)]
        self.learned = nn.ParameterDict({name.replace(".", "_"): nn.Parameter(tensors[name]) for name in names})
        self.layers = layers
        self.names = names
        head = torch.empty(WIDTH, outputs)
        nn.init.normal_(head, std=0.02)
        self.head, self.head_bias = nn.Parameter(head), nn.Parameter(torch.full((outputs,), -2.0))
        for name in HEAD:
            if name in tensors:
                setattr(self, name, nn.Parameter(tensors[name]))

    def forward(self, rows: Tensor, mask: Tensor) -> Tensor:
        """Give the logits of rows (messages, places), of which the mask says which places are used."""
        own = self.learned
        count, length = rows.shape
        read = self.pieces[rows] + own["places"][:length]
        read = functional.layer_norm(read, (WIDTH,), own["norm"], own["norm_bias"], 1e-12)
        read = functional.dropout(read, 0.1, self.training)
        used = mask[:, None, None, :]
        share = mask[:, :, None].float()
        for at in range(self.layers):
            layer = {name: own[f"{at}_{name}"] for name in Layer.__slots__}
            parts = (read @ layer["qkv"] + layer["qkv_bias"]).view(count, length, 3, HEADS, WIDTH // HEADS)
            query, key, value = parts.permute(2, 0, 3, 1, 4)
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=used)
            seen = seen.transpose(1, 2).reshape(count, length, WIDTH) @ layer["out"] + layer["out_bias"]
            seen = functional.dropout(seen, 0.1, self.training)
            read = functional.layer_norm(read + seen, (WIDTH,), layer["norm"], layer["norm_bias"], 1e-12)
            inner = functional.gelu(read @ layer["wide"] + layer["wide_bias"], approximate="tanh")
            inner = functional.dropout(inner @ layer["narrow"] + layer["narrow_bias"], 0.1, self.training)
            read = functional.layer_norm(read + inner, (WIDTH,), layer["last_norm"], layer["last_norm_bias"], 1e-12)
        read = (read * share).sum(1) / share.sum(1)
        return functional.dropout(read, 0.1, self.training) @ self.head + self.head_bias


def teach(
    examples: Sequence[Example],
    words: Words,
    worries: Mapping[str, float],
    *,
    layers: int = LAYERS,
    epochs: float | None = None,
    further: bool = False,
    digest: str = "",
    say: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return the file of an encoder that has learned from the examples.

    `worries` gives, for each text, the logit of a linear half that had not seen its voice: the encoder is only ever
    asked about what that half is unsure of, and so it learns above all from such messages. `further` starts from the
    encoder that is shipped instead of from the pre-trained network.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    random = Random(SEED)  # noqa: S311 - reproducible on purpose
    examples = _few_of_a_line(examples, random)
    said = [(rows, example) for example in examples if (rows := sentences(words(example.text)))]
    used = {word for rows, _ in said for row in rows for word in row}
    vocabulary, tensors = taught_before() if further else start(used, layers)
    cutter = cutter_of(vocabulary)
    net = Taught(tensors, layers, 3)
    easy = {
        example.text for _, example in said if example.label == "none" and worries.get(example.text, 0.0) < SURELY_CALM
    }
    usual, pace = (FURTHER_EPOCHS, FURTHER_STEP) if further else (EPOCHS, STEP)
    steps = int((usual if epochs is None else epochs) * (len(said) - len(easy) * (1 - CALM_SHARE)) / BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=pace, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / WARM_UP) * max(0.01, 1 - step / steps)
    )
    began, average = monotonic(), 0.0
    averaging = torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGED)
    averaged = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=averaging)
    for step, (rows, mask, wanted, weight) in zip(range(steps), _batches(said, easy, cutter, random), strict=False):
        error = functional.binary_cross_entropy_with_logits(net(rows, mask), wanted, reduction="none")
        loss = (error.sum(1) * weight).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step == steps - 1 or (step >= AVERAGED_FROM * steps and step % 10 == 0):
            averaged.update_parameters(net)
        average += 0.01 * (loss.item() - average)
        if step % 200 == 0:
            say(f"step {step} of {steps}, loss {average:.4f}, {monotonic() - began:.0f} s")
    return _packed(
        averaged.module,
        {
            "layers": layers,
            "heads": HEADS,
            "vocabulary": vocabulary,
            "data_digest": digest,
        },
    )


def _few_of_a_line(examples: Sequence[Example], random: Random) -> list[Example]:
    order = list(examples)
    random.shuffle(order)
    found: dict[str, int] = {}
    kept = []
    for example in order:
        if example.line:
            found[example.group] = found.get(example.group, 0) + 1
            if found[example.group] > MOST_OF_A_LINE:
                continue
        kept.append(example)
    return kept


Said = list[tuple[list[list[str]], Example]]


def _batches(said: Said, easy: Set[str], cutter: Encoder, random: Random) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches of messages of about one length, round after round, each time told a little differently."""
    calm = [rows for rows, example in said if example.ordinary]
    while True:
        told = [
            (_told(rows, example, calm, cutter, random), example)
            for rows, example in said
            if example.text not in easy or random.random() < CALM_SHARE
        ]
        random.shuffle(told)
        batches = []
        for first in range(0, len(told), BATCH * 50):
            part = sorted(told[first : first + BATCH * 50], key=lambda item: len(item[0]))
            batches += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
        random.shuffle(batches)
        for batch in batches:
            length = max(len(tokens) for tokens, _ in batch)
            rows = torch.zeros(len(batch), length, dtype=torch.long)
            mask = torch.zeros(len(batch), length, dtype=torch.bool)
            for at, (tokens, _) in enumerate(batch):
                rows[at, : len(tokens)] = torch.tensor(tokens)
                mask[at, : len(tokens)] = True
            wanted = torch.tensor([TARGETS[example.label] for _, example in batch])
            weight = torch.tensor([_weight(example) for _, example in batch])
            yield rows, mask, wanted, weight


def _weight(example: Example) -> float:
    return ORDINARY_WEIGHT * 0.8 if example.ordinary else CALM_WEIGHT if example.label == "none" else 1.0


def _told(
    rows: list[list[str]], example: Example, calm: list[list[list[str]]], cutter: Encoder, random: Random
) -> list[int]:
    if calm and len(rows) < 4 and random.random() < JOINED:
        rows = _amid(rows, calm, random)
    words = joined(rows)
    if len(words) > 4 and random.random() < 1 / 3:
        words = [word for word in words if random.random() > FORGOTTEN] or words
    tokens = cutter.pieces_of(words)[:ROOM]
    return [cutter.vocabulary[BEGIN], *tokens, cutter.vocabulary[END]]


def _amid(rows: list[list[str]], calm: list[list[list[str]]], random: Random) -> list[list[str]]:
    """Put a message among calm sentences, before and behind it as chance has it, most often one or two."""
    wanted = random.choice((1, 1, 2, 2, 3, 4, 5, MOST_JOINED))
    while wanted > 0 and sum(map(len, rows)) < FULL:
        other = calm[random.randrange(len(calm))][: min(2, wanted)]
        rows = [*other, *rows] if random.random() < 0.5 else [*rows, *other]
        wanted -= len(other)
    return rows


def _packed(net: Taught, fields: dict[str, Any]) -> bytes:
    """Write matrices as signed bytes with a scale for each column, the rest as half floats."""
    tensors: dict[str, NDArray[Any]] = {}
    pieces = net.pieces.numpy()
    scale = np.abs(pieces).max(axis=1, keepdims=True) / 127
    tensors["pieces"] = np.round(pieces / scale).astype(np.int8)
    tensors["piece_scale"] = scale.astype(np.float16)
    own = {name: net.learned[name.replace(".", "_")].detach().numpy() for name in net.names}
    own |= {name: getattr(net, name).detach().numpy() for name in HEAD}
    for name, tensor in own.items():
        if tensor.ndim == 2 and name not in ("places", *HEAD):
            scale = np.abs(tensor).max(axis=0, keepdims=True) / 127
            tensors[name] = np.round(tensor / scale).astype(np.int8)
            tensors[f"{name}_scale"] = scale.astype(np.float32)
        else:
            tensors[name] = tensor.astype(np.float32)
    if not all(math.isfinite(float(np.abs(tensor.astype(np.float64)).max())) for tensor in tensors.values()):
        raise ArithmeticError("the encoder did not converge; nothing was written")
    return pack(fields, tensors)
