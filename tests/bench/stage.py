"""A home with a live worker and a tiny repository: the factory as an operator has it, for benchmarks."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cockpit.settings import Settings
from cockpit.wiring import opened_ports
from factory.model.launch import Launch
from factory.operations.start import start
from factory.operations.verbs import cancel
from factory.ports.bundle import Ports
from factory.rules.moves import delivered_attempt, has_final_package

LONGEST_S = 60.0
_GIT = ("git", "-c", "user.name=Bench", "-c", "user.email=bench@example.invalid", "-c", "commit.gpgsign=false")

# The first instruction of the agent is to look at the clock.
_AGENT = """\
import time; began = time.time_ns()
import os, pathlib, sys
note = pathlib.Path(sys.argv[1], os.environ["COCKPIT_RUN"])
note.with_suffix(".new").write_text(str(began))
note.with_suffix(".new").rename(note)
pathlib.Path("done.txt").write_text("done")
"""


@dataclass(frozen=True)
class Launched:
    """A run whose agent has started. Nanoseconds since the epoch."""

    run: str
    committed_ns: int
    """When the transaction of `start` had returned."""
    agent_ns: int
    """When the agent's program came to its first instruction."""


class Stage:
    """Starts runs and sees when their agents start."""

    goal = "Make done.txt"

    def __init__(self, home: Path, ports: Ports, repository: Path, notes: Path, agent: Path) -> None:
        self.home = home
        self.ports = ports
        self._repository, self._notes, self._agent = repository, notes, agent

    def launch(self) -> Launched:
        """Start one run and wait for what its agent delivers."""
        ledger = _Noting(self.ports.ledger)
        run = start(replace(self.ports, ledger=ledger), self._wish()).run
        note = self._notes / run
        _wait_until(lambda: delivered_attempt(self.ports.ledger.view(run)) is not None, "what the agent delivers")
        return Launched(run, ledger.returned_ns, int(note.read_text()))

    def end(self, run: str) -> None:
        """Cancel a run, and wait until the worker has nothing to do for it any more."""
        cancel(self.ports, run)
        _wait_until(lambda: has_final_package(self.ports.ledger.view(run)), "the end of the run")

    def _wish(self) -> Launch:
        return Launch(
            goal=self.goal,
            repo=self._repository,
            priority="L",
            domain="backend",
            accept=("A1: done.txt is there :: test -f done.txt",),
            coder=f"command:{sys.executable} {self._agent} {self._notes}",
            verifier="command:true",
        )


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A stage in this folder for as long as a block runs; its worker has taken its first look when it begins."""
    home, notes, agent = folder / "home", folder / "notes", folder / "agent.py"
    notes.mkdir(parents=True)
    agent.write_text(_AGENT)
    repository = _repository(folder / "repository")
    with opened_ports(Settings(home), "operator:bench") as ports:
        ports.workers.ensure()
        try:
            yield Stage(home, ports, repository, notes, agent)
        finally:
            ports.workers.stop()


class _Noting:
    """A ledger that notes when its last transaction had returned."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self.returned_ns = 0

    def write(self, *args: Any, **kwargs: Any) -> Any:
        """The same transaction."""
        result = self._ledger.write(*args, **kwargs)
        self.returned_ns = time.time_ns()
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def _repository(folder: Path) -> Path:
    """A git repository with one commit of one file."""
    folder.mkdir()
    (folder / "README.md").write_text("A tiny repository.\n")
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def _wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {LONGEST_S:.0f} s.")
        time.sleep(0.02)
