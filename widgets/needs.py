"""Who needs a person, as lines: what each goal wants, what stands still behind it, and the key. No Textual here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from widgets.amounts import NOTHING, cap, coarse_age, money, seconds_between
from widgets.goal_line import MARK, TAG, tag
from widgets.lines import Line, fit, fit_right
from widgets.marks import TONES, run_mark
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.view import RunRow

_GOAL = 96
"""From this width on there is room for the goal itself."""
_WANT = 23
"""Cells that what is wanted has before anything but its age and its key is shown."""
_WAITS, _BLOCKS, _MONEY = 5, 6, 14
NOTHING_NEEDED: tuple[Line, ...] = ((("nothing needs you", "dim"),),)


class Need(NamedTuple):
    """What a goal wants of a person."""

    text: str
    key: str
    """The key that answers it."""
    short: str
    """The text in fewer words."""


class _Room(NamedTuple):
    """How the cells of a line are shared out."""

    want: int
    goal: int
    blocks: int
    money: int
    key: int


def need_of(row: RunRow) -> Need:
    """What the goal wants of a person, and the key that answers it."""
    step = visible(row.step_kind, 12)
    if row.state == "awaiting_qa":
        return Need("QA gate: review the evidence, decide", "a", "QA gate: review, decide")
    if row.asks:
        return Need("agent asks: allow it or refuse it", "P", "agent asks: answer it")
    if row.step_state == "stalled":
        return Need(f"{step} is stalled? retry it", "r", f"{step} stalled? retry it")
    if row.state == "paused":
        return Need("paused: resume it or raise its cap", "p", "paused: resume it")
    if row.state == "blocked" or row.step_state == "blocked":
        return Need(f"{step} is blocked: fix it, then retry", "b", f"{step} blocked: fix it")
    if row.step_kind in {"build", "verify"}:
        return Need("result is ready: send it to the verifier", "v", "ready: send to verifier")
    return Need(f"{step} waits for you", "enter", f"{step} waits for you")


def need_lines(rows: Sequence[RunRow], now: str, width: int, height: int, is_all: bool = True) -> tuple[Line, ...]:
    """One line a goal, as many as there is room for. A goal that waits alone says on a second line which it is.

    Args:
        is_all: Whether all goals are known: before that, nobody can say that nothing is needed.
    """
    if not rows:
        return NOTHING_NEEDED if is_all else ()
    shown = rows[: max(1, height)]
    room = _room(shown, width)
    lines = [_line(row, now, room) for row in shown]
    if len(rows) == 1 and width < _GOAL:
        lines.append((("       ", ""), (fit(visible(rows[0].goal, 200), width - 7), "dim")))
    return tuple(lines)


def need_heads(rows: Sequence[RunRow], width: int) -> tuple[tuple[int, str], ...]:
    """What the columns are called, each with the cell that it begins in; for the frame above the lines."""
    if not rows:
        return ()
    room = _room(rows, width)
    at = MARK + TAG + room.want + room.goal
    found = [(at, "WAITS")]
    at += _WAITS
    for cells, word in ((room.blocks, "BLOCKS"), (room.money, "SPENT/CAP"), (room.key, "KEY")):
        at += cells
        if cells:
            found.append((at - len(word), word))
    return tuple(found)


def needs_wanted(rows: Sequence[RunRow]) -> int:
    """Lines that they ask for; never one alone, so that a second goal moves nothing."""
    return max(2, len(rows)) if rows else 0


def needs_title(rows: Sequence[RunRow], height: int) -> str:
    """What stands on the border: how many more there are than are shown."""
    more = len(rows) - max(1, height)
    return f"oldest first · w · +{more} more" if more > 0 else "oldest first · w" if rows else ""


def _room(rows: Sequence[RunRow], width: int) -> _Room:
    """What is wanted comes first, then what stands still behind it, then what waiting costs."""
    key = 2 + max(3, *(len(need_of(row).key) for row in rows))
    spare = width - MARK - TAG - _WAITS - key - _WANT
    blocks = _BLOCKS + 1 if spare >= _BLOCKS + 1 else 0
    held = _MONEY + 1 if spare - blocks >= _MONEY + 1 else 0
    want = max(8, width - MARK - TAG - _WAITS - key - blocks - held)
    goal = want - min(42, want // 2) if width >= _GOAL else 0
    return _Room(want - goal, goal, blocks, held, key)


def _line(row: RunRow, now: str, room: _Room) -> Line:
    mark = run_mark(row.state, True, row.step_state)
    need = need_of(row)
    want = need.text if cell_len(need.text) < room.want else need.short
    tail = fit_right(waits(row, now), _WAITS)
    tail += fit_right(str(row.blocks or NOTHING), room.blocks) if room.blocks else ""
    tail += fit_right(_money(row), room.money) if room.money else ""
    goal = " " + fit(visible(row.goal, 200), room.goal - 1) if room.goal else ""
    return (
        (f"{mark} ", TONES[mark]), (f"{tag(row.id)} ", "accent"), (fit(want, room.want), ""), (goal, "dim"),
        (tail, "dim"), (fit_right(need.key, room.key), "warn"),
    )  # fmt: skip


def waits(row: RunRow, now: str) -> str:
    """How long the goal has waited."""
    seconds = seconds_between(row.waits_since, now)
    return NOTHING if seconds is None else coarse_age(seconds)


def _money(row: RunRow) -> str:
    """What waiting costs: spent without a result yet, held in flight, and the cap of both."""
    spent = money(row.spent_micros, "unpriced" if row.unpriced else "reported")
    held = f"+{money(row.in_flight_micros)}" if row.in_flight_micros else ""
    return f"{spent}{held}/{cap(row.cap_micros)}"
