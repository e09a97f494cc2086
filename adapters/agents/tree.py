"""Finds and ends whole process trees on Linux, also the parts that left their session. Stdlib only, for the shim."""

# ruff: noqa: PTH123, PTH208

import os
import signal
import time
from collections.abc import Callable

Process = tuple[int, int]
"""Process id and start time (clock ticks since boot): together never used twice."""

LAST_RESORT_S = 10.0
"""How long SIGKILL is repeated after the grace."""


def identity(pid: int) -> Process | None:
    """The process with this id, if it lives (a zombie does not)."""
    fields = _stat(pid)
    return (pid, fields[1]) if fields else None


def parent(pid: int) -> int:
    """The parent's id; 0 when there is none to be found."""
    fields = _stat(pid)
    return fields[0] if fields else 0


def environment(pid: int) -> bytes:
    """The environment that a process was started with: `NAME=value`, each between NULs; empty when not readable."""
    try:
        return b"\0" + _read(pid, "environ")
    except OSError:
        return b""


def family(root: int, tag: bytes) -> set[Process]:
    """All descendants of a process, and all that carry the tag in their environment; not itself, not the caller."""
    living = {pid: fields for pid in _pids() if (fields := _stat(pid))}
    found = {pid for pid in living if pid != root and _descends(pid, root, living)}
    found |= {pid for pid in living.keys() - found if carries(pid, tag)}
    return {(pid, living[pid][1]) for pid in found - {root, os.getpid()}}


def tagged(tag: bytes) -> set[Process]:
    """All processes that carry the tag (`NAME=value`) in their environment, but for the caller."""
    return family(-1, tag)


def carries(pid: int, tag: bytes) -> bool:
    """Whether a process was started with this `NAME=value`."""
    return b"\0" + tag + b"\0" in environment(pid)


def end(find: Callable[[], set[Process]], grace_s: float, wait: Callable[[float], None] = time.sleep) -> bool:
    """End what `find` finds, until it finds nothing: SIGTERM, the grace, SIGKILL. False when something is left.

    Args:
        wait: Called between two looks, with the seconds to wait at most.
    """
    grace = time.monotonic() + grace_s
    asked: set[Process] = set()
    while left := find():
        now = time.monotonic()
        if now > grace + LAST_RESORT_S:
            return False
        for process in left if now > grace else left - asked:
            _send(process, signal.SIGKILL if now > grace else signal.SIGTERM)
        asked |= left
        wait(0.02)
    return True


def _send(process: Process, number: signal.Signals) -> None:
    """Send a signal, unless the process is gone; one that is stopped is woken to hear it."""
    if identity(process[0]) != process:
        return
    try:
        os.kill(process[0], number)
        os.kill(process[0], signal.SIGCONT)
    except (ProcessLookupError, PermissionError):
        return


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    with open(f"/proc/{pid}/{name}", "rb") as file:
        return file.read()


def _stat(pid: int) -> tuple[int, int] | None:
    """Parent and start time of a living process (`/proc/PID/stat`; the name in it may hold anything)."""
    try:
        fields = _read(pid, "stat").rpartition(b")")[2].split()
    except OSError:
        return None
    return (int(fields[1]), int(fields[19])) if fields and fields[0] not in (b"Z", b"X") else None


def _descends(pid: int, root: int, living: dict[int, tuple[int, int]]) -> bool:
    """Whether the chain of parents leads to the root."""
    seen = set()
    while pid in living and pid not in seen:
        seen.add(pid)
        pid = living[pid][0]
        if pid == root:
            return True
    return False
