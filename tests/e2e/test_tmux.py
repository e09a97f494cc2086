"""The real program in a real terminal: from a goal to done by its keys, at every size, and runs go on without it."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.guarding import HAND_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.e2e.terminal import WAIT_S, Terminal, need_tmux
from tests.tools.tuimeter import Session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

FIELDS = ("goal", "step", "agent", "verifier", "evidence", "cost", "blockers", "NEXT")


@pytest.fixture
def stage(home: Path, tmp_path: Path) -> Iterator[Stage]:
    """Everything that an operator has before opening the cockpit."""
    need_tmux()
    with stage_in(home, tmp_path) as made:
        yield made


@pytest.fixture
def window(stage: Stage) -> Iterator[Terminal]:
    """The cockpit, without goals."""
    with stage.window("No goals yet.") as opened:
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


@pytest.mark.slow
def test_a_second_cockpit_finds_the_run_that_the_first_one_left(stage: Stage, window: Terminal) -> None:
    stage.held.touch()
    run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)  # typed elsewhere: the cockpit shows it too
    window.shows(run[-4:], GOAL, "▶ build", "try 1, progress")
    window.until(lambda _text: stage.working, "a coder at work")
    worker, coder = stage.worker, stage.working

    window.keys("q")
    window.until(lambda _text: window.ended(), "the end of the cockpit")
    os.kill(coder, 0)
    assert stage.at.status(run)["state"] == "running"

    with stage.window(run[-4:], "▶ build", "try 1, progress") as second:
        assert (stage.worker, stage.working) == (worker, coder), "it was found, not begun again"
        stage.held.unlink()
        second.shows("NEXT  v  Send commit")
    assert stage.at.drive(run)["state"] == "awaiting_qa"
    assert stage.at.approve(run).exit_code == 0
    assert stage.at.ok("wait", run, "--for", "done", "--timeout", "100")["state"] == "done"
    assert stage.worker == worker, "the worker that began it has ended it"


@pytest.mark.slow
def test_a_blocked_goal_outlives_a_storm_of_sizes_and_is_retried_by_its_key(stage: Stage, window: Terminal) -> None:
    stage.broken.touch()
    stage.held.touch()
    with window.attached() as client:  # looked at, the block calls nobody: a call would hold the next one back for 30 s
        assert client.wait("No goals yet", WAIT_S)
        run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
        before = window.shows(f"! {run[-4:]} build is blocked", "oldest first · w", "NEXT  r  Retry", "knowledge live")
        storm(window)
        window.until(lambda text: still(text) == still(before), f"the picture of before the storm:\n{before}")

        stage.broken.unlink()
        window.keys("r")
        window.shows("Please confirm", f"Retry build of “{GOAL}”?")
        assert stage.working == 0, "the question alone retries nothing"
        window.keys("y")
        window.shows("▶ build", "progress", without="Please confirm")
        window.until(lambda _text: stage.working, "a coder at work")
        window.record(stage.held.with_name("written"))
    come_back(stage, window)


def come_back(stage: Stage, window: Terminal) -> None:
    """Let a run need somebody while nobody is attached, and attach again: called once, and all is on screen."""
    written = stage.held.with_name("written")
    stage.held.unlink()
    window.shows("NEXT  v  Send commit")
    window.until(lambda _text: bells(written) == 1, "a call for the operator who is away")
    with window.attached() as client:
        assert client.wait("NEXT  v  Send commit", WAIT_S)
        window.until(lambda text: sees(client, text), "the same picture for who has come back")
        window.until(lambda _text: window.title == "cockpit ◆1 · 1 goal", "the title")
        window.keys("v")
        window.shows("Please confirm")
        window.keys("y")
        window.shows("NEXT  a  Review the evidence")
    assert bells(written) == 1, "neither coming back nor what is looked at calls anybody"


def storm(window: Terminal) -> None:
    """Twenty sizes in two seconds, among them one that is too small, and back."""
    sizes = [(60, 15), (200, 50), (81, 25), (120, 30), (300, 80), (80, 24), (179, 49), (100, 24), (60, 15), (240, 60)]
    for columns, lines in (*sizes, *reversed(sizes)):
        window.resize(columns, lines)
        time.sleep(0.1)  # the storm itself: a window that is dragged
    window.resize(80, 24)


def still(screen: str) -> list[str]:
    """The picture without its ages: they grow, and what stands beside them moves."""
    return [re.sub(r"[ ─]+", " ", re.sub(r"<?\d+(\.\d+)?[smh]?", "0", line)).strip() for line in screen.splitlines()]


def sees(client: Session, screen: str) -> bool:
    """Whether an attached client shows this screen, once it is quiet."""
    client.quiet()
    return still(client.terminal.visible()) == still(screen)


def bells(written: Path) -> int:
    """How often the terminal was rung; what ends a sequence is no bell."""
    return re.sub(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", b"", written.read_bytes()).count(b"\a")


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
    window.types(f"{code}\r\r")  # a paste, in a terminal that marks none: all of it comes at once
    window.shows(" ".join(code), "Press Enter again.")
    assert stage.approvals(run) == 0, "the code alone approves nothing, and no Enter that came with it"
    time.sleep(HAND_S)  # the hand itself
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
