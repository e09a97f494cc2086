"""Fields to type in, with cursors that do not blink: nothing on this screen moves by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input

from widgets.own_scrolling import OwnScrolling

if TYPE_CHECKING:
    from textual.widgets import TextArea


class LineField(Input, OwnScrolling):
    """A field of which a letter costs that letter."""


def line_field(name: str, text: str = "", hint: str = "", known: Sequence[str] = ()) -> Input:
    """One line; `known` words are offered while typing."""
    suggester = SuggestFromList(known, case_sensitive=False) if known else None
    field = LineField(text, placeholder=hint, id=name, compact=True, suggester=suggester)
    field.cursor_blink = False
    return field


def text_field(name: str, text: str, title: str) -> "TextArea":
    """Several lines in a titled frame; Enter makes another line."""
    from textual.widgets import TextArea  # the main screen has none

    area = TextArea(text, id=name, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
    area.border_title = Content(title)
    area.cursor_blink = False
    return area
