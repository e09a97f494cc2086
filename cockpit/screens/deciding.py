"""A card on which one decision is taken. Opening it decides nothing; the code of what is on screen and Enter do."""

import asyncio
from typing import Any

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from cockpit.guarding import CODE_LENGTH, REASON_LENGTH, Guard
from cockpit.keymap import action_of
from cockpit.screens.base import CockpitModal, TooSmall
from cockpit.screens.code_line import code_line
from cockpit.screens.reason import Reason
from cockpit.screens.shown import Shown
from cockpit.store import Snapshot
from factory.errors import SourceError
from widgets.amounts import time_of_day
from widgets.bar import Bar
from widgets.lines import Tone
from widgets.plain import visible
from widgets.review import ELSEWHERE, CardBody
from widgets.sentences import brief

BY_PASTE = "Enter came together with the text, as in a paste, and did not count. Press Enter again."
FINAL = {"stale_package", "already_decided", "terminal_state", "not_found"}
"""Refusals after which this card can decide nothing any more."""


class DecisionCard(CockpitModal[None]):
    """Shows what a decision is about, and takes exactly one. What it is about, a kind of it says.

    Args:
        run: At one of its gates the decision is taken.
        goal: For the title, while the card is read.
    """

    NAME = ""
    """What stands on the border."""
    CHANGED = ""
    """Why nothing can be decided any more when what is shown is not what counts now."""
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    DecisionCard {
        align: center middle;
        & > #card {
            width: 100%; max-width: 110; height: 100%; max-height: 40; padding: 0 1;
            border: round $border-focus; background: $surface;
            border-title-color: $title; border-title-style: bold; border-subtitle-color: $dim;
        }
        & #head { height: 4; }
        & #foot { height: 2; border-top: solid $rule; }
        & #said { height: 1; }
        & #reason { display: none; }
        &.-rejecting #reason { display: block; }
        & Pane { background: $surface; }
    }
    """

    def __init__(self, run: str, goal: str) -> None:
        super().__init__()
        self._run = run
        self._goal = goal
        self._guard: Guard | None = None
        self._shown: Shown | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="card") as box:
            box.border_title = Content(f"{self.NAME} · {visible(self._goal, 80)}")
            box.border_subtitle = Content("n reject · esc leave, nothing changes")
            yield Bar(id="head")
            yield CardBody()
            yield Bar(id="foot")
            yield Reason(self._pressed)
            yield Bar(id="said")
        yield TooSmall()

    def read(self) -> Shown:
        """What the decision is about; called in a thread. Raises `SourceError`."""
        raise NotImplementedError

    def closed_because(self, snapshot: Snapshot, digest: str) -> str:
        """Why what has this digest can be decided no more, by what is known now; empty while it can."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._say("reading…", "dim")
        self.load()

    @work(group="card")
    async def load(self) -> None:
        """Read the card; leave when there is none."""
        try:
            shown = await asyncio.to_thread(self.read)
        except SourceError as error:
            self.cockpit.report(error)
            self.leave_with(None)
            return
        self._shown = shown
        self.query_one("#head", Bar).show(shown.head)
        self.query_one(CardBody).show_text(shown.body)
        self.call_after_refresh(self._arm)

    def on_key(self, event: events.Key) -> None:
        """Every key of the card passes here, so that none is younger than the rule allows."""
        if not self.fits:
            return
        action = action_of(event.key, "card", self.cockpit.keys)
        if self._guard is None:
            if action == "leave":
                self.action_leave()
            return
        if self.has_class("-rejecting") and action != "leave":
            if event.key == "enter":
                self._check_hand(self._guard, event)
            return  # the reason's own keys, Enter among them; it was opened after the first 400 ms
        event.stop()
        if not self._guard.accepts(self.cockpit.pressed_at(event)):
            return
        if action:
            getattr(self, f"action_{action}")()
            self._pressed(event)
        else:
            self._type(self._guard, event)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._say("Pasted text is dropped here: read the card and type.", "warn")

    def action_down(self) -> None:
        """Scroll down a line."""
        self._scroll(1)

    def action_up(self) -> None:
        """Scroll up a line."""
        self._scroll(-1)

    def action_page_down(self) -> None:
        """Scroll down a page."""
        self._scroll(self.query_one(CardBody).page)

    def action_page_up(self) -> None:
        """Scroll up a page."""
        self._scroll(-self.query_one(CardBody).page)

    def action_reject(self) -> None:
        """Ask for the reason."""
        if self._guard and self._guard.may_decide and not self.has_class("-rejecting"):
            self.add_class("-rejecting")
            self.query_one(Reason).focus()
            self._say("")

    def action_leave(self) -> None:
        """Leave the reason, else the card. Nothing changes."""
        if self.has_class("-rejecting"):
            self.remove_class("-rejecting")
            self.set_focus(None)
            return
        self.leave_with(None)

    @on(Input.Submitted, "#reason")
    def check_reason(self, event: Input.Submitted) -> None:
        """Reject, if the reason says enough."""
        reason = event.value.strip()
        if len(reason) < REASON_LENGTH:
            self._say(f"A reason needs {REASON_LENGTH} characters or more; this one has {len(reason)}.", "warn")
        elif self._guard and self._guard.may_decide:
            digest, self._guard = self._guard.digest, self._guard.deciding()
            self.decide("reject", reason, digest)

    @work(group="card")
    async def decide(self, verb: str, *arguments: Any) -> None:
        """Send the decision, and leave when it was taken; when it was refused, say why."""
        call = getattr(self.cockpit.operations, verb)
        try:
            result = await asyncio.to_thread(call, self._run, *arguments)
        except SourceError as error:
            self._refused(error)
            return
        if getattr(result, "is_new", True):
            self.cockpit.say(f"{verb}: {self._run[-4:]} is {result.state.replace('_', ' ')} now", "good")
        else:
            when = time_of_day(result.at)
            self.cockpit.say(f"{result.actor} approved {self._run[-4:]} at {when} already; nothing changed.", "warn")
        self.cockpit.look_now()
        self.leave_with(None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Close the code when what is on screen does not count any more."""
        if self._guard is None or self._guard.is_deciding:
            return
        if why := self.closed_because(snapshot, self._guard.digest):
            self._close(why)

    def _arm(self) -> None:
        shown = self._shown
        if shown is None:
            return
        self._guard = Guard(shown.digest, shown.is_sufficient, shown.required, self.cockpit.monotonic())
        self._say("")
        self._look()
        self.watch(self.query_one(CardBody), "scroll_y", self._look, init=False)
        self.watch(self.app, "snapshot", self.show_snapshot)

    def _look(self) -> None:
        """Note which claims are on screen, once they really are."""
        self.call_after_refresh(self._note_seen)

    def _note_seen(self) -> None:
        if self._guard and self.fits and self.is_current:
            self._guard = self._guard.saw(self.query_one(CardBody).claims_seen())
            self._draw_foot()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._look()

    def _type(self, guard: Guard, event: events.Key) -> None:
        if event.key == "enter":
            self._enter(guard, event)
        elif event.key == "backspace":
            self._guard = guard.erase()
        elif event.character:
            self._guard = guard.type(event.character)
        self._pressed(event)
        self._draw_foot()

    def _enter(self, guard: Guard, event: events.Key) -> None:
        if guard.approves:
            if self._check_hand(guard, event):
                self._approve(guard)
        elif guard.code_is_open and guard.typed:
            more = "…" if len(guard.typed) > CODE_LENGTH else ""
            code = f"{guard.typed[:CODE_LENGTH]}{more}"
            self._say(f"{code} is not the code. It stands at the front of the digest.", "warn")
            self._guard = guard.erase(len(guard.typed))

    def _approve(self, guard: Guard) -> None:
        viewed = tuple(sorted(guard.seen))
        open_ms = int((self.cockpit.monotonic() - guard.shown_at) * 1000)
        self._guard = guard.deciding()
        self.decide("approve", guard.digest, viewed, open_ms)

    def _pressed(self, event: events.Key) -> None:
        if self._guard:
            self._guard = self._guard.pressed(self.cockpit.pressed_at(event))

    def _check_hand(self, guard: Guard, event: events.Key) -> bool:
        """Whether this Enter counts; one that does not ends here, and the card says so."""
        counts = guard.is_by_hand(self.cockpit.pressed_at(event))
        if not counts:
            event.stop()
            self._say(BY_PASTE, "warn")
        self._pressed(event)
        return counts

    def _refused(self, error: SourceError) -> None:
        if self._guard is None:
            return
        words = self.CHANGED if error.code == "stale_package" else f"{error.message} {error.hint}".strip()
        self._guard = self._guard.closed(words) if error.code in FINAL else self._guard.undecided()
        self._say(words, "bad")
        self._draw_foot()
        self.cockpit.look_now()

    def _close(self, why: str) -> None:
        first = self._guard.closed_by if self._guard else ""
        if self._guard and (not first or first.startswith(ELSEWHERE)):  # who it was may be read a moment later
            self._guard = self._guard.closed(why)
            self._say(why, "bad")
            self._draw_foot()

    def _scroll(self, lines: int) -> None:
        self.query_one(CardBody).move(lines)

    def _say(self, text: str, tone: Tone = "") -> None:
        self.query_one("#said", Bar).show(lambda width: (((brief(visible(text, 300), width), tone),),))

    def _draw_foot(self) -> None:
        guard = self._guard
        if guard is not None:
            line = code_line(guard)
            self.query_one("#foot", Bar).show(lambda width: (line,))
