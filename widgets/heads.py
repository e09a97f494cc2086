"""Names of columns in the frame above a list: they cost no line of their own."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.frame import head_places


def headed(edge: Strip, heads: Iterable[tuple[int, str]], title: int, style: Style) -> Strip:
    """The upper edge of a pane with the names in it, as far as the title leaves room for them.

    Args:
        title: Cells that the title fills.
    """
    parts: list[Strip] = []
    done = 0
    for start, text in head_places(heads, title, edge.cell_length):
        parts += [edge.crop(done, start), Strip([Segment(text, style)])]
        done = start + len(text)
    return Strip.join([*parts, edge.crop(done)]) if parts else edge
