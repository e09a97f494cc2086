"""Lines as data: pieces of text with a tone each, cut and padded by the cells they fill."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Literal

from rich.cells import cell_len, set_cell_size

Tone = Literal["", "dim", "good", "warn", "bad", "accent", "strong", "rule"]
"""What a colour means; the theme decides which colour it is."""
TONES: tuple[Tone, ...] = ("", "dim", "good", "warn", "bad", "accent", "strong", "rule")

Span = tuple[str, Tone]
Line = tuple[Span, ...]
"""What one row of the screen says. Plain data: no markup is ever read from the text."""

ELLIPSIS = "…"
_SPARKS = "▁▂▃▄▅▆▇█"


def cells(text: str) -> int:
    """How many cells the text fills; most texts are ASCII, and asking for no more than that takes a third."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with `…` at its end."""
    if width <= 0:
        return ""
    filled = cells(text)
    if filled <= width:
        return text + " " * (width - filled)
    return set_cell_size(set_cell_size(text, width - 1) + ELLIPSIS, width)


def shorten(text: str, width: int) -> str:
    """The text in at most `width` cells, cut with `…` at its end."""
    return text if cells(text) <= width else fit(text, width)


def shorten_words(text: str, width: int) -> str:
    """The text in at most `width` cells, cut between words with `…` at its end; one long word is cut anywhere."""
    if cells(text) <= width:
        return text
    kept = shorten(text, width)
    whole, _, _ = kept.removesuffix(ELLIPSIS).rpartition(" ")
    return f"{whole.rstrip()} {ELLIPSIS}" if cells(whole) > width // 2 else kept


def fit_right(text: str, width: int) -> str:
    """The text in exactly `width` cells, at the right; for numbers."""
    filled = cells(text)
    return " " * (width - filled) + text if filled <= width else fit(text, width)


def fit_path(path: str, width: int) -> str:
    """The path in at most `width` cells, cut at its beginning, where it says least."""
    if cells(path) <= width:
        return path
    at, left = len(path), width - 1
    while at and (filled := cells(path[at - 1])) <= left:
        at, left = at - 1, left - filled
    return ELLIPSIS + path[at:] if width > 0 else ""


def width_of(line: Line) -> int:
    """How many cells the line fills."""
    return sum(cells(text) for text, _ in line)


def clip(line: Line, width: int) -> Line:
    """The line in at most `width` cells."""
    kept: list[Span] = []
    left = width
    for text, tone in line:
        filled = cells(text)
        if filled > left:
            return (*kept, (fit(text, left), tone)) if left > 0 else tuple(kept)
        kept.append((text, tone))
        left -= filled
    return tuple(kept)


def spread(left: Line, right: Line, width: int) -> Line:
    """One line of two parts, one at each end; the left one gives way."""
    room = max(0, width - width_of(right) - 1)
    cut = clip(left, room)
    return (*cut, (" " * (width - width_of(cut) - width_of(right)), ""), *right)


def wrap(text: str, width: int, limit: int = 50) -> tuple[str, ...]:
    """The text in lines of at most `width` cells, broken between words where there are any, `limit` lines at most."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.extend(_chunks(word, max(1, width)))
        if len(lines) > limit:
            return (*lines[: limit - 1], shorten(lines[limit - 1] + ELLIPSIS, width))
    return tuple(lines)


def joined(parts: Iterable[Line], between: Span = ("  ", "")) -> Line:
    """Several pieces on one line."""
    spans: list[Span] = []
    for part in parts:
        spans.extend(((between,) if spans else ()) + part)
    return tuple(spans)


def bar(done: int, total: int, width: int, tone: Tone = "accent") -> Line:
    """A bar of `width` cells, filled to `done` of `total`; something begun shows at least one cell."""
    share = 0.0 if total <= 0 else min(1.0, max(0.0, done / total))
    filled = min(width, max(1 if done > 0 else 0, int(share * width)))
    return (("━" * filled, tone), ("─" * (width - filled), "rule"))


def spark(values: Sequence[int]) -> str:
    """Amounts beside each other, one cell each, in proportion to the largest; nothing stays at the ground."""
    most = max(1, *values)
    return "".join(_SPARKS[-(-value * (len(_SPARKS) - 1) // most)] for value in values)


def changed_cells(before: Line, after: Line) -> tuple[int, int]:
    """The cells, from the first to behind the last, in which two lines differ; none where they are equal."""
    left = sum(cells(old[0]) for old, _ in _same(before, after))
    if len(before) == len(after) and width_of(before) == width_of(after):
        right = sum(cells(old[0]) for old, _ in _same(before[::-1], after[::-1]))
        return (left, max(left, width_of(after) - right))
    return (left, max(width_of(before), width_of(after)))


def changed_parts(before: Line, after: Line) -> list[tuple[int, int]]:
    """The same cell ranges, apart where spans between them are equal: two ages on a line need not write the line."""
    widths = [cells(text) for text, _ in after]
    if [cells(text) for text, _ in before] != widths:
        return [changed_cells(before, after)]
    parts: list[tuple[int, int]] = []
    at = 0
    for old, new, width in zip(before, after, widths, strict=True):
        if old != new:
            start = parts.pop()[0] if parts and parts[-1][1] == at else at
            parts.append((start, at + width))
        at += width
    return parts


def _same(before: Line, after: Line) -> Iterable[tuple[Span, Span]]:
    """The pairs of spans that two lines begin with alike."""
    return takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))


def text_of(lines: Sequence[Line]) -> str:
    """The lines as plain text."""
    return "\n".join("".join(text for text, _ in line) for line in lines)


def _chunks(word: str, width: int) -> list[str]:
    chunks: list[str] = []
    while cells(word) > width:
        size = max(1, _prefix(word, width))
        chunks.append(word[:size])
        word = word[size:]
    return [*chunks, word]


def _prefix(word: str, width: int) -> int:
    filled = 0
    for index, char in enumerate(word):
        filled += cells(char)
        if filled > width:
            return index
    return len(word)
