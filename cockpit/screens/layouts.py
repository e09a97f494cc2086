"""Where every pane of the main screen stands, for any size: plain numbers, worked out from one table per tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SUMMARY_LINES = 9
FRAME = 2


@dataclass(frozen=True)
class Slot:
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


@dataclass(frozen=True)
class Tier:
    """A designed layout: columns of panes, from left to right."""

    columns: tuple[tuple[Slot, ...], ...]
    shares: tuple[int, ...]
    """Width of each column but the last, in per cent."""
    shares_frames: bool = False
    """Panes below each other have one line between them instead of two."""


@dataclass(frozen=True)
class Box:
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
        (
            Slot("needs", 2, 2, 2, may_hide=True), Slot("goals", 3, 5, grows=2, yields=True), _SUMMARY,
            Slot("steps", 5, 7, 9), Slot("thread", 6, 6, 16, grows=1), Slot("live", 4, 2, grows=1),
        ),
    ),
    (),
    shares_frames=True,
)  # fmt: skip
MEDIUM = Tier(
    (
        (
            Slot("needs", 2, 2, 4, may_hide=True), Slot("goals", 1, 5, grows=2), Slot("cost", 4, 5, 7),
            Slot("live", 3, 4, grows=1), Slot("sources", 5, 3, 6),
        ),
        (
            _SUMMARY, _STEPS, Slot("thread", 3, 6, 16, grows=2), Slot("evidence", 4, 7, grows=1),
            Slot("blockers", 5, 3, 6),
        ),
    ),
    (48,),
)  # fmt: skip
WIDE = Tier(
    (
        (
            Slot("needs", 2, 3, 6), Slot("goals", 1, 5, grows=1), Slot("cost", 3, 4, 9), Slot("sources", 4, 3, 8),
        ),
        (_SUMMARY, _STEPS, Slot("thread", 3, 5, grows=1)),
        (Slot("evidence", 1, 7, 20), Slot("blockers", 3, 3, 8), Slot("live", 2, 3, grows=1)),
    ),
    (37, 37),
)  # fmt: skip
WALL = Tier(
    (
        (Slot("needs", 2, 3, 8), Slot("goals", 1, 5, grows=1), Slot("sources", 3, 3, 8)),
        (_SUMMARY, _STEPS, Slot("cost", 3, 4, 12), Slot("blockers", 4, 3, grows=1)),
        (Slot("thread", 1, 5, grows=2), Slot("live", 2, 3, grows=1)),
        (Slot("evidence", 1, 7, grows=1),),
    ),
    (29, 27, 24),
)

TIERS = ((240, WALL), (180, WIDE), (120, MEDIUM), (0, NARROW))


def plan(width: int, height: int, said: Mapping[str, int]) -> dict[str, Box]:
    """The rectangle of every pane that has room.

    Args:
        said: Lines that each pane has to say.
    """
    tier = next(tier for least, tier in TIERS if width >= least)
    boxes: dict[str, Box] = {}
    left = 0
    for number, slots in enumerate(tier.columns):
        is_last = number == len(tier.columns) - 1
        cells = width - left if is_last else width * tier.shares[number] // 100
        boxes.update(_column(slots, left, cells, height, said, tier.shares_frames))
        left += cells
    return boxes


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


def _column(
    slots: Sequence[Slot], x: int, width: int, height: int, said: Mapping[str, int], shares_frames: bool
) -> dict[str, Box]:
    tall = heights(slots, height - 1, said, 1) if shares_frames else heights(slots, height, said, FRAME)
    shown = [slot.pane for slot in slots if slot.pane in tall]
    boxes: dict[str, Box] = {}
    y = 0
    for pane in shown:
        is_last = pane == shown[-1]
        lines = tall[pane] + (1 if shares_frames and is_last else 0)
        boxes[pane] = Box(x, y, width, lines, shares_frames and not is_last, shares_frames and y > 0)
        y += lines
    return boxes
