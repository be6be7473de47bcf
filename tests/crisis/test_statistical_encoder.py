"""The encoder: its sums are those of the definition, broken files stop the start, long messages stay bounded."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crisis.content import BrokenContent
from bot.crisis.patterns import STOP
from bot.crisis.statistical import CALM, Attention, Mixing, Mixings
from bot.crisis.statistical_encoder import (
    BEGIN,
    ENCODER_FILE,
    END,
    MOST_PASSAGES,
    MOST_TOKENS,
    ROOM,
    UNKNOWN,
    Encoder,
    Views,
    around,
    joined,
    pack,
)
from bot.crisis.statistical_kinds import KINDS_FILE, Kinds
from bot.crisis.statistical_network import OF_A_NETWORK, Layer
from bot.crisis.statistical_weights import MODEL_FILE, head_and_body

CONTENT = Path(__file__).parents[2] / "content"
VOCABULARY = [UNKNOWN, BEGIN, END, STOP, "no", "##body", "##b", "nob", "rain", "river", "tonight", "a"]
WIDTH, INNER, HEADS = 8, 64, 2
# So wide that its matrix falls into two blocks.


def file_of(layers: int = 2, seed: int = 9, without: str = "") -> bytes:
    """Write an encoder of small random numbers, without one tensor if need be."""
    random = np.random.default_rng(seed)
    shapes = {
        "qkv": (WIDTH, 3 * WIDTH), "qkv_bias": (3 * WIDTH,), "out": (WIDTH, WIDTH), "out_bias": (WIDTH,),
        "norm": (WIDTH,), "norm_bias": (WIDTH,), "wide": (WIDTH, INNER), "wide_bias": (INNER,),
        "narrow": (INNER, WIDTH), "narrow_bias": (WIDTH,), "last_norm": (WIDTH,), "last_norm_bias": (WIDTH,),
    }  # fmt: skip
    tensors: dict[str, Any] = {
        "pieces": random.integers(-127, 127, (len(VOCABULARY), WIDTH)).astype(np.int8),
        "piece_scale": np.full((len(VOCABULARY), 1), 0.01, np.float16),
        "places": random.normal(size=(MOST_TOKENS, WIDTH)).astype(np.float32),
        "norm": np.ones(WIDTH, np.float32),
        "norm_bias": np.zeros(WIDTH, np.float32),
        "head": random.normal(size=(WIDTH, 3)).astype(np.float32),
        "head_bias": np.array([0.1, 0.2, 0.3], np.float32),
    }
    for at in range(layers):
        for name, shape in shapes.items():
            tensors[f"{at}.{name}"] = random.normal(scale=0.5, size=shape).astype(np.float32)
        tensors[f"{at}.wide"] = random.integers(-127, 127, shapes["wide"]).astype(np.int8)
        tensors[f"{at}.wide_scale"] = np.full((1, INNER), 0.01, np.float32)
    tensors.pop(without, None)
    return pack({"layers": layers, "heads": HEADS, "vocabulary": VOCABULARY}, tensors)


def _arrays(fields: dict[str, Any], body: bytes) -> Iterator[Any]:
    at = 0
    for _, shape, kind in fields["tensors"]:
        found = np.frombuffer(body, kind, math.prod(shape), at).reshape(shape)
        at += found.nbytes
        yield found


SMALL = Encoder.read(file_of())


def weighed(*passages: list[str]) -> tuple[float, ...]:
    """Weigh words as they stand."""
    return SMALL.weigh(Views([SMALL.pieces_of(words) for words in passages], len(passages)))


def normed(row: list[float], weight: Any, bias: Any) -> list[float]:
    mean = sum(row) / len(row)
    spread = math.sqrt(sum((value - mean) ** 2 for value in row) / len(row))
    return [(value - mean) / spread * float(w) + float(b) for value, w, b in zip(row, weight, bias, strict=True)]


def times(row: list[float], matrix: Any, bias: Any) -> list[float]:
    return [sum(value * float(w) for value, w in zip(row, column, strict=True)) + float(b)
            for column, b in zip(matrix.T, bias, strict=True)]  # fmt: skip


def by_definition(layer: Layer, rows: list[list[float]]) -> list[list[float]]:
    """Read rows as the definition of a transformer's layer says, one number at a time."""
    size = WIDTH // HEADS
    parts = [times(row, layer.qkv.plain(), layer.qkv_bias) for row in rows]
    read = []
    for row, part in zip(rows, parts, strict=True):
        seen: list[float] = []
        for head in range(HEADS):
            place = slice(head * size, (head + 1) * size)
            query = part[place]
            keys = [other[WIDTH:][place] for other in parts]
            values = [other[2 * WIDTH :][place] for other in parts]
            worth = [math.exp(sum(a * b for a, b in zip(query, key, strict=True)) / math.sqrt(size)) for key in keys]
            seen += [sum(w * v[at] for w, v in zip(worth, values, strict=True)) / sum(worth) for at in range(size)]
        out = times(seen, layer.out.plain(), layer.out_bias)
        row = normed([a + b for a, b in zip(row, out, strict=True)], layer.norm, layer.norm_bias)
        inner = times(row, layer.wide.plain(), layer.wide_bias)
        inner = [v / 2 * (1 + math.erf(v / math.sqrt(2))) for v in inner]
        out = times(inner, layer.narrow.plain(), layer.narrow_bias)
        read.append(normed([a + b for a, b in zip(row, out, strict=True)], layer.last_norm, layer.last_norm_bias))
    return read


@pytest.mark.parametrize("words", [["rain"], ["nobody", "rain", STOP, "river", "tonight"], ["a"] * 40])
def test_its_sums_are_those_of_the_definition(words: list[str]) -> None:
    pieces = SMALL.pieces_of(words)
    row = [VOCABULARY.index(BEGIN), *pieces, VOCABULARY.index(END)]
    rows = [
        normed(
            [float(p) * float(SMALL.piece_scale[piece, 0]) + float(q)
             for p, q in zip(SMALL.pieces[piece], SMALL.network.places[at], strict=True)],
            SMALL.network.norm, SMALL.network.norm_bias,
        )
        for at, piece in enumerate(row)
    ]  # fmt: skip
    for layer in SMALL.network.layers:
        rows = by_definition(layer, rows)
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    # The tanh in place of erf is off by some thousandths.
    assert weighed(words) == pytest.approx(times(mean, SMALL.network.head, SMALL.network.head_bias), abs=0.02)


def test_a_network_gives_back_what_it_was_built_from() -> None:
    fields, body = head_and_body(file_of(), Path())
    written = dict(zip([name for name, *_ in fields["tensors"]], _arrays(fields, body), strict=True))
    tensors = SMALL.network.tensors()
    assert {*tensors} == {name for name in written if not name.startswith("piece") and not name.endswith("_scale")}
    for name in ("0.qkv", "1.narrow", "1.norm_bias", *OF_A_NETWORK):
        assert np.array_equal(tensors[name], written[name])
    assert np.allclose(tensors["1.wide"], written["1.wide"] * written["1.wide_scale"])
    assert len(SMALL.network.layers[1].wide.blocks) == 2


def test_passages_that_are_read_at_once_do_not_see_each_other() -> None:
    passages = [["rain", "river"], ["nobody"], ["a"] * 40]
    apart = [weighed(passage) for passage in passages]
    assert weighed(*passages) == pytest.approx([max(logits) for logits in zip(*apart, strict=True)], abs=1e-4)


def test_words_fall_into_the_longest_pieces_from_the_left() -> None:
    named = [[VOCABULARY[piece] for piece in SMALL.pieces_of([word])] for word in ("rain", "nob", "nobody", "xyz")]
    assert named == [["rain"], ["nob"], [UNKNOWN], [UNKNOWN]]
    assert [VOCABULARY[piece] for piece in SMALL.pieces_of(["nobb", "n" * 90])] == ["nob", "##b", UNKNOWN]


def test_the_order_of_the_words_counts() -> None:
    assert weighed(["rain", "river"]) != weighed(["river", "rain"])


@pytest.mark.parametrize(
    "content",
    [b"", b"[]\n", b'{"format": 99}\n', b'{"format": 3}\n', file_of()[:-1], file_of() + b"x"]
    + [file_of(without=name) for name in ("pieces", "head", "1.qkv")],
)
def test_a_file_that_cannot_be_used_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenContent):
        Encoder.read(content)


def shipped(folder: Path) -> None:
    (folder / MODEL_FILE).parent.mkdir(parents=True)
    for name in (MODEL_FILE, KINDS_FILE):
        (folder / name).write_bytes((CONTENT / name).read_bytes())


def test_the_linear_half_without_its_encoder_or_beside_another_stops_the_start(tmp_path: Path) -> None:
    shipped(tmp_path)
    with pytest.raises(BrokenContent, match="is missing"):
        Attention.load(tmp_path)
    (tmp_path / ENCODER_FILE).write_bytes(file_of())
    with pytest.raises(BrokenContent, match="made for another"):
        Attention.load(tmp_path)
    (tmp_path / ENCODER_FILE).write_bytes((CONTENT / ENCODER_FILE).read_bytes())
    assert Attention.load(tmp_path) is not None


def linear_half() -> Attention:
    content = (CONTENT / MODEL_FILE).read_bytes()
    return Attention.read(content, Kinds.load(CONTENT))


def both(mixing: Mixing, calm: float = -99) -> Mixings:
    return Mixings(mixing, mixing, calm)


def test_words_of_another_language_fall_into_pieces_and_are_mixed_otherwise() -> None:
    zero, one = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    apart = Mixings(Mixing(one, zero, zero), Mixing(zero, zero, (5.0, 5.0, 5.0)), -99)
    linear = linear_half()
    attention = replace(linear, encoder=SMALL, mixings=apart)
    home, abroad = ["rain", "river", "rain", "a"], ["nobb", "nobb", "a"]
    assert SMALL.knows([home])
    assert not SMALL.knows([abroad])
    assert attention.score(home) == linear.score(home)
    assert attention.score(abroad) == pytest.approx([1 / (1 + math.exp(-5))] * 3)


def test_both_halves_count_and_the_linear_one_alone_where_there_is_no_other() -> None:
    linear = linear_half()
    words = ["nobody", "rain"]
    zero, one = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    only_linear = replace(linear, encoder=SMALL, mixings=both(Mixing(one, zero, zero)))
    only_encoder = replace(linear, encoder=SMALL, mixings=both(Mixing(zero, one, zero)))
    assert only_linear.score(words) == linear.score(words)
    expected = [1 / (1 + math.exp(-logit)) for logit in weighed(words)]
    assert only_encoder.score(words) == pytest.approx(expected)


def test_in_a_hurry_the_encoder_is_not_asked_about_what_the_linear_half_takes_for_calm() -> None:
    zero, one = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    never = replace(linear_half(), encoder=SMALL, mixings=both(Mixing(one, one, zero), calm=99))
    assert never.score(["i", "want", "to", "die", "tonight"], hurried=True) == CALM
    assert never.score(["i", "want", "to", "die", "tonight"]) != CALM


def asked(rows: list[list[str]], worst: str) -> list[list[str]]:
    """Give the passages of a message that are weighed, where sentences with one word worry most."""
    return [
        [VOCABULARY[piece] for piece in tokens]
        for tokens in SMALL.views(rows, lambda row: float(worst in row)).passages
    ]


def test_a_short_message_is_read_whole() -> None:
    assert asked([["rain"], ["river", "tonight"]], "river") == [["rain", STOP, "river", "tonight"]]


@pytest.mark.parametrize("at", [0, 2, 4])
def test_of_several_sentences_the_heart_is_read_too(at: int) -> None:
    rows = [["rain"], ["a"], ["no"], ["rain"], ["a"]]
    rows[at] = ["tonight", "river"]
    assert asked(rows, "river") == [joined(rows), joined(rows[max(0, at - 1) : at + 2])]


def test_the_whole_and_the_heart_count_the_same() -> None:
    rows = [["rain"], ["a"], ["no"], ["tonight", "river"], ["rain"]]
    apart = [weighed(joined(part)) for part in (rows, rows[2:])]
    assert apart[0] != apart[1]
    found = SMALL.weigh(SMALL.views(rows, lambda row: float("river" in row)))
    assert found == pytest.approx([sum(logits) / 2 for logits in zip(*apart, strict=True)], abs=1e-4)


@pytest.mark.parametrize("at", [0, 30, 59])
def test_of_a_long_message_the_surroundings_of_the_most_worrying_sentence_are_read(at: int) -> None:
    rows = [["rain", "a", "rain", "a"] for _ in range(60)]
    rows[at] = ["tonight", "river"]
    passages = asked(rows, "river")
    assert 1 <= len(passages) <= MOST_PASSAGES + 1
    assert all("rain" in passage for passage in passages)
    assert sum("river" in passage for passage in passages) >= 2
    assert max(map(len, passages)) <= ROOM


def test_a_sentence_without_an_end_is_read_in_parts() -> None:
    passages = asked([["rain"] * 150 + ["river"] + ["rain"] * 49], "river")
    assert len(passages) <= MOST_PASSAGES + 1
    assert any("river" in passage for passage in passages)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.randoms())
def test_a_passage_holds_its_sentence_and_has_room(sizes: list[int], random: Random) -> None:
    at = random.randrange(len(sizes))
    first, end = around(at, sizes)
    assert first <= at < end
    assert sum(sizes[first:end]) <= ROOM


def test_sentences_are_joined_by_stops() -> None:
    assert joined([["a", "b"], ["c"]]) == ["a", "b", STOP, "c"]
    assert joined([]) == []


def test_the_shipped_encoder_tells_who_speaks() -> None:
    """Pairs that share their words: the first of each is the writer's own."""
    encoder = Encoder.load(CONTENT)
    pairs = [
        ("i do not want to be alive any more", "my client said he did not want to be alive any more"),
        ("i have been cutting again", "she had been cutting herself again back then"),
    ]
    for own, other in pairs:
        read = [Views([encoder.pieces_of(text.split())], 1) for text in (own, other)]
        first, second = (encoder.weigh(views)[0] for views in read)
        assert first > second + 1
    head = json.loads((CONTENT / ENCODER_FILE).read_bytes().partition(b"\n")[0])
    assert len(set(head["vocabulary"])) == len(head["vocabulary"])
    assert all(one != two for one, two in pairwise(head["vocabulary"]))
