"""Markdown as rows. Nothing in it can be followed, nothing in it is obeyed: links are text, HTML is text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from widgets.lines import Line, Span, Tone
from widgets.plain import visible
from widgets.viewers.tones import COMMENT, NAME, STRING
from widgets.viewers.wrapping import folded_line, readable

if TYPE_CHECKING:
    from markdown_it.token import Token

LARGEST = 400_000
"""Code points; what is beyond is counted and not shown."""
_BULLET = "- "
_WIDEST = 60
"""Cells that a column of a table is padded to."""
_OUR_MARKERS = re.compile(r"^<!-- cockpit:[a-z:]+ -->$", re.MULTILINE)
"""Where the part begins and ends that is written again; nothing to read."""


@dataclass
class _Place:
    """Where in the page the next line stands."""

    indents: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    """Of the lists around; -1 for one without numbers."""
    mark: str = ""
    """What the next line begins with, once."""
    heading: int = 0
    cells: list[str] = field(default_factory=list)
    table: list[tuple[str, ...]] = field(default_factory=list)
    """Rows of a table, the heads first."""

    @property
    def indent(self) -> str:
        return "".join(self.indents)


def markdown_rows(text: str, width: int) -> tuple[Line, ...]:
    """The page for a width. Slow for long pages: call it in a thread."""
    rows: list[Line] = []
    head, body = _front_matter(text[:LARGEST])
    body = _OUR_MARKERS.sub("", body)
    rows.extend(((readable(line), COMMENT),) for line in head)
    for line in _lines(body):
        rows.extend(folded_line(line, width))
    if len(text) > LARGEST:
        rows.append(((f"… {len(text) - LARGEST:,} more characters", "warn"),))
    return tuple(rows)


def _front_matter(text: str) -> tuple[Sequence[str], str]:
    """The facts between two lines of dashes at the top, and the rest."""
    if not text.startswith("---\n"):
        return (), text
    head, found, rest = text[4:].partition("\n---\n")
    return (head.split("\n"), rest) if found and len(head) < 4000 else ((), text)


def _lines(text: str) -> Iterator[Line]:
    from markdown_it import MarkdownIt  # takes longer to import than a page takes to draw

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable("table")
    place = _Place()
    was_blank = True
    for token in reader.parse(text):
        for line in _block(token, place):
            if line or not was_blank:
                yield line
            was_blank = not line


def _block(token: "Token", place: _Place) -> Iterator[Line]:
    kind = token.type
    if kind == "heading_open":
        place.heading = int(token.tag[1:])
        yield ()
    elif kind in {"bullet_list_open", "ordered_list_open"}:
        yield from () if place.indents else [()]
        place.numbers.append(int(token.attrGet("start") or 1) if kind.startswith("ordered") else -1)
    elif kind in {"bullet_list_close", "ordered_list_close"}:
        place.numbers.pop()
    elif kind == "list_item_open":
        _begin_item(place)
    elif kind in {"list_item_close", "blockquote_close"}:
        place.indents.pop()
    elif kind == "blockquote_open":
        place.indents.append("> ")
    elif kind == "paragraph_open" and not place.indents:
        yield ()
    else:
        yield from _text(token, place)


def _text(token: "Token", place: _Place) -> Iterator[Line]:
    kind = token.type
    if kind == "inline":
        if token.map is None or place.cells[-1:] == ["cell"]:
            place.cells[-1:] = [token.content]
        else:
            yield from _inline(token, place)
        place.heading = 0
    elif kind in {"fence", "code_block"}:
        yield ()
        for line in token.content.rstrip("\n").split("\n"):
            yield ((place.indent, ""), ("  ", ""), (readable(line), STRING))
        yield ()
    elif kind == "hr":
        yield (("─" * 20, "rule"),)
    elif kind in {"th_open", "td_open"}:
        place.cells.append("cell")
    elif kind == "tr_close":
        place.table.append(tuple(visible(cell, 300) for cell in place.cells))
        place.cells.clear()
    elif kind == "table_close":
        yield from _table(place)
        place.table.clear()


def _table(place: _Place) -> Iterator[Line]:
    """Columns as wide as what is in them, the heads in bold."""
    columns = list(zip_longest(*place.table, fillvalue=""))
    widths = [min(_WIDEST, max(map(cell_len, column))) for column in columns]
    for number, row in enumerate(place.table):
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False))
        tone: Tone = "strong" if not number else ""
        yield ((place.indent, ""), ("  ".join(cells).rstrip(), tone))
        if not number:
            yield ((place.indent, ""), ("  ".join("─" * width for width in widths), "rule"))


def _begin_item(place: _Place) -> None:
    number = place.numbers[-1] if place.numbers else -1
    place.mark = _BULLET if number < 0 else f"{number}. "
    if number >= 0:
        place.numbers[-1] += 1
    place.indents.append(" " * len(place.mark))


def _inline(token: "Token", place: _Place) -> Iterator[Line]:
    tone: Tone = "strong" if place.heading else COMMENT if token.content.startswith("<!--") else ""
    spans: list[Span] = [_start(place)]
    if place.heading:
        spans.append(("#" * place.heading + " ", "accent"))
    bold = 0
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            yield tuple(spans)
            spans = [_start(place)]
        elif child.type in {"strong_open", "strong_close"}:
            bold += 1 if child.type == "strong_open" else -1
        else:
            spans.extend(_piece(child, "strong" if bold else tone))
    yield tuple(span for span in spans if span[0])


def _start(place: _Place) -> Span:
    if place.mark:
        mark, place.mark = place.mark, ""
        return "".join(place.indents[:-1]) + mark, "accent"
    return place.indent, ""


def _piece(child: "Token", tone: Tone) -> Iterator[Span]:
    if child.type == "code_inline":
        yield visible(child.content, 4000), STRING
    elif child.type == "link_close":
        yield "]", "dim"
    elif child.type == "link_open":
        yield f"[{visible(str(child.attrGet('href') or ''), 300)} ", NAME
    elif child.type == "image":
        yield f"[picture {visible(str(child.attrGet('src') or ''), 300)}]", NAME
    elif child.content:
        yield visible(child.content, 4000), tone
