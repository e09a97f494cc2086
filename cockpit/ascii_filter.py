"""Draws marks, bars and frames in ASCII, for terminals and fonts that cannot do better."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from cockpit.in_ascii import in_ascii
from cockpit.terminal import Reach


class AsciiFilter(LineFilter):
    """Replaces each of our marks by one ASCII character, and further characters as far as it reaches.

    Every text keeps its width.
    """

    def __init__(self, reach: Reach) -> None:
        super().__init__(enabled=bool(reach))
        self._reach = reach

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        reach = self._reach
        return [
            segment if segment.text.isascii() else Segment(in_ascii(segment.text, reach), segment.style)
            for segment in segments
        ]
