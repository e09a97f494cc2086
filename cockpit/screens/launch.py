"""The launch form: what is wanted at the left, what would come of it at the right. Nothing starts before ctrl+j."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, TextArea

from cockpit.draft import Draft
from cockpit.keymap import bindings, shown
from cockpit.screens.base import CockpitModal, TooSmall
from cockpit.screens.fields import line_field, text_field
from factory.errors import SourceError
from widgets.bar import Bar
from widgets.footer import Hint, footer_line
from widgets.lines import Line
from widgets.pane import Draw, Pane
from widgets.preview import marked, preview_lines

PREVIEW_AFTER_S = 0.25
"""Quiet time before the preview is made again."""
FIELDS = (
    ("repo", "folder of a git repository", ()),
    ("domain", "by the words of the goal", ("backend", "frontend", "product", "infra")),
    ("priority", "H, M or L", ("H", "M", "L")),
    ("coder", "configured default", ()),
    ("verifier", "configured default", ()),
    ("budget", "US dollars; configured default", ()),
)


class LaunchForm(CockpitModal[None]):
    """Takes a goal and shows route, risk, verifier and criteria before anything starts. The draft outlives the form."""

    BINDINGS = bindings("launch")
    AUTO_FOCUS = "#goal"
    DEFAULT_CSS = """
    LaunchForm {
        layout: vertical; background: $background;
        & > #both { height: 1fr; }
        & #form { width: 42; height: 100%; }
        &.-wide #form, &.-medium #form { width: 50%; }
        & #preview { width: 1fr; height: 100%; }
        & TextArea {
            border: round $border; height: 1fr; padding: 0 1; background: $background;
            border-title-color: $title; border-title-style: bold;
            max-height: 16;
            &:focus { border: round $border-focus; }
            & .text-area--cursor-line { background: $background; }
        }
        & .field { height: 1; padding: 0 2; }
        & .field Label { width: 10; color: $dim; }
        & .field Input { width: 1fr; background: $background; &:focus { background: $cursor-blurred; } }
        & #keys { background: $panel; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_starting = False

    def compose(self) -> ComposeResult:
        draft = self.cockpit.draft
        with Horizontal(id="both"):
            with Vertical(id="form"):
                yield text_field("goal", draft.goal, "Goal")
                yield text_field("accept", draft.accept, "Acceptance  ID: text :: command")
                for name, hint, words in FIELDS:
                    with Horizontal(classes="field"):
                        yield Label(name, markup=False)
                        yield line_field(name, getattr(draft, name), hint, words)
            yield Pane(id="preview")
        yield Bar(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one("#preview", Pane).set_title("What would happen", "nothing has started")
        keys = [key for key in self.cockpit.keys if key.where == "launch"]
        hints = [Hint(shown(key.keys.split(",")[0]), key.label, key.asks_first) for key in keys]
        hints.append(Hint("tab", "next field"))
        self.query_one("#keys", Bar).show(lambda width: (footer_line(hints, width),))
        self.preview(0.0)

    @property
    def draft(self) -> Draft:
        """What stands in the fields now."""
        areas = {name: self.query_one(f"#{name}", TextArea).text for name in ("goal", "accept")}
        lines = {name: self.query_one(f"#{name}", Input).value for name, _, _ in FIELDS}
        return Draft(**areas, **lines, rest=self.cockpit.draft.rest)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def changed(self) -> None:
        """Something was typed: look again when it is quiet."""
        self.preview(PREVIEW_AFTER_S)

    @on(Input.Submitted)
    def next_field(self) -> None:
        """Enter goes on to the next field; it never launches."""
        self.focus_next()

    @work(group="preview", exclusive=True)
    async def preview(self, after_s: float) -> None:
        """Ask what would come of the draft. The form may be left meanwhile; then nobody wants to know."""
        await asyncio.sleep(after_s)
        if not self.is_attached:
            return
        try:
            found = await asyncio.to_thread(self.cockpit.operations.preview, self.draft.launch())
        except SourceError as error:
            self._show_problem(error)
        else:
            self._show(lambda width: preview_lines(found, width))

    @work(group="start")
    async def action_start(self) -> None:
        """Launch, unless that is happening already; what is refused is shown and changes nothing."""
        if self._is_starting or not self.fits:
            return
        self._is_starting = True
        try:
            started = await asyncio.to_thread(self.cockpit.operations.start, self.draft.launch())
        except SourceError as error:
            self._show_problem(error)
        else:
            self.cockpit.draft = Draft(repo=self.draft.repo)
            self.cockpit.follow(started.run)
            self.leave_with(None)
        finally:
            self._is_starting = False

    def action_leave(self) -> None:
        """Leave; the draft is kept."""
        self.cockpit.draft = self.draft
        self.leave_with(None)

    def _show_problem(self, error: SourceError) -> None:
        sentence = f"{error.message} {error.hint}".strip()
        heading: Line = (("Nothing has started.", "strong"),)
        self._show(lambda width: (*marked("✕", "bad", sentence, width), (), heading))

    def _show(self, draw: Draw) -> None:
        if self.is_attached:
            self.query_one("#preview", Pane).show(draw)
