"""The threads that write the outbox to other systems: one for each, so that a slow one holds up nothing else."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from factory.errors import SourceError

_LONGEST_PAUSE_S = 0.5  # what a workflow step has just queued should not wait for the next look that was planned
_AFTER_ERROR_S = 5.0

_log = logging.getLogger(__name__)

Deliver = Callable[[str], float]
"""One pass over what is due for a target; returns the seconds until there is more to do."""


class Deliveries:
    """Delivers to every target again and again until it is stopped."""

    def __init__(self, deliver: Deliver, targets: Iterable[str]) -> None:
        self._threads = {target: _Thread(target, partial(deliver, target)) for target in targets}
        self._deliver = deliver

    def start(self) -> None:
        """Begin."""
        for thread in self._threads.values():
            thread.start()

    def revive(self) -> None:
        """Put a new thread in the place of one that a defect ended; its traceback is in the log."""
        for target, thread in self._threads.items():
            if not thread.is_alive():
                self._threads[target] = _Thread(target, partial(self._deliver, target))
                self._threads[target].start()

    def stop(self, patience_s: float) -> None:
        """Finish the items at hand, if that takes no longer than `patience_s`; they are delivered again otherwise."""
        for thread in self._threads.values():
            thread.stopped.set()
        end = time.monotonic() + patience_s
        for thread in self._threads.values():
            if thread.is_alive():
                thread.join(max(0.0, end - time.monotonic()))

    @property
    def are_over(self) -> bool:
        """Whether every thread has ended."""
        return not any(thread.is_alive() for thread in self._threads.values())


class _Thread(threading.Thread):
    def __init__(self, target: str, deliver: Callable[[], float]) -> None:
        super().__init__(name=f"deliveries to {target}", daemon=True)
        self._deliver = deliver
        self.stopped = threading.Event()

    def run(self) -> None:
        """One pass after the other."""
        while not self.stopped.wait(self._pass()):
            pass

    def _pass(self) -> float:
        try:
            return min(self._deliver(), _LONGEST_PAUSE_S)
        except SourceError as error:
            _log.warning("The outbox waits: %s", error.message)
            return _AFTER_ERROR_S
