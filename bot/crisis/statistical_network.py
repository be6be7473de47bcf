"""The sums of a transformer, on NumPy alone: its layers, and how they make logits of passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.crisis.statistical_weights import Logits, three

_SMALL = 1e-12

_COLUMNS = 32
"""Columns of a block: narrow enough that OpenBLAS multiplies a message's few rows by it without copying it first."""

OF_A_NETWORK = ("places", "norm", "norm_bias", "head", "head_bias")
"""The tensors of a network beside those of its layers."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix that stands in memory as blocks of columns, (blocks, rows, columns of a block).

    A message is some ten or twenty rows. Before so few are multiplied by a matrix as a whole, all of it is copied into
    another order, which takes two or three times as long as the sums.
    """

    blocks: Floats

    @classmethod
    def of(cls, plain: Floats) -> Matrix:
        """Lay out a matrix (rows, columns)."""
        columns = plain.shape[1]
        wide = columns if columns % _COLUMNS else _COLUMNS
        return cls(np.ascontiguousarray(plain.reshape(len(plain), -1, wide).transpose(1, 0, 2)))

    def plain(self) -> Floats:
        """Give it back as (rows, columns)."""
        return self.blocks.transpose(1, 0, 2).reshape(self.blocks.shape[1], -1)

    def after(self, rows: Floats) -> Floats:
        """Multiply rows by it."""
        return (rows @ self.blocks).transpose(1, 0, 2).reshape(len(rows), -1)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: attention over the row, then a step for each place; each followed by a norm."""

    qkv: Matrix
    qkv_bias: Floats
    out: Matrix
    out_bias: Floats
    norm: Floats
    norm_bias: Floats
    wide: Matrix
    wide_bias: Floats
    narrow: Matrix
    narrow_bias: Floats
    last_norm: Floats
    last_norm_bias: Floats

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, Floats], prefix: str) -> Layer:
        """Build it from the tensors whose names begin so; KeyError for one that is missing."""
        tensors = {name: tensors[f"{prefix}{name}"] for name in cls.__slots__}
        parts: dict[str, Any] = {name: Matrix.of(part) if part.ndim == 2 else part for name, part in tensors.items()}
        return cls(**parts)

    def tensors(self) -> dict[str, Floats]:
        """Give the tensors that it was built from, by name."""
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: part.plain() if isinstance(part, Matrix) else part for name, part in parts.items()}

    def of(self, rows: Floats, heads: int, ends: Sequence[int]) -> Floats:
        """Read passages of (places, width) that stand one behind the other, each from one of the ends to the next.

        They share the sums, which costs less than one by one, and none sees another.
        """
        width = rows.shape[1]
        parts = (self.qkv.after(rows) + self.qkv_bias).reshape(-1, 3, heads, width // heads).transpose(1, 2, 0, 3)
        seen: Floats = np.concatenate([_attended(*parts[:, :, first:end]) for first, end in pairwise(ends)], axis=1)
        seen = seen.transpose(1, 0, 2).reshape(-1, width)
        rows = _normed(rows + self.out.after(seen) + self.out_bias, self.norm, self.norm_bias)
        inner = _gelu(self.wide.after(rows) + self.wide_bias)
        return _normed(rows + self.narrow.after(inner) + self.narrow_bias, self.last_norm, self.last_norm_bias)


@dataclass(frozen=True, slots=True)
class Network:
    """Layers one behind the other, and a head that reads the mean of what they make of a passage."""

    places: Floats
    norm: Floats
    norm_bias: Floats
    layers: Sequence[Layer]
    heads: int
    head: Floats
    head_bias: Floats

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, Floats], *, layers: int, heads: int) -> Network:
        """Build it from tensors by name; KeyError for one that is missing."""
        own = {name: tensors[name] for name in OF_A_NETWORK}
        return cls(layers=[Layer.of_tensors(tensors, f"{at}.") for at in range(layers)], heads=heads, **own)

    def tensors(self) -> dict[str, Floats]:
        """Give the tensors that it was built from, by name."""
        own = {name: getattr(self, name) for name in OF_A_NETWORK}
        own |= {f"{at}.{name}": part for at, layer in enumerate(self.layers) for name, part in layer.tensors().items()}
        return own

    def weigh(self, pieces: Floats, ends: Sequence[int]) -> list[Logits]:
        """Give the logits of passages, whose pieces stand one behind the other, from one of the ends to the next."""
        places = np.concatenate([self.places[: end - first] for first, end in pairwise(ends)])
        rows = _normed(pieces + places, self.norm, self.norm_bias)
        for layer in self.layers:
            rows = layer.of(rows, self.heads, ends)
        means = [rows[first:end].mean(axis=0) for first, end in pairwise(ends)]
        return [three((mean @ self.head + self.head_bias).tolist()) for mean in means]


def _attended(query: Floats, key: Floats, value: Floats) -> Floats:
    weights = query @ key.transpose(0, 2, 1) * np.float32(query.shape[-1] ** -0.5)
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    attended: Floats = weights @ value
    return attended


def _normed(row: Floats, weight: Floats, bias: Floats) -> Floats:
    """Bring each place of a row to mean nought and spread one, then weigh and shift it."""
    row = row - row.mean(axis=-1, keepdims=True)
    spread = np.sqrt((row * row).mean(axis=-1, keepdims=True) + np.float32(_SMALL))
    normed: Floats = row / spread * weight + bias
    return normed


def _gelu(row: Floats) -> Floats:
    # The usual approximation by tanh (Hendrycks and Gimpel 2016), with which it was taught.
    inner = np.float32(0.7978845608) * row * (1 + np.float32(0.044715) * row * row)
    softened: Floats = np.float32(0.5) * row * (1 + np.tanh(inner))
    return softened
