"""Numbers with their uncertainty: shares by Wilson, medians by bootstrap. Under five cases there are only counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

FEWEST = 5
"""Below this many cases only counts are given."""
_Z95 = 1.959963984540054
_RESAMPLES = 2000
_SEED = 20


@dataclass(frozen=True)
class Rate:
    """A share of cases with its 95 % interval; None where there are too few cases to say."""

    hits: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Middle:
    """A median with its 95 % interval; None where there are too few cases to say."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def rate(hits: int, n: int) -> Rate:
    """The share `hits` of `n`, with its interval from five cases on."""
    return Rate(hits, n, hits / n, *wilson(hits, n)) if n >= FEWEST else Rate(hits, n)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of `hits` of `n`; `n` is at least 1."""
    share, square = hits / n, _Z95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n**2))
    # Rounding must not push the share itself out of its own interval.
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def middle(values: Sequence[float]) -> Middle:
    """The median, with a bootstrap interval (fixed seed: the same values, the same answer) from five cases on."""
    n = len(values)
    if n < FEWEST:
        return Middle(n)
    chance, ordered = Random(_SEED), sorted(values)
    medians = sorted(median(chance.choices(ordered, k=n)) for _ in range(_RESAMPLES))
    return Middle(n, median(ordered), medians[int(0.025 * _RESAMPLES)], medians[int(0.975 * _RESAMPLES) - 1])
