"""Shares, medians and differences come with how far the truth may lie from them; under five cases, with counts only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.statistics import ScipyStatistics
from factory.rules.intervals import FEWEST, Difference, Middle, Rate, difference, middle, rate
from factory.rules.wording import NOTHING, worded, worded_middle

STATISTICS = ScipyStatistics()


def share(hits: int, n: int) -> Rate:
    """A share by SciPy."""
    return rate(STATISTICS, hits, n)


def ends(found: Rate | Middle | Difference) -> tuple[float, float]:
    """Its interval, with four decimals."""
    assert found.low is not None
    assert found.high is not None
    return round(found.low, 4), round(found.high, 4)


def test_under_five_cases_there_are_only_counts() -> None:
    assert share(3, 4) == Rate(3, 4)
    assert middle(STATISTICS, [1.0] * 4) == Middle(4)
    assert difference(share(3, 4), share(30, 40)).value is None
    assert difference(share(30, 40), share(3, 4)).value is None
    assert share(3, FEWEST).value == 0.6


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, method 3 of his seven for one share
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    assert ends(share(hits, n)) == (low, high)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10: the values that he published."""
    found = difference(share(*first), share(*second))
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert ends(found) == (low, high)


@settings(deadline=None, max_examples=50)
@given(st.integers(FEWEST, 5_000), st.data())
def test_a_share_lies_in_its_interval_and_the_interval_in_0_to_1(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    low, high = STATISTICS.wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(0, 1e6), min_size=FEWEST, max_size=12))
def test_a_median_has_the_same_interval_whatever_the_order(values: list[float]) -> None:
    found = middle(STATISTICS, values)
    assert found == middle(STATISTICS, values[::-1])
    low, high = ends(found)
    assert round(min(values), 4) <= low <= high <= round(max(values), 4)


@pytest.mark.parametrize("n", [FEWEST, 6, 7, 100])
def test_the_median_of_equal_values_is_certain(n: int) -> None:
    assert middle(STATISTICS, [3.0] * n) == Middle(n, 3.0, 3.0, 3.0)


@pytest.mark.parametrize("n", [0, 1, FEWEST - 1])
def test_the_median_of_few_values_is_not_said(n: int) -> None:
    assert middle(STATISTICS, [3.0] * n) == Middle(n)


def test_the_median_of_an_even_number_is_between_the_middle_two() -> None:
    assert middle(STATISTICS, [1.0, 1.0, 2.0, 4.0, 9.0, 9.0]).value == 3.0


def test_the_interval_of_a_median_is_that_of_its_resampled_medians() -> None:
    """Of 1 to 5 a median under 1 or over 5 cannot come, and one of 1 comes in 5.8 % of all samples: more than 2.5."""
    assert ends(middle(STATISTICS, [1.0, 2.0, 3.0, 4.0, 5.0])) == (1.0, 5.0)
    assert ends(middle(STATISTICS, [7.0] * 9)) == (7.0, 7.0)


@pytest.mark.parametrize(
    ("hits", "n", "words"),
    [
        (0, 0, NOTHING),
        (3, 4, "3 of 4 (too few to say)"),
        (0, 4, "0 of 4 (too few to say)"),
        (3, 5, "60 % (23 to 88 %, n = 5)"),
        (21, 34, "62 % (45 to 76 %, n = 34)"),
        (0, 20, "0 % (0 to 16 %, n = 20)"),
    ],
)
def test_a_share_is_worded_by_rule(hits: int, n: int, words: str) -> None:
    assert worded(share(hits, n)) == words


def test_a_median_is_worded_by_rule() -> None:
    seconds = "{:g} s".format
    assert worded_middle(middle(STATISTICS, []), seconds) == NOTHING
    assert worded_middle(middle(STATISTICS, [1.0]), seconds) == "n = 1 (too few to say)"
    assert worded_middle(middle(STATISTICS, [1.0, 2.0]), seconds) == "n = 2 (too few to say)"
    assert worded_middle(middle(STATISTICS, [3.0] * 7), seconds) == "3 s (3 s to 3 s, n = 7)"
