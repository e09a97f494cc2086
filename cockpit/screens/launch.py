"""The launch form: what is wanted at the left, what would come of it at the right. Nothing starts before ctrl+j."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, TextArea

from cockpit.draft import Draft, draft_of
from cockpit.keymap import bindings, shown
from cockpit.screens.base import CockpitModal, TooSmall
from cockpit.screens.launch_fields import LaunchFields
from cockpit.screens.menu import Choice, Menu
from factory.errors import SourceError, Usage
from factory.model.launch import Launch, Preview, Recent
from factory.model.request import Request
from widgets.bar import Bar
from widgets.footer import Hint, footer_line
from widgets.lines import Line
from widgets.pane import Draw, Pane
from widgets.plain import visible
from widgets.preview import marked, preview_lines

PREVIEW_AFTER_S = 0.25
"""Quiet time before the preview is made again."""
QUIET = "nothing has started"


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
        & #keys { background: $panel; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_starting = False
        self._is_touched = False
        self._recent: tuple[Recent, ...] = ()
        self._requests: tuple[Request, ...] = ()
        self._detected: Preview | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="both"):
            yield LaunchFields(self.cockpit.draft, id="form")
            yield Pane(id="preview")
        yield Bar(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        self._is_touched = bool(self.cockpit.draft.goal)
        self._note(QUIET)
        self._show_keys()
        self.preview(0.0)
        self.read_before()

    @property
    def is_open(self) -> bool:
        """Whether it can be drawn on: closing takes its panes away one by one, and the form itself last."""
        return self in self.app.screen_stack and bool(self.query("#preview"))

    @property
    def fields(self) -> LaunchFields:
        """What is typed into."""
        return self.query_one(LaunchFields)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def changed(self) -> None:
        """Something was typed: look again when it is quiet."""
        self._is_touched = self._is_touched or self.fields.draft != self.cockpit.draft
        self.preview(PREVIEW_AFTER_S)

    @on(Input.Submitted)
    def next_field(self) -> None:
        """Enter goes on to the next field; it never launches."""
        self.focus_next()

    @work(group="preview", exclusive=True)
    async def preview(self, after_s: float) -> None:
        """Ask what would come of the draft. The form may be left meanwhile; then nobody wants to know."""
        await asyncio.sleep(after_s)
        if not self.is_open:
            return
        launch, unread = self.fields.draft.reading()
        try:
            found = await asyncio.to_thread(self.cockpit.operations.preview, launch)
        except SourceError as error:
            self._show_problem(error)
        else:
            self._show_preview(found, unread)

    @work(group="before")
    async def read_before(self) -> None:
        """Read what was launched before and what mission control asks for; the form works without."""
        try:
            self._recent = tuple(await asyncio.to_thread(self.cockpit.operations.recent))
            self._requests = tuple(await asyncio.to_thread(self.cockpit.operations.requests))
        except SourceError as error:
            self._note(error.message)
        if self.is_open:
            self.fields.know(tuple(dict.fromkeys(str(one.launch.repo) for one in self._recent)))
            self._show_keys()

    @work(group="start")
    async def action_start(self) -> None:
        """Launch, unless that is happening already; what is refused is shown and changes nothing."""
        if self._is_starting or not self.fits:
            return
        self._is_starting = True
        draft = self.fields.draft
        try:
            started = await asyncio.to_thread(self.cockpit.operations.start, draft.launch())
        except SourceError as error:
            self._show_problem(error)
        else:
            self.cockpit.draft = Draft(repo=draft.repo)
            self.cockpit.follow(started.run)
            self.leave_with(None)
        finally:
            self._is_starting = False

    @work(group="choose")
    async def action_recent(self) -> None:
        """Choose an earlier goal; it fills the form and starts nothing."""
        known = {one.run: draft_of(one.launch) for one in self._recent}
        choices = [Choice(one.run, one.run[-4:], visible(one.launch.goal, 80)) for one in self._recent]
        await self._choose("Recent goals", choices, known, "no goal was launched yet")

    @work(group="choose")
    async def action_requests(self) -> None:
        """Choose a task of mission control; the run will carry its reference."""
        known = {one.ref: draft_of(self._asked(one)) for one in self._requests}
        choices = [Choice(one.ref, visible(one.ref, 12), _offered(one)) for one in self._requests]
        await self._choose("Tasks of mission control", choices, known, "no task is waiting")

    def action_criterion(self) -> None:
        """Add a line to the acceptance."""
        self.fields.add_criterion(self._detected.criteria if self._detected else ())

    def action_leave(self) -> None:
        """Leave; the draft is kept."""
        self.cockpit.draft = self.fields.draft
        self.leave_with(None)

    async def _choose(self, title: str, choices: list[Choice], drafts: Mapping[str, Draft], none: str) -> None:
        if not choices:
            self._note(none)
            return
        chosen = await self.app.push_screen_wait(Menu(f"{title}: fills the form, starts nothing", choices))
        if chosen in drafts:
            self.fields.fill(drafts[chosen])

    def _asked(self, request: Request) -> Launch:
        launch, _ = self.fields.draft.reading()
        return replace(
            launch,
            goal=request.goal,
            priority=request.priority,
            accept=request.accept or launch.accept,
            repo=Path(request.repo) if request.repo else launch.repo,
            from_mission=request.ref,
        )

    def _show_preview(self, found: Preview, unread: Mapping[str, Usage]) -> None:
        self._detected = found
        sentences = {name: _sentence(error) for name, error in unread.items()}
        whole = replace(found, problems=(*sentences.values(), *found.problems))
        self._show(lambda width: preview_lines(whole, width))
        for name, problem in zip(found.about, found.problems, strict=False):
            sentences.setdefault(name, problem)
        if self.is_open:
            self.fields.show_problems(sentences if self._is_touched else {})

    def _show_problem(self, error: SourceError) -> None:
        heading: Line = (("Nothing has started.", "strong"),)
        self._show(lambda width: (*marked("✕", "bad", _sentence(error), width), (), heading))

    def _show(self, draw: Draw) -> None:
        if self.is_open:
            self.query_one("#preview", Pane).show(draw)

    def _note(self, text: str) -> None:
        if self.is_open:
            self.query_one("#preview", Pane).set_title("What would happen", text)

    def _show_keys(self) -> None:
        keys = [key for key in self.cockpit.keys if key.where == "launch"]
        alive = [key for key in keys if key.action != "requests" or self._requests]
        hints = [Hint(shown(key.keys.split(",")[0]), key.label, key.asks_first) for key in alive]
        hints.append(Hint("tab", "next field"))
        self.query_one("#keys", Bar).show(lambda width: (footer_line(hints, width),))


def _offered(request: Request) -> str:
    """What a task asks for, and why it did not start by itself."""
    why = f" (did not start: {visible(request.problem, 80)})" if request.problem else ""
    return f"{visible(request.goal, 80)}{why}"


def _sentence(error: SourceError) -> str:
    return f"{error.message} {error.hint}".strip()
