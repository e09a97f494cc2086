"""Draws marks, bars and frames in ASCII, for terminals and fonts that cannot do better."""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from cockpit.terminal import Reach
from widgets.marks import ASCII


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


@lru_cache(4096)
def in_ascii(text: str, reach: Reach) -> str:
    """The text with our marks in ASCII; beyond them, what the reach names gets its base letter or `?`."""
    ours = text.translate(ASCII)
    if reach == "marks" or ours.isascii():
        return ours
    return "".join(char if _stays(char, reach) else _letter(char) for char in ours)


def _stays(char: str, reach: Reach) -> bool:
    return char.isascii() or (reach == "ambiguous" and unicodedata.east_asian_width(char) != "A")


def _letter(char: str) -> str:
    width = cell_len(char)
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if width == 1 and base.isascii() and base.isprintable() else "?" * width
