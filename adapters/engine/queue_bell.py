"""Has a queue looked at when something was put into it, not only when its turn comes."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from dbos._dbos import _get_dbos_instance

_THREAD = "queue-worker-"
"""How the library names the thread of a queue."""


class QueueBell:
    """Ends the pause of a queue's thread early. Only a hint: whoever hears nothing looks at its next turn.

    The library's threads pause by waiting for the event that tells them to stop, so that is where we wait with them.
    Were this to break in a new release, a pick-up takes a turn again and nothing else changes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()

    def hang(self) -> None:
        """Hang it into the engine that has just been launched."""
        for stop in _get_dbos_instance().background_thread_stop_events:
            stop.wait = partial(self._wait, stop)  # type: ignore[method-assign]  # they call it on these very objects
            stop.set = partial(self._stop, stop.set)  # type: ignore[method-assign]

    def ring(self, queue: str) -> None:
        """Have this queue looked at now, and once more when it is being looked at already."""
        with self._changed:
            self._rung[queue] += 1
            self._changed.notify_all()

    def _wait(self, stop: threading.Event, timeout: float | None = None) -> bool:
        """What `Event.wait` says: whether to stop. Returns early for the queue that is rung."""
        queue = threading.current_thread().name.removeprefix(_THREAD)
        with self._changed:
            self._changed.wait_for(lambda: stop.is_set() or self._rung[queue] > self._heard[queue], timeout)
            self._heard[queue] = self._rung[queue]
        return stop.is_set()

    def _stop(self, plainly: Callable[[], None]) -> None:
        """What `Event.set` does, heard by those who wait here."""
        plainly()
        with self._changed:
            self._changed.notify_all()


BELL = QueueBell()
"""The one of this process, as the engine is."""
