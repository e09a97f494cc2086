"""All panes of the main screen, and what each of them gets of the snapshot."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from cockpit.moment import Moment
from cockpit.screens.output_tail import OutputTail
from cockpit.screens.panes import Panes
from cockpit.store import Snapshot
from widgets.amounts import fine_age
from widgets.blockers import BlockersPane
from widgets.cost import CostPane
from widgets.evidence import EvidencePane
from widgets.goals import Goals
from widgets.live import Live
from widgets.needs_you import NeedsYou
from widgets.next_line import NextLine
from widgets.sources import Sources
from widgets.steps import Steps
from widgets.summary import Summary
from widgets.thread import ThreadPane

FED_BY = {"evidence": ("evidence",), "steps": ("worker",), "sources": (), "live": ("worker",)}
"""Panes that rest on more than the ledger; `sources` itself is never old."""


class Board(Container):
    """Draws a snapshot; `layouts` says where each pane stands. With `-zoomed` only the pane with `-zoom` shows."""

    def compose(self) -> ComposeResult:
        with Panes(id="panes"):
            yield NeedsYou(id="needs")
            yield Goals(id="goals")
            yield Summary(id="summary")
            yield Steps(id="steps")
            yield ThreadPane(id="thread")
            yield OutputTail(id="output")
            yield EvidencePane(id="evidence")
            yield CostPane(id="cost")
            yield BlockersPane(id="blockers")
            yield Live(id="live")
            yield Sources(id="sources")
        yield NextLine()

    def show_selected(self, snapshot: Snapshot) -> None:
        """Draw the selected goal; what is not read yet is said to be so."""
        view, status, row = snapshot.selected_view, snapshot.selected_status, snapshot.row(snapshot.wanted)
        self.query_one(Summary).show_run(status, view, row)
        self.query_one(NextLine).show_next(status, row, snapshot.is_read)
        self.query_one(Steps).show_run(status, view)
        self.query_one(ThreadPane).show_run(view)
        self.query_one(OutputTail).show_view(view)
        self.query_one(EvidencePane).show_run(status, view)
        self.query_one(CostPane).show_run(status, view)
        self.query_one(BlockersPane).show_run(view)

    def show_moment(self, moment: Moment, snapshot: Snapshot) -> None:
        """Let the ages grow, and dim what rests on a source that is in trouble."""
        self.query_one(Goals).show_now(moment.now)
        status = snapshot.selected_status
        is_all = snapshot.known == "all"
        self.query_one(NeedsYou).show_needs(snapshot.needing, moment.now, is_all, status, snapshot.requests)
        self.query_one(Sources).show_sources(snapshot.source_lines(moment.monotonic, moment.now), moment.now)
        self._dim(moment, snapshot)

    def fit(self) -> None:
        """Let the panes take the room that what they say now needs."""
        self.query_one(Panes).fit()

    @on(NeedsYou.Chosen)
    def go_to_chosen(self, chosen: NeedsYou.Chosen) -> None:
        """Put the cursor of the goals on the one that was clicked."""
        self.query_one(Goals).go_to(chosen.run)

    def _dim(self, moment: Moment, snapshot: Snapshot) -> None:
        old = {
            name: f"{name} {source.state.upper()} {fine_age(source.age_s) if source.age_s else ''}".strip()
            for name, source in snapshot.ages(moment.monotonic).items()
            if source.state in {"stale", "down"}
        }
        for pane in self.query_one(Panes).panes:
            feeds = FED_BY.get(pane.id or "", ())
            names = () if pane.id == "sources" else ("ledger", *feeds)
            pane.set_stale(next((old[name] for name in names if name in old), ""))
        self.query_one(Summary).show_old(old.get("evidence", ""))
