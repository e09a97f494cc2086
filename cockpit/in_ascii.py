"""Text in ASCII, cell for cell, for terminals and fonts that cannot do better. No Textual here."""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

from cockpit.terminal import Reach
from widgets.marks import ASCII


@lru_cache(4096)
def in_ascii(text: str, reach: Reach) -> str:
    """The text with our marks in ASCII; beyond them, what the reach names gets its base letter or `?`."""
    ours = text.translate(ASCII)
    if reach == "marks" or ours.isascii():
        return ours
    return "".join(char if _stays(char, reach) else _letter(char) for char in ours)


def _stays(char: str, reach: Reach) -> bool:
    return char.isascii() or (reach == "ambiguous" and unicodedata.east_asian_width(char) != "A")


def _letter(char: str) -> str:
    width = cell_len(char)
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if width == 1 and base.isascii() and base.isprintable() else "?" * width
