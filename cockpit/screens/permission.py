"""The card of what an agent asks for. Opening it answers nothing; a key that was pressed while it was read does."""

import asyncio
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from cockpit.choices import Deed
from cockpit.guarding import ARM_S, Guard
from cockpit.keymap import action_of
from cockpit.screens import opening
from cockpit.screens.base import CockpitModal, TooSmall
from cockpit.screens.confirm import Confirm
from cockpit.store import Snapshot
from factory.errors import SourceError, Usage
from factory.model.permission import Permission
from factory.model.view import RunView
from widgets.bar import Bar
from widgets.lines import Tone
from widgets.pane import Pane
from widgets.permission import answered_words, body_lines, head_lines
from widgets.plain import visible
from widgets.sentences import brief

if TYPE_CHECKING:
    from cockpit.screens.ask import Answers

FINAL = {"already_decided", "not_ready", "terminal_state", "not_found"}
"""Refusals after which this card can answer nothing any more."""
_KEYS = "o allow once · r for this run · n refuse, with words · esc leaves it open"


class Sure(Confirm):
    """Asks once more about a call of high risk; what is pressed in its first 400 ms is dropped."""

    _shown_at = inf

    @property
    def is_armed(self) -> bool:
        """Whether it has been on screen long enough."""
        return self.cockpit.monotonic() >= self._shown_at + ARM_S

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._arm)

    def on_key(self, event: events.Key) -> None:
        """Drop what is too early before it reaches a binding."""
        if self.cockpit.pressed_at(event) < self._shown_at + ARM_S:
            event.stop()

    def _arm(self) -> None:
        self._shown_at = self.cockpit.monotonic()


class PermissionCard(CockpitModal[None]):
    """Shows one request whole, and takes exactly one answer to it.

    Args:
        view: The run, as it was when the card was opened.
        asked: The request.
    """

    AUTO_FOCUS = ""
    takes_early_keys = False
    DEFAULT_CSS = """
    PermissionCard {
        align: center middle;
        & > #card {
            width: 100%; max-width: 110; height: 100%; max-height: 40; padding: 0 1;
            border: round $border-focus; background: $surface;
            border-title-color: $title; border-title-style: bold; border-subtitle-color: $dim;
        }
        &.-high > #card { border: round $error; }
        & #head { height: 4; }
        & #body { border: none; border-top: solid $rule; height: 1fr; padding: 0; }
        & #said { height: 2; border-top: solid $rule; }
        & Pane { background: $surface; }
    }
    """

    def __init__(self, view: RunView, asked: Permission) -> None:
        super().__init__()
        self._view, self._asked = view, asked
        self._guard = Guard(asked.id, True, frozenset(), inf)
        self.set_class(asked.tier == "high", "-high")

    def compose(self) -> ComposeResult:
        with Vertical(id="card") as box:
            box.border_title = Content(f"The agent asks · {visible(self._view.run.goal, 80)}")
            box.border_subtitle = Content(_KEYS)
            yield Bar(id="head")
            yield Pane(id="body")
            yield Bar(id="said")
        yield TooSmall()

    def on_mount(self) -> None:
        self.query_one("#head", Bar).show(lambda width: head_lines(self._view, self._asked, width))
        self.query_one("#body", Pane).show(lambda width: body_lines(self._asked, width))
        self.query_one("#body", Pane).can_focus = False
        self.call_after_refresh(self._arm)

    def on_key(self, event: events.Key) -> None:
        """Every key of the card passes here, so that none is younger than the rule allows."""
        event.stop()
        action = action_of(event.key, "permission", self.cockpit.keys)
        if action and self.fits and self._guard.accepts(self.cockpit.pressed_at(event)):
            getattr(self, f"action_{action}")()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._say("Pasted text is dropped here: read the card and press a key.", "warn")

    def action_down(self) -> None:
        """Scroll down a line."""
        self._scroll(1)

    def action_up(self) -> None:
        """Scroll up a line."""
        self._scroll(-1)

    def action_page_down(self) -> None:
        """Scroll down a page."""
        self._scroll(self.query_one("#body", Pane).page)

    def action_page_up(self) -> None:
        """Scroll up a page."""
        self._scroll(-self.query_one("#body", Pane).page)

    def action_once(self) -> None:
        """Allow this one call."""
        self._allow(False)

    def action_run(self) -> None:
        """Allow this very call for the rest of the run."""
        self._allow(True)

    def action_deny(self) -> None:
        """Ask for the words, then refuse."""
        if self._begin():
            self.deny()

    def action_leave(self) -> None:
        """Leave; the request stays open."""
        self.leave_with(None)

    @work(group="card")
    async def allow(self, always: bool) -> None:
        """Send the answer, after one more question where the risk is high."""
        asked = self._asked
        if asked.tier == "high" and not await self.app.push_screen_wait(_sure(asked, always)):
            self._go_on()
            return
        word = "allowed for this run" if always else "allowed once"
        await self._send(word, self.cockpit.operations.allow, asked.id, always)

    @work(group="card")
    async def deny(self) -> None:
        """Ask for words, and send them."""
        words = await self.app.push_screen_wait(
            opening.ask("Refuse it", ("Why not? The agent reads it.",), _some_words)
        )
        if words is None:
            self._go_on()
            return
        await self._send("refused", self.cockpit.operations.deny, self._asked.id, words[0])

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Close the card when somebody else answered, or when nobody waits for the answer any more."""
        run, view = self._asked.run, snapshot.selected
        row = snapshot.row(run)
        now = next((one for one in view.permissions if one.id == self._asked.id), None) if view else None
        if not self._guard.may_decide:
            return
        if now is not None and now.state != "open":
            self._close(answered_words(now))
        elif row and row.state != "running":
            self._close(f"Nobody waits for this answer: {run[-4:]} is {row.state.replace('_', ' ')} now. esc leaves.")

    def _arm(self) -> None:
        self._guard = Guard(self._asked.id, True, frozenset(), self.cockpit.monotonic())
        self.watch(self.app, "snapshot", self.show_snapshot)

    def _begin(self) -> bool:
        """Whether an answer may begin; a second key does nothing while the first one is on its way."""
        may = self._guard.may_decide
        self._guard = self._guard.deciding() if may else self._guard
        return may

    def _allow(self, always: bool) -> None:
        if self._begin():
            self.allow(always)

    async def _send(self, word: str, call: Callable[..., Any], *arguments: Any) -> None:
        try:
            await asyncio.to_thread(call, *arguments)
        except SourceError as error:
            self._refused(error)
            return
        tag = self._asked.run[-4:]
        self.cockpit.say(f"{word}: the agent of {tag} goes on", "good")
        self.cockpit.did(Deed(f"answer to the agent of {tag}", why_not="The agent has read it."))
        self.cockpit.look_now()
        self.leave_with(None)

    def _refused(self, error: SourceError) -> None:
        words = f"{error.message} {error.hint}".strip()
        if error.code in FINAL:
            self._close(words)
        else:
            self._say(words, "bad")
            self._go_on()
        self.cockpit.look_now()

    def _go_on(self) -> None:
        """Nothing was answered; what happened meanwhile counts."""
        self._guard = self._guard.undecided()
        self.show_snapshot(self.cockpit.snapshot)

    def _close(self, why: str) -> None:
        self._guard = self._guard.closed(why)
        self._say(why, "bad")

    def _scroll(self, lines: int) -> None:
        self.query_one("#body", Pane).move(lines)

    def _say(self, text: str, tone: Tone = "") -> None:
        self.query_one("#said", Bar).show(lambda width: (((brief(visible(text, 300), width), tone),),))


def _sure(asked: Permission, always: bool) -> Sure:
    reach = "for the rest of the run" if always else "once"
    return Sure(f"Allow {reach}, at high risk: {asked.title}", "The whole call is on the card below.", "Allow")


def _some_words(answers: "Answers") -> None:
    if not answers[0]:
        raise Usage("There is no reason yet.", "The agent goes on with what you write here.")
    if len(answers[0]) > _LONGEST:
        raise Usage(f"That is {len(answers[0]):,} characters; {_LONGEST:,} are the most.")


_LONGEST = 4_096
