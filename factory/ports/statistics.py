"""How far the truth may lie from what was counted: 95 % intervals, as a library computes them."""

from collections.abc import Sequence
from typing import Protocol

Interval = tuple[float, float]
"""The lower and the upper end of 95 %."""


class Statistics(Protocol):
    """Intervals of what was counted. The same numbers always get the same answer."""

    def wilson(self, hits: int, n: int) -> Interval:
        """The Wilson score interval of the share `hits` of `n`; `n` is at least 1."""
        ...

    def median(self, values: Sequence[float]) -> Interval:
        """The bootstrap interval of the median, by percentiles and with a fixed seed; at least 2 values."""
        ...


class NoStatistics:
    """Knows nothing: the truth may lie anywhere."""

    def wilson(self, hits: int, n: int) -> Interval:
        """From none to all."""
        return 0.0, 1.0

    def median(self, values: Sequence[float]) -> Interval:
        """From the least to the most."""
        return min(values), max(values)
