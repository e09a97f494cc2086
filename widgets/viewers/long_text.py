"""A pane over rows that somebody else prepared: any number of them, with a search, and an end that can be followed."""

from collections.abc import Hashable, Sequence
from typing import overload

from textual.events import Resize

from widgets.lines import Line
from widgets.pane import Pane
from widgets.viewers.search import marked
from widgets.viewers.tones import FOUND, GROUNDS


class Numbers(Sequence[str]):
    """`"0"`, `"1"`, … as keys of rows that need no others; takes no room."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        found = range(self._count)[index]
        return str(found) if isinstance(found, int) else [str(one) for one in found]


class LongText(Pane):
    """Draws rows as they are. Whoever owns them makes them for `line_width`, and makes them again when it changes."""

    DEFAULT_CSS = """
    LongText {
        scrollbar-gutter: stable;
        & > .line--keyword { color: $primary; }
        & > .line--string { color: $success; }
        & > .line--number { color: $warning; }
        & > .line--comment { color: $dim; text-style: italic; }
        & > .line--name { color: $accent; }
        & > .line--added { color: $success; }
        & > .line--removed { color: $error; }
        & > .line--found { text-style: reverse bold; }
        & > .line--on-added { background: $success-muted; }
        & > .line--on-removed { background: $error-muted; }
    }
    """

    rows: Sequence[Line] = ()
    _note = ("", "")

    def __init__(self, *, id: str | None = None, has_cursor: bool = False) -> None:
        super().__init__(id=id, has_cursor=has_cursor)
        self.follows = False
        """Whether new rows bring their end into view. Scrolling up ends it."""
        self.word = ""
        self.hit = -1
        """The row of the search that was jumped to."""
        self._end = 0

    def set_title(self, title: str, right: str = "") -> None:
        """Name it on its border, with which rows are on screen when that is not all of them."""
        self._note = (title, right)
        super().set_title(title, " · ".join(part for part in (right, self._position()) if part))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say which rows are on screen (Textual's hook)."""
        super().watch_scroll_y(old_value, new_value)
        self.set_title(*self._note)

    def _position(self) -> str:
        seen = self.on_screen if self.is_mounted else range(0)
        return f"{seen.start + 1:,}–{seen.stop:,} of {len(self.rows):,}" if 0 < len(seen) < len(self.rows) else ""

    def show_rows(self, rows: Sequence[Line], keys: Sequence[str] | None = None, above: int = 0) -> None:
        """Draw other rows.

        Args:
            keys: Names of the rows, for a list with a cursor that stays on its row.
            above: How many of them are new at the top; what is on screen stays where it is.
        """
        self.freeze_if_scrolled()
        was_following, top = self.follows, self.scroll_offset.y
        self.rows = rows
        if keys is None:
            self.keys = Numbers(len(rows))
            self.fit_height()
        else:
            self.show_keys(keys)
        self.refresh()
        if was_following:
            self.go_to_end()
        elif above:
            self._scroll_lines(top + above)
        self.set_title(*self._note)

    def start(self, follows: bool) -> None:
        """Forget what was shown: something else comes, from its beginning or from its end."""
        self.follows = False
        self.show_word("")
        self.show_rows((((" ", ""),),))
        self.cursor = 0
        self._scroll_lines(0)
        self.follows, self._end = follows, 0

    def line(self, index: int, width: int) -> Line:
        """One row, with the hits of the search marked."""
        return marked(self.rows[index], self.word, FOUND)

    def revision(self, index: int) -> Hashable:
        """The row itself, and what is marked in it."""
        return self.rows[index], self.word

    def show_word(self, word: str, hit: int = -1) -> None:
        """Mark a word, and go to the row of a hit."""
        self.word, self.hit = word, hit
        self.refresh()
        if hit >= 0 and self.has_cursor:
            self.move_to(hit)
        elif hit >= 0 and hit not in self.on_screen:
            self._scroll_lines(hit - self.page // 3)

    def go_to_end(self) -> None:
        """Bring the last row into view; it stays there while `follows`."""
        self._scroll_lines(max(0, len(self.rows) - self.scrollable_content_region.height))
        self._end = self.scroll_offset.y

    def freeze_if_scrolled(self) -> None:
        """Stop following when somebody scrolled up, by key or by wheel."""
        if self.follows and self.scroll_offset.y < min(self._end, round(self.max_scroll_y)):
            self.follows = False

    @property
    def here(self) -> int:
        """The row that a search goes on from."""
        if self.has_cursor:
            return self.cursor
        return self.hit if self.hit in self.on_screen else self.scroll_offset.y - 1

    def on_resize(self, event: Resize) -> None:
        self.fit_height()
        if self.has_cursor:
            self._scroll_into_view()
        if self.follows:
            self.go_to_end()
        self.set_title(*self._note)

    def _format(self) -> None:
        """The rows are made elsewhere."""

    def _ground(self, index: int) -> str:
        ground = super()._ground(index)
        if ground or index == self.hit:
            return ground or "line--cursor"
        row = self.rows[index]
        return f"line--on-{row[0][1]}" if row and row[0][1] in GROUNDS else ""
