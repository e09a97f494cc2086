"""Comparison arms: does a verifier reduce late rework, against one more look of the coder's own (domain §9)?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from statistics import NormalDist
from typing import Literal

from factory.model.run import Run
from factory.model.trial import LABEL, REASON, Arm, Assignment
from factory.ports.statistics import Statistics
from factory.rules.intervals import difference, rate

BLOCK: tuple[Arm, ...] = ("A", "A", "B", "B")
"""Of four runs of a stratum, two get each arm."""
FEWEST = 30
"""Runs per arm below which nothing is said about a difference."""
ALPHA, POWER = 0.05, 0.80
BEFORE, AFTER = 0.30, 0.15
"""The fall in late rework that the trial is to be able to see."""

Wording = Literal["observational", "insufficient data", "no difference shown", "difference"]


def assign(id: str, run: Run, earlier: Sequence[Assignment]) -> Assignment:
    """The arm of a new run: before its work starts, balanced within its stratum, and not to be foreseen.

    It is drawn from what is left of its block, by the id of the run, which is chance until it is made. Whoever knows
    every arm of a block knows its last one; that is why they are not shown.

    Args:
        run: As it is created; a verifier that rules require keeps it out.
        earlier: Every assignment of before, oldest first.
    """
    stratum = f"{run.domain}/{run.priority}"
    if run.verifier_required:
        reasons = ", ".join(run.verifier_reasons) or "by rule"
        return Assignment(id=id, given_to=run.id, stratum=stratum, why=f"A verifier is required: {reasons}.")
    same = [one for one in earlier if one.stratum == stratum and one.arm]
    place = len(same) % len(BLOCK)
    block = same[-1].block if place else run.id
    left = list(BLOCK)
    for one in same[len(same) - place :]:
        left.remove(one.arm)
    arm = left[_drawn(stratum, run.id) % len(left)]
    return Assignment(id=id, given_to=run.id, arm=arm, stratum=stratum, block=block, place=place)


def in_arm(run: Run, given: Assignment) -> Run:
    """The run as its arm wants it.

    In both arms the check begins by itself: that nobody has to press `v` must not tell them apart.
    """
    if not given.arm:
        return run
    run = replace(run, labels=(*run.labels, LABEL), definition=replace(run.definition, auto_verify=True))
    return run if given.arm == "A" else replace(run, verifier_required=True, verifier_reasons=(REASON,))


def _drawn(stratum: str, run: str) -> int:
    return int.from_bytes(sha256(f"{stratum}\0{run}".encode()).digest()[:8], "big")


@dataclass(frozen=True)
class Outcome:
    """What became of one run of the trial."""

    assignment: Assignment
    reworked: bool
    """It was rejected at QA, or superseded within the window."""
    is_closed: bool
    """It ended, and its window is over."""


@dataclass(frozen=True)
class ArmCount:
    """One arm, by intention to treat: every run that was given it, whatever was done then."""

    assigned: int
    n: int
    """Those whose window is closed."""
    reworked: int

    @property
    def share(self) -> float:
        """Of late rework."""
        return self.reworked / self.n if self.n else 0.0


@dataclass(frozen=True)
class Trial:
    """What the trial says. Field names are JSON keys."""

    a: ArmCount
    b: ArmCount
    excluded: int
    wording: Wording
    low: float | None
    high: float | None
    """Of A minus B, as shares; None where nothing is said about it."""
    needed: int
    """Runs per arm to see the fall from `BEFORE` to `AFTER`."""
    sentence: str


def trial(statistics: Statistics, outcomes: Sequence[Outcome]) -> Trial:
    """What the arms have shown so far, with Newcombe's interval."""
    arms = {arm: _count([one for one in outcomes if one.assignment.arm == arm]) for arm in ("A", "B")}
    a, b = arms["A"], arms["B"]
    wording, interval = _judged(statistics, a, b)
    low, high = interval or (None, None)
    excluded = sum(not one.assignment.arm for one in outcomes)
    needed = runs_needed(BEFORE, AFTER)
    return Trial(a, b, excluded, wording, low, high, needed, _sentence(a, b, wording, interval, excluded, needed))


def _count(outcomes: Sequence[Outcome]) -> ArmCount:
    closed = [one for one in outcomes if one.is_closed]
    return ArmCount(len(outcomes), len(closed), sum(one.reworked for one in closed))


def _judged(statistics: Statistics, a: ArmCount, b: ArmCount) -> tuple[Wording, tuple[float, float] | None]:
    if not a.assigned + b.assigned:
        return "observational", None
    if min(a.n, b.n) < FEWEST:
        return "insufficient data", None
    found = difference(rate(statistics, a.reworked, a.n), rate(statistics, b.reworked, b.n))
    if found.low is None or found.high is None:
        return "insufficient data", None
    low, high = found.low, found.high
    return ("no difference shown" if low <= 0 <= high else "difference"), (low, high)


def _sentence(
    a: ArmCount, b: ArmCount, wording: Wording, interval: tuple[float, float] | None, excluded: int, needed: int
) -> str:
    left_out = f" {excluded} runs that need a verifier by rule are not in it." if excluded else ""
    if wording == "observational":
        return f"Observational: no run was given an arm, so the figures show no cause.{left_out}"
    counts = f"late rework {a.reworked} of {a.n} with a self-check, {b.reworked} of {b.n} with a verifier"
    enough = f"to see it fall from {100 * BEFORE:.0f} % to {100 * AFTER:.0f} %, about {needed} runs per arm are needed"
    more = f"; {enough}" if min(a.n, b.n) < needed else ""
    if interval is None:
        return f"Insufficient data (n={a.n} and {b.n}): {counts}{more}.{left_out}"
    low, high = map(_points, interval)
    points = f"difference {_points(a.share - b.share)} points, 95 % interval {low} to {high}"
    begin = "No difference shown" if wording == "no difference shown" else "A difference is shown"
    return f"{begin}: {counts}; {points}{more}.{left_out}"


def _points(share: float) -> str:
    return f"{100 * share:+.0f}"


def runs_needed(before: float, after: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """Runs per arm to tell two shares apart with this power (two-sided, normal approximation, equal arms)."""
    normal, middle = NormalDist(), (before + after) / 2
    under_null = normal.inv_cdf(1 - alpha / 2) * math.sqrt(2 * middle * (1 - middle))
    otherwise = normal.inv_cdf(power) * math.sqrt(before * (1 - before) + after * (1 - after))
    return math.ceil(((under_null + otherwise) / (before - after)) ** 2)
