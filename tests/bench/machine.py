"""The class of machine that a run of benchmarks was taken on. No names of hosts or places."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version

LIBRARIES = ("dbos", "sqlalchemy", "msgspec", "textual")
TOO_BUSY = 2.0
"""A run with more load a core than this is to be repeated."""


@dataclass(frozen=True)
class Machine:
    """What numbers of this run depend on."""

    cores: int
    architecture: str
    python: str
    libraries: tuple[str, ...]
    load: tuple[float, float]
    """Load average of a minute before the first and after the last measurement."""

    @property
    def is_busy(self) -> bool:
        """Whether others used this machine too much for numbers to be trusted."""
        return max(self.load) > TOO_BUSY * self.cores


def load_now() -> float:
    """The load average of the last minute."""
    return round(os.getloadavg()[0], 1)


def this_machine(load_before: float) -> Machine:
    """The machine we run on, now."""
    libraries = tuple(f"{name} {version(name)}" for name in LIBRARIES)
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        architecture=platform.machine(),
        python=platform.python_version(),
        libraries=(f"SQLite {sqlite3.sqlite_version}", *libraries),
        load=(load_before, load_now()),
    )
