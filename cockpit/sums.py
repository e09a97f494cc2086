"""Sums over all goals and the place of each, kept up to date by looking only at the goals that changed."""

from collections.abc import Mapping
from typing import NamedTuple

from factory.model.view import RunRow
from factory.rules.attention import oldest_first
from factory.rules.changed import changed_places
from factory.rules.working import is_working

OVER = frozenset({"done", "cancelled", "failed"})
ACTIVE = frozenset({"ready", "running", "closing"})
"""States in which a worker has something to do for a run."""


class Totals(NamedTuple):
    """Sums over all goals in the list. Money is micro-USD."""

    need_me: int = 0
    oldest_wait: str = ""
    """Since when the one that waits longest needs a person; UTC."""
    spent: int = 0
    in_flight: int = 0
    open_spent: int = 0
    limit: int = 0
    unpriced: bool = False
    active: int = 0
    """How many a worker has something to do for."""
    working: int = 0
    """How many go on without a person."""
    queued: int = 0
    """How many wait for a place for their agent."""


class Sums:
    """Follows one list of goals through all its versions."""

    def __init__(self) -> None:
        self._rows: tuple[RunRow, ...] = ()
        self._needing: tuple[RunRow, ...] = ()
        self._is_unsorted = False
        self._forget()

    def follow(self, rows: tuple[RunRow, ...]) -> Totals:
        """Take another version; cheap when goals stay in their places."""
        before, self._rows = self._rows, rows
        kept = min(len(before), len(rows))
        changed = changed_places(before[:kept], rows[:kept])
        if kept < len(before) or any(before[place].id != rows[place].id for place in changed):
            self._forget()
            kept, changed = 0, []
        for place in changed:
            self._count(before[place], -1)
            self._count(rows[place], 1)
        for place, row in enumerate(rows[kept:], kept):
            self._places[row.id] = place
            self._count(row, 1)
        return self._totals()

    @property
    def needing(self) -> tuple[RunRow, ...]:
        """The goals that need a person, those that wait longest first; the same tuple until one of them changes."""
        if self._is_unsorted:
            self._needing = oldest_first(self._waiting.values())
            self._is_unsorted = False
        return self._needing

    @property
    def places(self) -> Mapping[str, int]:
        """Where each goal stands."""
        return self._places

    def _forget(self) -> None:
        # A new dictionary: snapshots of before go on with theirs.
        self._places: dict[str, int] = {}
        self._waiting: dict[str, RunRow] = {}
        self._is_unsorted = True
        self._unpriced = self._spent = self._in_flight = self._open_spent = self._limit = 0
        self._active = self._working = self._queued = 0

    def _count(self, row: RunRow, sign: int) -> None:
        self._spent += sign * row.spent_micros
        self._in_flight += sign * row.in_flight_micros
        self._unpriced += sign * row.unpriced
        self._active += sign * (row.state in ACTIVE)
        self._working += sign * is_working(row.state, row.needs_person, row.is_queued)
        self._queued += sign * row.is_queued
        if row.state not in OVER:
            self._open_spent += sign * row.spent_micros
            self._limit += sign * row.cap_micros
        if row.needs_person:
            self._is_unsorted = True
            if sign < 0:
                self._waiting.pop(row.id, None)
            else:
                self._waiting[row.id] = row

    def _totals(self) -> Totals:
        return Totals(
            need_me=len(self._waiting),
            oldest_wait=min(filter(None, (row.waits_since for row in self._waiting.values())), default=""),
            spent=self._spent,
            in_flight=self._in_flight,
            open_spent=self._open_spent,
            limit=self._limit,
            unpriced=self._unpriced > 0,
            active=self._active,
            working=self._working,
            queued=self._queued,
        )


def totals_of(rows: tuple[RunRow, ...]) -> Totals:
    """The sums that the header shows."""
    return Sums().follow(rows)
