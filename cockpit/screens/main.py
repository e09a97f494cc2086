"""The main screen: the goals, the eight fields of the selected one, and what happens live."""

from textual import on
from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import Input

from cockpit.attention import muted_of
from cockpit.filtering import matching
from cockpit.moment import Moment
from cockpit.screens.base import TooSmall
from cockpit.screens.board import Board
from cockpit.screens.fields import line_field
from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.hints import hints_for
from cockpit.screens.page import Page
from cockpit.store import Snapshot
from factory.rules.attention import next_waiting
from widgets.amounts import seconds_between, time_of_day
from widgets.footer import Footer
from widgets.goals import Goals
from widgets.header import Header, Heading
from widgets.line_list import LineList
from widgets.message_line import MessageLine

BLANK_AFTER_S = 0.1
"""How long the goal before may stay on screen while the next one is read."""


class MainScreen(GoalScreen):
    """Everything at once; the layout follows the width."""

    AUTO_FOCUS = "#goals"

    def compose(self) -> ComposeResult:
        yield Header()
        yield Board(id="body")
        yield MessageLine()
        yield line_field("filter", hint="words of a goal; esc shows all")
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        self.watch(self.app, "snapshot", self.show_snapshot)
        self.watch(self.app, "moment", self.show_moment)
        self.watch(self.app, "said", self.show_said)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.query_one(Board).show_width(event.size.width)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw another picture."""
        rows = matching(snapshot.rows, self.query_one("#filter", Input).value)
        self.query_one(Board).show_rows(rows, snapshot)
        wanted = snapshot.row(snapshot.wanted)
        if snapshot.selected_view or not wanted:
            self.show_selected()
        else:
            self.set_timer(BLANK_AFTER_S, self.show_selected)  # rarely needed: it is read within milliseconds
        self.query_one(Footer).show_hints(*hints_for(self.cockpit.keys, wanted, snapshot.selected_status))
        self.show_moment(self.cockpit.moment)

    def show_selected(self) -> None:
        """Draw the selected goal; what is not read yet is said to be so."""
        self.query_one(Board).show_selected(self.cockpit.store.snapshot)

    def show_moment(self, moment: Moment) -> None:
        """Let the ages grow."""
        snapshot = self.cockpit.store.snapshot
        ages = snapshot.ages(moment.monotonic)
        totals = snapshot.totals
        self.query_one(Board).show_moment(moment, snapshot)
        self.query_one(Header).show_heading(
            Heading(
                goals=len(snapshot.rows), need_me=totals.need_me,
                oldest_wait_s=seconds_between(totals.oldest_wait, moment.now), spent=totals.spent,
                in_flight=totals.in_flight, limit=totals.limit, open_spent=totals.open_spent,
                unpriced=totals.unpriced, ledger=ages.get("ledger", Heading.ledger),
                clock=time_of_day(moment.now, seconds=False),
            )
        )  # fmt: skip
        self.show_said()

    def show_said(self) -> None:
        """Draw the message line."""
        said = self.cockpit.said
        self.query_one(MessageLine).show_message(said.text, said.tone, self.cockpit.ages())

    @on(Goals.Moved)
    def select(self, moved: Goals.Moved) -> None:
        """Read the goal under the cursor."""
        self.cockpit.select(moved.key)

    @on(Goals.Opened)
    async def action_open(self) -> None:
        """Open the goal on a page of its own."""
        await self.action_page_of("run")

    async def action_page_of(self, part: str) -> None:
        """Open one part of the goal, or all of it (`run`)."""
        if self.alive("open"):
            await self.app.push_screen(Page(part))

    def action_next_waiting(self) -> None:
        """Jump to the goal whose waiting has cost most, then to the next one."""
        goals = self.query_one(Goals)
        found = next_waiting(goals.rows, self.cockpit.moment.now, goals.key, muted_of(self.cockpit))
        if found is None:
            self.cockpit.say("Nothing needs you.")
            return
        goals.go_to(found.id)
        goals.focus()

    def action_filter(self) -> None:
        """Type words of a goal."""
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def show_matching(self) -> None:
        """Show the goals that fit what is typed."""
        self.show_snapshot(self.cockpit.store.snapshot)

    @on(Input.Submitted, "#filter")
    def keep_filter(self) -> None:
        """Go back to the list; the filter stays."""
        self.query_one(Goals).focus()

    def action_back(self) -> None:
        """Show all goals again; on the main screen there is nothing to go back to."""
        if self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.query_one("#filter", Input).value = ""
        self.query_one(Goals).focus()

    def go_to(self, run: str) -> None:
        """Put the cursor on a goal, also on one that the filter hides."""
        goals = self.query_one(Goals)
        if not goals.go_to(run):
            self.action_back()
            goals.go_to(run)

    def action_leave(self) -> None:
        """Leave the cockpit; runs go on."""
        self.app.exit()

    @property
    def focused_list(self) -> LineList:
        """Where the movement keys go."""
        return self.focused if isinstance(self.focused, LineList) else self.query_one(Goals)
