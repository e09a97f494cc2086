"""Takes every colour out of what is drawn, for `NO_COLOR`; bold, dim, underline and reverse keep the meaning."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class Colourless(LineFilter):
    """Leaves no colour, not even a grey: the terminal's own two colours draw everything."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without colours."""
        return [Segment(text, style and _plain(style), control) for text, style, control in segments]


@lru_cache(2048)
def _plain(style: Style) -> Style:
    return style.without_color
