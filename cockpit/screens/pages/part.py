"""What a page can show: one part of a goal, the rows that it makes, and the keys that it answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factory.model.source import SourceLine
from factory.model.step import Attempt
from factory.model.view import RunRow
from factory.ports.ledger import Ledger
from factory.rules.differences import Still
from widgets.lines import Line
from widgets.sections import Goal
from widgets.viewers.long_text import LongText

if TYPE_CHECKING:
    from cockpit.app import CockpitApp
    from factory.rules.summary import Report

Keys = Sequence[str] | None


@dataclass(frozen=True)
class Desk:
    """Where parts read from."""

    evidence_of: Callable[[str], Path]
    """The folder with the evidence of a run."""
    ledger: Ledger
    now: Callable[[], str]
    """UTC."""
    rows: Callable[[], Sequence[RunRow]]
    """All goals."""
    sources: Callable[[], Sequence[SourceLine]]
    """Where values come from, as old as they are now."""
    report: Callable[[], Report]
    """The metrics of all goals; the same object as long as nothing has changed. Slow: call it in a thread."""
    measured: Callable[[], tuple[int, int]]
    """How many goals are measured so far, of how many; it may wait for the ports."""
    marked: Callable[[], Still | None] = lambda: None
    """In a replay, the moment to compare with."""
    number: Callable[[], int] = lambda: 0
    """In a replay, the number of the event that is shown; 1 for the first."""
    written: Callable[[Attempt, Path], int | None] = lambda attempt, file: None
    """How many bytes of a file of an attempt are shown: None = all of it, or `UNKNOWN`. Reads: call it in a thread."""


def desk_of(app: CockpitApp) -> Desk:
    """Where the pages of a cockpit read from; all of it is asked for when it is drawn."""
    return Desk(
        app.evidence_of,
        app.sight.ledger,
        now=lambda: app.moment.now,
        rows=lambda: app.store.snapshot.rows,
        sources=app.source_lines,
        report=lambda: app.operations.report(),
        measured=lambda: app.operations.measured(),
        marked=lambda: app.player.marked if app.player else None,
        number=lambda: app.player.number if app.player else 0,
        written=app.written,
    )


@dataclass(frozen=True)
class Picture:
    """What a page draws."""

    rows: Sequence[Line]
    keys: Keys = None
    """Names of the rows, for a part with a cursor."""
    note: str = ""
    """For the border, at the right."""
    above: int = 0
    """Rows that are new at the top."""
    side: Sequence[Line] = ()
    """For the list at the left, where there is room for one."""


class Part:
    """One part of a goal. `look` is asked again whenever something may have changed."""

    title = ""
    empty = "Nothing here yet."
    has_cursor = False
    is_live = False
    """It grows by itself: it is looked at several times a second."""
    starts_at_end = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.list: LongText
        """Where the page draws it; set by the page."""
        self.place = ""
        """Key of the row that the cursor goes back to; empty for none."""
        self._drawn: Hashable = None

    def forget(self) -> None:
        """Draw all of it again at the next look: something else was drawn since."""
        self._drawn = None

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """What to draw now; None when that is what is drawn already. Slow work belongs in a thread."""
        raise NotImplementedError

    def open(self, key: str) -> Part | None:
        """What `enter` on a row opens; None when it opens nothing, or was something to fold."""
        return None

    def sideways(self, step: int) -> str:
        """Go one to the left or right; why not, as a sentence, when there is nothing."""
        return "Nothing to the side here."

    def turn(self) -> str:
        """Show it in another way; what is shown now, as a sentence."""
        return "This page has the screen to itself; esc goes back."

    def choose(self, index: int) -> None:
        """The cursor of the list at the left moved."""

    async def older(self) -> bool:
        """Read what was before the first row; False when there is nothing."""
        return False

    def searched(self, rows: Sequence[Line]) -> Sequence[Line]:
        """What a search looks through: the rows, or the same rows with all that they have no room for."""
        return rows

    def reveal(self, word: str) -> None:
        """Unfold whatever has this word in it, before it is searched."""


class DrawnPart(Part):
    """A part that is drawn from the ledger's picture alone, at once."""

    note = ""
    """For the border, at the right."""

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Draw again when the goal was read again, or the width is another."""
        now = (id(goal.view), id(goal.status), id(goal.row), width)
        if now == self._drawn:
            return None
        self._drawn = now
        self._held = goal  # an object that is kept cannot lend its id to the next one
        rows = self.draw(goal, width) if goal.view and goal.status else ()
        said = rows or ((("reading…" if goal.row and not goal.view else self.empty, "dim"),),)
        return Picture(said, note=self.note)

    def draw(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """The rows for a width; none when there is nothing to show yet."""
        raise NotImplementedError
