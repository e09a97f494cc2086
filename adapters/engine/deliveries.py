"""The thread that writes the outbox to other systems, so that a slow one holds up nothing else."""

import logging
import threading
from collections.abc import Callable

from factory.errors import SourceError

_LONGEST_PAUSE_S = 0.5  # what a workflow step has just queued should not wait for the next look that was planned
_AFTER_ERROR_S = 5.0

_log = logging.getLogger(__name__)


class Deliveries(threading.Thread):
    """Delivers again and again until it is stopped.

    Args:
        deliver: One pass over what is due; returns the seconds until there is more to do.
    """

    def __init__(self, deliver: Callable[[], float]) -> None:
        super().__init__(name="deliveries", daemon=True)
        self._deliver = deliver
        self._stopped = threading.Event()

    def run(self) -> None:
        """One pass after the other."""
        while not self._stopped.wait(self._pass()):
            pass

    def stop(self, patience_s: float) -> None:
        """Finish the item at hand, if that takes no longer than `patience_s`; it is delivered again otherwise."""
        self._stopped.set()
        if self.is_alive():
            self.join(patience_s)

    def _pass(self) -> float:
        try:
            return min(self._deliver(), _LONGEST_PAUSE_S)
        except SourceError as error:
            _log.warning("The outbox waits: %s", error.message)
            return _AFTER_ERROR_S
