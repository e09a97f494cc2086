"""External text on one line of the screen: nothing in it is obeyed, nothing is hidden, and its length is capped."""

import unicodedata

from factory.rules.visible import one_line

_MARKS_IN_A_ROW = 3
"""Accents on one letter; more of them climb over other lines of the screen."""


def visible(text: str, limit: int = 400) -> str:
    """The text on one line with control characters, bidi overrides and invisible characters spelled out.

    What would be longer than `limit` code points is cut and ends with `…`; only the beginning is looked at.
    """
    cut = text[:limit]
    shown = cut if cut.isascii() and cut.isprintable() else _without_towers(one_line(cut))
    return shown if len(text) <= limit and len(shown) <= limit else f"{shown[:limit]}…"


def visible_lines(text: str, lines: int = 200, limit: int = 400) -> tuple[str, ...]:
    """The text line by line, each made visible; what is beyond `lines` is counted in a last line."""
    head = text[: lines * limit]  # a megabyte without a line end is cut before it is split
    parts = head.replace("\r\n", "\n").split("\n")
    shown = tuple(visible(part, limit) for part in parts[:lines])
    left_out = len(text) - len(head) + sum(map(len, parts[lines:]))
    return (*shown, f"… {left_out:,} more characters") if left_out else shown


def _without_towers(text: str) -> str:
    parts: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        parts.append(char if marks <= _MARKS_IN_A_ROW else f"⟨U+{ord(char):04X}⟩")
    return "".join(parts)
