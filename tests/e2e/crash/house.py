"""A home where everything is real: the command line as processes, its worker, shims, git, agents that count."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.engine.lock import Holder, WorkerLock, holder
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from cockpit.version import program_version
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.moves import awaits_request

PROGRAMS = Path(__file__).parent / "programs"
DEADLINE_S = 120.0
LOOK_S = 0.05
GOAL = "Fix the answer of the api"
AUTHOR = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")


class House:
    """A home, a source repository, two agents, and the folder where these note what they do."""

    def __init__(self, folder: Path) -> None:
        self.home, self.repo, self.notes = folder / "home", folder / "repo", folder / "notes"
        for place in (self.repo, self.notes):
            place.mkdir(parents=True)
        (self.repo / "answer.txt").write_text("wrong\n")
        for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "begin")):
            subprocess.run(("git", *AUTHOR, *words), cwd=self.repo, check=True)

    @cached_property
    def ledger(self) -> SqlLedger:
        """The ledger that the first client made; only read here."""
        return open_ledger(self.home / "ledger.db", SystemClock(), create=False)

    def view(self, run: str) -> RunView:
        """The run as it is now."""
        return self.ledger.view(run)

    def call(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One call of the command line, to its end."""
        return subprocess.run(
            self._argv(*words), cwd=self.repo, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=DEADLINE_S, check=False,
        )  # fmt: skip

    def json(self, *words: str) -> dict[str, Any]:
        """The object that a call printed, which succeeded."""
        done = self.call(*words, "--json")
        assert done.returncode == 0, f"{words[0]}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        value: dict[str, Any] = json.loads(done.stdout)
        return value

    def cut(self, after_s: float, *words: str) -> bool:
        """A call that is killed in the middle; False when it was faster."""
        process = self._open(*words)
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False

    def decide_alone(self, *words: str) -> dict[str, Any]:
        """A call while no worker runs; its client finds one that does nothing, and so starts none."""
        lock = WorkerLock(self.home)
        lock.take(Holder(os.getpid(), program_version(), ready=True))
        try:
            return self.json(*words)
        finally:
            lock.release()

    def last_words(self, lines: int = 60) -> str:
        """The end of the worker's log."""
        log = self.home / "log" / "worker.log"
        return (
            "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "no worker ever ran"
        )

    def _open(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._argv(*words), cwd=self.repo,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _argv(self, *words: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "cockpit", "--home", str(self.home), *words)

    def start_words(self, key: str) -> tuple[str, ...]:
        """The words of `start` with this key."""
        coder, verifier = (f"command:sh {PROGRAMS / name}.sh {self.notes}" for name in ("coder", "verifier"))
        check = f"sh {PROGRAMS / 'check.sh'} {self.notes}"
        return (
            "start", GOAL, "--repo", str(self.repo), "--priority", "H", "--domain", "backend", "--key", key,
            "--coder", coder, "--verifier", verifier,
            "--accept", f"A1: it is another answer :: {check} 'almost\\|right'",
            "--accept", f"A2: it is the right answer :: {check} right",
        )  # fmt: skip

    def start(self, key: str) -> str:
        """Start a run, or attach to it; its id."""
        return str(self.json(*self.start_words(key))["run"])

    def kill_worker(self) -> bool:
        """kill -9 of the worker, if there is one; it is gone when this returns."""
        now = holder(self.home)
        if now is None or now.pid < 1:
            return False
        try:
            os.kill(now.pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended by itself meanwhile
            return False
        until("the killed worker is gone", lambda: getattr(holder(self.home), "pid", 0) != now.pid)
        return True

    def await_artefacts(self, run: str) -> None:
        """Wait until the run can be sent to the verifier."""
        until("artefacts are ready", lambda: awaits_request(self.view(run)))

    def await_state(self, run: str, state: str) -> None:
        """Wait until the run is in a state."""
        until(f"the run is {state}", lambda: self.view(run).run.state == state)

    def noted(self, name: str) -> list[list[str]]:
        """What the programs noted, line by line in words."""
        file = self.notes / name
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def tell(self, *words: str) -> None:
        """Leave words for the agents: `hold.coder` and `hold.verifier` make them work on, `good`, `grow`."""
        for word in words:
            (self.notes / word).touch()

    def untell(self, *words: str) -> None:
        """Take words back."""
        for word in words:
            (self.notes / word).unlink()

    def at_work(self, run: str, role: str) -> list[Attempt]:
        """Attempts of a role whose program has begun and whose process tree lives."""
        begun = {(step, int(n)) for owner, step, n, who, *_ in self.noted("starts") if (owner, who) == (run, role)}
        found = [attempt for attempt in self.view(run).attempts if (attempt.step, attempt.n) in begun]
        return [attempt for attempt in found if self.tree(attempt)]

    def tree(self, attempt: Attempt) -> set[int]:
        """Every process of an attempt, wherever it went: each inherits the file that its agent opened."""
        return holders(self.notes / f"{attempt.step}.{attempt.n}")

    def agent_pid(self, attempt: Attempt) -> int:
        """The agent's own process."""
        return next(
            int(pid) for _, step, n, _, pid, *_ in self.noted("starts") if (step, int(n)) == (attempt.step, attempt.n)
        )

    def shim_pid(self, attempt: Attempt) -> int:
        """The shim that holds it."""
        return int(json.loads((Path(attempt.folder) / "pid.json").read_bytes())["pid"])


def holders(file: Path) -> set[int]:
    """Processes that have a file open."""
    return {int(fds.parent.name) for fds in Path("/proc").glob("[0-9]*/fd") if file in _opened(fds)}


def _opened(fds: Path) -> set[Path]:
    """What one process has open; one that ends meanwhile has nothing more."""
    found = set()
    with suppress(OSError):
        for place in fds.iterdir():
            with suppress(OSError):
                found.add(place.readlink())
    return found


def until(what: str, holds: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
    """Look again and again until it holds."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(LOOK_S)
