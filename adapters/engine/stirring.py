"""Waiting for the ledger: a look at its file costs next to nothing, a look into it a query."""

import os
import time
from pathlib import Path

_LOOK_S = 0.02


class Stirring:
    """Pauses that end early when somebody has written to the ledger.

    Args:
        ledger: Its file. Of a database elsewhere nothing is seen, and every pause has its full length.
    """

    def __init__(self, ledger: Path | str) -> None:
        self._log = f"{ledger}-wal" if isinstance(ledger, Path) else ""
        self._seen = self._look()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the ledger is written to; what was written since the last call counts.

        Returns whether it may have been written to.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_S) if self._log else left)
            if self._has_stirred():
                return True
        return not self._log

    def _has_stirred(self) -> bool:
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def _look(self) -> tuple[int, int]:
        """Size and time of SQLite's write-ahead log."""
        try:
            found = os.stat(self._log)  # noqa: PTH116 - fifty times a second, and a plain string is faster
        except OSError:
            return 0, 0
        return found.st_size, found.st_mtime_ns
