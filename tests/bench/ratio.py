"""What a benchmark found: our number, the number of the bare thing in the same run, and their ratio."""

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Budget:
    """What a ratio has to keep."""

    sign: Literal["≤", "≥"]
    limit: float

    def holds(self, ratio: float) -> bool:
        """Whether a ratio keeps it."""
        return ratio <= self.limit if self.sign == "≤" else ratio >= self.limit


@dataclass(frozen=True)
class Ratio:
    """Ours against the bare thing: medians over the rounds of one run, taken in turn."""

    what: str
    ours: float
    bare: float
    unit: str
    budget: Budget | None = None
    """None: only printed."""

    @property
    def value(self) -> float:
        """How many times the bare number ours is."""
        return self.ours / self.bare

    @property
    def is_broken(self) -> bool:
        """Whether there is a budget and it is not kept."""
        return self.budget is not None and not self.budget.holds(self.value)

    @property
    def verdict(self) -> str:
        """`holds`, `does not hold`, or empty without a budget."""
        if self.budget is None:
            return ""
        return "does not hold" if self.is_broken else "holds"


@dataclass(frozen=True)
class Part:
    """One more number, without a ratio: what a time is made of, a share, or a size."""

    what: str
    value: float
    unit: str
    budget: Budget | None = None
    """In the unit of the value."""

    @property
    def is_broken(self) -> bool:
        """Whether there is a budget and it is not kept."""
        return self.budget is not None and not self.budget.holds(self.value)

    @property
    def verdict(self) -> str:
        """`≤ 10 holds`; empty without a budget."""
        if self.budget is None:
            return ""
        return f"{self.budget.sign} {self.budget.limit:g} {'does not hold' if self.is_broken else 'holds'}"


@dataclass(frozen=True)
class Benchmark:
    """One benchmark with everything that it found."""

    title: str
    about: str
    """What is compared with what, so that a reader can disagree."""
    ratios: Sequence[Ratio]
    parts: Sequence[Part] = field(default=())


def in_turn(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The numbers of each measure: every round takes all of them, in an order of its own."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name in random.sample(list(measures), len(measures)):
            found[name].append(measures[name]())
    return found


def medians(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each measure over interleaved rounds."""
    return {name: statistics.median(numbers) for name, numbers in in_turn(rounds, measures).items()}
