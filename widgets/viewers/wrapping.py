"""Long lines folded at the width of the screen, without losing their tones."""

from collections.abc import Iterable, Sequence
from typing import overload

from rich.cells import cell_len, chop_cells

from widgets.lines import Line, Span
from widgets.plain import visible

LONGEST = 4000
"""Code points of one line that are shown; the rest is counted."""
TAB = 8


def readable(line: str, limit: int = LONGEST) -> str:
    """One line of a file as it may be drawn: tabs become spaces, what is too long is cut and counted."""
    cut = line[:limit]
    if "\t" in cut:
        cut = cut.expandtabs(TAB)[: limit * 2]
    shown = cut if cut.isascii() and cut.isprintable() else visible(cut, 2 * limit)
    return shown if len(line) <= limit else f"{shown} … {len(line) - limit:,} more characters"


def folded(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` cells; at least one piece."""
    if len(text) <= width and text.isascii():
        return [text]
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)]
    return chop_cells(text, max(2, width)) or [""]


def text_rows(lines: Iterable[str], width: int) -> list[str]:
    """Every line of a file, readable and folded."""
    rows: list[str] = []
    for line in lines:
        if len(line) <= width and line.isascii() and line.isprintable():
            rows.append(line)
        else:
            rows.extend(folded(readable(line.rstrip("\r")), width))
    return rows


def folded_line(line: Line, width: int) -> list[Line]:
    """A line of several tones in rows of at most `width` cells; at least one row."""
    rows: list[Line] = []
    row: list[Span] = []
    left = width
    for text, tone in line:
        for piece in _pieces(text, left, width):
            filled = cell_len(piece)
            if filled > left:
                rows.append(tuple(row))
                row, left = [], width
            row.append((piece, tone))
            left -= filled
    return [*rows, tuple(row)]


def _pieces(text: str, left: int, width: int) -> list[str]:
    if cell_len(text) <= left:
        return [text]
    first = chop_cells(text, left)[0] if left >= 2 else ""
    return [piece for piece in (first, *chop_cells(text[len(first) :], max(2, width))) if piece]


class TextRows(Sequence[Line]):
    """Rows of plain text as lines, made when they are drawn."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return TextRows(self._texts[index])
        return ((self._texts[index], ""),)


class Below(Sequence[Line]):
    """A few lines, and below them many that are made when they are drawn."""

    def __init__(self, head: Sequence[Line], body: Sequence[Line]) -> None:
        self._head = tuple(head)
        self._body = body

    def __len__(self) -> int:
        return len(self._head) + len(self._body)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        return self._head[at] if at < len(self._head) else self._body[at - len(self._head)]
