"""Intervals by SciPy, which is imported with the first of them: it takes longer to import than a command may take."""

from collections.abc import Sequence

from factory.ports.statistics import Interval

LEVEL = 0.95
RESAMPLES = 9_999
LEAST_RESAMPLES = 999
"""Enough for the ends of 95 %; so few only of very many values, whose interval is narrow."""
SEED = 20
_MOST = 2_000_000
"""Numbers that are drawn for one interval, about: a twentieth of a second."""
_MOST_AT_ONCE = 2_000_000
"""Numbers that one batch of the bootstrap holds: 16 MB."""


class ScipyStatistics:
    """`Statistics` over `scipy.stats`."""

    def wilson(self, hits: int, n: int) -> Interval:
        """The Wilson score interval of the share `hits` of `n`; `n` is at least 1."""
        from scipy.stats import binomtest  # type: ignore[import-untyped]

        found = binomtest(hits, n).proportion_ci(confidence_level=LEVEL, method="wilson")
        return float(found.low), float(found.high)

    def median(self, values: Sequence[float]) -> Interval:
        """The bootstrap interval of the median; the order of the values makes no difference."""
        import numpy
        from scipy.stats import bootstrap

        found = bootstrap(
            (numpy.sort(numpy.asarray(values, dtype=float)),),
            numpy.median,
            n_resamples=max(LEAST_RESAMPLES, min(RESAMPLES, _MOST // len(values))),
            batch=max(1, _MOST_AT_ONCE // len(values)),
            vectorized=True,
            confidence_level=LEVEL,
            method="percentile",
            rng=SEED,
        ).confidence_interval
        return float(found.low), float(found.high)
