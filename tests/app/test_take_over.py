"""`T` goes into the worktree: asked, paused first, in a window of tmux; else a sentence that says how by hand."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cockpit.screens.confirm import Confirm
from cockpit.surroundings import Surroundings
from factory.errors import SourceError, Unreachable
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

FOLDER = "build-2-uild"
"""The newest coder's worktree in the sample."""


@dataclass
class Windows:
    """A multiplexer that notes what it was asked to open."""

    is_inside: bool = True
    refuse: SourceError | None = None
    opened: list[tuple[Path, str]] = field(default_factory=list)

    def open_window(self, folder: Path, name: str) -> None:
        """Note it."""
        if self.refuse:
            raise self.refuse
        self.opened.append((folder, name))


@pytest.fixture
def worktrees(tmp_path: Path) -> Path:
    """A home with the newest worktree of the sample's goal."""
    (tmp_path / sample.RUN / FOLDER).mkdir(parents=True)
    return tmp_path


async def test_it_asks_and_opens_a_window_there(worktrees: Path) -> None:
    windows, operations = Windows(), NotedOperations()
    app = cockpit(operations=operations, surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await settled(pilot)
        assert windows.opened == []
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settled(pilot)
        assert "is in a tmux window of its own; p lets the goal go on." in screen_text(app)
    assert windows.opened == [(worktrees / sample.RUN / FOLDER, "goal-8t0a")]
    assert operations.asked == [], "a goal that waits for a person is not paused"


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_goal_at_work_is_paused_before_anybody_goes_in(worktrees: Path, is_refused: bool) -> None:
    row = replace(sample.ROWS[1], state="running", step_kind="build", needs_person=False)
    windows, operations = Windows(), NotedOperations()
    if is_refused:
        operations.refuse = Unreachable("The worker does not answer.", "Try again.")
    ledger = ShelfLedger(shelf={row.id: row})
    app = cockpit(Desk(ledger=ledger), operations, surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await ready(pilot, row.id)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "Pause, go in" in screen_text(app)
        await pilot.press("y")
        await settled(pilot)
    assert operations.asked == ([] if is_refused else [("pause", row.id)])
    assert len(windows.opened) == (0 if is_refused else 1)


@pytest.mark.parametrize("windows", [None, Windows(is_inside=False)])
async def test_outside_of_tmux_it_says_how_by_hand(worktrees: Path, windows: Windows | None) -> None:
    app = cockpit(surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settled(pilot)
        assert app.said.text.startswith("Not inside tmux, so by hand (copied): cd ")
        assert app.clipboard == f"cd {worktrees / sample.RUN / FOLDER}"


async def test_what_tmux_refuses_is_said_and_no_worktree_is_a_sentence(worktrees: Path) -> None:
    windows = Windows(refuse=Unreachable("tmux does not answer.", "By hand: cd there"))
    app = cockpit(surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await settled(pilot)
        assert app.said.text == "tmux does not answer. By hand: cd there"
        await ready(pilot, sample.ROWS[3].id)
        await pilot.press("T")
        await settled(pilot)
        assert "5v2x has no worktree on this machine" in app.said.text
