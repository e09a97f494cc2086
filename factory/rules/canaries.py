"""What canaries say about a verifier: patches of which it is known whether they are good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from factory.model.audit import Event
from factory.model.canary import RECORDED, CanaryResult
from factory.ports.statistics import Statistics
from factory.rules.intervals import Rate, rate

_FIELDS = tuple(field.name for field in fields(CanaryResult))


@dataclass(frozen=True)
class CanaryRates:
    """One verifier beside patches that are known. A verdict of `inconclusive`, or none, is neither pass nor refusal."""

    verifier: str
    n: int
    """Different patches; of one that it was shown again, its last word counts."""
    repeated: int
    """Results that a later one about the same patch has replaced."""
    caught: Rate
    """Bad patches that it wanted changed, of all bad ones."""
    false_pass: Rate
    """Bad patches that it passed, of all bad ones."""
    false_fail: Rate
    """Good patches that it wanted changed, of all good ones."""
    cost_micros: int
    """Of every result."""
    unpriced: int
    """Results whose cost nobody knows; it is not in the sum."""


def recorded(events: Iterable[Event]) -> tuple[CanaryResult, ...]:
    """The results that events hold, oldest first; events of any other kind are passed over."""
    return tuple(
        CanaryResult(**{name: event.detail[name] for name in _FIELDS if name in event.detail})
        for event in events
        if event.action == RECORDED
    )


def canary_rates(statistics: Statistics, results: Sequence[CanaryResult]) -> tuple[CanaryRates, ...]:
    """One entry a verifier, in the order of their first result.

    Each patch is one case: what a verifier says to the same patch again is no independent one, and the intervals
    would be too narrow.

    Args:
        results: Oldest first.
    """
    return tuple(
        _rates(statistics, verifier, [one for one in results if one.verifier == verifier])
        for verifier in dict.fromkeys(one.verifier for one in results)
    )


def _rates(statistics: Statistics, verifier: str, results: Sequence[CanaryResult]) -> CanaryRates:
    last = {(one.kind, one.patch): one.said for one in results}
    bad = [said for (kind, _), said in last.items() if kind == "bad"]
    good = [said for (kind, _), said in last.items() if kind == "good"]
    return CanaryRates(
        verifier=verifier,
        n=len(last),
        repeated=len(results) - len(last),
        caught=rate(statistics, bad.count("changes_requested"), len(bad)),
        false_pass=rate(statistics, bad.count("pass"), len(bad)),
        false_fail=rate(statistics, good.count("changes_requested"), len(good)),
        cost_micros=sum(one.cost_micros for one in results),
        unpriced=sum(one.basis == "unpriced" for one in results),
    )
