"""The shares of many runs, each with its interval: of all of them, and of those that began in each period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial

from factory.ports.statistics import Statistics
from factory.rules.adjudication import Tally
from factory.rules.backoff import seconds_between
from factory.rules.intervals import Rate, rate
from factory.rules.metrics import WINDOW_S, Measured

LENGTHS = (1, 7, 28, 91, 364)
"""Days of a period."""
MOST_PERIODS = 12


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Shares of runs, of passes and of change requests; counts only under five cases."""

    first_pass_yield: Rate
    """Approved with one build attempt and no rejection, of those that reached QA."""
    late_rework_rate: Rate
    """With late rework, of those that reached QA and ended more than 14 days ago."""
    catch_rate: Rate
    """Change requests that were needed, of these and the passes that escaped."""
    false_pass: Rate
    """Passes that escaped, of those that QA decided about."""
    false_fail: Rate
    """Change requests that were overturned, of those that were overturned or needed."""
    adjudication_coverage: Rate
    """Passes that QA decided about, of all passes."""
    request_coverage: Rate
    """Change requests that were overturned or needed, of all."""


@dataclass(frozen=True)
class Period:
    """The runs that began within some days."""

    start: str
    """Its first day, UTC: `2026-03-02`."""
    days: int
    runs: int
    shares: Shares


def shares(statistics: Statistics, runs: Sequence[Measured], now: str) -> Shares:
    """The shares of these runs, whose late rework is counted already.

    Args:
        now: UTC; decides whose 14 days are over.
    """
    share, sums = partial(rate, statistics), tallied(runs)
    closed = [one for one in window_closed(runs, now) if one.metrics.counts.reached_qa]
    return Shares(
        first_pass_yield=share(int(sums.first_pass), int(sums.reached_qa)),
        late_rework_rate=share(sum(one.metrics.late_rework > 0 for one in closed), len(closed)),
        catch_rate=share(sums.caught, sums.caught + sums.escaped),
        false_pass=share(sums.escaped, sums.approved + sums.rejected),
        false_fail=share(sums.overturned, sums.overturned + sums.caught),
        adjudication_coverage=share(sums.approved + sums.rejected, sums.passes),
        request_coverage=share(sums.overturned + sums.caught, sums.requests),
    )


def tallied(runs: Iterable[Measured]) -> Tally:
    """All tallies added up; its yes and no are the runs that say yes."""
    tallies = [vars(one.metrics.counts) for one in runs]
    return Tally(**{field.name: sum(each[field.name] for each in tallies) for field in fields(Tally)})


def window_closed(runs: Iterable[Measured], now: str) -> list[Measured]:
    """Those that ended more than 14 days ago: nothing can make late rework of them any more."""
    return [one for one in runs if one.ended_at and seconds_between(one.ended_at, now) > WINDOW_S]


def over_time(statistics: Statistics, runs: Sequence[Measured], now: str) -> tuple[Period, ...]:
    """The shares of the runs of each period, oldest first, those without a run too; none when all began in one.

    Periods are of one length, the shortest one of which at most `MOST_PERIODS` reach from the first run to the last;
    longer ones when there are more.
    """
    born = [(date.fromisoformat(one.born[:10]), one) for one in runs if one.born]
    if not born:
        return ()
    first, last = min(day for day, _ in born), max(day for day, _ in born)
    reach = (last - first).days
    days = next((each for each in LENGTHS if reach < each * MOST_PERIODS), LENGTHS[-1])
    groups: list[list[Measured]] = [[] for _ in range(reach // days + 1)]
    for day, one in born:
        groups[(day - first).days // days].append(one)
    if len(groups) < 2:
        return ()
    starts = [(first + timedelta(days=days * place)).isoformat() for place in range(len(groups))]
    return tuple(
        Period(start, days, len(group), shares(statistics, group, now))
        for start, group in zip(starts, groups, strict=True)
    )
