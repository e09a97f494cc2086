"""Names of columns in the frame above a list: they cost no line of their own."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Heads = tuple[tuple[int, str], ...]
"""Cells of the line of text, and what stands there."""
INSET = 2
"""From the edge of the pane to its text: frame and padding."""


def headed(edge: Strip, heads: Iterable[tuple[int, str]], title: int, style: Style) -> Strip:
    """The upper edge of a pane with the names in it, as far as the title leaves room for them.

    Args:
        title: Cells that the title fills.
    """
    free = title + 6 if title else 1
    parts: list[Strip] = []
    done = 0
    for cell, text in heads:
        start, end = cell + INSET, cell + INSET + len(text)
        if start < max(free + 1, done) or end + 1 >= edge.cell_length:
            continue
        gap = " " if start > done else ""
        parts += [edge.crop(done, start - len(gap)), Strip([Segment(f"{gap}{text} ", style)])]
        done = end + 1
    return Strip.join([*parts, edge.crop(done)]) if parts else edge
