"""One layer of the encoder: the sums of a transformer, on NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SMALL = 1e-12

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: attention over the row, then a step for each place; each followed by a norm."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    norm: Floats
    norm_bias: Floats
    wide: Floats
    wide_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    last_norm: Floats
    last_norm_bias: Floats

    def of(self, rows: Floats, heads: int, ends: Sequence[int]) -> Floats:
        """Read passages of (places, width) that stand one behind the other, each from one of the ends to the next.

        They share the sums, which costs less than one by one, and none sees another.
        """
        width = rows.shape[1]
        parts = (rows @ self.qkv + self.qkv_bias).reshape(-1, 3, heads, width // heads).transpose(1, 2, 0, 3)
        seen: Floats = np.concatenate([_attended(*parts[:, :, first:end]) for first, end in pairwise(ends)], axis=1)
        seen = seen.transpose(1, 0, 2).reshape(-1, width)
        rows = normed(rows + seen @ self.out + self.out_bias, self.norm, self.norm_bias)
        inner = _gelu(rows @ self.wide + self.wide_bias)
        return normed(rows + inner @ self.narrow + self.narrow_bias, self.last_norm, self.last_norm_bias)


def _attended(query: Floats, key: Floats, value: Floats) -> Floats:
    weights = query @ key.transpose(0, 2, 1) * np.float32(query.shape[-1] ** -0.5)
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    attended: Floats = weights @ value
    return attended


def normed(row: Floats, weight: Floats, bias: Floats) -> Floats:
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
