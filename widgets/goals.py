"""The list of goals: one line a run, with what it waits for, how long it has been silent and what it costs."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from factory.model.view import RunRow
from factory.rules.changed import changed_places
from widgets.frame import NAMES, Heads
from widgets.goal_line import NO_GOALS, NOT_READ, USUAL, ages, chosen_line, goal_heads, goal_line
from widgets.lines import Line
from widgets.pane import Pane

_LOOKS_KEPT = 200
"""More than there are lines on any screen."""


class Look(NamedTuple):
    """A goal as it was drawn."""

    row: RunRow
    now: str
    how: tuple[int, bool, bool]
    """Width; whether it was marked, and muted."""
    line: Line


class Ids(Sequence[str]):
    """The ids of rows, each read when it is needed: those of a hundred thousand would take as long as a picture."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[RunRow]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [row.id for row in self._rows[place]]
        return self._rows[place].id

    def __iter__(self) -> Iterator[str]:
        return (row.id for row in self._rows)

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """Where a row stands; in one pass over the rows, where `Sequence` would ask for each."""
        for place, row in enumerate(self._rows[start:stop], start):
            if row.id == value:
                return place
        raise ValueError(value)


class Goals(Pane):
    """The goals, newest first, with the cursor on one of them."""

    TITLE, NUMBER = NAMES["goals"]
    UNFIT: Line = (("No goal fits the filter; ", "dim"), ("esc", "accent"), (" shows all again.", "dim"))

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, has_cursor=True)
        self.rows: tuple[RunRow, ...] = ()
        self.now = ""
        self.patience = USUAL
        """From which silence on a goal is marked; set before the first one is shown."""
        self.empty = NO_GOALS
        self.chosen: tuple[frozenset[str], frozenset[str], str] = (frozenset(), frozenset(), "")
        """Marked goals, muted goals, and a note for the title."""
        self._looks: dict[str, Look] = {}
        """By goal: how it looked last."""

    def show_rows(self, rows: Sequence[RunRow], total: int, is_read: bool = True, is_whole: bool = True) -> None:
        """Take the goals as they are now; only those on screen that changed are drawn again.

        Args:
            total: How many there are with those that are not listed.
            is_read: The ledger has answered: no goals means that there are none.
            is_whole: False for the beginning of a list whose rest is not known yet.
        """
        empty = self.UNFIT if total else NO_GOALS if is_read else NOT_READ
        if empty is not self.empty:
            self.empty = empty
            if not rows:
                self.refresh()
        before, self.rows = self.rows, tuple(rows)
        if bool(rows) != bool(before):
            self.refresh_edge()
        if self.rows is not before or not rows:
            self._take(before)
        count = f"{len(rows):,}{'' if is_whole else '+'} of {total:,}" if len(rows) != total else ""
        self.set_title("Goals", " · ".join(part for part in (self.chosen[2], count) if part))

    def show_choices(self, marked: frozenset[str], muted: frozenset[str], note: str) -> None:
        """Take what the operator marked and muted; only those on screen that changed are drawn again."""
        before, self.chosen = self.chosen, (marked, muted, note)
        changed = (before[0] ^ marked) | (before[1] ^ muted)
        self.refresh_changed([i for i in self.on_screen if self.rows[i].id in changed])

    def show_now(self, now: str) -> None:
        """Let the ages on screen grow; only lines that look different are drawn again."""
        before, self.now = self.now, now
        if before == now:
            return
        grown = [place for place in self.on_screen if not self._is_as_old(self.rows[place], before, now)]
        self._refresh_rows((place, self.rows[place], before) for place in grown)

    def line(self, index: int, width: int) -> Line:
        """One goal."""
        return self._look(self.rows[index], self.now, width)

    def heads(self, width: int) -> Heads:
        """What the columns are called."""
        return goal_heads(width) if self.rows else ()

    def revision(self, index: int) -> Hashable:
        """The line itself."""
        return self._look(self.rows[index], self.now, self._room)

    def blank_line(self, y: int) -> Line:
        """What stands below the last goal."""
        return self.empty if y == 0 and not self.keys else ()

    def _take(self, before: tuple[RunRow, ...]) -> None:
        changed = changed_places(before, self.rows) if len(before) == len(self.rows) else None
        if changed is None or not before or any(before[place].id != self.rows[place].id for place in changed):
            self.show_keys(Ids(self.rows))
            return
        seen = self.on_screen
        self._refresh_rows((place, before[place], self.now) for place in changed if place in seen)

    def _refresh_rows(self, were: Iterable[tuple[int, RunRow, str]]) -> None:
        """Draw rows again, given what each was, and when."""
        width = self.line_width
        self.refresh_differences((at, self._look(row, now, width), self.line(at, width)) for at, row, now in were)

    def _is_as_old(self, row: RunRow, one: str, other: str) -> bool:
        """Whether the ages on a line say the same at both moments."""
        return one == other or ages(row, one, self.patience) == ages(row, other, self.patience)

    def _look(self, row: RunRow, now: str, width: int) -> Line:
        """How a row looks; asked when it is compared, when it is drawn, and when the next one is compared with it."""
        last = self._looks.get(row.id)
        wanted = (width, row.id in self.chosen[0], row.id in self.chosen[1])
        if last and last.row is row and last.how == wanted and self._is_as_old(row, last.now, now):
            return last.line
        line = chosen_line(goal_line(row, now, width, self.patience), *wanted[1:])
        if len(self._looks) > _LOOKS_KEPT:
            self._looks.clear()
        self._looks[row.id] = Look(row, now, wanted, line)
        return line

    def _format(self) -> None:
        """Goals are drawn row by row; there is no text to format."""
