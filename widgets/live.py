"""What happened last, over all goals, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from factory.model.audit import Event
from widgets.amounts import time_of_day
from widgets.goals import tag
from widgets.lines import Line, Tone, fit
from widgets.pane import Pane
from widgets.plain import visible


def live_line(event: Event) -> Line:
    """One event: when, which goal, who, what, and its detail."""
    who = visible(event.actor.split(":", 1)[-1] if event.actor.startswith("operator") else event.actor, 40)
    return (
        (f"{time_of_day(event.at)} ", "dim"),
        (f"{fit(tag(event.run or event.object), 4)} ", "accent"),
        (f"{fit(who, 10)} ", "dim"),
        (f"{visible(event.action, 40)}  ", _tone(event.action)),
        (detail_words(event.detail), "dim"),
    )


def detail_words(detail: Mapping[str, Any], limit: int = 160) -> str:
    """The detail of an event as `name value, name value`, each value on one line and capped."""
    return visible(", ".join(f"{visible(key, 30)} {visible(str(value), 60)}" for key, value in detail.items()), limit)


def _tone(action: str) -> Tone:
    if any(word in action for word in ("fail", "stall", "block", "refuse", "lose", "exhaust", "reject", "cancel")):
        return "warn"
    return "good" if any(word in action for word in ("pass", "approve", "finish", "resolve", "deliver")) else ""


class Live(Pane):
    """Draws the last events."""

    TITLE = "Live"

    def show_events(self, events: Sequence[Event]) -> None:
        """Draw these events; they come oldest first."""
        newest_first = tuple(reversed(events))
        self.show(lambda width: tuple(live_line(event) for event in newest_first))
