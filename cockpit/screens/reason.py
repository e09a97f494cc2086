"""The field of a card that takes the reason of a rejection."""

from collections.abc import Callable

from textual import events
from textual.widgets import Input

from cockpit.guarding import REASON_LENGTH


class Reason(Input):
    """Takes a reason that is typed; pasted text is dropped.

    Args:
        note: Told of every key but Enter.
    """

    def __init__(self, note: Callable[[events.Key], None]) -> None:
        hint = f"Reason, {REASON_LENGTH} characters or more; Enter rejects"
        super().__init__(id="reason", placeholder=hint, compact=True)
        self.cursor_blink = False
        self._note = note

    def on_key(self, event: events.Key) -> None:
        if event.key != "enter":
            self._note(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # and let it bubble: the card says that it was dropped
