"""A list of which only the lines on screen cost anything, with a cursor that stays on its row."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from widgets.framed import Framed
from widgets.lines import Line, Tone, cells, changed_parts, fit
from widgets.own_scrolling import OwnScrolling
from widgets.plain import visible
from widgets.sheltered import ShelteredWidget


class LineList(ShelteredWidget, Framed, OwnScrolling, can_focus=True):
    """Draws rows by key. Subclasses say how a row looks; whoever owns the rows calls `show_keys`."""

    DEFAULT_CSS = """
    LineList {
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        & > .line--dim { color: $dim; }
        & > .line--rule { color: $rule; }
        & > .line--good { color: $success; }
        & > .line--warn { color: $warning; }
        & > .line--bad { color: $error; }
        & > .line--accent { color: $accent; }
        & > .line--strong { text-style: bold; }
        & > .line--cursor { background: $cursor; text-style: bold; }
        & > .line--cursor-blurred { background: $cursor-blurred; }
    }
    """

    @dataclass
    class _OfList(Message):
        key: str
        control: "LineList | None" = None
        """The list; a handler can ask for one list by its selector."""

    class Moved(_OfList):
        """The cursor is on another row now; an empty key when there is none."""

    class Opened(_OfList):
        """The operator clicked the row that the cursor was on already."""

    def __init__(self, *, id: str | None = None, classes: str | None = None, has_cursor: bool = True) -> None:
        super().__init__(id=id, classes=classes)
        self.has_cursor = has_cursor
        self.keys: Sequence[str] = ()
        self.cursor = 0
        self._room = self._content_width = 1
        self._styles: dict[tuple[Tone, str], Style] = {}

    def line(self, index: int, width: int) -> Line:
        """How the row looks in at most `width` cells."""
        raise NotImplementedError

    def revision(self, index: int) -> Hashable:
        """Something that differs whenever the row looks different."""
        raise NotImplementedError

    def blank_line(self, y: int) -> Line:
        """What stands below the last row, `y` lines further down."""
        return ()

    @property
    def key(self) -> str:
        """Key of the row under the cursor; empty when there is no row."""
        return self.keys[self.cursor] if self.cursor < len(self.keys) else ""

    @property
    def line_width(self) -> int:
        """Cells that a line may fill."""
        return max(1, self.scrollable_content_region.width)

    def show_keys(self, keys: Sequence[str]) -> None:
        """Take another list of rows. The cursor stays on its row, and the row on its line of the screen if it can."""
        was, before, earlier = self.key, self.cursor, self.keys
        self.keys = keys
        found = self._place_near(was, (before, before + len(self.keys) - len(earlier)))
        self.cursor = min(before, max(0, len(self.keys) - 1)) if found is None else found
        self.fit_height()
        if found is not None and found != before:
            self._scroll_lines(self.scroll_offset.y + found - before)
        shown = slice(self.scroll_offset.y, self.scroll_offset.y + max(1, self.size.height))
        if list(self.keys[shown]) != list(earlier[shown]) or self.cursor != before or not self.keys:
            self.refresh()
        if self.key != was:
            self.post_message(self.Moved(self.key, self))

    def fit_height(self) -> None:
        """Tell Textual how far one can scroll. What fits the pane is one height."""
        self.virtual_size = Size(0, max(len(self.keys), self.scrollable_content_region.height))

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with this key; False when there is none."""
        index = self.place_of(key)
        if index is not None:
            self.move_to(index)
        return index is not None

    def place_of(self, key: str) -> int | None:
        """Where the row with this key stands; None when there is none."""
        try:
            return self.keys.index(key)  # seldom asked; an index would be made for every list
        except ValueError:
            return None

    def move_to(self, index: int) -> None:
        """Put the cursor on a row (the nearest one there is) and bring it into view. Without a cursor: scroll there."""
        if not self.has_cursor:
            self._scroll_lines(index)
            return
        index = max(0, min(index, len(self.keys) - 1))
        before, self.cursor = self.cursor, index
        self._scroll_into_view()
        if index != before:
            self.refresh_lines(before)
            self.refresh_lines(index)
            self.post_message(self.Moved(self.key, self))

    def move(self, lines: int) -> None:
        """Move the cursor, or without one the text, down by some lines (up when negative)."""
        self.move_to((self.cursor if self.has_cursor else self.scroll_offset.y) + lines)

    @property
    def page(self) -> int:
        """Lines of one page."""
        return max(1, self.scrollable_content_region.height - 1)

    def refresh_changed(self, indices: Sequence[int]) -> None:
        """Draw these rows again, as far as they are on screen."""
        top = self.scroll_offset.y
        for index in indices:
            if top <= index < top + self.size.height:
                self.refresh(Region(0, index - top, self.size.width, 1))

    def refresh_differences(self, rows: Iterable[tuple[int, Line, Line]]) -> None:
        """Draw rows again that look different now, as far as they do: an age that grows costs a few cells.

        Args:
            rows: Number of each row, how it looked, and how it looks.
        """
        top, height = self.scroll_offset.y, self.size.height
        parts = [
            Region(start, index - top, end - start, 1)
            for index, before, after in rows
            if top <= index < top + height
            for start, end in changed_parts(before, after)
            if start < end
        ]
        if parts:
            self.refresh(*parts)

    @property
    def on_screen(self) -> range:
        """The rows that are on screen now."""
        top = self.scroll_offset.y
        return range(top, min(len(self.keys), top + self.scrollable_content_region.height))

    def look(self, y: int) -> Hashable:
        """What a line of the screen is made of."""
        index = y + self.scroll_offset.y
        if index >= len(self.keys):
            return self.blank_line(index - len(self.keys)), self._room
        return self.revision(index), self._ground(index), self._room

    def measure(self) -> None:
        """How much room there is; asking Textual for each line would cost as much as drawing it."""
        self._room, self._content_width = self.line_width, self.content_size.width

    def render_line(self, y: int) -> Strip:
        """One line of the screen, without its frame (Textual's hook)."""
        index = y + self.scroll_offset.y
        if index >= len(self.keys):
            return self._draw(self.blank_line(index - len(self.keys)), "")
        return self._draw(self.line(index, self._room), self._ground(index))

    def forget_colours(self) -> None:
        """And the styles of the tones with them."""
        super().forget_colours()
        self._styles.clear()

    def on_resize(self, event: Resize) -> None:
        self.fit_height()
        self._scroll_into_view()

    def on_focus(self) -> None:
        self.refresh_changed([self.cursor])

    def on_blur(self) -> None:
        self.refresh_changed([self.cursor])

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not self.has_cursor:
            return
        index = offset.y + self.scroll_offset.y
        if index == self.cursor and index < len(self.keys):
            self.post_message(self.Opened(self.key, self))
        elif index < len(self.keys):
            self.move_to(index)

    def _place_near(self, key: str, guesses: tuple[int, ...]) -> int | None:
        """Where a row stands now; first a look at where it would be if rows came or went before or behind it."""
        for place in guesses:
            if 0 <= place < len(self.keys) and self.keys[place] == key:
                return place
        return self.place_of(key) if key else None

    def _ground(self, index: int) -> str:
        if not self.has_cursor or index != self.cursor:
            return ""
        return "line--cursor" if self.has_focus else "line--cursor-blurred"

    def _draw(self, line: Line, ground: str) -> Strip:
        segments: list[Segment] = []
        left = self._room
        for text, tone in line:
            # Formatters make external text visible where it enters; whatever one of them forgets is caught here.
            safe = text if text.isprintable() else visible(text)
            filled = cells(safe)
            if filled > left:
                safe, filled = fit(safe, left), left
            if filled:
                segments.append(Segment(safe, self._style(tone, ground)))
                left -= filled
        width = self._content_width
        if blank := left + width - self._room:
            segments.append(Segment(" " * blank, self._style("", ground)))
        return Strip(segments, width)

    def _style(self, tone: Tone, ground: str) -> Style:
        style = self._styles.get((tone, ground))
        if style is None:
            style = self.rich_style + self.get_component_rich_style(f"line--{tone or 'plain'}", partial=True)
            if ground:
                style += self.get_component_rich_style(ground, partial=True)
            self._styles[tone, ground] = style
        return style

    def _scroll_into_view(self) -> None:
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if self.has_cursor and height > 0 and not top <= self.cursor < top + height:
            self._scroll_lines(self.cursor if self.cursor < top else self.cursor - height + 1)

    def _scroll_lines(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, immediate=True, force=True)
