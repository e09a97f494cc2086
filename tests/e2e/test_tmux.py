"""The real program in a real terminal: from a goal to done by its keys, at every size, and runs go on without it."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM, Cockpit, agent, cockpit, make_repository, verifier
from tests.e2e.terminal import Terminal, need_tmux, terminal

pytestmark = pytest.mark.e2e

GOAL = "Fix the api: it answers right"
ACCEPT = "A1: it answers right :: grep -q right answer.txt"
FIELDS = ("goal", "step", "agent", "verifier", "evidence", "cost", "blockers", "NEXT")
CODER = """
    import json, os, pathlib, time
    held = pathlib.Path({held!r})
    held.with_name("working").write_text(str(os.getpid()))
    while held.exists():
        time.sleep(0.05)
    pathlib.Path("answer.txt").write_text("right\\n")
    said = {{"summary": "It answers right.", "cost_usd": 0.01}}
    pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(said))
"""


@dataclass(frozen=True)
class Stage:
    """A home with quick agents, and a repository whose answer is wrong."""

    at: Cockpit
    repository: Path
    held: Path
    """While this file exists, the coder does not come to an end."""

    @property
    def worker(self) -> int:
        """Process id of the worker; raises `ProcessLookupError` when it does not live."""
        pid = int(json.loads((self.at.home / "worker.lock").read_text())["pid"])
        os.kill(pid, 0)
        return pid

    def approvals(self, run: str) -> int:
        """How often the run was approved at its QA gate."""
        return sum(event["action"] == "gate.decide" for event in self.at.events(run))


@pytest.fixture
def stage(home: Path, tmp_path: Path) -> Iterator[Stage]:
    """Everything that an operator has before opening the cockpit."""
    need_tmux()
    held = tmp_path / "held"
    coder = agent(tmp_path / "agents", "coder", CODER.format(held=str(held)))
    checks = verifier(tmp_path / "agents", command="grep -q right answer.txt")
    repository = make_repository(tmp_path / "answers", {"answer.txt": "wrong\n"})
    with cockpit(home, f"[defaults]\ncoder = {json.dumps(coder)}\nverifier = {json.dumps(checks)}\n") as at:
        try:
            yield Stage(at, repository, held)
        finally:
            held.unlink(missing_ok=True)


@pytest.fixture
def window(stage: Stage) -> Iterator[Terminal]:
    """The cockpit at 80×24."""
    argv = [str(PROGRAM), "--home", str(stage.at.home)]
    fixed = ("COLUMNS", "LINES")  # in the environment they would be the size, whatever the window's is
    environment = {name: value for name, value in stage.at.shell.items() if name not in fixed}
    with terminal(argv, stage.repository, environment) as opened:
        opened.shows("No goals yet.", "NEXT")
        yield opened


def test_a_goal_is_launched_verified_approved_once_and_done_by_keys(stage: Stage, window: Terminal) -> None:
    run = launch(stage, window)
    offered = window.shows("NEXT  v  Send commit")
    fields = fields_of(offered)
    assert set(FIELDS) <= set(fields), offered
    assert (fields["goal"], fields["blockers"]) == (GOAL, "none"), offered
    assert "◆ verify" in fields["step"], offered
    assert "command:" in fields["agent"], offered
    assert "prewired" in fields["verifier"], offered
    assert "files in" in fields["evidence"], offered
    assert "$0.01 of $5" in fields["cost"], offered

    window.keys("v")
    window.shows("Please confirm", f"Send “{GOAL}” to the verifier?")
    window.keys("y")
    window.shows("NEXT  a  Review the evidence")
    approve_by_code(stage, window, run)
    window.shows("· done ·", "Land the result")
    assert stage.approvals(run) == 1

    window.resize(200, 50)
    wide = (
        "─ Goals 1 ─",
        "─ Live 6 ─",
        "─ Steps 2 ─",
        "─ Thread 3 ─",
        "─ Evidence 4 ─",
        "─ Cost 5 ─",
        "─ Blockers 7 ─",
        GOAL,
    )
    window.shows(*wide, "COCKPIT", "LIVE")
    window.resize(60, 15)
    sentence = "Cockpit needs 80×24; this terminal is 60×15."
    window.until(lambda text: text.strip() == sentence, f"nothing but {sentence!r}")
    window.resize(80, 24)
    window.shows("─ Goals 1 ─", "NEXT", GOAL)


def test_leaving_the_cockpit_leaves_its_runs_going(stage: Stage, window: Terminal) -> None:
    stage.held.touch()
    run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)  # typed elsewhere: the cockpit shows it too
    window.shows(run[-4:], GOAL, "▶ build", "attempt 1, progress")
    working = stage.held.with_name("working")
    window.until(lambda _text: working.exists() and working.read_text(), "a coder at work")
    worker, coder = stage.worker, int(working.read_text())

    window.keys("q")
    window.until(lambda _text: window.ended(), "the end of the cockpit")
    os.kill(coder, 0)
    assert stage.at.status(run)["state"] == "running"

    stage.held.unlink()
    assert stage.at.drive(run)["state"] == "awaiting_qa"
    assert stage.at.approve(run).exit_code == 0
    assert stage.at.ok("wait", run, "--for", "done", "--timeout", "60")["state"] == "done"
    assert stage.worker == worker, "the worker that began it has ended it"


def launch(stage: Stage, window: Terminal) -> str:
    """Fill in the form and launch; the id of the run."""
    window.keys("n")
    window.shows("What would happen", "nothing has started")
    window.types(GOAL)
    window.shows("backend:")
    window.turn("Tab")
    window.types(ACCEPT)
    window.shows("backend:", "○ A1  it answers right", "command:")
    assert stage.at.ok("status")["runs"] == [], "the form shows what would happen, and does nothing"
    window.keys("C-j")
    window.shows("─ Goals 1 ─", "▶", without="What would happen")
    (run,) = stage.at.ok("status")["runs"]
    return str(run["run"])


def approve_by_code(stage: Stage, window: Terminal, run: str) -> None:
    """Try all that must not approve, then type the code."""
    window.keys("a")
    digest = stage.at.status(run)["gate"]["digest"]
    code = digest[:4]
    window.shows("✓ SUFFICIENT", "verifier says pass", "it answers right", digest, f"approve  type {code} then Enter")
    arm(window)
    for tried in (["y"], ["Enter"], ["a", "a"], ["y", "Enter"]):
        window.keys(*tried)
    window.shows("aa is not the code.", "_ _ _ _")
    wrong = "0000" if code != "0000" else "1111"
    window.types(wrong)
    window.shows(" ".join(wrong))
    window.keys("Enter")
    window.shows(f"{wrong} is not the code.", "_ _ _ _")
    assert (stage.at.status(run)["state"], stage.approvals(run)) == ("awaiting_qa", 0)
    window.types(code)
    window.shows(" ".join(code))
    assert stage.approvals(run) == 0, "the code alone approves nothing"
    window.keys("Enter", "Enter")


def arm(window: Terminal) -> None:
    """Wait until the card takes keys: it drops those of the first moment."""

    def takes(text: str) -> bool:
        window.keys("BSpace", "0")
        return "0 _ _ _" in text

    window.until(takes, "a card that takes keys")
    window.keys("BSpace", "BSpace", "BSpace", "BSpace")
    window.shows("_ _ _ _")


def fields_of(screen: str) -> dict[str, str]:
    """The eight fields by their names, as they stand in the frame of the selected goal and below it."""
    lines = [line.strip("│ ") for line in screen.split("\n") if line.startswith(("│", " NEXT"))]
    named = [line.partition(" ") for line in lines]
    return {name: rest.strip() for name, _, rest in named if name in FIELDS}
