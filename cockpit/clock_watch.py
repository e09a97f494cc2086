"""Notices when the clock on the wall jumps: ages of what the ledger says are then off by as much."""

import time
from collections.abc import Callable
from datetime import datetime

from cockpit.store import Seen, Store

JUMP_S = 5.0
"""Smaller corrections change nothing that an operator sees."""
SHOWN_S = 600.0
"""How long the jump is listed among the sources."""


def steady() -> float:
    """Seconds that only grow, also while the machine sleeps where the system can tell: sleep is no jump."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ClockWatch:
    """Compares two clocks from one tick to the next.

    Args:
        store: Gets the source `clock` for a while after a jump.
        say: Puts a sentence on the screen.
        steady: Seconds that only grow, to compare with.
        monotonic: The clock of the store.
    """

    name = "clock"

    def __init__(
        self,
        store: Store,
        say: Callable[[str], None],
        steady: Callable[[], float] = steady,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._say = say
        self._steady = steady
        self._monotonic = monotonic
        self._last: tuple[datetime, float] | None = None
        self._jumped_at: float | None = None

    def tick(self, now: str) -> None:
        """Look at the clock once; `now` is what it says, UTC."""
        before, self._last = self._last, (datetime.fromisoformat(now), self._steady())
        jump = (self._last[0] - before[0]).total_seconds() - (self._last[1] - before[1]) if before else 0.0
        if abs(jump) >= JUMP_S:
            self._note(jump_sentence(jump, now))
        elif self._jumped_at is not None and self._last[1] - self._jumped_at >= SHOWN_S:
            self._jumped_at = None
            self._store.forget(self.name)

    def _note(self, sentence: str) -> None:
        self._jumped_at = self._steady()
        self._store.saw(self.name, Seen(self._monotonic(), True, sentence))
        self._say(sentence)


def jump_sentence(jump_s: float, now: str) -> str:
    """What happened and what it means to who reads ages."""
    way = "forward" if jump_s > 0 else "back"
    means = "older" if jump_s > 0 else "younger"
    return (
        f"The clock jumped {_length(abs(jump_s))} {way} to {now[11:16]} UTC: "
        f"what was written before looks that much {means}."
    )


def _length(seconds: float) -> str:
    whole = round(seconds)
    for size, unit in ((3600, "h"), (60, "min")):
        if whole >= 2 * size or (whole >= size and whole % size == 0):
            return f"{whole / size:.1f} {unit}".replace(".0 ", " ")
    return f"{whole} s"
