"""`Workers` of this machine: starts, watches and ends the one worker of a home. Never imports the engine."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from adapters.engine.last_words import last_words
from adapters.engine.lock import Holder, holder, unusable
from factory.errors import Refused, Unreachable
from factory.ports.worker import WorkerState

_START_S = 60.0
_END_S = 30.0
"""A clean end takes a fraction of a second, and a machine that is very busy ten."""
_PAUSE_S = 0.02
_OF_AGENTS_ONLY = ("PROMPT_FILE", "RESULT_FILE", "ROLE", "RUN", "STEP", "ATTEMPT", "THREAD", "SUBJECT")


class LocalWorkers:
    """The worker of one home, as its clients see it.

    Args:
        home: Its folder.
        command: Starts a worker in the foreground, such as `python -m cockpit --home HOME worker`.
        version: Of this program; a worker of another one is replaced.
        start_s: How long a worker may take to become ready.
    """

    def __init__(self, home: Path, command: Sequence[str], version: str, start_s: float = _START_S) -> None:
        self._home = home
        self._command = tuple(command)
        self._version = version
        self._start_s = start_s
        self._log = home / "log" / "worker.log"

    def state(self) -> WorkerState:
        """Who holds the lock now. Starts nothing."""
        return self._state(holder(self._home))

    def ensure(self) -> WorkerState:
        """Start a worker, detached, unless one runs; wait until it takes commands.

        Raises:
            Unreachable: `worker`, it died at start or did not become ready; the sentence has its last log line.
        """
        until = time.monotonic() + self._start_s
        started: _Started | None = None
        while time.monotonic() < until:
            now = holder(self._home)
            if now is None:
                started = self._again(started)
            elif now.ready and (now.version == self._version or now.agents):
                return self._state(now)
            elif now.ready:
                self._end(now)
            time.sleep(_PAUSE_S)
        raise self._failed(f"was not ready after {self._start_s:.0f} s", started)

    def stop(self) -> bool:
        """Ask the worker to end cleanly, and wait until it is gone; its agents go on. False when none runs."""
        now = holder(self._home)
        if now is None:
            return False
        self._end(now)
        return True

    def _state(self, now: Holder | None) -> WorkerState:
        if now is None:
            return WorkerState(running=False)
        return WorkerState(running=True, pid=now.pid, version=now.version, note=self._note(now))

    def _note(self, now: Holder) -> str:
        if not now.ready or now.version == self._version:
            return ""
        return (
            f"The worker is of version {now.version} and this is {self._version}; "
            f"it is replaced once no agent runs ({now.agents} running now)."
        )

    def _again(self, started: "_Started | None") -> "_Started":
        if started is not None:
            if started.is_running:
                return started
            if started.exit_code not in (0, Refused.exit_code):  # another client's worker was faster, and is gone
                raise self._failed(f"ended at start (exit {started.exit_code})", started)
        return self._start()

    def _start(self) -> "_Started":
        try:
            self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise unusable(self._log, error) from error
        try:
            return _Started(self._command, self._home, log)
        except OSError as error:
            raise Unreachable(f"No worker can be started: {error}.", code="worker") from error
        finally:
            os.close(log)

    def _end(self, now: Holder) -> None:
        """SIGTERM; SIGKILL when that does not help: a run survives either."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            _send(now.pid, sign)
            if _within(_END_S, lambda: getattr(holder(self._home), "pid", 0) != now.pid):
                return
        raise self._failed(f"{now.pid} does not end", None)

    def _failed(self, what: str, started: "_Started | None") -> Unreachable:
        words = last_words(self._log, started.log_began if started else 0)
        return Unreachable(f"The worker {what}: {words}", hint=f"Its log: {self._log}", code="worker")


class _Started:
    """A worker process of our own making: own session, no terminal, everything it says in the log."""

    def __init__(self, command: Sequence[str], home: Path, log: int) -> None:
        self.log_began = os.fstat(log).st_size
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home,
            start_new_session=True, umask=0o077, env=_environment(),
        )  # fmt: skip
        # It outlives us; while we live, somebody has to take note of its end.
        threading.Thread(target=self._process.wait, daemon=True, name="worker-reaper").start()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode


def _environment() -> dict[str, str]:
    # A worker that an agent's program started is not part of that agent, and must not end or be marked with it.
    ours = {f"COCKPIT_{name}" for name in _OF_AGENTS_ONLY}
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("DBOS_")}


def _send(pid: int, sign: signal.Signals) -> None:
    if pid < 1:  # it has not said yet who it is, and 0 would be all of our own process group
        return
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise Unreachable(f"Worker {pid} belongs to another user.", code="worker") from error


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE_S)
    return True
