"""What the coder-verifier loop achieved and cost over many runs, each number with how sure it is (domain §9)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from factory.model.canary import CanaryResult
from factory.model.trial import Assignment
from factory.ports.statistics import NoStatistics, Statistics
from factory.rules.agent_flags import agent_flags
from factory.rules.canaries import CanaryRates, canary_rates
from factory.rules.flags import Flag
from factory.rules.intervals import Middle, middle
from factory.rules.metrics import GIVEN_UP, Measured, RunMetrics, superseded_in_time, with_rework
from factory.rules.shares import Period, Shares, over_time, shares, tallied, window_closed
from factory.rules.trial import Outcome, Trial, trial


@dataclass(frozen=True, kw_only=True)
class Summary(Shares):
    """Many runs together. Money in micro-USD."""

    runs: int
    reached_qa: int
    over_time: tuple[Period, ...]
    """The shares of the runs that began in each period, oldest first; empty when there is only one."""
    caught: int
    escaped: int
    cost_per_catch_micros: int | None
    """None when nothing was caught."""
    verifier_cost_micros: int
    verifier_unpriced: int
    """Verifier attempts whose cost nobody knows: the sums are the least that was spent."""
    lead_time_s: Middle
    cost_micros: Middle
    rounds: Middle
    """Of runs that a verifier was asked in."""
    stalled_minutes: Middle
    score: Middle
    """Of runs that reached QA."""
    early_rework: int
    late_rework: int
    retries: Mapping[str, int]
    cost_by_role: Mapping[str, int]
    unpriced: int
    """Cost entries that nobody knows the amount of."""
    timeouts: Mapping[str, int]
    canaries: tuple[CanaryRates, ...]
    trial: Trial
    """What the comparison arms have shown."""
    flags: tuple[Flag, ...]
    """About agents, over all runs."""


@dataclass(frozen=True)
class Report:
    """Many runs together, and each of them."""

    summary: Summary
    runs: tuple[RunMetrics, ...]
    """Newest first."""
    goals: Mapping[str, str]
    """By run."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured: no run, and no canary."""
        return not self.runs and not self.summary.canaries


def nothing() -> Report:
    """The report of no runs at all."""
    return report(NoStatistics(), (), "")


def report(
    statistics: Statistics,
    found: Sequence[Measured],
    now: str,
    canaries: Sequence[CanaryResult] = (),
    assignments: Sequence[Assignment] = (),
) -> Report:
    """All runs together, and one by one.

    Args:
        found: Oldest first.
        now: UTC; decides whose 14 days are over.
        canaries: Oldest first.
        assignments: Of runs to comparison arms.
    """
    again = _again(found)
    runs = [with_rework(one, again[one.metrics.run]) for one in found]
    goals = {one.metrics.run: one.goal for one in found}
    return Report(
        _summary(statistics, runs, now, canaries, assignments), tuple(one.metrics for one in reversed(runs)), goals
    )


def _again(found: Sequence[Measured]) -> Counter[str]:
    """How many runs superseded each run in time."""
    known = {one.metrics.run: one for one in found}
    pairs = [
        (known[one.supersedes], one) for one in found if one.supersedes in known and one.metrics.state not in GIVEN_UP
    ]
    return Counter(old.metrics.run for old, new in pairs if superseded_in_time(old, new.supersedes, new.born))


def _summary(
    statistics: Statistics,
    runs: Sequence[Measured],
    now: str,
    canaries: Sequence[CanaryResult],
    assignments: Sequence[Assignment],
) -> Summary:
    metrics = [one.metrics for one in runs]
    at_qa = [one for one in runs if one.metrics.counts.reached_qa]
    past = [one.metrics for one in window_closed(runs, now)]
    sums = tallied(runs)
    mid = partial(middle, statistics)
    paid = sum(one.cost_by_role.get("verifier", 0) for one in metrics)
    return Summary(
        **vars(shares(statistics, runs, now)),
        runs=len(runs),
        reached_qa=len(at_qa),
        over_time=over_time(statistics, runs, now),
        caught=sums.caught,
        escaped=sums.escaped,
        cost_per_catch_micros=paid // sums.caught if sums.caught else None,
        verifier_cost_micros=paid,
        verifier_unpriced=sums.unpriced,
        lead_time_s=mid([one.lead_time_s for one in metrics if one.lead_time_s is not None]),
        cost_micros=mid([float(one.cost_micros) for one in runs if not one.metrics.unpriced]),
        rounds=mid([float(one.rounds) for one in metrics if one.rounds]),
        stalled_minutes=mid([one.stalled_minutes for one in metrics]),
        score=mid([float(one.metrics.score) for one in at_qa]),
        early_rework=sum(one.early_rework for one in metrics),
        late_rework=sum(one.late_rework for one in metrics),
        retries=_added(one.retries for one in metrics),
        cost_by_role=_added(one.cost_by_role for one in metrics),
        unpriced=sum(one.unpriced for one in metrics),
        timeouts=_added(one.timeouts for one in metrics),
        canaries=canary_rates(statistics, canaries),
        trial=trial(statistics, _outcomes(assignments, past)),
        flags=agent_flags(chain(*(one.tries for one in runs)), chain(*(one.said for one in runs)), canaries),
    )


def _outcomes(assignments: Sequence[Assignment], past: Sequence[RunMetrics]) -> list[Outcome]:
    """What became of each run that was given an arm, whatever was done in it then, and whether or not it reached QA."""
    reworked = {one.run for one in past if one.late_rework}
    done = {one.run for one in past}
    return [Outcome(one, one.given_to in reworked, one.given_to in done) for one in assignments]


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)
