"""How long an agent takes to say its first word, and how long it has worked: our own seconds, not those of the day."""

import time
from collections.abc import Callable

from factory.model.agent_event import Outcome


class DriveClocks:
    """Counts from one look to the next.

    Args:
        connect_s: An agent that said nothing at all for so long after its start is not connected; 0 = never looked at.
        wall_s: Working time, without the seconds in which it waits for a person.
        now: Seconds that only grow.
    """

    def __init__(self, connect_s: float, wall_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._connect_s, self._wall_s, self._now = connect_s, wall_s, now
        self._looked = now()
        self._worked_s = 0.0
        self._is_heard = False

    def heard(self) -> None:
        """It said something, so it is there."""
        self._is_heard = True

    def over(self, is_waiting: bool) -> tuple[Outcome, str] | None:
        """Which clock has run out, as an outcome with a sentence; None while none has.

        Args:
            is_waiting: It waits for an answer now: a person who thinks is no agent that hangs.
        """
        now = self._now()
        if not is_waiting:
            self._worked_s += now - self._looked
        self._looked = now
        if self._connect_s and not self._is_heard and self._worked_s > self._connect_s:
            return "unconnected", f"it was started and said nothing for {self._connect_s:g} s"
        if self._worked_s > self._wall_s:
            return "timeout", f"it worked for {self._wall_s:g} s"
        return None
