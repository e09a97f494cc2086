"""Who needs a person: oldest first, what it wants, what stands still behind it, and the key that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from factory.model.view import RunRow
from widgets.amounts import NOTHING, age, cap, money, seconds_between
from widgets.goals import tag
from widgets.lines import Line, fit, fit_right
from widgets.marks import TONES, run_mark
from widgets.pane import Pane
from widgets.plain import visible

_GOAL = 96
"""From this width on there is room for the goal itself."""
_WANT = 24
"""Cells that what is wanted has before anything but its age and its key is shown."""


NOTHING_NEEDED: tuple[Line, ...] = ((("nothing needs you", "dim"),),)


def need_of(row: RunRow) -> tuple[str, str]:
    """What the goal wants of a person, and the key that answers it."""
    step = visible(row.step_kind, 12)
    if row.state == "awaiting_qa":
        return "QA gate: review the evidence, decide", "a"
    if row.step_state == "stalled":
        return f"{step} is stalled? retry it", "r"
    if row.state == "paused":
        return "paused: resume it or raise its cap", "p"
    if row.state == "blocked" or row.step_state == "blocked":
        return f"{step} is blocked: fix the cause, retry", "b"
    if row.step_kind in {"build", "verify"}:
        return "result is ready: send it to the verifier", "v"
    return f"{step} waits for you", "enter"


def need_lines(rows: Sequence[RunRow], now: str, width: int, height: int) -> tuple[Line, ...]:
    """One line a goal, as many as there is room for. A goal that waits alone says on a second line which it is."""
    if not rows:
        return NOTHING_NEEDED
    shown = rows[: max(1, height)]
    columns = _columns(shown, width)
    lines = [_line(row, now, width, *columns) for row in shown]
    if len(rows) == 1 and width < _GOAL:
        lines.append((("       ", ""), (fit(visible(rows[0].goal, 200), width - 7), "dim")))
    return tuple(lines)


def needs_title(rows: Sequence[RunRow], height: int) -> str:
    """What stands on the border: how many more there are than are shown."""
    more = len(rows) - max(1, height)
    return f"oldest first · w · +{more} more" if more > 0 else "oldest first · w" if rows else ""


def _columns(rows: Sequence[RunRow], width: int) -> tuple[bool, bool]:
    """Whether there is room for what stands still behind the goals, and for what waiting costs."""
    spare = width - len("◆ 8t0a ") - len("  12m") - len("  enter") - _WANT
    blocks = spare >= 25 or (spare >= 10 and any(row.blocks for row in rows))
    return blocks, spare - (10 if blocks else 0) >= 15


def _line(row: RunRow, now: str, width: int, has_blocks: bool, has_money: bool) -> Line:
    mark = run_mark(row.state, True, row.step_state)
    want, key = need_of(row)
    tail = f" {fit_right(_waits(row, now), 4)}"
    if has_blocks:
        tail += "  " + fit(f"blocks {row.blocks}" if row.blocks else "", 8)
    if has_money:
        tail += " " + fit_right(_money(row), 14)
    room = max(8, width - 7 - len(tail) - 7)
    goal = ""
    if width >= _GOAL:
        goal = " " + fit(visible(row.goal, 200), room - min(42, room // 2) - 1)
        room = min(42, room // 2)
    return (
        (f"{mark} ", TONES[mark]), (f"{tag(row.id)} ", "accent"), (fit(want, room), ""), (goal, "dim"), (tail, "dim"),
        (f"  {fit_right(key, 5)}", "warn"),
    )  # fmt: skip


def _waits(row: RunRow, now: str) -> str:
    seconds = seconds_between(row.waits_since, now)
    return NOTHING if seconds is None else age(seconds)


def _money(row: RunRow) -> str:
    """What waiting costs: spent without a result yet, held in flight, and the cap of both."""
    spent = money(row.spent_micros, "unpriced" if row.unpriced else "reported")
    held = f"+{money(row.in_flight_micros)}" if row.in_flight_micros else ""
    return f"{spent}{held}/{cap(row.cap_micros)}"


class NeedsYou(Pane):
    """Draws who needs a person."""

    TITLE = "Needs you"
    NUMBER = 8

    @dataclass
    class Chosen(Message):
        """The operator clicked one of the goals."""

        run: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[RunRow, ...] = ()
        self._now = ""

    @property
    def wanted_lines(self) -> int:
        """Lines that it has to say; never one alone, so that a second goal moves nothing."""
        return max(2, len(self.rows)) if self.rows else 0

    def show_needs(self, rows: tuple[RunRow, ...], now: str) -> None:
        """Draw these goals, which come oldest first; the same ones at the same age cost nothing."""
        self.rows, self._now = rows, now
        self.show(self._lines, rows, [_waits(row, now) for row in rows])

    def _lines(self, width: int) -> tuple[Line, ...]:
        height = self.scrollable_content_region.height
        self.set_title(self.TITLE, needs_title(self.rows, height))
        return need_lines(self.rows, self._now, width, height)

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self.rows):
            self.post_message(self.Chosen(self.rows[offset.y].id))
