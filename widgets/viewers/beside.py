"""Blocks of lines side by side, where there is width for more than one."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from widgets.lines import Line, clip, width_of

GAP = 3
Block = Callable[[int], tuple[Line, ...]]
"""Makes its lines for a width in cells."""


def beside(blocks: Sequence[Block], width: int, least: int) -> tuple[Line, ...]:
    """The blocks in rows of as many as fit with at least `least` cells each; an empty line between two rows."""
    lines: list[Line] = []
    each_row = max(1, min(len(blocks), (width + GAP) // (least + GAP)))
    room = (width + GAP) // each_row - GAP
    for at in range(0, len(blocks), each_row):
        made = [block(room) for block in blocks[at : at + each_row]]
        lines.extend(((),) if lines else ())
        lines.extend(_row(pieces, room) for pieces in zip_longest(*made, fillvalue=()))
    return tuple(lines)


def _row(pieces: Sequence[Line], room: int) -> Line:
    row: list[tuple[str, str]] = []
    for place, piece in enumerate(pieces):
        cut = clip(piece, room)
        row.extend(cut)
        if place < len(pieces) - 1:
            row.append((" " * (room - width_of(cut) + GAP), ""))
    return tuple(row)  # type: ignore[arg-type]
