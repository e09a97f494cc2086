"""A titled box with lines of text in it that can be scrolled."""

from collections.abc import Callable, Hashable
from itertools import zip_longest
from typing import Self

from textual.content import Content
from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip

from widgets.frame import JOINTS, Heads, on_edges
from widgets.heads import headed
from widgets.line_list import LineList
from widgets.lines import Line
from widgets.sheltered import broken_lines

Draw = Callable[[int], tuple[Line, ...]]
"""Makes the lines for a width in cells."""


class Pane(LineList):
    """Draws what a format function makes of a value, for the width at hand. `show` gives it another value."""

    DEFAULT_CSS = """
    Pane {
        border: round $border;
        border-title-color: $title;
        border-title-style: bold;
        border-subtitle-color: $dim;
        padding: 0 1;
        &:focus { border: round $border-focus; }
        &.-stale { border: round $rule; border-title-color: $warning; color: $dim; }
        &.-stale > .line--good, &.-stale > .line--warn, &.-stale > .line--bad, &.-stale > .line--accent { color: $dim; }
        &.-stale > .line--strong { text-style: none; }
    }
    """

    TITLE = ""
    _is_naming = False
    NUMBER = 0
    """The key that jumps here; 0 for none."""

    def __init__(self, *, id: str | None = None, classes: str | None = None, has_cursor: bool = False) -> None:
        super().__init__(id=id, classes=classes, has_cursor=has_cursor)
        self.lines: tuple[Line, ...] = ()
        self._draw_lines: Draw | None = None
        self._values: tuple[object, ...] = ()
        self._names = ("", "")
        self._stale = ""
        self._title_cells = 0
        self.set_title(self.TITLE)

    def set_title(self, title: str, right: str = "") -> None:
        """Name the pane on its border; external text is welcome. The same names again cost nothing."""
        if (title, right) != self._names:
            self._names = (title, right)
            self._name_frame()

    def set_stale(self, since: str) -> None:
        """Dim what is drawn and say since when it is old (`STALE 14s`); empty when it is not."""
        if since != self._stale:
            self._stale = since
            self.set_class(bool(since), "-stale")
            self._name_frame()

    def stack(self, is_above: bool, is_below: bool) -> None:
        """Share a line of the frame with the pane below or above; without a lower edge the title says it all."""
        if (is_above, is_below) != (self.has_class("-above"), self.has_class("-below")):
            self.set_class(is_above, "-above")
            self.set_class(is_below, "-below")
            self._name_frame()
            self._format_soon()  # without a lower edge there is one line more, and no resize says so

    @property
    def wanted_lines(self) -> int:
        """Lines that it has to say."""
        return len(self.keys)

    def show(self, draw: Draw, *values: object) -> None:
        """Draw the lines that `draw` makes for the width of the pane, now and whenever the width changes.

        Args:
            draw: Makes the lines.
            values: What they are made of, where that is known: the same as last time cost nothing.
        """
        if values and values == self._values:
            return
        self._draw_lines, self._values = draw, values
        if self.is_mounted and self.size.width:
            self._format()

    def line(self, index: int, width: int) -> Line:
        """One line of the text."""
        return self.lines[index]

    def revision(self, index: int) -> Hashable:
        """The line itself."""
        return self.lines[index]

    def on_mount(self) -> None:
        # A scroll bar that comes or goes takes a column without a resize.
        self.watch(self, "show_vertical_scrollbar", self._format_soon, init=False)

    def on_show(self) -> None:
        self._format()

    def on_resize(self, event: Resize) -> None:
        self._format()
        super().on_resize(event)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with their frame; its upper edge is ours (Textual's hook)."""
        strips = super().render_lines(crop)
        if crop.y == 0 and strips and self.styles.gutter.top:
            if crop.width < self.outer_size.width:  # the names of columns are put into a whole edge
                (strips[0],) = super().render_lines(Region(0, 0, self.outer_size.width, 1))
            strips[0] = self._upper_edge(strips[0]).crop(crop.x, crop.right)
        return strips

    def heads(self, width: int) -> Heads:
        """Names of columns for the upper edge of the frame; none where the pane has no columns."""
        return ()

    def refresh_edge(self) -> None:
        """Draw the upper edge again: its names are others now."""
        left, top = self.gutter.left, self.gutter.top
        self.refresh(Region(-left, -top, self.outer_size.width, 1))

    def _upper_edge(self, edge: Strip) -> Strip:
        """A pane below another one grows out of its frame; columns have their names in it."""
        if self.has_class("-below") and not self.has_class("-zoom"):
            edge = _with_joints(edge)
        heads = self.heads(self.line_width)
        if heads:
            edge = headed(edge, heads, self._title_cells, self._style("dim", ""))
            for line_filter in self.get_line_filters():
                edge = edge.apply_filter(line_filter, self.background_colors[1])
        return edge

    def _name_frame(self) -> None:
        title, right = self._names
        (name, number, facts), below = on_edges(title, self.NUMBER, right, self._stale, self.has_class("-above"))
        self._is_naming = True
        named = Content.assemble(name, (number, "not bold $dim"), facts)
        self.border_title, self._title_cells = named, named.cell_length
        self.border_subtitle = Content(below)
        self._is_naming = False

    def refresh(self, *regions: Region, **how: bool) -> Self:
        """Draw again; another title costs the frame, not what is in it (Textual's hook)."""
        if self._is_naming and not regions:
            left, top, width, height = -self.gutter.left, -self.gutter.top, *self.outer_size
            regions = (Region(left, top, width, 1), Region(left, top + height - 1, width, 1))
        return super().refresh(*regions, **how)

    def _format_soon(self) -> None:
        self.call_after_refresh(self._format)

    def _format(self) -> None:
        lines = self._made(self._draw_lines) if self._draw_lines else ()
        before, self.lines = self.lines, lines
        if len(lines) != len(before):
            self.keys = tuple(map(str, range(len(lines))))
            self.fit_height()
        pairs = enumerate(zip_longest(before, lines, fillvalue=()))
        self.refresh_differences((index, old, new) for index, (old, new) in pairs if old != new)

    def _made(self, draw: Draw) -> tuple[Line, ...]:
        try:
            return draw(self.line_width)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other panes are drawn
            self.survive(error)
            return broken_lines(error)


def _with_joints(strip: Strip) -> Strip:
    segments = list(strip)
    for place, cut in ((0, 0), (-1, -1)):
        segment = segments[place]
        joint = JOINTS.get(segment.text[cut : cut + 1 or None])
        if joint:
            text = joint + segment.text[1:] if place == 0 else segment.text[:-1] + joint
            segments[place] = segment._replace(text=text)
    return Strip(segments, strip.cell_length)
