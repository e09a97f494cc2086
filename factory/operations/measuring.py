"""Reading what metrics are made of: every run once, and again only when an event names it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from factory.model.audit import Event
from factory.model.canary import RECORDED, CanaryResult
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.identity import Entity
from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.thread import Message, Thread
from factory.model.view import RunView
from factory.ports.ledger import Ledger
from factory.rules.canaries import recorded
from factory.rules.metrics import Measured, measured
from factory.rules.timeouts import ACTIONS

PAGE = 1_000
TOGETHER = 100
"""Runs that are read with one query for each kind of thing: few queries, and none that holds up another reader long."""
_KINDS: Mapping[str, type[Entity]] = {
    "attempts": Attempt, "threads": Thread, "gates": Gate, "approvals": Approval, "evidence": Evidence,
    "packages": Package, "costs": CostEntry,
}  # fmt: skip
"""What metrics are made of, by its name in a view, beside verdicts and the caps of runs."""


class Measuring:
    """All runs of a ledger, measured. Slow at first: call it in a thread, one at a time.

    Args:
        ledger: Where the runs are.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._seq = -1
        """Of the newest event that was taken in; -1 = nothing was read yet."""
        self._runs: dict[str, Measured] = {}
        self._canaries: dict[str, CanaryResult] = {}
        self.total = 0
        """Runs that the first look has to read; `count` of them are read."""

    @property
    def count(self) -> int:
        """Runs that are measured."""
        return len(self._runs)

    @property
    def runs(self) -> Sequence[Measured]:
        """Oldest first."""
        return tuple(self._runs.values())

    @property
    def canaries(self) -> Sequence[CanaryResult]:
        """Oldest first."""
        return tuple(self._canaries.values())

    def look(self, now: str) -> bool:
        """Take in what is new; False when nothing is.

        Args:
            now: UTC; until then a step counts as stalled that is.
        """
        head = self._ledger.head().count
        if head == self._seq:
            return False
        if self._seq < 0:
            self._read_all(now)
        else:
            self._read_new(now)
        self._seq = head
        return True

    def _read_all(self, now: str) -> None:
        by_run: dict[str, list[Event]] = defaultdict(list)
        for event in pages_of(self._ledger, 0, (*ACTIONS, RECORDED)):
            by_run[event.run].append(event)
        self._keep(by_run.get("", ()))
        ids = self._ledger.run_ids()
        self.total = len(ids)
        for view in slim_views(self._ledger, ids, now):
            self._runs[view.run.id] = measured(view, by_run.pop(view.run.id, ()))

    def _read_new(self, now: str) -> None:
        touched: dict[str, None] = {}
        for event in pages_of(self._ledger, self._seq):
            touched[event.run] = None
            self._keep((event,))
        for view in slim_views(self._ledger, tuple(filter(None, touched)), now):
            self._runs[view.run.id] = measured(view, _events_of(self._ledger, view.run.id))

    def _keep(self, events: Sequence[Event]) -> None:
        self._canaries |= {result.id: result for result in recorded(events)}


def measure(ledger: Ledger, run: Run, now: str) -> Measured:
    """One run, measured now."""
    (view,) = slim_views(ledger, (run.id,), now)
    return measured(view, _events_of(ledger, run.id))


def _events_of(ledger: Ledger, run: str) -> tuple[Event, ...]:
    return tuple(pages_of(ledger, 0, ACTIONS, run))


def slim_views(ledger: Ledger, runs: Sequence[str], now: str) -> Iterator[RunView]:
    """The views of runs with all that metrics are made of, and without the rest: steps, talk, outbox, pages, events."""
    for start in range(0, len(runs), TOGETHER):
        ids = [*runs[start : start + TOGETHER]]
        parts: dict[str, Any] = {name: _by_run(ledger.find(kind, run=ids)) for name, kind in _KINDS.items()}
        parts["budgets"] = _by_run(ledger.find(Budget, run=ids, scope="run"))
        parts["messages"] = _by_run(ledger.find(Message, run=ids, kind="verdict"))
        for run in ledger.find(Run, id=ids):
            mine: dict[str, Any] = {name: tuple(found[run.id]) for name, found in parts.items()}
            yield RunView(run=run, as_of=now, **mine)


def _by_run(found: Iterable[Any]) -> Mapping[str, list[Any]]:
    """What belongs to each run, in its order."""
    by_run: Mapping[str, list[Any]] = defaultdict(list)
    for one in found:
        by_run[one.run].append(one)
    return by_run


def pages_of(ledger: Ledger, since: int, actions: Sequence[str] = (), run: str = "") -> Iterator[Event]:
    """Events after `since`, oldest first, read page by page."""
    while page := ledger.events(since, PAGE, run, actions):
        yield from page
        since = page[-1].seq
