"""The line that always stands at the foot of the screen: what to do now for the selected goal, and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.amounts import local_times
from widgets.bar import Bar
from widgets.lines import Line, shorten_words, width_of
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.status import Status
    from factory.model.view import RunRow


def next_line(status: Status | None, row: RunRow | None, width: int, is_read: bool = True) -> Line:
    """The next action: its key, what it does, and, where there is room, its command."""
    label: Line = ((" NEXT  ", "accent"),)
    if status is None and row is None and not is_read:
        return (*label, ("9  ", "warn"), ("see what keeps the ledger from being read", "dim"))
    if status is None:
        return (*label, ("reading…" if row else "n  launch a goal", "dim"))
    action = status.next_action
    key: Line = ((f"{action.key}  ", "warn"),) if action.key else ()
    command = visible(action.command, 120) if action.command else ""
    if command and not action.key and width < 110:
        command = "enter shows how"
    words = local_times(visible(action.label, 400), status.as_of)
    room = width - width_of((*label, *key)) - 1
    if command and len(words) + 3 + len(command) <= room and (width >= 110 or not action.key):
        gap = " " * (room - len(words) - len(command))
        return (*label, *key, (words, "strong"), (gap, ""), (command, "dim"))
    return (*label, *key, (shorten_words(words, room), "strong"))


class NextLine(Bar):
    """Draws the next action."""

    DEFAULT_CSS = "NextLine { background: $surface; }"

    def show_next(self, status: Status | None, row: RunRow | None, is_read: bool = True) -> None:
        """Draw the next action of another goal, or of the same one as it is now; nobody knows of any while unread."""
        self.show(lambda width: (next_line(status, row, width, is_read),), status, row, is_read)
