"""A few lines to fill in before something is done."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cockpit.keymap import bindings
from cockpit.screens.base import CockpitModal, TooSmall
from cockpit.screens.fields import line_field
from factory.errors import SourceError

Answers = tuple[str, ...]


class Ask(CockpitModal[Answers | None]):
    """Asks for some lines; Enter in the last one accepts them, esc leaves.

    Args:
        title: Names the thing.
        labels: One a line.
        check: Raises a `SourceError` that says what is wrong with the answers.
    """

    BINDINGS = bindings("ask")
    DEFAULT_CSS = """
    Ask {
        align: center middle;
        & > #ask {
            width: 74; height: auto; padding: 1 2;
            border: round $border-focus; background: $surface;
            border-title-color: $title; border-title-style: bold;
        }
        & Input { margin-bottom: 1; }
        & #problem { color: $error; }
        & .label { color: $dim; }
    }
    """

    def __init__(self, title: str, labels: Sequence[str], check: Callable[[Answers], object]) -> None:
        super().__init__()
        self._title = title
        self._labels = tuple(labels)
        self._check = check

    def compose(self) -> ComposeResult:
        with Vertical(id="ask") as box:
            box.border_title = Content(self._title)
            for number, label in enumerate(self._labels):
                yield Static(Content(label), classes="label")
                yield line_field(f"answer-{number}")
            yield Static("", id="problem", markup=False)
            yield Static(Content("Enter accepts · esc leaves"), classes="label")
        yield TooSmall()

    @on(Input.Submitted)
    def accept(self, event: Input.Submitted) -> None:
        """Go to the next line, or accept all of them."""
        fields = list(self.query(Input))
        if event.input is not fields[-1]:
            self.focus_next(Input)
            return
        answers = tuple(field.value.strip() for field in fields)
        try:
            self._check(answers)
        except SourceError as error:
            self.query_one("#problem", Static).update(f"{error.message} {error.hint}".strip())
        else:
            self.leave_with(answers)

    def action_leave(self) -> None:
        """Leave; nothing is done."""
        self.leave_with(None)
