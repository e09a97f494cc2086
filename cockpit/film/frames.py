"""What is on screen at one moment, in plain values, and a film of such moments as an asciicast (version 2)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple


class Look(NamedTuple):
    """How a piece of text looks; colours are `#rrggbb`, empty = the terminal's own."""

    front: str = ""
    back: str = ""
    is_bold: bool = False
    is_dim: bool = False
    is_italic: bool = False
    is_underlined: bool = False


class Piece(NamedTuple):
    """Text that looks the same."""

    text: str
    look: Look = Look()


Row = tuple[Piece, ...]


class Frame(NamedTuple):
    """A picture, and when it is shown first."""

    at_s: float
    rows: tuple[Row, ...]


def row_of(segments: Iterable[Any]) -> Row:
    """A line of the screen, from Rich's segments; neighbours that look the same are one piece."""
    pieces: list[Piece] = []
    for segment in segments:
        look = _look(segment.style)
        if pieces and pieces[-1].look == look:
            pieces[-1] = Piece(pieces[-1].text + segment.text, look)
        elif segment.text:
            pieces.append(Piece(segment.text, look))
    return tuple(pieces)


def without_repeats(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Only those frames that look different from the one before, and the last one, which says when the film ends."""
    shown: tuple[Row, ...] | None = None
    last: Frame | None = None
    for last in frames:
        if last.rows != shown:
            shown = last.rows
            yield last
            last = None
    if last is not None:
        yield last


def cast_of(frames: Sequence[Frame], title: str) -> str:
    """The film as an asciicast: each event holds the lines that are different now."""
    height, width = len(frames[0].rows), sum(len(piece.text) for piece in frames[0].rows[0])
    header = {"version": 2, "width": width, "height": height, "timestamp": 0, "title": title}
    lines: list[object] = [header]
    shown: tuple[Row, ...] = ()
    for frame in frames:
        data = ("\x1b[2J\x1b[?25l" if not shown else "") + drawn(frame.rows, shown)
        lines.append([frame.at_s, "o", data])
        shown = frame.rows
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def drawn(rows: Sequence[Row], shown: Sequence[Row] = ()) -> str:
    """What a terminal has to be told to show these rows where it shows those."""
    told = [
        f"\x1b[{number};1H{''.join(map(_sgr, row))}"
        for number, row in enumerate(rows, 1)
        if number > len(shown) or row != shown[number - 1]
    ]
    return "".join(told) + "\x1b[0m"


def _sgr(piece: Piece) -> str:
    look = piece.look
    marks = [(look.is_bold, "1"), (look.is_dim, "2"), (look.is_italic, "3"), (look.is_underlined, "4")]
    codes = ["0", *(code for holds, code in marks if holds)]
    codes += [f"{plane};2;{_rgb(colour)}" for plane, colour in ((38, look.front), (48, look.back)) if colour]
    return f"\x1b[{';'.join(codes)}m{piece.text}"


def _rgb(colour: str) -> str:
    return ";".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _look(style: Any) -> Look:
    if style is None:
        return Look()
    front, back = (colour.get_truecolor().hex if colour else "" for colour in (style.color, style.bgcolor))
    if style.reverse:
        front, back = back, front
    marks = (style.bold, style.dim, style.italic, style.underline)
    return Look(front, back, *map(bool, marks))
