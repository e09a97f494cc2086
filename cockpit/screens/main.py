"""The main screen: the goals, the eight fields of the selected one, and what happens live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.widgets import Input

from cockpit.attention import muted_of
from cockpit.burn import burning
from cockpit.filtering import HINT
from cockpit.heading import heading_of
from cockpit.screens import opening
from cockpit.screens.base import TooSmall
from cockpit.screens.board import Board
from cockpit.screens.fields import line_field
from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.hints import hints_for, undo_label
from cockpit.screens.narrowing import Narrowing
from factory.rules.attention import next_waiting
from widgets.footer import Footer
from widgets.goals import Goals
from widgets.header import Header
from widgets.heading import UNKNOWN
from widgets.line_list import LineList
from widgets.live import Live
from widgets.message_line import MessageLine

if TYPE_CHECKING:
    from cockpit.choices import Choices
    from cockpit.moment import Moment
    from cockpit.store import Snapshot
    from factory.model.audit import Event
    from factory.model.view import RunRow

BLANK_AFTER_S = 0.1
"""How long the goal before may stay on screen while the next one is read."""
PAGES = {"steps", "thread", "evidence", "cost", "blockers", "sources"}
"""Panes that are also pages, for sizes where they have no room."""


class MainScreen(Narrowing):
    """Everything at once; the layout follows the width."""

    AUTO_FOCUS = "#goals"

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[Event, ...] = ()
        self._hinted: object = None

    def compose(self) -> ComposeResult:
        yield Header()
        yield Board(id="body")
        yield MessageLine()
        yield line_field("filter", hint=HINT)
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one(Goals).patience = self.cockpit.surroundings.patience
        self.watch(self.app, "snapshot", self.show_snapshot)
        self.watch(self.app, "moment", self.show_moment)
        self.watch(self.app, "said", self.show_said)
        self.watch(self.app, "strip", self.show_said, init=False)
        self.watch(self.app, "recording", lambda: self.show_moment(self.cockpit.moment), init=False)
        self.watch(self.app, "choices", self.show_choices, init=False)
        self.watch(self.app, "deeds", self.show_hints, init=False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw another picture."""
        self.list_goals()
        self.query_one(Live).show_events(self._held if self.cockpit.choices.is_frozen else snapshot.live)
        is_read = bool(snapshot.selected_view or not snapshot.row(snapshot.wanted))
        if is_read:
            self.show_selected()
        else:
            self.set_timer(BLANK_AFTER_S, self.show_selected)  # rarely needed: it is read within milliseconds
        self.show_hints()
        self.show_moment(self.cockpit.moment)
        if is_read:  # panes that are empty for a moment keep their places
            self.query_one(Board).fit()

    def show_choices(self, before: Choices, choices: Choices) -> None:
        """Draw what the operator chose."""
        if choices.is_frozen and not before.is_frozen:
            self._held = self.cockpit.store.snapshot.live
        field = self.query_one("#filter", Input)
        if field.value != choices.words:
            field.value = choices.words
        self.query_one(Goals).show_choices(choices.marked, choices.muted, self.note(choices))
        if choices.words != before.words:
            self.list_soon()
        else:
            self.show_snapshot(self.cockpit.store.snapshot)

    def show_hints(self) -> None:
        """Draw the keys that do something now."""
        snapshot = self.cockpit.store.snapshot
        labels = {"undo": undo_label(self.cockpit.deeds)}
        in_replay = self.cockpit.player is not None
        asked = (self.cockpit.keys, snapshot.row(snapshot.wanted), snapshot.selected_status, labels, in_replay)
        if asked != self._hinted:
            self._hinted = asked
            self.query_one(Footer).show_hints(*hints_for(*asked))

    def show_selected(self) -> None:
        """Draw the selected goal; what is not read yet is said to be so."""
        self.query_one(Board).show_selected(self.cockpit.store.snapshot)

    def show_moment(self, moment: Moment) -> None:
        """Let the ages grow."""
        snapshot = self.cockpit.store.snapshot
        ages = snapshot.ages(moment.monotonic)
        totals = snapshot.totals
        burn, burned = burning(snapshot.burn, moment.now[:16])
        self.query_one(Board).show_moment(moment, snapshot)
        self.query_one(Header).show_heading(
            heading_of(len(snapshot.rows), snapshot.known, totals, ages.get("ledger", UNKNOWN), moment.now)._replace(
                burn=burn, burned=burned, is_recorded=self.cockpit.recording is not None
            )
        )
        self.show_said()

    def show_said(self) -> None:
        """Draw the message line."""
        said = self.cockpit.said
        ages, reasons = self.cockpit.ages(), self.cockpit.reasons()
        self.query_one(MessageLine).show_message(said.text, said.tone, ages, reasons, strip=self.cockpit.strip)

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
        if part == "sources" or self.alive("open"):
            await self.app.push_screen(opening.page(part))

    async def action_pane(self, name: str) -> None:
        """Go to a pane, or to its page where there is no room for the pane."""
        await self.show_pane(name, self)

    async def show_pane(self, name: str, asking: GoalScreen) -> None:
        """The same for a page above: it shows the part itself, or gives way to the pane."""
        if asking is not self:
            if name in PAGES:
                await asking.action_page_of(name)
                return
            asking.leave_with(None)
        if self.has_class("-zoomed"):
            self.action_zoom()
            self.call_after_refresh(self._focus_pane, name, then_zoom=True)
        elif not self._focus_pane(name) and name in PAGES:
            await self.action_page_of(name)

    def _focus_pane(self, name: str, then_zoom: bool = False) -> bool:
        found = [pane for pane in self.query(f"#{name}, #{name}-left").results(LineList) if pane.region.area]
        for pane in found[:1]:
            pane.focus()
            if then_zoom:
                self.call_after_refresh(self.action_zoom)
        if not found and name not in PAGES:
            self.cockpit.say(f"This terminal has no room for the pane {name}; it shows in a larger one.")
        return bool(found)

    def action_zoom(self) -> None:
        """Let the focused pane fill the screen, or show all panes again."""
        pane = self.focused_list
        self.toggle_class("-zoomed")
        is_zoomed = self.has_class("-zoomed")
        self.query_one(Board).set_class(is_zoomed, "-zoomed")
        for other in self.query(LineList):
            other.set_class(is_zoomed and other is pane, "-zoom")
        if is_zoomed:
            pane.focus()
            self.cockpit.say("Zoomed; z shows all panes again, a digit goes to another one.")

    @on(DescendantFocus)
    def zoom_follows(self, event: DescendantFocus) -> None:
        """What is zoomed is what the keys go to."""
        if self.has_class("-zoomed") and isinstance(event.widget, LineList):
            for other in self.query(LineList):
                other.set_class(other is event.widget, "-zoom")

    def action_next_waiting(self) -> None:
        """Jump to the goal whose waiting has cost most, then to the next one."""
        self.go_to_waiting()

    def go_to_waiting(self) -> None:
        """The same, for a page above."""
        goals = self.query_one(Goals)
        found = next_waiting(goals.rows, self.cockpit.moment.now, goals.key, muted_of(self.cockpit))
        if found is None:
            self.cockpit.say("Nothing needs you.")
            return
        goals.go_to(found.id)
        if self.is_current:
            goals.focus()

    def action_back(self) -> None:
        """One level: out of the filter's field and of the filter, then of the zoom, then of the marks."""
        choices = self.cockpit.choices
        if choices.words or self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.cockpit.choose("filter" if choices.words else "", words="")
        elif self.has_class("-zoomed"):
            self.action_zoom()
        elif choices.marked:
            self.cockpit.choose("marks", marked=frozenset())
        self.query_one(Goals).focus()

    def action_refresh(self) -> None:
        """Read everything again, and sort again."""
        super().action_refresh()
        self.sort_again()
        self.show_snapshot(self.cockpit.store.snapshot)

    def go_to(self, run: str) -> None:
        """Put the cursor on a goal, also on one that the filter hides."""
        goals = self.query_one(Goals)
        if not goals.go_to(run) and self.cockpit.choices.words:
            self.cockpit.choose("filter", words="")
            self.list_now()
            goals.go_to(run)

    def go_beside(self, step: int) -> None:
        """Put the cursor on the goal above or below, wherever the focus is."""
        self.query_one(Goals).move(step)

    def action_leave(self) -> None:
        """Leave the cockpit; runs go on."""
        self.app.exit()

    @property
    def marked(self) -> tuple[RunRow, ...]:
        """The marked goals, in the order of the list; also those that the filter hides."""
        marked = self.cockpit.choices.marked
        return tuple(row for row in self.cockpit.store.snapshot.rows if row.id in marked) if marked else ()

    @property
    def focused_list(self) -> LineList:
        """Where the movement keys go."""
        return self.focused if isinstance(self.focused, LineList) else self.query_one(Goals)
