"""Waits double up to a cap, spread without chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.backoff import SPREAD, backoff, later, seconds_between

tries = st.integers(1, 10_000)


@given(tries, st.text(max_size=40))
def test_a_wait_is_the_formula_give_or_take_a_fifth(n: int, key: str) -> None:
    plain = min(10 * 2 ** (n - 1), 300)
    assert plain * (1 - SPREAD) - 1e-6 <= backoff(n, key) <= plain * (1 + SPREAD) + 1e-6


@given(tries, st.text(max_size=40))
def test_the_same_failure_waits_the_same(n: int, key: str) -> None:
    assert backoff(n, key) == backoff(n, key)


def test_different_items_spread() -> None:
    assert len({round(backoff(5, f"out_{number}"), 3) for number in range(50)}) > 40


def test_the_longest_wait_can_be_made_short() -> None:
    assert backoff(9, "out_1", max_s=0.5) <= 0.6


@pytest.mark.parametrize(
    ("at", "seconds", "then"),
    [
        ("2026-11-23T17:54:45.123Z", 0.877, "2026-11-23T17:54:46.000Z"),
        ("2026-12-31T23:59:59.999Z", 60, "2027-01-01T00:00:59.999Z"),
    ],
)
def test_times_keep_their_form(at: str, seconds: float, then: str) -> None:
    assert later(at, seconds) == then
    assert seconds_between(at, then) == pytest.approx(seconds)
