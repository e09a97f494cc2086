"""Rows of a file of lines at one width: what was folded already is not folded again when it grows at either end."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from cockpit.agent_events import events_of
from cockpit.log_window import LogWindow
from widgets.lines import Line
from widgets.viewers.agent_rows import event_rows, said_so_far
from widgets.viewers.wrapping import TextRows, text_rows

STILL_COMING = 500
"""Lines at the end of a journal that may be pieces of one answer."""
Row = TypeVar("Row")


class GrowingRows(Generic[Row]):
    """What both kinds of files share."""

    def __init__(self) -> None:
        self.window: LogWindow | None = None
        self._rows: list[Row] = []
        self._whole = 0
        """Rows of whole lines; the rows of what is still being written come after them."""
        self._width = 0

    def take(self, window: LogWindow, width: int) -> int:
        """Hold the rows of another window; how many are new at the top. Slow: call it in a thread."""
        before, self.window = self.window, window
        if before is None or width != self._width or not self._continues(before, window):
            self._width = width
            self._rows = self._fold(window.lines)
            above = 0
        else:
            above = self._grow(before, window)
        self._whole = len(self._rows)
        self._rows = [*self._rows, *self._coming(window)]
        return above

    def rows(self) -> Sequence[Line]:
        """The rows, drawn when they are looked at."""
        raise NotImplementedError

    def _fold(self, lines: Sequence[str]) -> list[Row]:
        """The rows of whole lines."""
        raise NotImplementedError

    def _coming(self, window: LogWindow) -> list[Row]:
        """The rows of what is still being written."""
        raise NotImplementedError

    def _continues(self, before: LogWindow, window: LogWindow) -> bool:
        return before.inode == window.inode and window.start <= before.start and window.end >= before.end

    def _grow(self, before: LogWindow, window: LogWindow) -> int:
        earlier = before.first - window.first
        later = window.lines[earlier + len(before.lines) :]
        top = self._fold(window.lines[:earlier])
        self._rows = [*top, *self._rows[: self._whole], *self._fold(later)]
        return len(top)


class LogRows(GrowingRows[str]):
    """Rows of text."""

    def rows(self) -> Sequence[Line]:
        """Made into lines when they are drawn."""
        return TextRows(self._rows)

    def _fold(self, lines: Sequence[str]) -> list[str]:
        return text_rows(lines, self._width)

    def _coming(self, window: LogWindow) -> list[str]:
        return text_rows([window.open_line], self._width) if window.open_line else []


class EventRows(GrowingRows[Line]):
    """Rows of a journal, event by event.

    Args:
        is_whole: All of thoughts, results and changes, and not their beginnings.
    """

    def __init__(self, is_whole: bool = False) -> None:
        super().__init__()
        self.is_whole = is_whole

    def rows(self) -> Sequence[Line]:
        """As they are."""
        return self._rows

    def _fold(self, lines: Sequence[str]) -> list[Line]:
        return [row for event in events_of(lines) for row in event_rows(event, self._width, self.is_whole)]

    def _coming(self, window: LogWindow) -> list[Line]:
        return said_so_far(events_of(window.lines[-STILL_COMING:]), self._width)
