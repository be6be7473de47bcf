"""Pauses between tries."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.duties.backoff import FIRST, LONGEST, wait_after

attempts = st.integers(1, 10_000)


@given(attempts, st.text())
def test_a_pause_is_long_enough_and_never_endless(tries: int, seed: str) -> None:
    assert FIRST * 0.75 <= wait_after(tries, seed) <= LONGEST * 1.25


@given(attempts, st.text(), st.floats(0, 100_000))
def test_the_same_delivery_waits_the_same_and_never_less_than_asked(tries: int, seed: str, asked: float) -> None:
    assert wait_after(tries, seed, asked) == wait_after(tries, seed, asked)
    assert wait_after(tries, seed, asked) >= timedelta(seconds=asked)


@given(st.text())
def test_pauses_double_until_the_longest(seed: str) -> None:
    for tries in range(1, 8):
        assert FIRST * 2 ** (tries - 1) * 0.75 <= wait_after(tries, seed) <= FIRST * 2 ** (tries - 1) * 1.25


def test_neighbours_that_failed_together_do_not_return_together() -> None:
    assert len({wait_after(5, f"s{n}") for n in range(100)}) > 90
