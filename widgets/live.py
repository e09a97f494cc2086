"""What happened last, over all goals, newest first."""

from collections.abc import Sequence

from factory.model.audit import Event
from widgets.amounts import time_of_day
from widgets.goals import tag
from widgets.lines import Line, Tone, fit
from widgets.pane import Pane
from widgets.plain import visible
from widgets.said import event_words, rest_words


def live_line(event: Event) -> Line:
    """One event: when, which goal, who, what, and its detail."""
    who = visible(event.actor.split(":", 1)[-1] if event.actor.startswith("operator") else event.actor, 40)
    return (
        (f"{time_of_day(event.at)} ", "dim"),
        (f"{fit(tag(event.run) if event.run else '', 4)} ", "accent"),
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
    """Draws the last events."""

    TITLE = "Live"
    NUMBER = 6
    _events: Sequence[Event] | None = None

    def show_events(self, events: Sequence[Event]) -> None:
        """Draw these events; they come oldest first."""
        if events is self._events:
            return
        self._events = events
        newest_first = tuple(reversed(events))
        self.show(lambda width: tuple(live_line(event) for event in newest_first))
