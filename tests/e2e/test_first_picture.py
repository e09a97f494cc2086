"""The picture before the libraries: it says what the ledger says now, where the screen will say it."""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.engine.lock import Holder, WorkerLock
from adapters.ledger.open import open_ledger
from cockpit.kept_colours import keep
from cockpit.screens.layouts import BARS, plan
from cockpit.settings import Settings
from cockpit.version import program_version
from cockpit.wiring import make_home
from factory.model.run import Run, RunState
from tests.fakes.clock import FixedClock
from tests.tools.tuimeter import Session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
FIRST_ONLY = (
    "import sys, time, cockpit.cli.main as rest; rest.run = lambda argv: time.sleep(600); import cockpit.__main__"
)
"""Stops the start where the screen library would be imported."""
HELD = (
    "import sys, cockpit.cli.main as rest; whole = rest.run; "
    "rest.run = lambda argv: open({gate!r}).close() or whole(argv); import cockpit.__main__"
)
"""The same, until somebody opens the other end of a pipe."""
ESCAPES = "\x1b]52;c;eA==\x07\x1b[31mred\x1b[0m \u202eback [red] \x9b2J"
GOALS = ("Fix split(): parts must add up to the total", "Grüße an alle 東京 e\u0301", ESCAPES, "x" * 400)

LATE = (
    "alembic", "dbos", "genai_prices", "httpx", "jinja2", "msgspec", "numpy", "pydantic", "pygments", "scipy",
    "sqlalchemy", "typer", "watchfiles", "markdown_it", "rich.markdown", "rich.syntax", "tree_sitter",
    "textual.widgets._data_table", "textual.widgets._markdown", "textual.widgets._text_area",
    "cockpit.commands", "cockpit.draft", "cockpit.player", "cockpit.recording", "cockpit.operations", "cockpit.wiring",
    "cockpit.screens.ask", "cockpit.screens.batch", "cockpit.screens.confirm", "cockpit.screens.cost_review",
    "cockpit.screens.help", "cockpit.screens.launch", "cockpit.screens.menu", "cockpit.screens.peek",
    "cockpit.screens.permission", "cockpit.screens.review", "cockpit.screens.page", "cockpit.screens.pages",
    "factory.model.agent_event", "factory.model.evidence", "factory.model.gate", "factory.model.run",
    "factory.model.states", "factory.model.status", "factory.model.step", "factory.model.thread",
    "factory.operations", "factory.ports.agents", "factory.ports.workspace", "factory.rules.differences",
    "factory.rules.gate", "factory.rules.position", "factory.rules.review", "factory.rules.status",
    "widgets.permission", "widgets.review", "widgets.viewers.diff",
)  # fmt: skip
"""Each with all that is below it. A frozen dataclass takes a millisecond of a start: models wait until one is drawn."""


class Home:
    """A home with goals in it, on a terminal of its own. Its worker's lock is held, so that no worker meddles.

    Args:
        folder: Need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "ledger.db"
        self.environment = {"COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        make_home(Settings(folder))
        self.goals = 0

    def add(self, *goals: str, state: RunState = "ready") -> None:
        """Put goals into the ledger."""
        with closing(open_ledger(self.ledger, FixedClock())) as ledger:
            for goal in goals:
                self.goals += 1
                run = Run(id=f"run_{self.goals:026d}", goal=goal, state=state)
                ledger.write("test", lambda tx, run=run: tx.put(run, "run.create"))  # type: ignore[misc]

    @contextmanager
    def opened(self, *before: str, size: tuple[int, int] = (80, 24), term: str = "xterm-256color") -> Iterator[Session]:
        """The cockpit, from its first byte on."""
        start = ["-c", f"{'; '.join(before)}; sys.argv[1:] = {['--home', str(self.folder)]}; cockpit.__main__.main()"]
        argv = [sys.executable, "-P", *(start if before else ("-m", "cockpit", "--home", str(self.folder)))]
        session = Session(argv, size, str(ROOT), {"PYTHONPATH": str(ROOT), **self.environment}, term)
        try:
            yield session
        finally:
            session.close()

    def first_picture(self, size: tuple[int, int] = (80, 24), term: str = "xterm-256color") -> list[str]:
        """What stands there before the screen library is imported."""
        with self.opened(FIRST_ONLY, size=size, term=term) as session:
            return shown(session, "LIVE|DOWN|not been read|needs")

    def screen(self, size: tuple[int, int] = (80, 24), term: str = "xterm-256color") -> list[str]:
        """What stands there when the screen is up."""
        with self.opened(size=size, term=term) as session:
            return shown(session, "NEXT  ")


def shown(session: Session, pattern: str) -> list[str]:
    """The lines of the terminal once a pattern is among them."""
    found = session.wait(pattern, PATIENCE_S)
    assert found is not None, "\n".join(session.terminal.lines())
    return list(session.terminal.lines())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    with closing(open_ledger(made.ledger, FixedClock())):
        pass
    lock = WorkerLock(made.folder)
    lock.take(Holder(pid=0, version=program_version(), ready=True, agents=1))
    yield made
    lock.release()


def of_pane(lines: list[str], pane: str, needing: int, goals: int) -> list[str]:
    """The lines of a pane with its sides."""
    said = {"needs": max(2, needing) if needing else 0, "goals": goals}
    box = plan(len(lines[0]), len(lines) - BARS, said)[pane]
    return [line[box.x : box.x + box.width] for line in lines[box.y + 2 : box.y + box.height]]


def test_it_says_what_the_ledger_says_now(home: Home) -> None:
    home.add("Old words")
    home.first_picture()
    with closing(sqlite3.connect(home.ledger)) as other, other:
        other.execute("UPDATE runs SET goal = 'New words', state = 'awaiting_qa'")
    text = "\n".join(home.first_picture())
    assert "New words" in text
    assert "Old words" not in text
    assert "◆ 1 needs you" in text
    assert "QA gate" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 50), (240, 60)])
def test_goals_stand_where_the_screen_draws_them(home: Home, size: tuple[int, int]) -> None:
    home.add(*GOALS)
    home.add("Decide about me", state="awaiting_qa")
    early, late = home.first_picture(size), home.screen(size)
    assert early[0][: size[0] - 20] == late[0][: size[0] - 20], "the header, but for ages"
    for pane in ("needs", "goals"):
        assert of_pane(early, pane, 1, 5) == of_pane(late, pane, 1, 5)
    assert "Decide about me" in "\n".join(of_pane(early, "goals", 1, 5))


def test_more_goals_than_fit_stand_there_too(home: Home) -> None:
    home.add(*(f"Goal number {number}" for number in range(60)))
    early, late = home.first_picture(), home.screen()
    assert of_pane(early, "goals", 0, 60) == of_pane(late, "goals", 0, 60)
    assert "60 goals" in early[0]


def test_once_its_colours_are_known_it_has_them(home: Home) -> None:
    home.add(*GOALS)
    with home.opened() as session:
        shown(session, "NEXT  (?!reading)")
        session.pump(time.perf_counter() + PATIENCE_S, (home.folder / "colours").exists)
        shown(session, "LIVE 0")
        late = looks(session)
    with home.opened(FIRST_ONLY) as session:
        shown(session, "LIVE")
        early = looks(session)
    assert early[2:6] == late[2:6], "the lines of the goals"
    assert early[0][:50] == late[0][:50], "the header"


def looks(session: Session) -> list[list[object]]:
    """Colours and attributes of every cell; of a blank only those that are seen."""
    terminal = session.terminal
    attributes: list[list[Any]] = terminal.attr
    return [
        [look if text.strip() or not look else look[1:] for text, look in zip(*row, strict=True)]
        for row in zip(terminal.text, attributes, strict=True)
    ]


@pytest.mark.parametrize(
    ("environment", "term"),
    [({"NO_COLOR": "1"}, "xterm-256color"), ({"COLORTERM": ""}, "screen"), ({"LANG": "C", "LC_ALL": "C"}, "xterm")],
    ids=["no colour", "sixteen colours", "no UTF-8"],
)
def test_terminals_that_have_little_see_the_same_lines(home: Home, environment: dict[str, str], term: str) -> None:
    home.add(*GOALS)
    home.environment |= environment
    early, late = home.first_picture(term=term), home.screen(term=term)
    assert of_pane(early, "goals", 0, 4) == of_pane(late, "goals", 0, 4)
    if "LANG" in environment:
        assert "\n".join(early).isascii()


def test_without_colours_none_is_written_even_if_some_were_kept(home: Home) -> None:
    home.add("A goal")
    keep(str(home.folder), {"accent": "38;2;1;2;3"})
    home.environment["NO_COLOR"] = "1"
    with home.opened(FIRST_ONLY) as session:
        shown(session, "LIVE")
        codes = {repr(look) for row in looks(session) for look in row}
    assert not [code for code in codes if "38" in code]


def test_escape_sequences_in_a_goal_are_shown_and_not_obeyed(home: Home) -> None:
    home.add(ESCAPES)
    with home.opened(FIRST_ONLY, size=(200, 50)) as session:
        text = "\n".join(shown(session, "LIVE"))
        assert "␛]52;c;eA==␇␛[31m" in text
        assert session.terminal.title == ""


def test_a_small_terminal_is_told_what_is_needed(home: Home) -> None:
    home.add("A goal")
    text = "\n".join(home.first_picture(size=(60, 15)))
    assert "Cockpit needs 80×24; this terminal is 60×15." in text
    assert "A goal" not in text


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
def test_a_ledger_that_somebody_holds_is_said_in_it(home: Home, size: tuple[int, int]) -> None:
    home.add("A goal")
    with closing(sqlite3.connect(home.ledger, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        early, late = home.first_picture(size), home.screen(size)
    for text in ("\n".join(early), "\n".join(late)):
        assert "is held by" in text
        assert "DOWN" in text
        assert "No goals yet" not in text, "nobody knows that"
        assert "nothing needs you" not in text


def test_what_is_typed_before_the_screen_is_there_waits_for_it_unseen(home: Home) -> None:
    home.add("First goal", "Second goal")
    with typed_early(home, "j") as session:
        shown(session, "─ 0001 · ready")


def test_nothing_that_is_typed_early_approves(home: Home) -> None:
    home.add("Decide about me", state="awaiting_qa")
    with typed_early(home, "aay<enter>aa<enter>y") as session:
        shown(session, "Review")
        session.quiet(0.3)
    with closing(sqlite3.connect(home.ledger)) as ledger:
        for table in ("approvals", "commands"):
            assert ledger.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert ledger.execute("SELECT state FROM runs").fetchall() == [("awaiting_qa",)]


@contextmanager
def typed_early(home: Home, keys: str) -> Iterator[Session]:
    """A cockpit that goes on to its screen when these keys were typed."""
    gate = home.folder.with_name("gate")
    os.mkfifo(gate)
    with home.opened(HELD.format(gate=str(gate))) as session:
        shown(session, "LIVE")
        session.send(keys)
        gate.write_text("")
        yield session


def test_nothing_that_can_wait_is_imported_before_the_screen_answers_keys(home: Home, tmp_path: Path) -> None:
    kept = tmp_path / "modules"
    home.add("Fix the total", "Add a colour")
    note = f"lambda _: pathlib.Path({str(kept)!r}).write_text(' '.join(sys.modules))"
    early = ("import sys, pathlib, cockpit.__main__, cockpit.cli.late_ports as late", f"late.Opening.drawn = {note}")
    with home.opened(*early) as session:
        session.pump(time.perf_counter() + PATIENCE_S, lambda: kept.exists() and kept.stat().st_size > 0)
    imported = kept.read_text().split()
    assert "cockpit.screens.main" in imported
    assert [name for name in imported if any(f"{name}.".startswith(f"{late}.") for late in LATE)] == []
