"""Reading what metrics are made of: every run once, and again only when an event names it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from factory.model.audit import Event
from factory.model.canary import RECORDED, CanaryResult
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.thread import Message, Thread
from factory.model.view import RunView
from factory.ports.ledger import Ledger
from factory.rules.canaries import recorded
from factory.rules.metrics import Measured, measured
from factory.rules.timeouts import ACTIONS

PAGE = 1_000


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
        by_run: Mapping[str, list[Event]] = defaultdict(list)
        for event in pages_of(self._ledger, 0, (*ACTIONS, RECORDED)):
            by_run[event.run].append(event)
        self._keep(by_run.get("", ()))
        found = self._ledger.find(Run)
        self.total = len(found)
        for run in found:
            self._runs[run.id] = measured(slim_view(self._ledger, run, now), by_run.get(run.id, ()))

    def _read_new(self, now: str) -> None:
        touched: dict[str, None] = {}
        for event in pages_of(self._ledger, self._seq):
            touched[event.run] = None
            self._keep((event,))
        for id in filter(None, touched):
            self._runs[id] = measure(self._ledger, self._ledger.get(Run, id), now)

    def _keep(self, events: Sequence[Event]) -> None:
        self._canaries |= {result.id: result for result in recorded(events)}


def measure(ledger: Ledger, run: Run, now: str) -> Measured:
    """One run, measured now."""
    return measured(slim_view(ledger, run, now), tuple(pages_of(ledger, 0, ACTIONS, run.id)))


def slim_view(ledger: Ledger, run: Run, now: str) -> RunView:
    """The view of a run with all that metrics are made of, and without what is large: outbox, events, pages."""
    return RunView(
        run=run,
        attempts=ledger.find(Attempt, run=run.id),
        threads=ledger.find(Thread, run=run.id),
        messages=ledger.find(Message, run=run.id),
        gates=ledger.find(Gate, run=run.id),
        approvals=ledger.find(Approval, run=run.id),
        evidence=ledger.find(Evidence, run=run.id),
        packages=ledger.find(Package, run=run.id),
        costs=ledger.find(CostEntry, run=run.id),
        budgets=ledger.find(Budget, run=run.id),
        as_of=now,
    )


def pages_of(ledger: Ledger, since: int, actions: Sequence[str] = (), run: str = "") -> Iterator[Event]:
    """Events after `since`, oldest first, read page by page."""
    while page := ledger.events(since, PAGE, run, actions):
        yield from page
        since = page[-1].seq
