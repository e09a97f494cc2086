"""How long an attempt has been silent: no output, and no change of a file in its worktree."""

import os
import time
from pathlib import Path

SCAN_EVERY_S = 3.0
MOST_ENTRIES = 5000
"""A scan stops there: progress is looked for, not a complete list."""
_SKIPPED = frozenset({".git", ".venv", "node_modules", "__pycache__"})


class Silence:
    """The clock of one attempt; it also counts what passed before somebody looked.

    Args:
        pulse: The shim's count of the output; its age is the age of the last output.
    """

    def __init__(self, pulse: Path, worktree: Path, started: Path) -> None:
        self._pulse, self._worktree = pulse, worktree
        self._newest, self._scanned = 0, 0.0
        self.output_bytes = 0
        """What came so far, kept or not."""
        self._moved = time.monotonic() - _age_s(pulse if pulse.exists() else started)

    def look(self) -> float:
        """Seconds since the last sign of progress. Reads files: not for the event loop."""
        now = time.monotonic()
        if (output := _count(self._pulse, self.output_bytes)) != self.output_bytes:
            self.output_bytes, self._moved = output, max(self._moved, now - _age_s(self._pulse))
        if now - self._scanned >= SCAN_EVERY_S:
            newest = newest_change(self._worktree)
            if newest > self._newest and self._scanned:
                self._moved = now
            self._newest, self._scanned = max(newest, self._newest), now
        return max(now - self._moved, 0.0)


def newest_change(folder: Path) -> int:
    """When something in a folder last changed (ns since the epoch), as far as a bounded look can tell; 0 = unknown."""
    newest, seen, waiting = 0, 0, [str(folder)]
    while waiting and seen < MOST_ENTRIES:
        place = waiting.pop()
        try:
            newest = max(newest, os.stat(place).st_mtime_ns)  # noqa: PTH116 - plain strings are faster by half
            with os.scandir(place) as entries:
                for entry in entries:
                    seen += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting += [] if entry.name in _SKIPPED else [entry.path]
                    else:
                        newest = max(newest, entry.stat(follow_symlinks=False).st_mtime_ns)
        except OSError:
            continue  # it went away while we looked
    return newest


def _count(pulse: Path, before: int) -> int:
    try:
        return int(pulse.read_bytes())
    except (OSError, ValueError):  # not there yet, or just being written
        return before


def _age_s(file: Path) -> float:
    try:
        return max(time.time() - file.stat().st_mtime, 0.0)
    except OSError:
        return 0.0
