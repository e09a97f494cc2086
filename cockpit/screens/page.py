"""One part of the selected goal, or all of it, on a page of its own."""

import asyncio

from textual import work
from textual.app import ComposeResult

from cockpit.output import newest_attempt, tail
from cockpit.screens.base import TooSmall
from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.hints import hints_for
from widgets.footer import Footer
from widgets.line_list import LineList
from widgets.message_line import MessageLine
from widgets.pane import Pane
from widgets.sections import SECTIONS, Goal, section_lines
from widgets.summary import title_of

WHOLE = ("summary", "steps", "thread", "evidence", "cost", "blockers")


class Page(GoalScreen):
    """Draws parts of the selected goal; the verbs work here too.

    Args:
        part: One section, or `run` for all of them.
    """

    AUTO_FOCUS = "#page"
    DEFAULT_CSS = "Page { layout: vertical; & > #page { height: 1fr; } }"

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self._output = ""

    def compose(self) -> ComposeResult:
        yield Pane(id="page")
        yield MessageLine()
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        self.watch(self.app, "snapshot", self.show_goal)
        self.watch(self.app, "said", self.show_said)
        self.watch(self.app, "moment", self.tick)

    @property
    def focused_list(self) -> LineList:
        """The page itself."""
        return self.query_one("#page", Pane)

    def show_goal(self) -> None:
        """Draw the goal as it is now."""
        snapshot = self.cockpit.store.snapshot
        goal = Goal(self.row, snapshot.selected_view, snapshot.selected_status, self._output)
        parts = WHOLE if self._part == "run" else (self._part,)
        page = self.query_one("#page", Pane)
        name = "" if self._part == "run" else f"{SECTIONS[self._part][0]} · "
        page.set_title(name + (title_of(goal.row) if goal.row else "no goal"))
        page.show(lambda width: section_lines(parts, goal, width))
        self.query_one(Footer).show_hints(*hints_for(self.cockpit.keys, goal.row, goal.status))

    def show_said(self) -> None:
        """Draw the message line."""
        said = self.cockpit.said
        self.query_one(MessageLine).show_message(said.text, said.tone, self.cockpit.ages())

    def tick(self) -> None:
        """Once a second: the output may have grown."""
        self.read_output()

    @work(group="output", exclusive=True)
    async def read_output(self) -> None:
        """Read the end of the newest attempt's output, if that is what this page shows."""
        view = self.cockpit.store.snapshot.selected_view
        attempt = newest_attempt(view) if view and self._part == "output" else None
        if attempt is None:
            return
        text = await asyncio.to_thread(tail, attempt.folder)
        if text != self._output:
            self._output = text
            self.show_goal()
            self.focused_list.move_to(len(self.focused_list.keys))

    async def action_page_of(self, part: str) -> None:
        """Show another part here."""
        self._part = part
        self.show_goal()
        self.focused_list.move_to(0)
        self.read_output()

    async def action_open(self) -> None:
        """Show all of the goal here."""
        await self.action_page_of("run")

    def action_back(self) -> None:
        """Go back to the main screen."""
        self.leave_with(None)

    action_leave = action_back

    def action_next_waiting(self) -> None:
        """Jumping belongs to the list."""
        self.cockpit.say("esc goes back to the list; w jumps there.")

    action_filter = action_next_waiting
