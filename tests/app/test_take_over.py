"""`T` goes on where the coder stopped: asked, paused first, in a window of tmux; else a sentence that says how."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.screens import taking_over
from cockpit.screens.confirm import Confirm
from cockpit.surroundings import Surroundings
from factory.errors import SourceError, Unreachable
from factory.ports.agents import WayIn
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
    sessions: list[tuple[WayIn, str]] = field(default_factory=list)

    def open_window(self, folder: Path, name: str) -> None:
        """Note it."""
        if self.refuse:
            raise self.refuse
        self.opened.append((folder, name))

    def open_session(self, way: WayIn, name: str) -> None:
        """Note it."""
        if self.refuse:
            raise self.refuse
        self.sessions.append((way, name))


SHELL = "command:./coder.sh has no session that could go on."
SESSION = WayIn(Path("/w"), ("claude", "--resume", "s-1"), {"KEY": "secret"}, "/h/lock", "cd /w && claude --resume s-1")


def asking(worktrees: Path, way: WayIn | None = None, **more: Any) -> NotedOperations:
    return NotedOperations(way=way or WayIn(worktrees / sample.RUN / FOLDER, why=SHELL), **more)


@pytest.fixture
def worktrees(tmp_path: Path) -> Path:
    """A home with the newest worktree of the sample's goal."""
    (tmp_path / sample.RUN / FOLDER).mkdir(parents=True)
    return tmp_path


async def test_it_asks_and_opens_a_window_there(worktrees: Path) -> None:
    windows, operations = Windows(), asking(worktrees)
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
        assert app.said.text == "No session of 8t0a goes on: a tmux window has its worktree; leave it, then p."
    assert windows.opened == [(worktrees / sample.RUN / FOLDER, "goal-8t0a")]
    assert operations.asked == [("take_over", sample.RUN)], "a goal that waits for a person is not paused"


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_goal_at_work_is_paused_before_anybody_goes_in(worktrees: Path, is_refused: bool) -> None:
    row = replace(sample.ROWS[1], state="running", step_kind="build", needs_person=False)
    windows, operations = Windows(), asking(worktrees)
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
    assert operations.asked == ([] if is_refused else [("pause", row.id), ("take_over", row.id)])
    assert len(windows.opened) == (0 if is_refused else 1)


@pytest.mark.parametrize("windows", [None, Windows(is_inside=False)])
async def test_outside_of_tmux_it_says_how_by_hand(worktrees: Path, windows: Windows | None) -> None:
    around = Surroundings(worktrees=worktrees, terminal=windows)
    app = cockpit(operations=asking(worktrees), surroundings=around)
    async with app.run_test() as pilot:
        await gone_in(pilot)
        assert "Not inside tmux, so by hand (copied): cd " in app.said.text
        assert app.clipboard == f"cd {worktrees / sample.RUN / FOLDER}"
    app = cockpit(operations=asking(worktrees, SESSION), surroundings=around)
    async with app.run_test() as pilot:
        await gone_in(pilot)
        assert app.said.text == f"Not inside tmux, so by hand (copied): {SESSION.typed}"
        assert app.clipboard == SESSION.typed


async def gone_in(pilot: Pilot[Any]) -> None:
    """Press T and say yes."""
    await ready(pilot, sample.RUN)
    await pilot.press("T")
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    await pilot.press("y")
    await settled(pilot)


async def test_the_session_of_the_agent_opens_where_it_has_one(worktrees: Path) -> None:
    windows, operations = Windows(), asking(worktrees, SESSION)
    app = cockpit(operations=operations, surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await gone_in(pilot)
        assert app.said.text.startswith("The session of 8t0a is in a tmux window")
    assert (windows.sessions, windows.opened) == ([(SESSION, "goal-8t0a")], [])


async def test_an_agent_that_is_still_at_work_keeps_its_session_to_itself(worktrees: Path) -> None:
    windows, operations = Windows(), asking(worktrees, SESSION, still_ending=1)
    app = cockpit(operations=operations, surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await gone_in(pilot)
        assert app.said.text == "claude is at work there. Pause the goal first: p."
    assert windows.sessions == []


async def test_one_that_was_interrupted_is_waited_for(worktrees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_over, "_LOOK_S", 0.0)
    row = replace(sample.ROWS[1], id=sample.RUN, state="running", step_kind="build", needs_person=False)
    last = replace(sample.VIEW.attempts[-1], state="running", ended_at="")
    view = replace(sample.VIEW, attempts=(*sample.VIEW.attempts[:-1], last))
    windows, operations = Windows(), asking(worktrees, SESSION, still_ending=3)
    desk = Desk(ledger=ShelfLedger(shelf={row.id: row}, views={row.id: view}))
    app = cockpit(desk, operations, surroundings=Surroundings(worktrees=worktrees, terminal=windows))
    async with app.run_test() as pilot:
        await gone_in(pilot)
        await until(pilot, lambda: windows.sessions)
    assert operations.asked == [("pause", sample.RUN), ("take_over", sample.RUN)]


async def test_what_tmux_refuses_is_said_and_no_worktree_is_a_sentence(worktrees: Path) -> None:
    windows = Windows(refuse=Unreachable("tmux does not answer.", "By hand: cd there"))
    around = Surroundings(worktrees=worktrees, terminal=windows)
    app = cockpit(operations=asking(worktrees), surroundings=around)
    async with app.run_test() as pilot:
        await gone_in(pilot)
        assert app.said.text == "tmux does not answer. By hand: cd there"
        await ready(pilot, sample.ROWS[3].id)
        await pilot.press("T")
        await settled(pilot)
        assert "5v2x has no worktree on this machine" in app.said.text
