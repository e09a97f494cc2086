"""The strip of a replay: that this is no live screen, which moment it shows, and whether it plays. No Textual here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgets.amounts import age, local_day, time_of_day
from widgets.lines import Line, Span, Tone, clip, joined, shorten, width_of
from widgets.marks import PAUSED, WORKING
from widgets.plain import visible
from widgets.said import event_words
from widgets.sentences import brief

if TYPE_CHECKING:
    from factory.model.audit import Event

WIDE = 120
"""Cells from which the day has room."""
LEAST = 12
"""Cells in which a part that is cut still says something."""
_BETWEEN: Span = (" · ", "rule")


class Strip(NamedTuple):
    """What the strip says."""

    event: Event
    """The one right after which everything is shown."""
    at: str
    """The time that is shown; later than the event while it plays. UTC, to the second."""
    number: int
    """1 for the first."""
    total: int
    is_playing: bool
    speed: float
    gap_s: float = 0.0
    """Nothing happens for so long now, which is played in `gap_played_s`; 0 while no gap is shortened."""
    gap_played_s: float = 0.0
    marked: int = 0
    """Number of the marked moment; 0 for none."""


def replay_line(strip: Strip, message: str, tone: Tone, width: int) -> Line:
    """The strip in at most `width` cells; what was said stands behind the short one."""
    if message:
        head: Line = ((" ", ""), ("REPLAY", "warn"), (f" {strip.number:,}/{strip.total:,}  ", "dim"))
        return (*head, (brief(visible(message, 400), width - 1 - width_of(head)), tone))
    parts = _parts(strip, width)
    kept = len(parts)
    while kept > 1 and width_of(_line(parts[:kept])) > width - 1:
        kept -= 1
    line = _line(parts[:kept])
    room = width - 1 - width_of((*line, _BETWEEN))
    if kept < len(parts) and room >= LEAST:  # its beginning is better than nothing
        return (*line, _BETWEEN, *clip(parts[kept], room))
    return line


def _parts(strip: Strip, width: int) -> list[Line]:
    day = f"{local_day(strip.at)} " if width >= WIDE else ""
    parts: list[Line] = [
        (("REPLAY", "warn"), (f" {day}{time_of_day(strip.at)}", "strong")),
        (("event ", "dim"), (f"{strip.number:,}/{strip.total:,}", "")),
        ((_playing(strip), "accent" if strip.is_playing else ""),),
    ]
    if strip.gap_s:
        parts.append(((f"nothing for {age(strip.gap_s)}, played in {strip.gap_played_s:g}s", "warn"),))
    parts.append(((shorten(event_words(strip.event), 40), ""),))
    if strip.marked:
        parts.append(((f"= compares with event {strip.marked:,}", "dim"),))
    return parts


def _playing(strip: Strip) -> str:
    if strip.is_playing:
        return f"{WORKING} {strip.speed:g}×"
    return f"{PAUSED} {'end' if strip.number == strip.total else 'paused'}"


def _line(parts: list[Line]) -> Line:
    return ((" ", ""), *joined(parts, _BETWEEN))
