"""A small look at the selected goal over whatever is on screen: what it asks, what it said last, what blocks it."""

import asyncio

from textual import work
from textual.app import ComposeResult

from cockpit.keymap import bindings
from cockpit.output import newest_attempt
from cockpit.screens.base import CockpitModal, TooSmall
from widgets.goal_line import tag
from widgets.pane import Pane
from widgets.peek import peek_lines
from widgets.plain import visible

TAIL_BYTES = 4096


class Peek(CockpitModal[None]):
    """Follows the goal while it is open; nothing can be done from here."""

    BINDINGS = bindings("peek")
    AUTO_FOCUS = "#peek"
    DEFAULT_CSS = """
    Peek {
        align: center middle;
        & > #peek { width: 90%; max-width: 110; height: 16; background: $surface; }
        &.-tall > #peek { height: 24; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._output = ""

    def compose(self) -> ComposeResult:
        yield Pane(id="peek")
        yield TooSmall()

    def on_mount(self) -> None:
        self.watch(self.app, "snapshot", self.show_goal)
        self.watch(self.app, "moment", self.tick)

    def show_goal(self) -> None:
        """Draw the goal as it is now."""
        snapshot = self.cockpit.store.snapshot
        row, view, status = snapshot.row(snapshot.wanted), snapshot.selected_view, snapshot.selected_status
        pane = self.query_one("#peek", Pane)
        pane.set_title(f"Peek · {tag(row.id)} {visible(row.goal, 80)}" if row else "Peek", "esc closes")
        height = max(3, pane.scrollable_content_region.height)
        pane.show(lambda width: peek_lines(status, view, self._output, width, height))

    def tick(self) -> None:
        """Once a second: the output may have grown."""
        self.read_output()

    @work(group="output", exclusive=True)
    async def read_output(self) -> None:
        """Read the end of the newest output again."""
        view = self.cockpit.store.snapshot.selected_view
        attempt = newest_attempt(view) if view else None
        text = await asyncio.to_thread(self.cockpit.tail_of, attempt, TAIL_BYTES) if attempt else ""
        if self.is_attached and text != self._output:
            self._output = text
            self.show_goal()

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#peek", Pane).move(lines)

    def action_leave(self) -> None:
        """Close."""
        self.leave_with(None)
