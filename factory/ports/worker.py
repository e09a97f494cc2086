"""The worker process, as a client sees it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class WorkerState:
    """Who holds the worker lock of this home."""

    running: bool
    pid: int = 0
    version: str = ""
    note: str = ""
    """A sentence for the screen: an old version that cannot be replaced yet, …"""


class Workers(Protocol):
    """Starts and watches the one worker of a home."""

    def ensure(self) -> WorkerState:
        """Start a worker, detached, unless one runs; wait until it holds the lock.

        A worker of another version is drained and replaced when no agent runs; else that is said in `note`.

        Raises:
            Unreachable: `worker`, it died at start; the sentence has its last log line.
        """
        ...

    def state(self) -> WorkerState:
        """Who holds the lock now. Starts nothing."""
        ...

    def stop(self) -> bool:
        """Ask the worker to end cleanly (agents go on under their shims); False when none runs."""
        ...
