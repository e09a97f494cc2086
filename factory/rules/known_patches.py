"""Known patches: which of them a verifier is shown, when to stop, and the report on one call of `cockpit canary`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from random import Random
from typing import Literal

from factory.errors import Usage
from factory.model.canary import CanaryResult
from factory.ports.statistics import Statistics
from factory.rules.canaries import canary_rates
from factory.rules.intervals import Rate

Kind = Literal["good", "bad"]
FEWEST, MOST = 1, 500
"""Patches of one call."""
SILENT_AT_MOST = 3
"""A verifier that leaves no verdict so often in a row is not asked again."""


@dataclass(frozen=True)
class Variant:
    """A state of the sample: what differs from the state that is right."""

    name: str
    changes: Mapping[str, str] = field(default_factory=dict)
    """Path -> whole text. Empty = the state that is right."""


@dataclass(frozen=True)
class Patch:
    """From one state of the sample to another."""

    n: int
    kind: Kind
    base: Variant
    """Always wrong: there is something to mend."""
    result: Variant

    @property
    def name(self) -> str:
        """What it does, in one line."""
        return f"{self.result.name}, on {self.base.name}"

    @property
    def touched(self) -> tuple[str, ...]:
        """Paths of the files that it changes."""
        return tuple(sorted({*self.base.changes, *self.result.changes}))


def check_count(n: int) -> int:
    """`n` patches, if a call can have so many. Raises `Usage`."""
    if not FEWEST <= n <= MOST:
        raise Usage(f"--n must be from {FEWEST} to {MOST}, and it is {n}.", "cockpit canary --n 12")
    return n


def patches(n: int, right: Variant, wrong: Sequence[Variant], seed: int) -> tuple[Patch, ...]:
    """The patches of a call, good and bad by turns in an order that only the seed knows; never one twice.

    Half of them (rounded down) are good. Fewer than `n` when there are not so many different ones.

    Args:
        wrong: What is known to be wrong; the first ones are taken first.
    """
    bad = [(base, result) for base, result in _pairs(wrong)][: n - n // 2]
    good = [(base, right) for base in wrong][: n // 2]
    chance = Random(seed)
    turns = [chance.sample([one, other], 2) for one, other in zip_longest(_as("good", good), _as("bad", bad))]
    found = [turn for turn in chain.from_iterable(turns) if turn]
    return tuple(Patch(number, *turn) for number, turn in enumerate(found, 1))


def _as(kind: Kind, pairs: Sequence[tuple[Variant, Variant]]) -> list[tuple[Kind, Variant, Variant]]:
    return [(kind, base, result) for base, result in pairs]


def _pairs(wrong: Sequence[Variant]) -> list[tuple[Variant, Variant]]:
    """From each wrong state to another one; every state is the result once before one is the result again."""
    count = len(wrong)
    order = [*range(1, count), 0]
    return [(wrong[place - step], wrong[place]) for step in range(1, count) for place in order]


@dataclass(frozen=True)
class Report:
    """What a verifier's answers are worth. Money in micro-USD. Field names are JSON keys."""

    canary: str
    verifier: str
    seed: int
    asked: int
    done: int
    stopped: str
    """Why it ended before all were done, as a sentence; empty when it did not."""
    false_pass: Rate
    """Bad patches that it passed, of all bad ones."""
    false_fail: Rate
    """Good patches that it wanted changed, of all good ones."""
    inconclusive_bad: int
    inconclusive_good: int
    factory_passed_bad: int
    """Bad patches that passed the factory's own checks too."""
    factory_passed_good: int
    cost_micros: int
    unpriced: int
    """Verdicts whose cost nobody knows."""
    cost_per_verdict: int | None
    """None when nobody knows."""
    seconds: float
    equivalent: int
    """Mutants that the acceptance passes: nobody can say that they are wrong, so they were left out."""
    unusable: int
    """Mutants on which the acceptance could not be run."""
    patches: tuple[CanaryResult, ...]


def report(
    statistics: Statistics, canary: str, verifier: str, seed: int, asked: int, results: Sequence[CanaryResult],
    stopped: str, equivalent: int, unusable: int, seconds: float,
) -> Report:  # fmt: skip
    """The report over the results of a call."""
    bad, good = (tuple(one for one in results if one.kind == kind) for kind in ("bad", "good"))
    rates = canary_rates(statistics, results)
    priced = [one.cost_micros for one in results if one.is_priced]
    return Report(
        canary=canary,
        verifier=verifier,
        seed=seed,
        asked=asked,
        done=len(results),
        stopped=stopped,
        false_pass=rates[0].false_pass if rates else Rate(0, 0),
        false_fail=rates[0].false_fail if rates else Rate(0, 0),
        inconclusive_bad=sum(not one.is_decided for one in bad),
        inconclusive_good=sum(not one.is_decided for one in good),
        factory_passed_bad=sum(one.found == "pass" for one in bad),
        factory_passed_good=sum(one.found == "pass" for one in good),
        cost_micros=sum(priced),
        unpriced=len(results) - len(priced),
        cost_per_verdict=round(sum(priced) / len(priced)) if priced else None,
        seconds=round(seconds, 1),
        equivalent=equivalent,
        unusable=unusable,
        patches=tuple(results),
    )


def why_to_stop(results: Sequence[CanaryResult], left_micros: int) -> str:
    """Why no further patch is shown, as a sentence; empty when one may be.

    Args:
        left_micros: What is left of the budget.
    """
    if left_micros <= 0:
        return "The budget is used up."
    costs = [one.cost_micros for one in results if one.is_priced]
    if costs and sum(costs) / len(costs) > left_micros:
        return "What is left of the budget is less than a verdict has cost so far."
    silent = [not one.said for one in results[-SILENT_AT_MOST:]]
    if len(silent) == SILENT_AT_MOST and all(silent):
        return f"It left no usable verdict {SILENT_AT_MOST} times in a row: {results[-1].why}"
    return ""
