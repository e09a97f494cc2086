"""Two real cockpits on one home: what one of them changes the other shows, and one decision counts in both."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.guarding import HAND_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.e2e.terminal import Terminal, need_tmux
from tests.e2e.test_tmux import arm

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def stage(home: Path, tmp_path: Path) -> Iterator[Stage]:
    """Everything that an operator has before opening the cockpit."""
    need_tmux()
    with stage_in(home, tmp_path) as made:
        yield made


def test_what_one_cockpit_does_the_other_shows_and_who_comes_second_is_told_who_and_when(stage: Stage) -> None:
    with stage.window("No goals yet.") as first, stage.window("No goals yet.") as second:
        run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
        for window in (first, second):
            window.shows(run[-4:], "NEXT  v  Send commit")
        confirm(first, "v")
        for window in (first, second):
            window.shows("NEXT  a  Review the evidence")
        code = stage.at.status(run)["gate"]["digest"][:4]
        for window in (first, second):
            window.keys("a")
            window.shows(f"approve  type {code} then Enter")
            arm(window)
            window.types(code)
            window.shows(" ".join(code))
        time.sleep(HAND_S)  # the hand itself
        first.keys("Enter")
        first.shows("· done ·", "Land the result")
        told = second.shows("approved this package at", "nothing can be decided on this card")
        assert "operator:" in told
        second.types(code)
        second.keys("Enter")
        second.keys("Escape")
        second.shows("· done ·", "Land the result")
        assert stage.approvals(run) == 1


def confirm(window: Terminal, key: str) -> None:
    """Press a key that asks first, and say yes."""
    window.keys(key)
    window.shows("Please confirm")
    window.keys("y")
