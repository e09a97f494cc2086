"""A tree as a flat list of which parts are folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from widgets.lines import Line, clip
from widgets.viewers.wrapping import folded_line

INDENT = 2
LEAST_ROOM = 10
"""Of a text, however deep it lies: deeper ones begin no further to the right."""
MOST_ROWS = 200
"""Rows of one long value."""


@dataclass
class Node:
    """One row of the tree."""

    depth: int
    line: Line
    end: int
    """Place after the last one below it; its own place + 1 when nothing is below."""
    is_open: bool = True

    def has_children(self, place: int) -> bool:
        """Whether something is below it."""
        return self.end > place + 1


@dataclass
class Folding:
    """What of a tree is on screen. `nodes` in the order of reading; parents come before what is below them."""

    nodes: Sequence[Node] = ()
    long: set[int] = field(default_factory=set)
    """Places of rows without children whose whole text is shown."""

    def shown(self) -> Iterator[int]:
        """Places of the rows that are not folded away."""
        place = 0
        while place < len(self.nodes):
            yield place
            node = self.nodes[place]
            place = place + 1 if node.is_open else node.end

    def turn(self, place: int) -> None:
        """Fold or unfold what is below a row; one with nothing below shows all of its text, or its beginning."""
        node = self.nodes[place]
        if node.has_children(place):
            node.is_open = not node.is_open
        else:
            self.long ^= {place}

    def fold(self, place: int) -> int:
        """Fold a row, or the one that it is below of; return where the cursor belongs."""
        node = self.nodes[place]
        if (node.has_children(place) and node.is_open) or place in self.long:
            self.turn(place)
            return place
        return self.parent(place)

    def unfold(self, place: int) -> None:
        """Unfold a row."""
        if not self.nodes[place].is_open or (not self.nodes[place].has_children(place) and place not in self.long):
            self.turn(place)

    def reveal(self, place: int) -> None:
        """Unfold everything that a row is below of."""
        while (up := self.parent(place)) != place:
            self.nodes[up].is_open = True
            place = up

    def parent(self, place: int) -> int:
        """The row that this one is below of; itself at the top."""
        depth = self.nodes[place].depth
        return next((at for at in range(place - 1, -1, -1) if self.nodes[at].depth < depth), place)


def tree_rows(folding: Folding, width: int) -> tuple[list[Line], list[str]]:
    """The rows on screen, and their keys: the place of each, with a number behind it for the rows of a long text."""
    rows: list[Line] = []
    keys: list[str] = []
    for place in folding.shown():
        node = folding.nodes[place]
        mark = ("- " if node.is_open else "+ ") if node.has_children(place) else "  "
        indent = max(0, min(INDENT * min(node.depth, 30), width - len(mark) - LEAST_ROOM))
        head: Line = ((" " * indent, ""), (mark, "accent"))
        room = max(1, width - indent - len(mark))
        pieces = folded_line(node.line, room)[:MOST_ROWS] if place in folding.long else [clip(node.line, room)]
        for turn, piece in enumerate(pieces):
            rows.append((*head, *piece) if not turn else ((" " * (width - room), ""), *piece))
            keys.append(f"{place}.{turn}" if turn else str(place))
    return rows, keys
