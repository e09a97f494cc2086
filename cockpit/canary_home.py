"""The home inside the operator's in which canaries are verified, and who is at work there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factory.errors import Refused
from factory.operations.canary_holds import release_abandoned
from factory.ports.bundle import Ports

FOLDER = "other"
_LOCK = "alone.lock"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only canary there. Raises `Refused`: `locked`, another one is at work."""
    handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "Another canary is at work in this home.", "Wait for its end, then try again.", "locked"
            ) from error
        yield
    finally:
        os.close(handle)


def clear_up(ports: Ports, home: Path) -> None:
    """Give back what a killed canary held of the shared caps, unless one is at work.

    Args:
        ports: Of the operator's home.
        home: The operator's.
    """
    if not (home / FOLDER / _LOCK).exists():
        return
    try:
        with alone(home / FOLDER):
            release_abandoned(ports)
    except Refused as refused:
        if refused.code != "locked":
            raise
