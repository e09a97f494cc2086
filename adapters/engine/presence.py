"""Whether a client is open in this home: each holds a shared lock for as long as it runs. Standard library only."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from adapters.engine.lock import unusable


class Presence:
    """Says that a client is here, until it leaves or its process ends. Use it as a context manager.

    Args:
        home: The lock is `log/clients.lock` in it; entering raises `Unreachable` when it cannot be made.
    """

    def __init__(self, home: Path) -> None:
        self._path = _path(home)
        self._file = -1

    def __enter__(self) -> "Presence":
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unusable(self._path, error) from error
        fcntl.flock(self._file, fcntl.LOCK_SH)  # waits for the instant in which a worker looks
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        os.close(self._file)


def is_somebody_here(home: Path) -> bool:
    """Whether any client is open now. Raises `Unreachable`."""
    try:
        file = os.open(_path(home), os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unusable(_path(home), error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _path(home: Path) -> Path:
    return home / "log" / "clients.lock"
