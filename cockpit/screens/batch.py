"""The card of a batch: every marked goal is listed, and all of them were on screen, before anything is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from cockpit.keymap import bindings
from cockpit.screens.base import CockpitModal, TooSmall
from factory.model.view import RunRow
from widgets.lines import Line, fit, fit_right, shorten
from widgets.marks import FAILED, TONES, run_mark
from widgets.pane import Pane
from widgets.plain import visible


@dataclass(frozen=True)
class Item:
    """One marked goal."""

    row: RunRow
    reason: str
    """Why it is left out, or was refused; empty when it takes part."""
    spent: str
    """What it has cost so far, or what the verb does with it."""
    word: str = "left out"
    """What the reason is about."""


class Batch(CockpitModal[bool]):
    """Answers whether to do it; the default is Cancel, and a yes counts only when the whole list was on screen.

    Args:
        verb: The word on the button.
        detail: What it costs or loses.
        items: Every marked goal.
    """

    takes_early_keys = False
    BINDINGS = bindings("batch")
    DEFAULT_CSS = """
    Batch {
        align: center middle;
        & > #card {
            width: 90%; max-width: 110; height: auto; max-height: 90%; padding: 0 1;
            border: round $warning; background: $surface;
            border-title-color: $warning; border-title-style: bold;
        }
        & #detail { color: $dim; }
        & #items { border: none; padding: 0; height: auto; max-height: 12; background: $surface; }
        & #answers { height: auto; margin-top: 1; align-horizontal: right; }
        & #left { width: 1fr; color: $dim; }
        & Button {
            margin-left: 2; min-width: 14; background: $cursor; color: $foreground;
            &:focus { background: $foreground; color: $background; text-style: bold; }
            &#yes:focus { background: $warning; }
        }
        &.-tall #items { max-height: 30; }
    }
    """

    def __init__(self, verb: str, detail: str, items: Sequence[Item]) -> None:
        super().__init__()
        self._verb = verb
        self._detail = detail
        self._items = tuple(items)
        self._seen = 0

    @property
    def taking_part(self) -> tuple[Item, ...]:
        """The goals that it would be done to."""
        return tuple(item for item in self._items if not item.reason)

    def compose(self) -> ComposeResult:
        with Vertical(id="card") as card:
            card.border_title = Content(f"{self._verb} {len(self.taking_part)} of {len(self._items)} marked goals?")
            yield Static(Content(self._detail), id="detail")
            yield Pane(id="items")
            with Horizontal(id="answers"):
                yield Static("", id="left", markup=False)
                yield Button(Content("Cancel (n)"), id="no", action="screen.no", compact=True)
                yield Button(Content(f"{self._verb} (y)"), id="yes", action="screen.yes", compact=True)
        yield TooSmall()

    def on_mount(self) -> None:
        self._list()
        self.query_one("#no", Button).focus()

    def _list(self) -> None:
        pane = self.query_one("#items", Pane)
        pane.styles.height = len(self._items)
        pane.show(lambda width: tuple(item_line(item, width) for item in self._items))
        self.watch(pane, "scroll_y", self._look, init=False)
        self.call_after_refresh(self._look)

    def action_move(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one("#items", Pane).move(lines)
        self._look()

    def action_yes(self) -> None:
        """Do it, once every goal was on screen."""
        self._look()
        if not self.fits or not self.taking_part:
            return
        if self._seen < len(self._items):
            self.query_one("#items", Pane).move(max(1, self.query_one("#items", Pane).page))
            self.call_after_refresh(self._look)
            return
        self.leave_with(True)

    def action_no(self) -> None:
        """Do nothing."""
        self.leave_with(False)

    def _look(self) -> None:
        shown = self.query_one("#items", Pane).on_screen
        if shown.start <= self._seen:
            self._seen = max(self._seen, shown.stop)
        below = len(self._items) - self._seen
        if not self.taking_part:
            words = "It does nothing for any of them."
        else:
            words = f"{below} more below; j shows them" if below else ""
        self.query_one("#left", Static).update(words)


class BatchTold(Batch):
    """Says of each goal what came of it; there is nothing to be done here.

    Args:
        title: In how many words it can be said.
        items: Every marked goal; a reason is why nothing was done to it.
    """

    takes_early_keys = True

    def __init__(self, title: str, items: Sequence[Item]) -> None:
        super().__init__("", "", items)
        self._told = title

    def compose(self) -> ComposeResult:
        with Vertical(id="card") as card:
            card.border_title = Content(self._told)
            yield Pane(id="items")
            with Horizontal(id="answers"):
                yield Static("", id="left", markup=False)
                yield Button(Content("Close (n)"), id="no", action="screen.no", compact=True)
        yield TooSmall()

    def action_yes(self) -> None:
        """Close; a yes means nothing here."""
        self.leave_with(False)

    def _look(self) -> None:
        """What was done was done, on screen or not."""


def item_line(item: Item, width: int) -> Line:
    """One goal: its mark and name, then what it cost, or why it is left out."""
    row = item.row
    goal = visible(row.goal, 200)
    if item.reason:
        reason = shorten(visible(f"{item.word}: {item.reason}", 200), width // 2)
        room = max(1, width - 8 - len(reason) - 1)
        return ((f"{FAILED} ", "dim"), (f"{row.id[-4:]}  ", "dim"), (fit(goal, room), "dim"), (f" {reason}", "warn"))
    mark = run_mark(row.state, row.needs_person, row.step_state, row.is_queued)
    room = max(1, width - 8 - 12)
    spent = fit_right(item.spent, 11)
    return ((f"{mark} ", TONES[mark]), (f"{row.id[-4:]}  ", "strong"), (fit(goal, room), ""), (f" {spent}", ""))
