"""Numbers with their uncertainty: shares, medians and differences of shares. Under five cases there are only counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from factory.ports.statistics import Statistics

FEWEST = 5
"""Below this many cases only counts are given."""


@dataclass(frozen=True)
class Rate:
    """A share of cases with its 95 % interval (Wilson); None where there are too few cases to say."""

    hits: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Middle:
    """A median with its 95 % interval (bootstrap); None where there are too few cases to say."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Difference:
    """The first share less the second, with its 95 % interval (Newcombe); None where either has too few cases."""

    first: Rate
    second: Rate
    value: float | None = None
    low: float | None = None
    high: float | None = None


def rate(statistics: Statistics, hits: int, n: int) -> Rate:
    """The share `hits` of `n`, with its interval from five cases on."""
    return Rate(hits, n, hits / n, *statistics.wilson(hits, n)) if n >= FEWEST else Rate(hits, n)


def middle(statistics: Statistics, values: Sequence[float]) -> Middle:
    """The median, with its interval from five cases on."""
    n = len(values)
    return Middle(n, float(median(values)), *statistics.median(values)) if n >= FEWEST else Middle(n)


def difference(first: Rate, second: Rate) -> Difference:
    """The difference of two independent shares, by Newcombe's method 10: composed of their two Wilson intervals.

    Newcombe, R. G. (1998): Interval estimation for the difference between independent proportions. Statistics in
    Medicine 17, 873-890.
    """
    one, other = _known(first), _known(second)
    if one is None or other is None:
        return Difference(first, second)
    (share, low, high), (share_2, low_2, high_2) = one, other
    value = share - share_2
    return Difference(
        first,
        second,
        value,
        value - math.hypot(share - low, high_2 - share_2),
        value + math.hypot(high - share, share_2 - low_2),
    )


def _known(share: Rate) -> tuple[float, float, float] | None:
    if share.value is None or share.low is None or share.high is None:
        return None
    return share.value, share.low, share.high
