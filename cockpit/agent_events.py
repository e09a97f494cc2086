"""Events of a driven agent out of its journal: what is new in it, and the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.agents.journal import from_line
from cockpit.log_window import LogWindow, Reach, read_end, read_on

if TYPE_CHECKING:
    from factory.model.agent_event import AgentEvent

WHOLE = Reach(is_whole=True)
"""For the page: the end first, earlier parts when they are wanted."""
END = Reach(first=32 << 10, most=512 << 10, is_whole=True)
"""For the pane: its last rows only."""
KEPT = 200
"""Events that the pane can draw from."""


def events_of(lines: Iterable[str]) -> list[AgentEvent]:
    """The events of whole lines of a journal; what is no event, such as a line that was cut off, is left out."""
    entries = (from_line(line.encode("utf-8", "surrogateescape")) for line in lines)
    return [entry.event for entry in entries if entry]


class LastEvents:
    """The last events of one journal. Each look reads what was written since the one before, and no more."""

    def __init__(self) -> None:
        self._window: LogWindow | None = None
        self._events: tuple[AgentEvent, ...] = ()

    def look(self, path: Path, until: int | None = None) -> tuple[AgentEvent, ...]:
        """The last events, oldest first; the same object when nothing came. Reads: call it in a thread.

        Args:
            until: As if the journal had so many bytes; None = all of it.
        """
        before = self._window
        is_known = before is not None and before.path == path
        window = read_on(before, until) if before and is_known else read_end(path, replace(END, until=until))
        self._window = window
        if window is None:
            self._events = ()
        elif window is not before:
            self._events = (*self._kept(before, window), *events_of(_new(before, window)))[-KEPT:]
        return self._events

    def _kept(self, before: LogWindow | None, window: LogWindow) -> Sequence[AgentEvent]:
        return self._events if before and _goes_on(before, window) else ()


def _new(before: LogWindow | None, window: LogWindow) -> Sequence[str]:
    return window.lines[len(before.lines) :] if before and _goes_on(before, window) else window.lines


def _goes_on(before: LogWindow, window: LogWindow) -> bool:
    is_longer = window.end >= before.end
    return is_longer and (before.path, before.inode, before.start) == (window.path, window.inode, window.start)
