"""The worker lock of a home: one worker at a time, and what it says about itself. Standard library only.

`worker.lock` holds one line of JSON. It counts only while somebody holds the `flock` on the file, so a killed worker
leaves nothing that has to be cleaned up.
"""

import errno
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from factory.errors import Refused, Unreachable

NAME = "worker.lock"
_LINE_BYTES = 256  # always as long, so that a reader never sees the rest of a longer line before
_PAUSE_S = 0.02


@dataclass(frozen=True)
class Holder:
    """What a worker says about itself. All empty while nobody holds the lock."""

    pid: int = 0
    version: str = ""
    ready: bool = False
    """It takes commands; not yet while it starts, not any more once it has begun to end."""
    agents: int = 0
    """Builds and verifications that are running now."""


class WorkerLock:
    """The lock, as a worker takes and holds it until its process ends.

    Args:
        home: Made, with mode 0700, when it is not there.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / NAME
        self._file = -1

    def take(self, holder: Holder, patience_s: float = 0.5) -> None:
        """Take the lock and say who holds it.

        A reader holds it for a moment when it looks; hence the patience.

        Raises:
            Refused: `locked`, another worker has it.
            Unreachable: `read_only` or `disk_full`, the file cannot be written.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unusable(self.path, error) from error
        until = time.monotonic() + patience_s
        while not _locked(self._file, fcntl.LOCK_EX):
            if time.monotonic() > until:
                os.close(self._file)
                raise _taken(self.path)
            time.sleep(_PAUSE_S)
        self.say(holder)

    def say(self, holder: Holder) -> None:
        """Replace what readers see. Raises `Unreachable`."""
        line = json.dumps(asdict(holder)).ljust(_LINE_BYTES - 1) + "\n"
        try:
            os.pwrite(self._file, line.encode(), 0)
        except OSError as error:
            raise unusable(self.path, error) from error

    def release(self) -> None:
        """Give the lock back. A worker does not: its last threads may still be at work until the process is gone."""
        os.close(self._file)


def holder(home: Path) -> Holder | None:
    """Who holds the lock of this home; None when nobody does."""
    try:
        file = os.open(home / NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(home / NAME, error) from error
    try:
        return None if _locked(file, fcntl.LOCK_SH) else _read(file)
    finally:
        os.close(file)


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: int) -> Holder:
    try:
        said = json.loads(os.pread(file, _LINE_BYTES, 0))
    except ValueError:
        return Holder()  # it has just taken the lock
    known = {field.name for field in fields(Holder)}  # a later version may say more
    return Holder(**{name: value for name, value in said.items() if name in known})


def _taken(path: Path) -> Refused:
    other = holder(path.parent) or Holder()
    who = f"Worker {other.pid} (version {other.version})" if other.pid else "Another worker"
    return Refused(
        f"{who} runs for {path.parent} already.", hint="Let it work, or end it: cockpit worker --stop", code="locked"
    )


def unusable(path: Path, error: OSError) -> Unreachable:
    """The sentence for a file of the home that cannot be opened or written: `disk_full`, else `read_only`."""
    code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "read_only"
    return Unreachable(
        f"{path} cannot be used: {error.strerror}.",
        hint="Make room or make the home writable, or choose another one with --home.",
        code=code,
    )
