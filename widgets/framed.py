"""Lines of content between the two sides of a frame, joined once for each look of a line."""

from collections.abc import Hashable

from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip

from widgets.part_styles import PartStyles

_STRIPS_KEPT = 120
"""More lines than a pane has on screen; each takes some 5 kB."""


class Framed(PartStyles):
    """Works the sides of the frame out once. Textual does so for every line: half of what a line that changed cost."""

    _sides: tuple[Strip, Strip] | None = None
    _edge: Hashable = None
    _inner: Hashable = None

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._framed: LRUCache[Hashable, Strip] = LRUCache(_STRIPS_KEPT)

    def look(self, y: int) -> Hashable:
        """Something that differs whenever line `y` of the content looks different."""
        raise NotImplementedError

    def measure(self) -> None:
        """Work out what all lines that are drawn now have in common."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, with their frame (Textual's hook)."""
        gutter = self.styles.gutter
        inside = range(gutter.top, self.outer_size.height - gutter.bottom)
        self.measure()
        strips: list[Strip] = []
        for y in crop.line_range:
            strips += [self._line_in_frame(y - gutter.top)] if y in inside else self._by_textual(y)
        x1, x2 = crop.column_span
        return strips if (x1, x2) == (0, self.outer_size.width) else [strip.crop(x1, x2) for strip in strips]

    def forget_colours(self) -> None:
        """What is inside the frame has other colours now: forget those that were worked out."""
        self._framed.clear()

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours; where only the frame has others, keep its lines (Textual's hook)."""
        super().notify_style_update()
        self._sides, self._edge = None, (self.styles.border, self.styles.gutter)
        inner = self.rich_style, self.background_colors, tuple(self.get_line_filters()), self.parts_version
        if inner != self._inner:
            self._inner = inner
            self.forget_colours()

    def _line_in_frame(self, y: int) -> Strip:
        look = self._edge, self.look(y)
        strip = self._framed.get(look)
        if strip is None:
            strip = self.render_line(y)
            strip = self._filtered(strip)
            left, right = self._sides or self._cut_sides()
            strip = self._framed[look] = Strip.join((left, strip, right))
        return strip

    def _filtered(self, strip: Strip) -> Strip:
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def _cut_sides(self) -> tuple[Strip, Strip]:
        """What stands to the left and to the right of the content, cut out of a line that Textual has drawn."""
        gutter, width = self.styles.gutter, self.outer_size.width
        (drawn,) = self._by_textual(gutter.top)
        self._sides = drawn.crop(0, gutter.left), drawn.crop(width - gutter.right, width)
        return self._sides

    def _by_textual(self, y: int) -> list[Strip]:
        return super().render_lines(Region(0, y, self.outer_size.width, 1))
