"""Sentences that have one line of the screen: what goes first is what helps least."""

import re

from rich.cells import cell_len

from widgets.lines import ELLIPSIS, shorten_words

_PATH = re.compile(r"(?<![^\s('\"])/(?:[^\s/]+/)+([^\s/]+)")


def brief(text: str, width: int) -> str:
    """The text in at most `width` cells: folders of paths give way, then the middle; the fix, last, stays."""
    if cell_len(text) <= width:
        return text
    text = _PATH.sub(rf"{ELLIPSIS}/\1", text)
    said, dot, fix = text.rpartition(". ")
    if cell_len(text) <= width or not dot or cell_len(fix) > width * 2 // 3:
        return shorten_words(text, width)
    return f"{shorten_words(said, width - cell_len(fix) - 1)} {fix}"
