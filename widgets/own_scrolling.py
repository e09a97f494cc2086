"""Scrolling that lays nothing out anew: how far one can scroll changes with every letter and every new row."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class OwnScrolling(ScrollView):
    """A widget whose place on the screen does not depend on what is in it; Textual would arrange all panes again."""

    virtual_size = Reactive(Size(0, 0), repaint=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Give the scroll bar its length; one that comes or goes is worth a layout (Textual's hook)."""
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(size)
