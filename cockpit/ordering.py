"""The order of the goals. Sorting is an act: afterwards a goal keeps its place, whatever changes in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from factory.model.view import RunRow
from factory.rules.changed import followed, with_changed

By = Literal["newest", "oldest", "waiting", "silence", "cost", "state"]
_STATES = ("awaiting_qa", "blocked", "running", "closing", "ready", "draft", "paused", "failed", "cancelled", "done")
_LATE = "~"
"""Sorts behind every time."""
SLICE = 1_000
"""Goals that are looked at without a look at the clock: half a millisecond, twice that when it is the first time."""


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

# All keys of an order are of one type, which sorts much faster than tuples.
_KEYS: Mapping[By, Callable[[RunRow], int] | Callable[[RunRow], str]] = {
    "waiting": lambda row: f"{int(not row.needs_person)}{row.waits_since or _LATE}",
    "silence": lambda row: f"{int(row.state in {'done', 'cancelled', 'failed'})}{row.last_event_at or _LATE}",
    "cost": lambda row: -row.spent_micros - row.in_flight_micros,
    "state": lambda row: (
        100 * (not row.needs_person) + (_STATES.index(row.state) if row.state in _STATES else len(_STATES))
    ),
}


def ordered(rows: tuple[RunRow, ...], order: Order) -> tuple[RunRow, ...]:
    """The goals in this order; those that are equal stay newest first."""
    sorting = Sorting()
    sorting.want(rows, order)
    while not sorting.is_whole:
        sorting.work()
    return sorting.placed


class Sorting:
    """Sorts a slice at a time, and keeps the places that an order gave until the operator sorts again."""

    def __init__(self) -> None:
        self.placed: tuple[RunRow, ...] = ()
        """The goals as they were sorted last. Those that came since stand in front, newest first."""
        self._rows: tuple[RunRow, ...] = ()
        self._order = Order()
        self._work: Iterator[list[int]] | None = None
        self._ranks: list[int] = []
        """For each place in the list from the newest to the oldest, the place in the order."""
        self._came = 0
        """Goals that came in front since."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be done."""
        return self._work is None

    def want(self, rows: tuple[RunRow, ...], order: Order) -> None:
        """Take another version of the list, or another order. What is being sorted is sorted first."""
        if order != self._order:
            self._order = order
            self.again(rows)
        elif self.is_whole and rows is not self._rows:
            self._follow(rows)

    def again(self, rows: tuple[RunRow, ...]) -> None:
        """Give every goal its place by what it is now."""
        self._rows = rows
        if self._order == Order():
            self.placed, self._work = rows, None
        else:
            self._work = _in_order(rows, self._order)

    def work(self) -> None:
        """Sort one slice more."""
        places = next(self._work) if self._work else []
        if places or not self._rows:
            self._work, self._came = None, 0
            rows = self._rows
            self.placed = tuple([rows[place] for place in places])
            self._ranks = [0] * len(places)
            for rank, place in enumerate(places):
                self._ranks[place] = rank

    def _follow(self, rows: tuple[RunRow, ...]) -> None:
        way = followed(self._rows, rows, is_same_goal) if self._order != Order() else None
        if way is None or way[0] + len(self._rows) != len(rows):
            self.again(rows)  # older ones were read meanwhile
            return
        front, changed = way
        self._rows, self._came = rows, self._came + front
        self.placed = (*rows[:front], *self.placed)
        self.placed = with_changed(self.placed, {self._rank(place): rows[place] for place in changed})

    def _rank(self, place: int) -> int:
        return place if place < self._came else self._came + self._ranks[place - self._came]


def is_same_goal(before: RunRow, after: RunRow) -> bool:
    """Whether both are versions of one goal."""
    return before.id == after.id


def _in_order(rows: tuple[RunRow, ...], order: Order) -> Iterator[list[int]]:
    """The places of the goals in their order, last; before that an empty list after each slice."""
    key = _KEYS.get(order.by)
    places = list(range(len(rows)))
    if key:
        keys: list[int | str] = []
        places = []
        for start in range(0, len(rows), SLICE):
            keys += [key(row) for row in rows[start : start + SLICE]]
            places += sorted(range(start, len(keys)), key=keys.__getitem__)
            yield []
        places.sort(key=keys.__getitem__)  # slices that are in order are only merged
    if order.is_reversed != (order.by == "oldest"):
        places.reverse()
    yield places
