"""How fast money goes: what was spent in the last hour, from the events that this cockpit has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factory.model.audit import Event

HOUR_S = 3600
SLOTS = 8
"""Parts of the hour that are shown beside each other."""
LEAST_S = 60
"""What was seen for less time says nothing of an hour."""
SPENT = "cost.record"


@dataclass(frozen=True)
class Burn:
    """Amounts with their moments, oldest first."""

    spent: tuple[tuple[float, int], ...] = ()
    """Seconds since the epoch, and micro-USD."""
    since: float = 0.0
    """Everything from this moment on was seen."""
    seq: int = 0
    """The newest event that was counted."""

    def after(self, events: Sequence[Event]) -> Burn:
        """The same with these events, oldest first; those that were counted already are passed over."""
        new = [event for event in events if event.seq > self.seq]
        if not new:
            return self
        gap = not self.seq or new[0].seq > self.seq + 1
        since = self.since if not gap else 0.0 if new[0].seq == 1 else _seconds(new[0].at)
        kept = () if gap else self.spent
        found = tuple((_seconds(event.at), _micros(event)) for event in new if event.action == SPENT)
        recent = tuple(one for one in (*kept, *found) if one[0] > _seconds(new[-1].at) - 2 * HOUR_S)
        return Burn(recent, since, new[-1].seq)


@lru_cache(maxsize=2)
def burning(burn: Burn, minute: str) -> tuple[int | None, tuple[int, ...]]:
    """Micro-USD an hour, None when that cannot be said yet, and the parts of the hour, oldest first.

    Args:
        minute: The time now, UTC, `2026-03-02T14:02`; a finer one would never rest.
    """
    now = _seconds(f"{minute}:59+00:00")
    seen = min(HOUR_S, now - burn.since)
    if seen < LEAST_S:
        return None, ()
    parts = [0] * SLOTS
    for at, micros in burn.spent:
        if now - HOUR_S < at <= now:
            parts[int((at - now + HOUR_S) * SLOTS / HOUR_S) - (at == now)] += micros
    return int(sum(parts) * HOUR_S / seen), tuple(parts)


def _micros(event: Event) -> int:
    amount = event.detail.get("micros", 0)
    return amount if isinstance(amount, int) else 0


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0
