"""The threads that write the outbox to other systems: one for each, so that a slow one holds up nothing else."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from factory.errors import SourceError

_GAP_S = 0.5
"""A thread that is rung again and again looks no more often than this: a look costs queries, rings come in swarms."""
_AFTER_ERROR_S = 5.0

_log = logging.getLogger(__name__)

Deliver = Callable[[str], float]
"""One pass over what is due for a target; returns the seconds until there is more to do, if nothing new comes."""


class Deliveries:
    """Delivers to every target again and again until it is stopped."""

    def __init__(self, deliver: Deliver, targets: Iterable[str]) -> None:
        self._threads = {target: _Thread(target, partial(deliver, target)) for target in targets}
        self._deliver = deliver

    def start(self) -> None:
        """Begin."""
        for thread in self._threads.values():
            thread.start()

    def ring(self, target: str) -> None:
        """There is something new for a target: it is looked at now, or a moment after the look before."""
        if target in self._threads:
            self._threads[target].bell.set()

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
            thread.bell.set()
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
        self.bell = threading.Event()

    def run(self) -> None:
        """One pass after the other."""
        while not self.stopped.is_set():
            self.bell.clear()  # before the pass: what is rung during it may have come too late for it
            pause_s = self._pass()
            self.stopped.wait(min(pause_s, _GAP_S))
            self.bell.wait(max(0.0, pause_s - _GAP_S))

    def _pass(self) -> float:
        try:
            return self._deliver()
        except SourceError as error:
            _log.warning("The outbox waits: %s", error.message)
            return _AFTER_ERROR_S
