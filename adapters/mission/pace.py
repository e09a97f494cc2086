"""How fast we write. The server takes 60 writes a minute from everybody together; a 429 does not say how long."""

import threading
import time
from collections.abc import Callable

PER_MINUTE = 40
BURST = 10
"""With `PER_MINUTE` the most in any minute: 50, which leaves the others some."""
RESERVE = 8
"""Kept for what the operator decided."""
FIRST_S, LONGEST_S = 5.0, 60.0
"""Wait after a refusal (429): doubles from the first to the longest."""


class Pace:
    """Counts our writes; blocks nobody. For several threads.

    Args:
        now: Seconds that only grow.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._turn = threading.Lock()
        self._left = float(BURST)
        self._counted_at = now()
        self._wait_s = 0.0
        self._blocked_until = 0.0

    def ready_in_s(self, urgent: bool = False) -> float:
        """Seconds until a write may go; 0 = now. An urgent one may use what is kept for it."""
        with self._turn:
            self._count()
            short = 1.0 - self._left - (RESERVE if urgent else 0)
            blocked = self._blocked_until - self._counted_at
            return max(0.0, blocked, short * 60.0 / PER_MINUTE)

    @property
    def is_refused(self) -> bool:
        """Whether the server took none since it last refused one."""
        return self._wait_s > 0

    def spend(self) -> None:
        """Count a write that goes now."""
        with self._turn:
            self._count()
            self._left -= 1.0

    def refused(self) -> float:
        """The server takes no more; returns the seconds for which nobody tries."""
        with self._turn:
            self._count()
            self._wait_s = min(max(FIRST_S, 2 * self._wait_s), LONGEST_S)
            self._blocked_until = self._counted_at + self._wait_s
            return self._wait_s

    def accepted(self) -> None:
        """The server took one."""
        with self._turn:
            self._wait_s = self._blocked_until = 0.0

    def _count(self) -> None:
        now = self._now()
        self._left = min(float(BURST), self._left + (now - self._counted_at) * PER_MINUTE / 60.0)
        self._counted_at = now
