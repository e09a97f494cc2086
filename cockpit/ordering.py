"""The order of the goals. Sorting is an act: afterwards a goal keeps its place, whatever changes in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from factory.model.view import RunRow

By = Literal["newest", "oldest", "waiting", "silence", "cost", "state"]
_STATES = ("awaiting_qa", "blocked", "running", "closing", "ready", "draft", "paused", "failed", "cancelled", "done")
_LATE = "~"
"""Sorts behind every time."""


@dataclass(frozen=True)
class Order:
    """How the goals are sorted."""

    by: By = "newest"
    is_reversed: bool = False

    @property
    def name(self) -> str:
        """As the title of the list says it; empty for the order that needs no word."""
        arrow = " reversed" if self.is_reversed else ""
        return "" if self == Order() else f"by {self.by}{arrow}"


CHOICES: Mapping[By, str] = {
    "newest": "launched last first",
    "oldest": "launched first first",
    "waiting": "waits longest for a person first",
    "silence": "silent longest first",
    "cost": "most spent first",
    "state": "what needs you, then what works, then what is over",
}
"""Every order with its sentence, as the menu shows them."""

_KEYS: Mapping[By, Callable[[RunRow], tuple[object, ...]]] = {
    "waiting": lambda row: (not row.needs_person, row.waits_since or _LATE),
    "silence": lambda row: (row.state in {"done", "cancelled", "failed"}, row.last_event_at or _LATE),
    "cost": lambda row: (-row.spent_micros - row.in_flight_micros,),
    "state": lambda row: (not row.needs_person, _STATES.index(row.state) if row.state in _STATES else 99),
}


def ordered(rows: tuple[RunRow, ...], order: Order) -> tuple[RunRow, ...]:
    """The goals in this order; those that are equal stay newest first."""
    key = _KEYS.get(order.by)
    found = sorted(rows, key=key) if key else list(rows)
    if order.is_reversed != (order.by == "oldest"):
        found.reverse()
    return tuple(found)


class Sorting:
    """Keeps the places that an order gave, until the operator sorts again."""

    def __init__(self) -> None:
        self._order = Order()
        self._places: dict[str, int] = {}

    def sort(self, rows: tuple[RunRow, ...], order: Order) -> None:
        """Give every goal its place by what it is now."""
        self._order = order
        self._places = {} if order == Order() else {row.id: n for n, row in enumerate(ordered(rows, order))}

    def placed(self, rows: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
        """The goals in their places. Those that came since stand in front, newest first."""
        if not self._places:
            return rows
        places = self._places
        return tuple(sorted(rows, key=lambda row: places.get(row.id, -1)))
