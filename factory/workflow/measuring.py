"""The knowledge page of the metrics of all runs: queued when a run has ended, on the thread that delivers pages."""

from factory.model.evidence import Package
from factory.model.outbox import METRICS, OutboxItem
from factory.operations.measuring import pages_of
from factory.operations.reporting import Reporting
from factory.ports.bundle import Ports
from factory.rules.figures import TITLE, chapters, every_flag, table_rows
from factory.rules.outbox import outbox_item
from factory.workflow.flow import WORKER
from factory.workflow.pages import queue

LOOK_BACK = 500
"""Events before its start that a worker looks at: a run that ended there may not be on the page."""
MOST_ROWS = 50
"""Of the newest runs: every write of the page is kept."""
_FROZEN = ("package.freeze",)


class MetricsPage:
    """Keeps one page about all runs; none of them waits for it.

    Args:
        ports: Of the worker.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._reporting = Reporting(ports)
        self._seq = -1
        """Of the newest event that was looked at; -1 before the first look."""

    def look(self) -> None:
        """Queue the page if a run has ended since the last look; the same text is never queued twice.

        Raises what the ledger raises.
        """
        head = self._ports.ledger.head().count
        if head == self._seq:
            return
        if self._seq < 0:
            self._seq = max(0, head - LOOK_BACK)
        if ended := self._ended():
            item = self._item(ended)
            self._ports.ledger.write(WORKER, lambda tx: queue(tx, self._ports, item))
        self._seq = head

    def _ended(self) -> str:
        """The run that ended last: whose closing package was frozen, the last thing that happens to it."""
        ledger = self._ports.ledger
        frozen = [ledger.get(Package, event.object) for event in pages_of(ledger, self._seq, _FROZEN)]
        return next((package.run for package in reversed(frozen) if package.phase == "final"), "")

    def _item(self, run: str) -> OutboxItem:
        found = self._reporting.report()
        shown = found.runs[:MOST_ROWS]
        rows = table_rows(shown, found.goals)
        text = self._ports.pages.metrics(TITLE, chapters(found.summary), every_flag(found, shown), rows)
        payload = {"ref": METRICS, "role": METRICS, "title": TITLE, "text": text}
        return outbox_item(run, "knowledge", "page", payload, METRICS)
