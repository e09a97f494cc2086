"""What an operator has before opening the cockpit: a home with quick agents, and a repository whose answer is wrong."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.product import PROGRAM, Cockpit, agent, cockpit, make_repository, verifier
from tests.e2e.terminal import Terminal, terminal

GOAL = "Fix the api: it answers right"
ACCEPT = "A1: it answers right :: grep -q right answer.txt"
CODER = """
    import json, os, pathlib, sys, time
    held = pathlib.Path({held!r})
    if held.with_name("broken").exists():
        sys.exit("the tool is broken")
    held.with_name("working").write_text(str(os.getpid()))
    while held.exists():
        time.sleep(0.05)
    pathlib.Path("answer.txt").write_text("right\\n")
    said = {{"summary": "It answers right.", "cost_usd": 0.01}}
    pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(said))
"""


@dataclass(frozen=True)
class Stage:
    """The home, the repository, and what holds the coder up."""

    at: Cockpit
    repository: Path
    held: Path
    """While this file exists, the coder does not come to an end."""

    @property
    def broken(self) -> Path:
        """While this file exists, the coder fails at once."""
        return self.held.with_name("broken")

    @property
    def working(self) -> int:
        """Process id of the coder; 0 when none has begun yet."""
        note = self.held.with_name("working")
        return int(note.read_text() or 0) if note.exists() else 0

    @property
    def worker(self) -> int:
        """Process id of the worker; raises `ProcessLookupError` when it does not live."""
        pid = int(json.loads((self.at.home / "worker.lock").read_text())["pid"])
        os.kill(pid, 0)
        return pid

    def approvals(self, run: str) -> int:
        """How often the run was approved at its QA gate."""
        return sum(event["action"] == "gate.decide" for event in self.at.events(run))

    @contextmanager
    def window(self, *shown: str) -> Iterator[Terminal]:
        """A cockpit at 80×24 that shows these words."""
        with window_on(self.at, self.repository, *shown) as opened:
            yield opened


@contextmanager
def window_on(at: Cockpit, folder: Path, *shown: str) -> Iterator[Terminal]:
    """A cockpit at 80×24 on a home, opened in this folder, that shows these words."""
    argv = [str(PROGRAM), "--home", str(at.home)]
    fixed = ("COLUMNS", "LINES")  # in the environment they would be the size, whatever the window's is
    environment = {name: value for name, value in at.shell.items() if name not in fixed}
    with terminal(argv, folder, environment) as opened:
        opened.shows(*shown, "NEXT")
        yield opened


@contextmanager
def stage_in(home: Path, folder: Path) -> Iterator[Stage]:
    """A stage over a new home; agents and repository lie in the folder."""
    held = folder / "held"
    coder = agent(folder / "agents", "coder", CODER.format(held=str(held)))
    checks = verifier(folder / "agents", command="grep -q right answer.txt")
    repository = make_repository(folder / "answers", {"answer.txt": "wrong\n"})
    with cockpit(home, f"[defaults]\ncoder = {json.dumps(coder)}\nverifier = {json.dumps(checks)}\n") as at:
        made = Stage(at, repository, held)
        try:
            yield made
        finally:
            held.unlink(missing_ok=True)
            made.broken.unlink(missing_ok=True)
