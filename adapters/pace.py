"""How fast one system may be asked: a bucket of tokens, and a rest when the system asks for one."""

import time
from collections.abc import Callable


class Pace:
    """Calls `turn` before each request. For one thread; a request more than the bucket holds waits a moment.

    Args:
        per_s: Requests a second in the long run.
        burst: Requests that may go at once after a pause.
    """

    def __init__(
        self,
        per_s: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._clock = clock
        self._sleep = sleep
        self._tokens = self._burst
        self._counted_at = clock()
        self._rest_until = self._counted_at

    def turn(self) -> None:
        """Wait until the next request may go."""
        self._count()
        if self._tokens < 1:
            self._sleep((1 - self._tokens) / self._per_s)
            self._count()
        self._tokens -= 1

    def rest(self, after_s: float) -> None:
        """Ask nothing for so long."""
        self._rest_until = max(self._rest_until, self._clock() + after_s)

    @property
    def rest_s(self) -> float:
        """Seconds of rest that are left."""
        return max(0.0, self._rest_until - self._clock())

    def _count(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._counted_at) * self._per_s)
        self._counted_at = now
