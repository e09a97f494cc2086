"""Text that may be huge and may be growing: the output of an agent, and captured logs."""

import asyncio
from dataclasses import replace
from pathlib import Path

from cockpit.agent_events import WHOLE
from cockpit.log_window import TEXT, LogWindow, Reach, read_back, read_end, read_on
from cockpit.output import JOURNAL, LOG, UNKNOWN, journal_of
from cockpit.screens.pages.log_rows import EventRows, LogRows
from cockpit.screens.pages.part import Desk, Part, Picture
from factory.model.step import Attempt
from factory.model.view import RunView
from widgets.amounts import amount
from widgets.gauge import gauge_line
from widgets.lines import Line
from widgets.names import agent_name
from widgets.sections import Goal
from widgets.viewers.wrapping import Below


class LogPart(Part):
    """A file of lines: its end first; going up past the first row reads what was before."""

    is_live = True
    empty = "Nothing was written yet."

    def __init__(self, desk: Desk, path: Path | None = None, reach: Reach = TEXT) -> None:
        super().__init__(desk)
        self._path = path
        self._reach = reach
        self._made: LogRows | EventRows = LogRows()
        self._window: LogWindow | None = None
        self._until: int | None = None
        """As if the file had so many bytes; None = all of it."""

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Read what was written since, and fold it."""
        window = await asyncio.to_thread(self._read) if self._path else None
        now = (window, width, self.head(goal, width))
        if now == self._drawn:
            return None
        self._drawn, self._window = now, window
        if window is None or not window.all_lines:
            return Picture((*self.head(goal, width), ((self.empty, "dim"),)), note=self.note())
        made = self._made  # another key may ask for another view meanwhile
        above = await asyncio.to_thread(made.take, window, width)
        return Picture(Below(self.head(goal, width), made.rows()), note=self.note(), above=above)

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
            return read_end(self._path, replace(self._reach, until=self._until)) if self._path else None
        return read_on(self._window, self._until)


AFTERWARDS: Line = (("All that it wrote, also after this moment: when it wrote what is not recorded.", "warn"),)
"""In a replay, of an attempt that works at its moment and of which that is so."""
VIEWS = ("its steps, and the beginning of what came of them", "all of it", "its output, as it was captured")
"""What `z` turns through on the page of a driven agent."""


class OutputPart(LogPart):
    """All that one attempt wrote, a driven one event by event; left and right turn to the other attempts."""

    title = "Output"
    starts_at_end = True
    empty = "The agent has written nothing yet; what it writes appears here as it comes."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._tries: tuple[Attempt, ...] = ()
        self._chosen = ""
        """Id of an attempt; empty = the newest."""
        self._view = 0
        """Place in `VIEWS`."""
        self._is_afterwards = False
        """Whether what was written after the moment is shown, too."""

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Choose the attempt, then read what it left."""
        self._tries = tuple(one for one in goal.view.attempts if one.folder) if goal.view else ()
        attempt = self.attempt
        await self._choose_file(attempt)
        if attempt is None or goal.view is None:
            self.title, self.empty = "Output", "No agent has begun; its output appears here as it comes."
        else:
            place = f"{self._tries.index(attempt) + 1} of {len(self._tries)}"
            self.title, self.empty = f"Output  {_kind(goal.view, attempt)} {attempt.n}, {place}", OutputPart.empty
        return await super().look(goal, width)

    async def _choose_file(self, attempt: Attempt | None) -> None:
        """The journal of a driven agent, as soon as it has one, unless its output is wanted; else the log."""
        journal = await asyncio.to_thread(journal_of, attempt.folder) if attempt else None
        path = Path(attempt.folder) / LOG if attempt else None
        if journal and self._view < len(VIEWS) - 1:
            path = journal
        if path != self._path:
            self._path, self._window = path, None
            self._start_over()
        until = await asyncio.to_thread(self.desk.written, attempt, path) if attempt and path else None
        self._is_afterwards = until == UNKNOWN
        self._until = None if self._is_afterwards else until

    def _start_over(self) -> None:
        is_journal = self._path is not None and self._path.name == JOURNAL
        self._reach = WHOLE if is_journal else TEXT
        self._made = EventRows(is_whole=self._view > 0) if is_journal else LogRows()
        self._drawn = None

    def turn(self) -> str:
        """Show more of a driven agent, then its output, then its steps again."""
        attempt = self.attempt
        if attempt is None or attempt.gauge is None:
            return "There is no more of it: this is all that was captured."
        self._view = (self._view + 1) % len(VIEWS)
        self._start_over()
        return f"Shown: {VIEWS[self._view]}. z turns."

    def reveal(self, word: str) -> None:
        """A word may stand in what is folded away: nothing is, from now on."""
        if self._view == 0 and isinstance(self._made, EventRows):
            self._view = 1
            self._start_over()

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
        first: Line = ((words, "strong"), (f"  {state}", "accent"), (others, "dim"))
        used = gauge_line(attempt.gauge) if attempt.gauge else ()
        lines: tuple[Line, ...] = (first, used) if used else (first,)
        return (*lines, AFTERWARDS) if self._is_afterwards else lines

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


def _kind(view: RunView, attempt: Attempt) -> str:
    return next((step.kind for step in view.steps if step.id == attempt.step), attempt.role)
