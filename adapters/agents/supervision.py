"""What the shim does while its program runs, and when it has ended. Stdlib only, of that only what is loaded soon."""

# ruff: noqa: PTH110, PTH116, PTH118

import errno
import os
import select
import signal
import time
from collections.abc import Callable

from adapters.agents import tree
from adapters.agents.capture import CAP_BYTES, Capture
from adapters.agents.hold_files import instant, outcome, read_limits, stop_reason, write_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TAG = "COCKPIT_HOLD"
"""Environment variable of every process of a tree: the folder of its shim."""
LEASE_S = 90.0
WALL_S = 900.0
GRACE_S = 5.0

_TICK_S = 0.2
_READ = 1 << 20
_LEFT_BEHIND_GRACE_S = 1.0
_NOT_FOUND = (errno.ENOENT, errno.ENOTDIR)


def supervise(folder: str, pid: int, output: int, started: float, error: int, secrets: bytes = b"") -> None:
    """See a program through to its end and write `exit.json`.

    Args:
        output: The end of its output that we read.
        started: Seconds since the epoch.
        error: Why it could not be started (errno); 0 when it runs.
        secrets: Values that its output may not hold, with a NUL between them.
    """
    held = _Held(folder, pid, output, read_limits(folder), secrets.split(b"\0"))
    held.watch()
    facts: dict[str, Any] = {**held.finish(), "started_at": instant(started), "ended_at": instant(held.ended)}
    if error:
        facts |= {
            "end_reason": "not_started",
            "exit_code": 127 if error in _NOT_FOUND else 126,
            "problem": os.strerror(error),
        }
    write_end(os.path.join(folder, "exit.json"), facts)


class _Held:
    """One running program."""

    def __init__(self, folder: str, pid: int, output: int, limits: "dict[str, Any]", given: "list[bytes]") -> None:
        secrets = [*given, *(os.environb.get(name.encode(), b"") for name in limits.get("secret_names", ()))]
        log, growth = limits.get("log", ""), ""
        if not log:  # an agent's, which a replay shows as far as it had come
            log, growth = os.path.join(folder, "out.log"), os.path.join(folder, "growth")
        self._folder, self._pid, self._output = folder, pid, output
        cap_bytes = int(limits.get("cap_bytes", CAP_BYTES))
        self._capture = Capture(log, os.path.join(folder, "pulse"), cap_bytes, secrets, growth)
        self._wall = time.monotonic() + float(limits.get("wall_s", WALL_S))
        self._grace_s = float(limits.get("grace_s", GRACE_S))
        self._lease = _Lease(os.path.join(folder, "beat"), float(limits.get("lease_s", LEASE_S)))
        self._starter = 0 if limits.get("held") else -1
        self._status: int | None = None
        self._reason = ""
        self.ended = time.time()
        """When the program itself ended (seconds since the epoch)."""
        os.set_blocking(output, False)
        self._bell = _bell(lambda: self._stop_for("terminated"))

    def watch(self) -> None:
        """Take its output until it ends, or has to."""
        self._reap()
        while self._status is None and not self._reason:
            self._take(_TICK_S)
            self._look()

    def finish(self) -> "dict[str, Any]":
        """End what is left of the tree and say how it went."""
        grace = self._grace_s if self._reason else min(self._grace_s, _LEFT_BEHIND_GRACE_S)
        left = self._family()
        clean = tree.end(self._family, grace, self._take) if left else True
        self._reap()
        self._drain()
        self._capture.close()
        return {
            **outcome(self._status, self._reason),
            "output_bytes": self._capture.output_bytes,
            "dropped_bytes": self._capture.dropped_bytes,
            "redactions": self._capture.redactions,
            "left_behind": 0 if self._reason else len(left),
            "problem": self._capture.problem if clean else "Some of its processes could not be ended.",
        }

    def _look(self) -> None:
        """Decide whether it has to end, and show that it lives."""
        self._capture.pulse()
        stop = os.path.join(self._folder, "stop")
        if os.path.exists(stop):
            self._stop_for(stop_reason(stop))
        elif time.monotonic() > self._wall:
            self._stop_for("wall_clock")
        elif self._starter < 0 and self._lease.is_over():
            self._stop_for("lost_worker")

    def _stop_for(self, reason: str) -> None:
        self._reason = self._reason or reason

    def _family(self) -> set[tree.Process]:
        return tree.family(os.getpid(), f"{TAG}={self._folder}".encode())

    def _take(self, timeout_s: float) -> None:
        """Wait for output, the end of a child or of whoever started us, and take what there is."""
        sources = [source for source in (self._output, self._bell, self._starter) if source >= 0]
        ready, _, _ = select.select(sources, [], [], timeout_s)
        if self._output in ready:
            self._read()
        if self._bell in ready:
            os.read(self._bell, 4096)
        if self._starter in ready and not os.read(self._starter, 1):
            self._starter = -1
            self._stop_for("lost_worker")
        self._reap()

    def _read(self) -> bool:
        """Take one piece of output; False when there is none now, or no more."""
        try:
            chunk = os.read(self._output, _READ)
        except BlockingIOError:
            return False
        if chunk:
            self._capture.write(chunk)
        else:
            os.close(self._output)
            self._output = -1
        return bool(chunk)

    def _drain(self) -> None:
        """Take what is still in the pipe."""
        while self._output >= 0 and self._read():
            pass

    def _reap(self) -> None:
        """Take the end of every child; the orphans of the tree are ours too."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._pid:
                self._status, self.ended = status, time.time()


class _Lease:
    """Whether somebody still waits. Counts our own seconds: a clock that jumps, or a sleeping machine, ends nothing."""

    def __init__(self, beat: str, lease_s: float) -> None:
        self._beat, self._lease_s = beat, lease_s
        self._seen, self._at = 0, time.monotonic()

    def is_over(self) -> bool:
        """Whether the beat stood still for too long."""
        try:
            seen = os.stat(self._beat).st_mtime_ns
        except OSError:
            seen = 0
        if seen != self._seen:
            self._seen, self._at = seen, time.monotonic()
        return time.monotonic() - self._at > self._lease_s


def _bell(terminate: Callable[[], None]) -> int:
    """A file that becomes readable whenever a signal came."""
    bell, ringer = os.pipe()
    os.set_blocking(ringer, False)
    signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: terminate())
    return bell
