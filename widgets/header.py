"""The first line of the screen."""

from widgets.bar import Bar
from widgets.heading import Heading, header_line


class Header(Bar):
    """Draws a `Heading`."""

    DEFAULT_CSS = "Header { background: $panel; }"

    def show_heading(self, heading: Heading) -> None:
        """Draw another heading."""
        self.show(lambda width: (header_line(heading, width),), heading)
