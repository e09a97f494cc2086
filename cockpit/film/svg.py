"""A film as one animated SVG: text in a generic font, rows that are drawn once and used often, one animation in CSS."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from cockpit.film.frames import Frame, Look, Piece, Row

CELL, LINE, SIZE = 8.4, 17, 14
"""Width and height of a cell, and of the letters in it, in pixels."""
DOWN = 13
"""From the top of a line to the foot of its letters."""
EDGE = 8
GROUND = "#11151d"
"""That of the cockpit, so that most cells need no ground of their own."""
_RESTS_S = 4.0
"""The last picture stays before it begins again."""


def animated(frames: Sequence[Frame], title: str) -> str:
    """The film, which plays for ever.

    Args:
        frames: Oldest first; the first one at 0.
    """
    columns, lines = sum(len(piece.text) for piece in frames[0].rows[0]), len(frames[0].rows)
    width, height = round(columns * CELL + 2 * EDGE), lines * LINE + 2 * EDGE
    looks: dict[Look, str] = {}
    rows: dict[Row, str] = {}
    shown = [_strip(frame, number, width, rows) for number, frame in enumerate(frames)]
    defined = "".join(f'<g id="{name}">{_row(row, looks)}</g>' for row, name in rows.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(title)}</title><style>{_style(frames, width)}{_classes(looks)}</style>"
        f'<defs>{defined}</defs><rect width="{width}" height="{height}" rx="6" fill="{GROUND}"/>'
        f'<g class="film">{"".join(shown)}</g></svg>\n'
    )


def _strip(frame: Frame, number: int, width: int, rows: dict[Row, str]) -> str:
    """One picture of the strip that is pulled past the window."""
    uses = [
        f'<use href="#{rows.setdefault(row, f"r{len(rows)}")}" y="{place * LINE}"/>'
        for place, row in enumerate(frame.rows)
        if any(piece.text.strip() or piece.look.back for piece in row)
    ]
    return f'<g transform="translate({number * width + EDGE} {EDGE})">{"".join(uses)}</g>'


def _style(frames: Sequence[Frame], width: int) -> str:
    end = frames[-1].at_s + _RESTS_S
    steps = "".join(
        f"{frame.at_s / end * 100:.4f}%{{transform:translateX({-number * width}px)}}"
        for number, frame in enumerate(frames)
    )
    return (
        f"text{{font:{SIZE}px ui-monospace,monospace;white-space:pre}}"
        "rect{shape-rendering:crispEdges}"  # else a seam shows between two grounds
        f".film{{animation:film {end:g}s step-end infinite}}@keyframes film{{{steps}}}"
    )


def _classes(looks: dict[Look, str]) -> str:
    return "".join(f".{name}{{{_css(look)}}}" for look, name in looks.items())


def _css(look: Look) -> str:
    said = [f"fill:{look.front or '#d8dee9'}"]
    said += ["font-weight:bold"] if look.is_bold else []
    said += ["opacity:.6"] if look.is_dim else []
    said += ["font-style:italic"] if look.is_italic else []
    said += ["text-decoration:underline"] if look.is_underlined else []
    return ";".join(said)


def _row(row: Row, looks: dict[Look, str]) -> str:
    grounds, texts, column = [], [], 0
    for piece in row:
        length = len(piece.text)
        if piece.look.back and piece.look.back != GROUND:
            x, wide = column * CELL, length * CELL
            grounds.append(f'<rect x="{x:g}" width="{wide:g}" height="{LINE}" fill="{piece.look.back}"/>')
        if piece.text.strip():
            texts.append(_text(piece, column, looks))
        column += length
    return "".join(grounds + texts)


def _text(piece: Piece, column: int, looks: dict[Look, str]) -> str:
    """A text at its column, exactly as wide as its cells, whatever font there is."""
    said = piece.text.strip()
    x = (column + len(piece.text) - len(piece.text.lstrip())) * CELL
    name = looks.setdefault(piece.look._replace(back=""), f"c{len(looks)}")
    return (
        f'<text class="{name}" x="{x:g}" y="{DOWN}" textLength="{len(said) * CELL:g}" '
        f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(said)}</text>'
    )
