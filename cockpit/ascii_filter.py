"""Draws marks, bars and frames in ASCII, for terminals and fonts that cannot do better."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from widgets.marks import ASCII


class AsciiFilter(LineFilter):
    """Replaces each mark by one ASCII character; everything else stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        return [Segment(text.translate(ASCII), style, control) for text, style, control in segments]
