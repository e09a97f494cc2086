"""How long an agent has worked: our own seconds, without those in which it waits for a person."""

import time


class WorkClock:
    """Counts from one look to the next."""

    def __init__(self) -> None:
        self._looked = time.monotonic()
        self.worked_s = 0.0

    def look(self, is_waiting: bool) -> float:
        """Seconds of work so far.

        Args:
            is_waiting: It waits for an answer now: a person who thinks is no agent that hangs.
        """
        now = time.monotonic()
        if not is_waiting:
            self.worked_s += now - self._looked
        self._looked = now
        return self.worked_s
