"""The report over all runs, made again only when something has changed."""

import threading

from factory.model.trial import Assignment
from factory.operations.measuring import Measuring
from factory.ports.bundle import Ports
from factory.rules.summary import Report, report


class Reporting:
    """Threads may share it; one measures at a time.

    Args:
        ports: Whose ledger is measured.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._measuring = Measuring(ports.ledger)
        self._turn = threading.Lock()
        self._report: Report | None = None
        self._day = ""

    @property
    def progress(self) -> tuple[int, int]:
        """How many runs the first look has read, and of how many; none of none before it has begun."""
        return self._measuring.count, self._measuring.total

    def report(self) -> Report:
        """The newest report; the same object while the ledger and the day are the same.

        The day counts because 14 days after its end a run counts for what it did not count for before.
        """
        with self._turn:
            now = self._ports.clock.now()
            is_new = self._measuring.look(now)
            if self._report is None or is_new or now[:10] != self._day:
                found = self._measuring
                assignments = self._ports.ledger.find(Assignment)
                self._report = report(self._ports.statistics, found.runs, now, found.canaries, assignments)
                self._day = now[:10]
            return self._report
