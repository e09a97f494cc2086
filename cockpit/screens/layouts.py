"""Where every pane of the main screen stands, for any size: plain numbers, worked out from one table per tier."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

MIN_WIDTH, MIN_HEIGHT = 80, 24
BARS = 4
"""Lines that are not the panes': the header above them; next action, message and footer below."""
SUMMARY_LINES = 9
FRAME = 2


class Slot(NamedTuple):
    """One pane's place in a column, in lines of text without its frame."""

    pane: str
    rank: int
    """Who gets room first: 1 before 2. Panes that find no room are left out."""
    least: int
    most: int = 999
    grows: int = 0
    """Share of the lines that nobody needs."""
    yields: bool = False
    """It needs less than `least` when it has less to say."""
    may_hide: bool = False
    """Left out while it has nothing to say."""


class Band(NamedTuple):
    """Columns of panes side by side, from left to right, over the whole width."""

    columns: tuple[tuple[Slot, ...], ...]
    shares: tuple[int, ...] = ()
    """Width of each column but the last, in per cent."""
    shares_frames: bool = False
    """Panes below each other have one line between them instead of two."""
    most: int = 100
    """Height that it may want, in per cent; the last band takes what the ones above leave."""


class Tier(NamedTuple):
    """A designed layout: bands of columns, from top to bottom. All goals stand above, the selected one below."""

    bands: tuple[Band, ...]


class Box(NamedTuple):
    """A pane's rectangle, in cells."""

    x: int
    y: int
    width: int
    height: int
    is_above: bool = False
    """Another pane begins on its lower edge, which is not drawn."""
    is_below: bool = False
    """It begins on the lower edge of another pane."""


_SUMMARY = Slot("summary", 1, SUMMARY_LINES, SUMMARY_LINES)
_STEPS = Slot("steps", 2, 7, 12)

NARROW = Tier(
    (
        Band(
            (
                (
                    Slot("needs", 2, 2, 2, may_hide=True), Slot("goals", 3, 5, grows=2, yields=True), _SUMMARY,
                    Slot("steps", 5, 7, 9), Slot("thread", 6, 6, 16, grows=1), Slot("live", 4, 2, grows=1),
                ),
            ),
            shares_frames=True,
        ),
    ),
)  # fmt: skip
# From two columns on, places depend on the size, on how many goals there are and on the number of steps, and on nothing
# else of the selected goal: nothing jumps while the cursor moves.
MEDIUM = Tier(
    (
        Band(((Slot("needs", 2, 2, 2), Slot("goals", 1, 4, 16, grows=1)),), (), True, 45),
        Band(
            (
                (
                    _SUMMARY, Slot("live", 2, 3, 3, grows=1), Slot("output", 3, 4, 4, grows=2), Slot("cost", 4, 5, 5),
                ),
                (
                    _STEPS, Slot("thread", 3, 5, 5, grows=3), Slot("evidence", 4, 7, 7, grows=2),
                    Slot("blockers", 5, 3, 3), Slot("sources", 6, 3, 3),
                ),
            ),
            (56,),
        ),
    ),
)  # fmt: skip
WIDE = Tier(
    (
        Band(
            ((Slot("goals", 1, 5, 30, grows=1),), (Slot("needs", 1, 4, 4, grows=1), Slot("sources", 2, 4, 4))),
            (67,), most=45,
        ),
        Band(
            (
                (_SUMMARY, _STEPS, Slot("cost", 3, 5, 5), Slot("blockers", 4, 3, 3, grows=1)),
                (Slot("thread", 1, 7, 7, grows=3), Slot("output", 2, 4, 4, grows=2)),
                (Slot("evidence", 1, 7, 7, grows=3), Slot("live", 2, 4, 4, grows=2)),
            ),
            (33, 34),
        ),
    ),
)  # fmt: skip
WALL = Tier(
    (
        Band(
            ((Slot("goals", 1, 5, 40, grows=1),), (Slot("needs", 1, 4, 4, grows=1), Slot("sources", 2, 4, 4))),
            (72,), most=45,
        ),
        Band(
            (
                (_SUMMARY, _STEPS, Slot("cost", 3, 5, 5), Slot("blockers", 4, 3, 3, grows=1)),
                (Slot("thread", 1, 7, 7, grows=1),),
                (Slot("output", 1, 5, 5, grows=1),),
                (Slot("evidence", 1, 7, 7, grows=3), Slot("live", 2, 4, 4, grows=2)),
            ),
            (27, 23, 22),
        ),
    ),
)  # fmt: skip

TIERS = ((240, WALL), (180, WIDE), (120, MEDIUM), (0, NARROW))


def too_small(width: int, height: int) -> str:
    """What a terminal is told that cannot show the cockpit; empty when it can."""
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        return ""
    return f"Cockpit needs {MIN_WIDTH}×{MIN_HEIGHT}; this terminal is {width}×{height}."


def plan(width: int, height: int, said: Mapping[str, int]) -> dict[str, Box]:
    """The rectangle of every pane that has room.

    Args:
        said: Lines that each pane has to say.
    """
    tier = next(tier for least, tier in TIERS if width >= least)
    boxes: dict[str, Box] = {}
    top = 0
    for band in tier.bands:
        lines = height - top if band is tier.bands[-1] else _wanted(band, height, said)
        edges = [width * sum(band.shares[:number]) // 100 for number in range(len(band.columns))] + [width]
        for slots, (left, right) in zip(band.columns, pairwise(edges), strict=True):
            boxes.update(_column(slots, Box(left, top, right - left, lines), said, band.shares_frames))
        top += lines
    return boxes


def _wanted(band: Band, height: int, said: Mapping[str, int]) -> int:
    """Lines that a band takes, with its frames: what its tallest column has to say, within its bounds."""

    def column(slots: Sequence[Slot], *, least: bool) -> int:
        shown = [slot for slot in slots if _least(slot, said.get(slot.pane, 0))]
        texts = [_least(slot, 0) if least else _most(slot, said.get(slot.pane, 0)) for slot in shown]
        return sum(texts) + (len(shown) + 1 if band.shares_frames else FRAME * len(shown))

    firsts = [[slot for slot in slots if slot.rank == 1] for slots in band.columns]
    needed = max(column(slots, least=True) for slots in firsts)
    return max(needed, min(height * band.most // 100, max(column(slots, least=False) for slots in band.columns)))


def heights(slots: Sequence[Slot], height: int, said: Mapping[str, int], frame: int) -> dict[str, int]:
    """Lines of each pane in a column of `height` lines, with their frames; the last line never stays empty."""
    room = height
    given: dict[str, int] = {}
    for slot in sorted(slots, key=lambda slot: slot.rank):
        least = _least(slot, said.get(slot.pane, 0))
        if least and least + frame <= room:
            given[slot.pane] = least
            room -= least + frame
    for slot in sorted(slots, key=lambda slot: slot.rank):
        if slot.pane in given:
            more = max(0, min(room, min(said.get(slot.pane, 0), slot.most) - given[slot.pane]))
            given[slot.pane] += more
            room -= more
    _share_out(slots, given, room)
    return {pane: lines + frame for pane, lines in given.items()}


def _least(slot: Slot, said: int) -> int:
    if slot.may_hide and not said:
        return 0
    return min(slot.least, max(3, said)) if slot.yields else slot.least


def _most(slot: Slot, said: int) -> int:
    return min(slot.most, max(said, slot.least))


def _share_out(slots: Sequence[Slot], given: dict[str, int], room: int) -> None:
    growing = [slot for slot in slots if slot.pane in given and slot.grows]
    total = sum(slot.grows for slot in growing)
    for slot in growing:
        more = room * slot.grows // total
        given[slot.pane] += more
        room -= more
        total -= slot.grows
    if room and given:
        given[next(slot.pane for slot in reversed(slots) if slot.pane in given)] += room


def _column(slots: Sequence[Slot], place: Box, said: Mapping[str, int], shares_frames: bool) -> dict[str, Box]:
    room = place.height
    tall = heights(slots, room - 1, said, 1) if shares_frames else heights(slots, room, said, FRAME)
    shown = [slot.pane for slot in slots if slot.pane in tall]
    boxes: dict[str, Box] = {}
    y = place.y
    for pane in shown:
        is_last = pane == shown[-1]
        lines = tall[pane] + (1 if shares_frames and is_last else 0)
        boxes[pane] = Box(place.x, y, place.width, lines, shares_frames and not is_last, shares_frames and y > place.y)
        y += lines
    return boxes
