"""Who needs a person, as lines: what each goal wants, what stands still behind it, and the key. No Textual here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from factory.rules.wish import wish
from widgets.amounts import NOTHING, coarse_age, seconds_between
from widgets.goal_line import MARK, TAG, of_cap, tag
from widgets.lines import Line, fit, fit_right
from widgets.marks import TONES, run_mark
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.status import Status
    from factory.model.view import RunRow

_GOAL = 96
"""From this width on there is room for the goal itself."""
_WANT = 23
"""Cells that what is wanted has before anything but its age and its key is shown."""
_WAITS, _BLOCKS, _MONEY, _KEY = 5, 6, 14, 5
_ANSWERS = frozenset({"inspect", "review_cost", "review", "verify", "fix", "retry"})
"""Codes of next actions that answer a goal which needs a person; any other one is of before it did."""
_SAYS = {
    "a": ("QA gate: review the evidence, decide", "QA gate: review, decide"),
    "P": ("agent asks: allow it or refuse it", "agent asks: answer it"),
    "p": ("paused: resume it", "paused: resume it"),
    "+": ("paused: raise its cap, or stop it", "paused: raise its cap"),
    "v": ("result is ready: send it to the verifier", "ready: send to verifier"),
    "e": ("evidence speaks against it: look there", "look at the evidence"),
}
"""By the key: what is wanted, and the same in fewer words."""
_COST = ("cost: review what is asked for, decide", "review its cost")
_STALLED = ("{step} is stalled? retry it", "{step} stalled? retry it")
_BLOCKED = ("{step} is blocked: fix it, then retry", "{step} blocked: fix it")
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


def need_of(row: RunRow, status: Status | None = None) -> Need:
    """What the goal wants of a person, and the key that answers it.

    Args:
        status: Of the selected goal; when it is this one, what stands here is its next action.
    """
    key = wish(row).key
    if status is not None and status.run == row.id and status.next_action.code in _ANSWERS:
        key = status.next_action.key
        if status.next_action.code == "review_cost":
            return Need(_COST[0], key, _COST[1])
    text, short = _SAYS.get(key) or (_STALLED if row.state == "running" else _BLOCKED)
    step = visible(row.step_kind, 12)
    return Need(text.format(step=step), key, short.format(step=step))


def need_lines(
    rows: Sequence[RunRow],
    now: str,
    width: int,
    height: int,
    is_all: bool = True,
    status: Status | None = None,
    requests: int = 0,
) -> tuple[Line, ...]:
    """One line a goal, as many as there is room for. A goal that waits alone says on a second line which it is.

    Args:
        status: Of the selected goal.
        is_all: Whether all goals are known: before that, nobody can say that nothing is needed.
        requests: How many tasks of mission control wait to be launched; beside goals, the border says it.
    """
    if not rows:
        asked: tuple[Line, ...] = (((fit(requests_text(requests), width), ""),),) if requests else ()
        return (*(NOTHING_NEEDED if is_all else ()), *asked)
    shown = rows[: max(1, height)]
    room = _room(width)
    lines = [_line(row, need_of(row, status), now, room) for row in shown]
    if len(rows) == 1 and width < _GOAL:
        lines.append((("       ", ""), (fit(visible(rows[0].goal, 200), width - 7), "dim")))
    return tuple(lines)


def need_heads(rows: Sequence[RunRow], width: int) -> tuple[tuple[int, str], ...]:
    """What the columns are called, each with the cell that it begins in; for the frame above the lines."""
    if not rows:
        return ()
    room = _room(width)
    at = MARK + TAG + room.want + room.goal
    found = [(at, "WAITS")]
    at += _WAITS
    for cells, word in ((room.blocks, "BLOCKS"), (room.money, "SPENT/CAP"), (_KEY, "KEY")):
        at += cells
        if cells:
            found.append((at - len(word), word))
    return tuple(found)


def needs_wanted(rows: Sequence[RunRow], requests: int = 0) -> int:
    """Lines that they ask for; never one alone, so that a second goal moves nothing."""
    return max(2, len(rows)) if rows or requests else 0


def needs_title(rows: Sequence[RunRow], height: int, requests: int = 0) -> str:
    """What stands on the border: how many more there are than are shown, and what waits to be launched."""
    more = len(rows) - max(1, height)
    said = ("oldest first · w", f"+{more} more" if more > 0 else "", requests_text(requests) if requests else "")
    return " · ".join(part for part in said if part) if rows else ""


def requests_text(count: int) -> str:
    """How many tasks of mission control wait to be launched, and the keys that launch one."""
    return f"{count} request{' waits' if count == 1 else 's wait'}: n, ctrl+t"


def _room(width: int) -> _Room:
    """What is wanted comes first, then what stands still behind it, then what waiting costs."""
    spare = width - MARK - TAG - _WAITS - _KEY - _WANT
    blocks = _BLOCKS + 1 if spare >= _BLOCKS + 1 else 0
    held = _MONEY + 1 if spare - blocks >= _MONEY + 1 else 0
    want = max(8, width - MARK - TAG - _WAITS - _KEY - blocks - held)
    goal = want - min(42, want // 2) if width >= _GOAL else 0
    return _Room(want - goal, goal, blocks, held)


def _line(row: RunRow, need: Need, now: str, room: _Room) -> Line:
    mark = run_mark(row.state, True, row.step_state)
    want = need.text if cell_len(need.text) < room.want else need.short
    tail = fit_right(waits(row, now), _WAITS)
    tail += fit_right(str(row.blocks or NOTHING), room.blocks) if room.blocks else ""
    tail += fit_right(of_cap(row, room.money - 1), room.money) if room.money else ""
    goal = " " + fit(visible(row.goal, 200), room.goal - 1) if room.goal else ""
    return (
        (f"{mark} ", TONES[mark]), (f"{tag(row.id)} ", "accent"), (fit(want, room.want), ""), (goal, "dim"),
        (tail, "dim"), (fit_right(need.key, _KEY), "warn"),
    )  # fmt: skip


def waits(row: RunRow, now: str) -> str:
    """How long the goal has waited."""
    seconds = seconds_between(row.waits_since, now)
    return NOTHING if seconds is None else coarse_age(seconds)
