"""A question before something that spends, stops or decides. Nothing happens unless the answer is yes."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from cockpit.keymap import bindings
from cockpit.screens.base import CockpitModal, TooSmall
from widgets.plain import visible


class Confirm(CockpitModal[bool]):
    """Asks one question; the default answer is Cancel.

    Args:
        question: Names the thing and what happens to it.
        detail: What it costs or loses; may be empty.
        verb: The word on the button that does it.
    """

    takes_early_keys = False
    BINDINGS = bindings("confirm")
    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        & > #question {
            width: 70; height: auto; padding: 1 2;
            border: round $warning; background: $surface;
            border-title-color: $warning; border-title-style: bold;
        }
        & #detail { color: $dim; margin-top: 1; }
        & #answers { height: auto; margin-top: 1; align-horizontal: right; }
        & Button {
            margin-left: 2; min-width: 14; background: $cursor; color: $foreground;
            &:focus { background: $foreground; color: $background; text-style: bold; }
            &#yes:focus { background: $warning; }
        }
    }
    """

    def __init__(self, question: str, detail: str = "", verb: str = "Yes") -> None:
        super().__init__()
        self._question = visible(question, 240)
        self._detail = visible(detail, 240)
        self._verb = verb

    def compose(self) -> ComposeResult:
        with Vertical(id="question") as box:
            box.border_title = Content("Please confirm")
            yield Static(Content(self._question))
            if self._detail:
                yield Static(Content(self._detail), id="detail")
            with Horizontal(id="answers"):
                yield Button(Content("Cancel (n)"), id="no", compact=True)
                yield Button(Content(f"{self._verb} (y)"), id="yes", compact=True)
        yield TooSmall()

    @property
    def is_armed(self) -> bool:
        """Whether a yes counts by now."""
        return True

    def on_mount(self) -> None:
        self.query_one("#no", Button).focus()

    @on(Button.Pressed, "#yes")
    def action_yes(self) -> None:
        """Answer yes; never while the question cannot be read."""
        if self.fits and self.is_armed:
            self.leave_with(True)

    @on(Button.Pressed, "#no")
    def action_no(self) -> None:
        """Answer no."""
        self.leave_with(False)
