"""A clock that only moves when it is asked, and ids that count."""

from datetime import UTC, datetime, timedelta
from itertools import count

START = "2026-01-01T12:00:00.000Z"


class FixedClock:
    """`Clock` for tests: each `now()` is later than the one before, and nothing is left to chance.

    Args:
        start: What the first `now()` says.
        step_ms: How far each `now()` moves the clock; 0 = it stands still until `advance`.
    """

    def __init__(self, start: str = START, step_ms: int = 1) -> None:
        self._now = datetime.fromisoformat(start)
        self._step = timedelta(milliseconds=step_ms)
        self._ids = count(1)

    def now(self) -> str:
        """UTC, ISO-8601 with milliseconds and `Z`."""
        now = self._now
        self._now += self._step
        return now.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"

    def new_id(self, prefix: str) -> str:
        """`run_00000000000000000000000001` and so on; all prefixes share one count."""
        return f"{prefix}_{next(self._ids):026d}"

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
