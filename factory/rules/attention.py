"""In which order goals need a person: by what waiting has cost so far.

A goal that waits costs its weight times the time that it has waited. The weight says what stands still with it:

- its priority: H counts 4, M counts 2, L counts 1;
- money and leases that it holds while nobody decides: something in flight doubles the weight;
- money that is spent and has brought nothing yet: the share of the cap, from 1 (nothing) to 2 (all of it).

So an urgent goal overtakes an older one, and nobody waits for ever: whoever has waited `HEAVIEST` times as long as
another one comes first, whatever the two are.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from factory.model.view import RunRow

PRIORITY = {"H": 4.0, "M": 2.0, "L": 1.0}
HELD = 2.0
"""Factor for money in flight: a reservation, and the lease of whoever made it."""
HEAVIEST = 16.0
"""The heaviest weight there is; the lightest one is 1."""


def weight(row: RunRow) -> float:
    """What one second of waiting costs; from 1 to `HEAVIEST`."""
    held = HELD if row.in_flight_micros > 0 else 1.0
    share = min(1.0, max(0.0, row.spent_micros / row.cap_micros)) if row.cap_micros > 0 else 0.0
    return PRIORITY.get(row.priority, 1.0) * held * (1.0 + share)


def waited_s(row: RunRow, now: str) -> float:
    """Seconds that a goal has waited for a person; 0 when it does not, or when the clock went back."""
    try:
        return max(0.0, (datetime.fromisoformat(now) - datetime.fromisoformat(row.waits_since)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def oldest_first(rows: Iterable[RunRow]) -> tuple[RunRow, ...]:
    """The goals that need a person, those that wait longest first."""
    return tuple(sorted((row for row in rows if row.needs_person), key=lambda row: (row.waits_since, row.id)))


def waiting_cost(row: RunRow, now: str) -> float:
    """What waiting has cost so far: weighted seconds. Only the order of two costs means anything."""
    return weight(row) * waited_s(row, now)


def in_order(rows: Iterable[RunRow], now: str, muted: Collection[str] = ()) -> tuple[RunRow, ...]:
    """The goals that need a person, the costliest wait first; of equal ones the oldest first.

    Args:
        rows: Any goals, in any order; the answer does not depend on it.
        now: The same moment for all of them; UTC.
        muted: Ids of goals that the operator does not want to hear of.
    """
    waiting = [row for row in rows if row.needs_person and row.id not in muted]
    return tuple(sorted(waiting, key=lambda row: (-waiting_cost(row, now), row.waits_since, row.id)))


def next_waiting(rows: Iterable[RunRow], now: str, here: str, muted: Collection[str] = ()) -> RunRow | None:
    """The goal to go to from `here`: the one after it in order, else the first; None when nothing needs a person."""
    order = in_order(rows, now, muted)
    places = [row.id for row in order]
    after = places.index(here) + 1 if here in places else 0
    return order[after % len(order)] if order else None
