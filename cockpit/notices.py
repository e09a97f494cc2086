"""When somebody has to be called to the screen: once for each time that a goal begins to need a person, or ends.

Plain values and no clock of its own: whoever holds the `Notifier` tells it what time it is and what is looked at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from factory.model.view import RunRow
from factory.rules.changed import changed_places
from factory.rules.visible import one_line
from widgets.amounts import cap, money

DWELL_S = 2.0
"""A need that is gone again after less is nobody's business."""
COOL_DOWN_S = 30.0
"""Between two notices of one goal; a need that lasts longer is told then."""
LONGEST = 120
"""Characters of a notice."""

_ASKS = {
    "awaiting_qa": "approve the package?",
    "blocked": "blocked, what now?",
    "paused": "paused, go on?",
    "running": "send it to the verifier?",
    "done": "done",
    "failed": "failed",
}
_ENDS = ("done", "failed")


class Notice(NamedTuple):
    """One call."""

    run: str
    text: str
    """One line, at most `LONGEST` characters, none of which a terminal would obey."""


class Need(NamedTuple):
    """What a goal wants of a person and was not told yet."""

    row: RunRow
    want: str
    since: float
    """Seconds of the monotonic clock when it was first seen."""


class Sight(NamedTuple):
    """What the operator has before the eyes."""

    run: str = ""
    """The goal that is selected on screen."""
    is_watched: bool = True
    """Whether the terminal has the focus, as far as it tells."""
    muted: Collection[str] = ()

    def covers(self, run: str) -> bool:
        """Whether the operator knows of this goal, or does not want to."""
        return run in self.muted or (self.is_watched and run == self.run)


_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Notifier:
    """Knows what was told. `observe` returns it as it is afterwards, with the notices to send."""

    rows: tuple[RunRow, ...] | None = None
    """What was looked at last; None before the first look."""
    pending: Mapping[str, Need] = field(default_factory=lambda: _NOTHING)
    """By goal: what will be told unless it ends before."""
    known: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """By goal: the want that the operator knows of, or does not want to."""
    told_at: Mapping[str, float] = field(default_factory=lambda: _NOTHING)

    def observe(self, rows: tuple[RunRow, ...], sight: Sight, now: float) -> tuple["Notifier", tuple[Notice, ...]]:
        """Look at all goals at a moment of the monotonic clock. What stood there at the first look is not told."""
        if self.rows is None:
            return replace(self, rows=rows, known={row.id: want for row in rows if (want := want_of(row))}), ()
        after = self if rows is self.rows else self._seeing(rows, now)
        settled = [need for run, need in after.pending.items() if sight.covers(run) or after._is_due(need, now)]
        if not settled:
            return after, ()
        told = [need.row for need in settled if not sight.covers(need.row.id)]
        gone = {need.row.id for need in settled}
        after = replace(
            after,
            pending={run: need for run, need in after.pending.items() if run not in gone},
            known={**after.known, **{need.row.id: need.want for need in settled}},
            told_at={**after.told_at, **{row.id: now for row in told}},
        )
        return after, tuple(Notice(row.id, notice_text(row)) for row in told)

    def _seeing(self, rows: tuple[RunRow, ...], now: float) -> "Notifier":
        """With the wants of the goals that changed."""
        pending, known = dict(self.pending), dict(self.known)
        for row in _changed(self.rows or (), rows):
            want, before = want_of(row), pending.pop(row.id, None)
            if not want:
                known.pop(row.id, None)
            elif known.get(row.id) != want:
                pending[row.id] = Need(row, want, before.since if before and before.want == want else now)
        return replace(self, rows=rows, pending=pending, known=known)

    def _is_due(self, need: Need, now: float) -> bool:
        rested = now - self.told_at.get(need.row.id, -COOL_DOWN_S) >= COOL_DOWN_S
        return rested and now - need.since >= DWELL_S


def _changed(before: tuple[RunRow, ...], rows: tuple[RunRow, ...]) -> Iterator[RunRow]:
    """The rows that may differ: rows keep their places, and new ones come in front."""
    new = len(rows) - len(before)
    if new < 0:
        return iter(rows)
    return chain(rows[:new], (rows[new + place] for place in changed_places(before, rows[new:])))


def want_of(row: RunRow) -> str:
    """What a goal wants of a person, another word for another want; empty when it wants nothing."""
    if row.state in _ENDS:
        return row.state
    if row.asks:
        return f"asks {row.waits_since}"  # the next request is another want
    return f"{row.state} {row.round}" if row.needs_person else ""


def notice_text(row: RunRow) -> str:
    """Which goal, what it asks, what it has cost: `8t0a needs you: approve the package? $0.31 of $5 · Fix split()`."""
    asks = "its agent asks, allow it?" if row.asks else _ASKS.get(row.state, row.state.replace("_", " "))
    words = asks if row.state in _ENDS else f"needs you: {asks}"
    spent = money(row.spent_micros, "unpriced" if row.unpriced else "reported")
    text = one_line(f"{row.id[-4:]} {words} {spent} of {cap(row.cap_micros)} · {row.goal[:LONGEST]}")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
