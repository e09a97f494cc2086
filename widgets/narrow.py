"""Renders and writes the lines and cells that changed, and no others; Textual alone takes whole widgets.

Textual's compositor renders every line of each widget that touches a change, and writes each changed part of a line
from the left edge of its widget. With a dozen panes side by side that is most of what a key press costs, and most of
what goes through an ssh connection. Both are cut here to the cells that were marked as changed.
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
    """Renders the lines that changed."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[range, ...] = ()
        """The lines to render, top to bottom; none = whatever is asked for."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last time (Textual's hook)."""
        self._bands = bands_of(self._dirty_regions, self.size.height)
        try:
            update = super().render_partial_update()
        finally:
            self._bands = ()
        return NarrowUpdate(update.chops, update.spans, update.chop_ends) if update else None

    def _get_renders(self, crop: Region | None = None) -> Iterable[Render]:
        if crop is None or not self._bands:
            yield from super()._get_renders(crop)
            return
        bands = [Region(0, band.start, self.size.width, len(band)) for band in self._bands]
        for widget, (region, clip) in self.visible_widgets.items():
            if crop.overlaps(clip):
                for band in bands:
                    if seen := region.intersection(clip).intersection(band):
                        strips = widget.render_lines(seen.translate(-region.offset))
                        yield region, clip.intersection(band), strips


def bands_of(regions: Iterable[Region], height: int) -> tuple[range, ...]:
    """The lines that regions touch, as runs of neighbours, top to bottom."""
    lines = sorted({y for region in regions for y in region.line_range if 0 <= y < height})
    starts = [y for place, y in enumerate(lines) if place == 0 or lines[place - 1] != y - 1]
    ends = [y + 1 for place, y in enumerate(lines) if place + 1 == len(lines) or lines[place + 1] != y + 1]
    return tuple(map(range, starts, ends))
