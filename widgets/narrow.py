"""Renders and writes the lines and cells that changed, and no others; Textual alone takes whole widgets.

Textual's compositor renders every line of each widget between the first change and the last, and writes each changed
part of a line from the left edge of its widget. With a dozen panes side by side that is most of what a key press costs,
and most of what goes through an ssh connection. Both are cut here to the cells that were marked as changed: a widget
beside a change, or behind one that covers it, is not asked. Nor is a strip divided at the edges of its neighbours: one
that is not cut is kept in a cache of its own then, and what holds itself is only freed by the garbage collector.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Cells = tuple[int, int]
"""Of a line: the first cell, and the one behind the last."""
Unseen = dict[int, list[Cells]]
"""By line, top to bottom: what changed and is not covered by anything that was rendered already."""


class Piece(NamedTuple):
    """Cells beside each other that are written at once."""

    y: int
    x: int
    strip: Strip


class NarrowUpdate(CompositorUpdate):
    """Writes pieces of lines, each from its first cell to its last one."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """What goes to the terminal (Textual's hook)."""
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for y, x, strip in self.pieces])


class NarrowCompositor(Compositor):
    """Renders the lines that changed, of the widgets in which they did."""

    def render_partial_update(self) -> NarrowUpdate | None:  # type: ignore[override]  # it is only ever written
        """What changed since the last time (Textual's hook)."""
        screen = self.size.region
        changes = [change.intersection(screen) for change in self._dirty_regions]
        self._dirty_regions.clear()
        unseen: Unseen = {}
        for y, x1, x2 in self._regions_to_spans(changes):
            unseen.setdefault(y, []).append((x1, x2))
        pieces = sorted(self._pieces(unseen), key=lambda piece: piece[:2])
        return NarrowUpdate(pieces) if pieces else None

    def _pieces(self, unseen: Unseen) -> Iterator[Piece]:
        for widget, (region, clip) in self.visible_widgets.items():  # from front to back
            if not unseen:
                return
            seen = region.intersection(clip)
            for y, strip in _rendered(widget, region, seen, unseen):
                yield from _uncovered(unseen, y, seen, strip)


def _rendered(widget: Widget, region: Region, seen: Region, unseen: Unseen) -> Iterator[tuple[int, Strip]]:
    """The lines of a widget in which something changed that can be seen, each as long as what is seen of it."""
    left, right = seen.column_span
    changed = [y for y in unseen if y in seen.line_range and any(x1 < right and left < x2 for x1, x2 in unseen[y])]
    for band in bands_of(changed):
        part = Region(left, band.start, right - left, len(band))
        yield from zip(band, widget.render_lines(part.translate(-region.offset)), strict=False)


def _uncovered(unseen: Unseen, y: int, seen: Region, strip: Strip) -> Iterator[Piece]:
    """The pieces of a line that nothing before it covers; it covers them from now on."""
    left, right = seen.column_span
    rest: list[Cells] = []
    for x1, x2 in unseen.pop(y):
        start, stop = max(left, x1), min(right, x2)
        if start < stop:
            yield Piece(y, start, strip.crop(start - left, stop - left))
        rest += [cells for cells in ((x1, min(x2, left)), (max(x1, right), x2)) if cells[0] < cells[1]]
    if rest:
        unseen[y] = rest


def bands_of(lines: Iterable[int]) -> tuple[range, ...]:
    """Lines as runs of neighbours, top to bottom."""
    bands: list[range] = []
    for y in sorted(lines):
        if bands and bands[-1].stop == y:
            bands[-1] = range(bands[-1].start, y + 1)
        else:
            bands.append(range(y, y + 1))
    return tuple(bands)
