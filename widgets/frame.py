"""The frame of a pane as text: its name, its key, and what else stands on its edges. No Textual here."""

from collections.abc import Iterable, Iterator, Mapping

from widgets.lines import shorten
from widgets.plain import visible

NAMES: Mapping[str, tuple[str, int]] = {
    "needs": ("Needs you", 8), "goals": ("Goals", 1), "summary": ("Selected goal", 0), "steps": ("Steps", 2),
    "thread": ("Thread", 3), "output": ("Output", 0), "evidence": ("Evidence", 4), "cost": ("Cost", 5),
    "blockers": ("Blockers", 7), "live": ("Live", 6), "sources": ("Sources", 9),
}  # fmt: skip
"""The panes of the main screen: the title, and the key that jumps there; 0 for none."""
CORNERS = ("╭", "╮", "╰", "╯")
JOINTS = {"╭": "├", "╮": "┤"}
"""The upper corners of a pane that grows out of the frame of the one above."""
SIDE, EDGE = "│", "─"
INSET = 2
"""From the edge of the pane to its text: frame and padding."""

Heads = tuple[tuple[int, str], ...]
"""Names of columns: the cell of the line of text, and what stands there."""


def on_edges(title: str, number: int, right: str, stale: str, is_above: bool) -> tuple[tuple[str, str, str], str]:
    """What stands on the upper edge (title, key, facts) and on the lower one.

    Args:
        right: A fact; it stands below where there is a lower edge.
        is_above: Another pane begins on the lower edge, so that the upper one says it all.
    """
    below = "" if is_above else visible(right, 60)
    parts = [part for part in (visible(title, 120), visible(stale, 40), "" if below else visible(right, 60)) if part]
    facts = "".join(f" · {fact}" for fact in parts[1:])
    return ("".join(parts[:1]), f" {number}" if number else "", facts), below


def head_places(heads: Iterable[tuple[int, str]], title: int, width: int) -> Iterator[tuple[int, str]]:
    """Where the names of columns stand on the upper edge, with their gaps, as far as the title leaves room.

    Args:
        title: Cells that the title fills.
        width: Of the pane.
    """
    free = title + 6 if title else 1
    done = 0
    for cell, text in heads:
        start, end = cell + INSET, cell + INSET + len(text)
        if start < max(free + 1, done) or end + 1 >= width:
            continue
        gap = " " if start > done else ""
        yield start - len(gap), f"{gap}{text} "
        done = end + 1


def upper_edge(
    named: tuple[str, str, str], width: int, is_below: bool, heads: Heads = ()
) -> tuple[tuple[str, str], ...]:
    """The upper edge in `width` cells, as pieces with what they are: `frame`, `title`, `number` or `dim`."""
    left, right = (JOINTS[corner] if is_below else corner for corner in CORNERS[:2])
    said = len("".join(named))
    if not said or said > width - 6:  # a name that does not fit is drawn when the screen is there
        return ((left + EDGE * (width - 2) + right, "frame"),)
    pieces = [(left + EDGE, "frame"), (f" {named[0]}", "title"), (named[1], "number"), (f"{named[2]} ", "title")]
    done = said + 4
    for start, text in head_places(heads, said, width):
        pieces += [(EDGE * (start - done), "frame"), (text, "dim")]
        done = start + len(text)
    return (*pieces, (EDGE * (width - 1 - done) + right, "frame"))


def lower_edge(said: str, width: int) -> str:
    """The lower edge in `width` cells; what it says stands at its right end."""
    label = f" {shorten(said, width - 4)} " if said and width > 4 else ""
    return CORNERS[2] + EDGE * (width - 3 - len(label)) + label + EDGE + CORNERS[3]
