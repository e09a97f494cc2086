"""Keys that only a real terminal can prove: words typed in one burst, a window beside the cockpit, the clipboard."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.e2e.terminal import Terminal, need_tmux

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def stage(home: Path, tmp_path: Path) -> Iterator[Stage]:
    """Everything that an operator has before opening the cockpit."""
    need_tmux()
    with stage_in(home, tmp_path) as made:
        yield made


@pytest.fixture
def run(stage: Stage) -> str:
    """A goal whose coder works until it is let go."""
    stage.held.touch()
    return stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)


@pytest.fixture
def window(stage: Stage, run: str) -> Iterator[Terminal]:
    """The cockpit with the goal at work."""
    with stage.window(run[-4:], "▶ build") as opened:
        opened.until(lambda _text: stage.working, "a coder at work")
        yield opened


def test_a_word_in_one_burst_stands_in_the_field_that_opens(stage: Stage, run: str, window: Terminal) -> None:
    for burst, opened in (("/pXpXvr", "/pXpXvr"), (":planted", "planted"), ("npause X", "What would happen"),
                          ("iplease X", "Instruct the coder")):  # fmt: skip
        window.types(burst)
        window.shows(opened, burst[1:])
        window.keys("Escape")
        window.shows("NEXT", GOAL, without=burst[1:])
    assert stage.at.status(run)["state"] == "running"


@pytest.mark.slow
def test_t_opens_the_worktree_in_a_window_of_tmux_and_comes_back(stage: Stage, run: str, window: Terminal) -> None:
    written = stage.held.with_name("written")
    window.record(written)  # what is said stays for some seconds, and the way there and back may take longer
    window.keys("T")
    window.shows("Take over from the coder of", "Pause, go in")
    window.keys("y")
    window.until(lambda _text: name_of(window) == f"goal-{run[-4:]}", "a window of its own")
    window.types("clear; basename $PWD; cat answer.txt")
    window.keys("Enter")
    window.shows("build-1-", "wrong", without="basename")
    window.types("exit")
    window.keys("Enter")
    window.shows("NEXT", GOAL)
    said = b"goes on: a tmux window has its worktree; leave it, then p."
    window.until(lambda _text: said in written.read_bytes(), "what to do afterwards, on the message line")
    assert stage.at.status(run)["state"] == "paused"
    stage.held.unlink()
    window.keys("p")
    window.shows("Resume “")
    window.keys("y")
    window.shows("NEXT  v  Send commit")


def test_y_and_its_sister_give_the_terminal_what_is_to_be_pasted(stage: Stage, run: str, window: Terminal) -> None:
    written = stage.held.with_name("written")
    window.record(written)
    window.keys("y")
    window.shows(f"Copied {run}")
    window.keys("Y")
    window.shows(f"Copied cockpit status {run}")
    window.until(lambda _text: copied(written) == [run, f"cockpit status {run}"], "both in the clipboard")


def test_r_records_what_is_on_screen(stage: Stage, window: Terminal) -> None:
    window.keys("R")
    window.shows("REC", "Recording what you see and type")
    window.resize(100, 30)
    window.until(lambda text: any(len(line) > 80 for line in text.splitlines()), "a wider picture")
    window.keys("e")
    window.shows("REC", "Evidence")
    window.keys("R")
    window.shows("Recorded: ", without="REC ")
    (file,) = (stage.at.home / "recordings").glob("*.cast")
    header, first, *events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (header["version"], header["width"], header["height"]) == (2, 80, 24)
    assert GOAL in first[2]
    assert "100x30" in [data for _, kind, data in events if kind == "r"]
    assert [at for at, *_ in events] == sorted(at for at, *_ in events)
    assert "\x1b]" not in "".join(data for _, kind, data in events if kind == "o")


def copied(written: Path) -> list[str]:
    """What was put into the clipboard by OSC 52, oldest first."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", written.read_bytes())
    return [base64.b64decode(one).decode() for one in found]


def name_of(window: Terminal) -> str:
    """The name of the window that is looked at."""
    return window.tmux("display-message", "-p", "#{window_name}").stdout.strip()
