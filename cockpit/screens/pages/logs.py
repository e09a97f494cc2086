"""Text that may be huge and may be growing: the output of an agent, and captured logs."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from cockpit.log_window import FIRST, LogWindow, read_back, read_end, read_on
from cockpit.output import LOG
from cockpit.screens.pages.part import Desk, Part, Picture
from factory.model.step import Attempt
from factory.model.view import RunView
from widgets.lines import Line
from widgets.names import agent_name
from widgets.sections import Goal
from widgets.viewers.wrapping import Below, TextRows, text_rows


class LogRows:
    """Rows of a log at one width; what was folded already is not folded again when the log grows at either end."""

    def __init__(self) -> None:
        self.window: LogWindow | None = None
        self._rows: list[str] = []
        self._whole = 0
        """Rows of whole lines; the rows of the open line come after them."""
        self._width = 0

    def take(self, window: LogWindow, width: int) -> int:
        """Hold the rows of another window; how many are new at the top. Slow: call it in a thread."""
        before, self.window = self.window, window
        if before is None or width != self._width or not self._continues(before, window):
            self._width = width
            self._rows = text_rows(window.lines, width)
            above = 0
        else:
            above = self._grow(before, window)
        self._whole = len(self._rows)
        self._rows = [*self._rows, *text_rows([window.open_line], width)] if window.open_line else self._rows
        return above

    def rows(self) -> Sequence[Line]:
        """The rows, drawn when they are looked at."""
        return TextRows(self._rows)

    def _continues(self, before: LogWindow, window: LogWindow) -> bool:
        return before.inode == window.inode and window.start <= before.start and window.end >= before.end

    def _grow(self, before: LogWindow, window: LogWindow) -> int:
        earlier = before.first - window.first
        later = window.lines[earlier + len(before.lines) :]
        top = text_rows(window.lines[:earlier], self._width)
        self._rows = [*top, *self._rows[: self._whole], *text_rows(later, self._width)]
        return len(top)


class LogPart(Part):
    """A file of lines: its end first; going up past the first row reads what was before."""

    is_live = True
    empty = "Nothing was written yet."

    def __init__(self, desk: Desk, path: Path | None = None, first: int = FIRST) -> None:
        super().__init__(desk)
        self._path = path
        self._first = first
        self._made = LogRows()
        self._window: LogWindow | None = None

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Read what was written since, and fold it."""
        window = await asyncio.to_thread(self._read) if self._path else None
        now = (window, width, self.head(goal, width))
        if now == self._drawn:
            return None
        self._drawn, self._window = now, window
        if window is None or not window.all_lines:
            return Picture((*self.head(goal, width), ((self.empty, "dim"),)), note=self.note())
        above = await asyncio.to_thread(self._made.take, window, width)
        return Picture(Below(self.head(goal, width), self._made.rows()), note=self.note(), above=above)

    def head(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """Lines above the text."""
        return ()

    def note(self) -> str:
        """How much of the file is here."""
        window = self._window
        if window is None:
            return ""
        held = f"{amount(window.size - window.start)} of {amount(window.size)}, pgup reads more"
        return (held if window.start else amount(window.size)) + (
            " · following" if self.list.follows else " · f follows"
        )

    async def older(self) -> bool:
        """Read what was before."""
        if self._window is None:
            return False
        found = await asyncio.to_thread(read_back, self._window)
        is_more = found is not self._window
        self._window = found
        return is_more

    def _read(self) -> LogWindow | None:
        if self._window is None or self._window.path != self._path:
            return read_end(self._path, self._first) if self._path else None
        return read_on(self._window)


class OutputPart(LogPart):
    """All that one attempt wrote; left and right turn to the other attempts."""

    title = "Output"
    starts_at_end = True
    empty = "The agent has written nothing yet; what it writes appears here as it comes."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._tries: tuple[Attempt, ...] = ()
        self._chosen = ""
        """Id of an attempt; empty = the newest."""

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Choose the attempt, then read its log."""
        self._tries = tuple(one for one in goal.view.attempts if one.folder) if goal.view else ()
        attempt = self.attempt
        path = Path(attempt.folder) / LOG if attempt else None
        if path != self._path:
            self._path, self._window, self._made = path, None, LogRows()
        if attempt is None or goal.view is None:
            self.title, self.empty = "Output", "No agent has begun; its output appears here as it comes."
        else:
            place = f"{self._tries.index(attempt) + 1} of {len(self._tries)}"
            self.title, self.empty = f"Output  {_kind(goal.view, attempt)} {attempt.n}, {place}", OutputPart.empty
        return await super().look(goal, width)

    @property
    def attempt(self) -> Attempt | None:
        """The attempt on screen."""
        chosen = [one for one in self._tries if one.id == self._chosen]
        return (chosen or self._tries[-1:] or (None,))[-1]

    def head(self, goal: Goal, width: int) -> tuple[Line, ...]:
        """Which attempt it is, of which there are."""
        attempt = self.attempt
        if attempt is None or goal.view is None:
            return ()
        place = self._tries.index(attempt) + 1
        reason = f", {attempt.end_reason}" if attempt.end_reason not in {"", "exit"} else ""
        state = f"{attempt.state}{reason}".replace("_", " ")
        words = f"{_kind(goal.view, attempt)} {attempt.n}  {agent_name(attempt.agent)}"
        others = f"  {place} of {len(self._tries)}" + ("  h l turn" if len(self._tries) > 1 else "")
        return (((words, "strong"), (f"  {state}", "accent"), (others, "dim")),)

    def sideways(self, step: int) -> str:
        """Turn to another attempt."""
        attempt = self.attempt
        if attempt is None or len(self._tries) < 2:
            return "There is no other attempt."
        place = self._tries.index(attempt) + step
        if not 0 <= place < len(self._tries):
            return "That was the last attempt." if step > 0 else "That was the first attempt."
        self._chosen = self._tries[place].id if place + 1 < len(self._tries) else ""
        self.list.follows = True
        return ""


def amount(size: int) -> str:
    """Bytes for people: `12 B`, `2.8 kB`, `1.0 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _kind(view: RunView, attempt: Attempt) -> str:
    return next((step.kind for step in view.steps if step.id == attempt.step), attempt.role)
