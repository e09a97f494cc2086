"""What happened last, over all goals, newest first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.geometry import Region

from widgets.amounts import time_of_day
from widgets.frame import NAMES
from widgets.goal_line import tag
from widgets.lines import Line, Tone, fit
from widgets.pane import Pane
from widgets.plain import visible
from widgets.said import event_words, rest_words

if TYPE_CHECKING:
    from factory.model.audit import Event


def live_line(event: Event, names_goal: bool = True) -> Line:
    """One event: when, which goal, who, what, and its detail."""
    goal: Line = ((f"{fit(tag(event.run) if event.run else '', 4)} ", "accent"),) if names_goal else ()
    who = visible(event.actor.split(":", 1)[-1] if event.actor.startswith("operator") else event.actor, 40)
    return (
        (f"{time_of_day(event.at)} ", "dim"),
        *goal,
        (f"{fit(who, 10)} ", "dim"),
        (f"{event_words(event)}  ", _tone(event)),
        (rest_words(event.detail), "dim"),
    )


def _tone(event: Event) -> Tone:
    action = f"{event.action} {event.detail.get('outcome', '')}"
    if any(word in action for word in ("fail", "stall", "block", "refuse", "lose", "exhaust", "reject", "cancel")):
        return "warn"
    return "good" if any(word in action for word in ("pass", "approve", "finish", "resolve", "deliver")) else ""


class Live(Pane):
    """Draws the last events: of hundreds only those on screen cost anything."""

    TITLE, NUMBER = NAMES["live"]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._events: Sequence[Event] = ()
        self._newest_first: tuple[Event, ...] = ()

    def show_events(self, events: Sequence[Event]) -> None:
        """Draw these events; they come oldest first."""
        if events is self._events:
            return
        before, self._events, self._newest_first = self._newest_first, events, tuple(reversed(events))
        if len(events) != len(before):
            self.keys = tuple(map(str, range(len(events))))
            self.fit_height()
        top = self.scroll_offset.y
        shown = slice(top, top + self.size.height)
        pairs = zip_longest(before[shown], self._newest_first[shown])
        if moved := [y for y, (old, new) in enumerate(pairs) if old is not new]:
            self.refresh(Region(0, moved[0], self.size.width, moved[-1] - moved[0] + 1))

    def line(self, index: int, width: int) -> Line:
        """One event."""
        return live_line(self._newest_first[index])

    def revision(self, index: int) -> Hashable:
        """Events never change."""
        return self._newest_first[index].seq

    def _format(self) -> None:
        """Events are drawn one by one; there is no text to format."""
