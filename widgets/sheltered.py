"""An error of ours in one widget or screen costs its picture for a moment, never the operator's session.

A bug still ends tests at once: only an app that says `keeps_going` is sheltered.
"""

from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget

from widgets.lines import Line
from widgets.plain import visible


class Sheltered(MessagePump):
    """Mix this in before a Textual class: its handlers and callbacks may fail, and it goes on with the next message."""

    async def _dispatch_message(self, message: Message) -> None:
        # Textual's own loop ends with the first error: the widget would be deaf for ever.
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, the operator stays
            self.survive(error)

    def survive(self, error: Exception) -> None:
        """Hand an error to the app, which notes it and goes on; raises it again where the app does not."""
        if not getattr(self.app, "keeps_going", False):
            raise error
        self.app._handle_exception(error)


class ShelteredWidget(Sheltered, Widget):
    """The same for what is drawn: a line that cannot be drawn stays empty, and all other widgets are drawn."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, or empty ones (Textual's hook)."""
        try:
            return super().render_lines(crop)
        except Exception as error:  # noqa: BLE001 - whatever it is, the operator stays
            self.survive(error)
            return [Strip.blank(crop.width, self.rich_style) for _ in range(crop.height)]


def broken_lines(error: Exception) -> tuple[Line, ...]:
    """What stands in a pane whose text could not be made."""
    words = f"This cannot be drawn ({type(error).__name__}: {visible(str(error), 60)}). cockpit.log has the details."
    return (((words, "bad"),),)
