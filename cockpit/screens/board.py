"""All panes of the main screen, and what each of them gets of the snapshot."""

from textual.app import ComposeResult
from textual.containers import Container

from cockpit.moment import Moment
from cockpit.store import Snapshot
from factory.model.view import RunRow
from widgets.blockers import BlockersPane
from widgets.cost import CostPane
from widgets.evidence import EvidencePane
from widgets.goals import Goals
from widgets.live import Live
from widgets.steps import Steps
from widgets.summary import Summary
from widgets.thread import ThreadPane


class Board(Container):
    """Draws a snapshot; the layout follows the size, in main.tcss."""

    def compose(self) -> ComposeResult:
        with Container(id="left"):
            yield Goals(id="goals")
            yield Live(id="live-left")
        with Container(id="middle"):
            yield Summary(id="summary")
            yield Steps(id="steps")
            yield ThreadPane(id="thread")
        with Container(id="right"):
            yield EvidencePane(id="evidence")
            yield CostPane(id="cost")
            yield BlockersPane(id="blockers")
        yield Live(id="live")

    def show_rows(self, rows: tuple[RunRow, ...], snapshot: Snapshot) -> None:
        """Draw what concerns all goals; `rows` are those that the filter lets through."""
        self.query_one(Goals).show_rows(rows, len(snapshot.rows))
        for live in self.query(Live):
            live.show_events(snapshot.live)

    def show_selected(self, snapshot: Snapshot) -> None:
        """Draw the selected goal; what is not read yet is said to be so."""
        view, status = snapshot.selected_view, snapshot.selected_status
        self.query_one(Summary).show_run(status, view, snapshot.row(snapshot.wanted))
        self.query_one(Steps).show_run(status, view)
        self.query_one(ThreadPane).show_run(view)
        self.query_one(EvidencePane).show_run(status, view)
        self.query_one(CostPane).show_run(status, view)
        self.query_one(BlockersPane).show_run(view)

    def show_moment(self, moment: Moment, snapshot: Snapshot) -> None:
        """Let the ages grow."""
        self.query_one(Goals).show_now(moment.now)

    def show_width(self, width: int) -> None:
        """Take another width; in one column the panes share their frames."""
        self.query("#summary, #live").set_class(width < 120, "-below")
