"""The lines of the first picture, made by the functions that the screen uses, so that nothing moves when it is there.

No Textual here, and nothing that takes long to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cockpit.heading import heading_of
from cockpit.in_ascii import in_ascii
from cockpit.screens.layouts import BARS, Box, plan
from cockpit.sums import totals_of
from factory.model.source import Source
from factory.rules.attention import oldest_first
from widgets.frame import INSET, NAMES, SIDE, Heads, lower_edge, on_edges, upper_edge
from widgets.goal_line import NO_GOALS, NOT_READ, goal_heads, goal_line
from widgets.heading import Known, header_line
from widgets.lines import Line, clip, width_of
from widgets.message import message_line
from widgets.needs import need_heads, need_lines, needs_title, needs_wanted

if TYPE_CHECKING:
    from cockpit.kept_colours import Colours
    from cockpit.terminal import Reach
    from factory.model.view import RunRow


class Piece(NamedTuple):
    """A text on the screen."""

    text: str
    look: str
    """Its tone, or which part of a frame it is: a name of the kept colours."""
    ground: str
    """What it stands on: another such name."""


Row = list[Piece]
"""One line of the screen, from edge to edge."""


class Facts(NamedTuple):
    """What the ledger says."""

    rows: tuple[RunRow, ...]
    """Newest first."""
    known: Known
    problem: str
    """Why nothing is known, as sentences; empty when that is not known either, or all is well."""
    now: str
    """UTC."""
    strip: Line = ()
    """In a replay, which moment it is."""


def first_rows(facts: Facts, columns: int, lines: int) -> list[Row]:
    """The screen line by line: the header, the panes with the goals in them, and what is wrong with the ledger."""
    state = "down" if facts.problem else "unknown" if facts.known == "none" else "past" if facts.strip else "live"
    ledger = Source(state, 0.0)
    heading = heading_of(len(facts.rows), facts.known, totals_of(facts.rows), ledger, facts.now)
    sources = {"ledger": ledger} if facts.known != "none" or facts.problem else {}
    message = facts.strip or message_line("", "", sources, columns, {"ledger": facts.problem})
    return [
        _filled(header_line(heading, columns), columns, "panel"),
        *_panes(facts, columns, lines - BARS),
        _filled((), columns, "surface"),
        _filled(message, columns, "ground"),
        _filled((), columns, "panel"),
    ]


def written(rows: Sequence[Row], colours: Colours, reach: Reach) -> str:
    """The lines as a terminal takes them, from its upper left corner on."""
    parts = []
    for number, row in enumerate(rows, 1):
        parts.append(f"\x1b[{number};1H")
        for piece in row:
            codes = ";".join(filter(None, ("0", colours.get(piece.ground), colours.get(piece.look))))
            parts.append(f"\x1b[{codes}m{in_ascii(piece.text, reach) if reach else piece.text}")
    return "".join((*parts, "\x1b[0m"))


def _panes(facts: Facts, columns: int, height: int) -> list[Row]:
    needing = oldest_first(facts.rows)
    rows: list[list[tuple[int, Row]]] = [[] for _ in range(height)]
    for pane, box in plan(columns, height, {"needs": needs_wanted(needing), "goals": len(facts.rows)}).items():
        for y, row in enumerate(_pane(pane, box, facts, needing), box.y):
            rows[y].append((box.x, row))
    return [[piece for _, row in sorted(beside) for piece in row] for beside in rows]


def _pane(pane: str, box: Box, facts: Facts, needing: tuple[RunRow, ...]) -> list[Row]:
    width, room = box.width - 2 * INSET, box.height - (1 if box.is_above else 2)
    if pane == "goals":
        heads = goal_heads(width) if facts.rows else ()
        return _framed(pane, box, _goals(facts, width, room), heads=heads, frame="frame-focus")
    if pane == "needs":
        lines = need_lines(needing, facts.now, width, room, facts.known == "all")
        heads = need_heads(needing[:room], width)
        return _framed(pane, box, _plain(lines, width), needs_title(needing, room), heads)
    return _framed(pane, box, [])


def _framed(
    pane: str, box: Box, lines: Sequence[Row], right: str = "", heads: Heads = (), frame: str = "frame"
) -> list[Row]:
    def edge(text: str, part: str = "frame") -> Piece:
        return Piece(text, frame if part == "frame" else part, "ground")

    named, below = on_edges(*NAMES[pane], right, "", box.is_above)
    top = [edge(*piece) for piece in upper_edge(named, box.width, box.is_below, heads)]
    bottom = [] if box.is_above else [[edge(lower_edge(below, box.width))]]
    empty = [Piece(" " * (box.width - 2 * INSET), "", "ground")]
    room = box.height - 1 - len(bottom)
    side, gap = edge(SIDE), Piece(" ", "", "ground")
    body = [[side, gap, *line, gap, side] for line in [*lines, *[empty] * (room - len(lines))][:room]]
    return [top, *body, *bottom]


def _goals(facts: Facts, width: int, room: int) -> list[Row]:
    if not facts.rows:
        return _plain((NOT_READ if facts.known == "none" else NO_GOALS,), width)
    made = [goal_line(row, facts.now, width) for row in facts.rows[:room]]
    return [_filled(line, width, "ground" if number else "cursor") for number, line in enumerate(made)]


def _plain(lines: Sequence[Line], width: int) -> list[Row]:
    return [_filled(line, width, "ground") for line in lines]


def _filled(line: Line, width: int, ground: str) -> Row:
    cut = clip(line, width)
    return [*(Piece(text, tone, ground) for text, tone in cut), Piece(" " * (width - width_of(cut)), "", ground)]
