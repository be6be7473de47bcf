"""The slower half of the statistical layer: a small transformer that weighs a row of words as a whole.

The linear half adds up words and neighbours; this one reads who does what to whom across a message. It is a pruned
encoder that others trained on public text (see ``content/crisis/model/MODEL.md``), taught further on the examples of
this project, with a byte for each weight. It runs on NumPy alone and only where the linear half is not sure of calm.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

# One message at a time is too little for two threads to share, and one thread leaves the rest of the bot its core.
os.putenv("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from bot.crisis.content import BrokenContent
from bot.crisis.patterns import STOP
from bot.crisis.reading import QUESTION, QUOTE
from bot.crisis.statistical_network import Floats, Network
from bot.crisis.statistical_weights import Logits, head_and_body, three

ENCODER_FILE = Path("crisis") / "model" / "encoder.model"
FORMAT = 3
MOST_TOKENS = 96
"""Pieces of words that are read at once, begin and end included."""
ROOM = MOST_TOKENS - 2
PIECES_OF_A_KNOWN_WORD = 1.3
"""Of our examples 94 of 100 English ones have fewer pieces for each word, and 90 to 99 in the other languages more."""
MOST_PASSAGES = 2
"""Passages of a long message that are read."""
BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD = 40
_REMEMBERED_WORDS = 20_000


class Views(NamedTuple):
    """What is read of a message: first the passages of the whole, of which there are so many, then its heart."""

    passages: Sequence[Sequence[int]]
    wholes: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """The loaded encoder; immutable in what it says and safe to share."""

    vocabulary: Mapping[str, int]
    pieces: NDArray[np.int8]
    piece_scale: Floats
    network: Network
    digest: str = ""
    """Fingerprint of the file that it was read from."""
    _words: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, content_dir: Path) -> Encoder:
        """Read the encoder below the content folder; BrokenContent for a file that is missing or cannot be used."""
        file = content_dir / ENCODER_FILE
        try:
            return cls.read(file.read_bytes(), file)
        except FileNotFoundError as problem:
            raise BrokenContent(file, "the file", "is missing, and the model cannot work without it") from problem

    @classmethod
    def read(cls, content: bytes, file: Path = ENCODER_FILE) -> Encoder:
        """Build it from the bytes of a file: one line of JSON, then the tensors in the order that it names."""
        fields, body = head_and_body(content, file)
        if fields.get("format") != FORMAT:
            raise BrokenContent(file, "format", "was made for another version")
        try:
            tensors = _unpacked(fields["tensors"], body)
            if len(tensors["places"]) < MOST_TOKENS:
                raise ValueError("it reads fewer pieces at once")
            return cls(
                vocabulary={piece: at for at, piece in enumerate(fields["vocabulary"])},
                pieces=tensors["pieces"],
                piece_scale=tensors["piece_scale"],
                network=Network.of_tensors(tensors, layers=fields["layers"], heads=int(fields["heads"])),
                digest=hashlib.sha256(content).hexdigest(),
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise BrokenContent(file, "tensors", "cannot be read") from problem

    def pieces_of(self, words: Iterable[str]) -> list[int]:
        """Give the numbers of the pieces that words fall into, without begin and end."""
        known = self._words
        return [piece for word in words for piece in known.get(word) or self._learn(word)]

    def knows(self, rows: Sequence[Sequence[str]]) -> bool:
        """Say whether most words are in the vocabulary whole; in other languages than its own they fall into pieces."""
        words = [word for row in rows for word in row if word not in (QUOTE, QUESTION)]
        return len(self.pieces_of(words)) <= PIECES_OF_A_KNOWN_WORD * len(words)

    def views(self, rows: Sequence[Sequence[str]], worry: Callable[[Sequence[str]], float]) -> Views:
        """Choose what is read of a message: the whole, and its heart unless that is the whole.

        The whole are all sentences together where they have room, else the surroundings of those that worry most,
        `MOST_PASSAGES` of them. The heart is the sentence that worries most with its neighbours: a hint fades among
        calm sentences, and without any of them nobody can tell who speaks of whom.
        """
        whole, heart = self.passages(rows, worry), self.heart(rows, worry)
        return Views(whole if whole == [heart] else [*whole, heart], len(whole))

    def weigh(self, views: Views) -> Logits:
        """Give the logits of a message: the highest of its passages, and those of its heart, count the same."""
        book = self.vocabulary
        told = [[book[BEGIN], *tokens[:ROOM], book[END]] for tokens in views.passages]
        at = np.array([piece for row in told for piece in row])
        logits = self.network.weigh(self.pieces[at] * self.piece_scale[at], [0, *accumulate(map(len, told))])
        whole, heart = logits[: views.wholes], logits[views.wholes :]
        read = [three([max(logits) for logits in zip(*whole, strict=True)]), *heart]
        return three([sum(logits) / len(read) for logits in zip(*read, strict=True)])

    def passages(self, rows: Sequence[Sequence[str]], worry: Callable[[Sequence[str]], float]) -> list[list[int]]:
        """Give the pieces of a message: all of them, or those around the sentences that worry most."""
        cut = self.pieces_of(joined(rows))
        if len(cut) <= ROOM:
            return [cut]
        short = [row[at : at + ROOM // 2] for row in rows for at in range(0, len(row), ROOM // 2)]
        sizes = [len(self.pieces_of(row)) + 1 for row in short]
        worst = sorted(range(len(short)), key=lambda at: -worry(short[at]))[:MOST_PASSAGES]
        runs = dict.fromkeys(around(at, sizes) for at in worst)
        return [self.pieces_of(joined(short[first:end])) for first, end in runs]

    def heart(self, rows: Sequence[Sequence[str]], worry: Callable[[Sequence[str]], float]) -> list[int]:
        """Give the pieces of the sentence that worries most and of its neighbours; in a short message these are all."""
        worst = max(range(len(rows)), key=lambda at: worry(rows[at])) if len(rows) > 2 else 0
        return self.passages(rows[max(0, worst - 1) : worst + 2], worry)[0]

    def _learn(self, word: str) -> tuple[int, ...]:
        """Cut a word into the longest pieces that the vocabulary has, from the left."""
        found: list[int] = []
        start, end = 0, len(word)
        if end > _LONGEST_WORD:
            start = end
            found = [self.vocabulary[UNKNOWN]]
        while start < end:
            stop = end
            while stop > start and (word[start:stop] if not start else f"##{word[start:stop]}") not in self.vocabulary:
                stop -= 1
            if stop == start:
                found = [self.vocabulary[UNKNOWN]]
                break
            found.append(self.vocabulary[word[start:stop] if not start else f"##{word[start:stop]}"])
            start = stop
        if len(self._words) >= _REMEMBERED_WORDS:
            self._words.clear()
        self._words[word] = cut = tuple(found)
        return cut


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Put the sentences of a message into one row of words, with a stop between them."""
    return [word for row in rows for word in (*row, STOP)][:-1]


def around(at: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Give the run of sentences around one, as many as there is room for (first, past the last)."""
    first, end, left = at, at + 1, ROOM - sizes[at]
    while True:
        if end < len(sizes) and sizes[end] <= left:
            left -= sizes[end]
            end += 1
        elif first and sizes[first - 1] <= left:
            first -= 1
            left -= sizes[first]
        else:
            return first, end


def _unpacked(named: Sequence[Sequence[Any]], body: bytes) -> dict[str, Any]:
    """Read tensors (name, shape, type) that follow on one another; bytes become floats by the scale of their column."""
    tensors: dict[str, Any] = {}
    at = 0
    for name, shape, kind in named:
        count = int(np.prod(shape)) * np.dtype(kind).itemsize
        if at + count > len(body):
            raise ValueError("the file is too short")
        tensors[name] = np.frombuffer(body[at : at + count], dtype=kind).reshape(shape)
        at += count
    if at != len(body):
        raise ValueError("the file is too long")
    scales = [name for name in tensors if name.endswith("_scale") and name != "piece_scale"]
    for scale in scales:
        name = scale.removesuffix("_scale")
        tensors[name] = np.ascontiguousarray(tensors[name].astype(np.float32) * tensors.pop(scale).astype(np.float32))
    return {name: tensor if tensor.dtype == np.int8 else tensor.astype(np.float32) for name, tensor in tensors.items()}


def pack(fields: dict[str, Any], tensors: Mapping[str, NDArray[Any]]) -> bytes:
    """Write a file that `Encoder.read` reads."""
    named = [(name, list(tensor.shape), tensor.dtype.str) for name, tensor in tensors.items()]
    head = json.dumps({"format": FORMAT, **fields, "tensors": named}, ensure_ascii=True).encode()
    return head + b"\n" + b"".join(tensor.tobytes() for tensor in tensors.values())
