"""Renders and writes the lines and cells that changed, and no others; Textual alone takes whole widgets.

Textual's compositor renders every line of each widget between the first change and the last, and writes each changed
part of a line from the left edge of its widget. With a dozen panes side by side that is most of what a key press costs,
and most of what goes through an ssh connection. Both are cut here to the cells that were marked as changed: a widget
beside a change, or behind one that covers it, is not asked.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

Render = tuple[Region, Region, list[Strip]]
"""Where a widget is, which part of that is seen, and the lines of that part (Textual's)."""


class NarrowUpdate(ChopsUpdate):
    """Writes a change from its first cell to its last one."""

    def render_segments(self, console: Console) -> str:
        """What goes to the terminal (Textual's hook)."""
        written: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                start, stop = max(x, x1), min(end, x2)
                if strip is not None and start < stop:
                    cut = strip if (start, stop) == (x, end) else strip.crop(start - x, stop - x)
                    written += [Control.move_to(start, y).segment.text, cut.render(console)]
        return "".join(written)


class NarrowCompositor(Compositor):
    """Renders the lines that changed, of the widgets in which they did."""

    def __init__(self) -> None:
        super().__init__()
        self._changes: frozenset[Region] = frozenset()
        """What to render; none = whatever is asked for."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last time (Textual's hook)."""
        self._changes = frozenset(self._dirty_regions)
        try:
            update = super().render_partial_update()
        finally:
            self._changes = frozenset()
        return NarrowUpdate(update.chops, update.spans, update.chop_ends) if update else None

    def _get_renders(self, crop: Region | None = None) -> Iterable[Render]:
        if crop is None or not self._changes:
            yield from super()._get_renders(crop)
            return
        unseen = self._changes
        for widget, (region, clip) in self.visible_widgets.items():  # from front to back
            seen = region.intersection(clip)
            mine = [change for change in unseen if change.overlaps(seen)]
            for band in bands_of(mine, self.size.height):
                if part := seen.intersection(Region(0, band.start, self.size.width, len(band))):
                    yield region, part, widget.render_lines(part.translate(-region.offset))
            unseen = unseen.difference(change for change in mine if seen.contains_region(change))
            if not unseen:
                return


def bands_of(regions: Iterable[Region], height: int) -> tuple[range, ...]:
    """The lines that regions touch, as runs of neighbours, top to bottom."""
    lines = sorted({y for region in regions for y in region.line_range if 0 <= y < height})
    starts = [y for place, y in enumerate(lines) if place == 0 or lines[place - 1] != y - 1]
    ends = [y + 1 for place, y in enumerate(lines) if place + 1 == len(lines) or lines[place + 1] != y + 1]
    return tuple(map(range, starts, ends))
