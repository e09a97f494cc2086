"""A short list to choose one of."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from cockpit.keymap import bindings
from cockpit.screens.base import CockpitModal, TooSmall
from widgets.lines import Line, fit
from widgets.pane import Pane


@dataclass(frozen=True)
class Choice:
    """One line of the menu."""

    id: str
    label: str
    says: str


class Menu(CockpitModal[str]):
    """Answers the id of the choice; empty when it was left.

    Args:
        title: What is chosen.
        choices: Short: they are all drawn.
        current: Id of the one that holds now.
    """

    BINDINGS = bindings("menu")
    AUTO_FOCUS = "#menu"
    DEFAULT_CSS = """
    Menu {
        align: center middle;
        & > #menu { width: 76; height: auto; max-height: 20; background: $surface; }
    }
    """

    def __init__(self, title: str, choices: Sequence[Choice], current: str = "") -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._current = current

    def compose(self) -> ComposeResult:
        yield Pane(id="menu", has_cursor=True)
        yield TooSmall()

    def on_mount(self) -> None:
        pane = self.query_one("#menu", Pane)
        pane.styles.height = len(self._choices) + 2
        pane.set_title(self._title, "enter chooses · esc leaves")
        pane.show(lambda width: tuple(self._line(choice) for choice in self._choices))
        ids = [choice.id for choice in self._choices]
        if self._current in ids:
            self.call_after_refresh(pane.move_to, ids.index(self._current))

    def action_move(self, lines: int) -> None:
        """Go up or down."""
        self.query_one("#menu", Pane).move(lines)

    @on(Pane.Opened)
    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.fits:
            self.leave_with(self._choices[self.query_one("#menu", Pane).cursor].id)

    def action_leave(self) -> None:
        """Leave; nothing changes."""
        self.leave_with("")

    def _line(self, choice: Choice) -> Line:
        here = "•" if choice.id == self._current else " "
        return ((f"{here} ", "accent"), (fit(choice.label, 12), "strong"), (choice.says, "dim"))
