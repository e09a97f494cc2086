"""One line across the screen: the header, the message line and the footer are such lines."""

from widgets.pane import Pane


class Bar(Pane, can_focus=False):
    """A single line without a frame that takes no focus."""

    DEFAULT_CSS = """
    Bar {
        border: none;
        height: 1;
        padding: 0;
        overflow-y: hidden;
    }
    """
