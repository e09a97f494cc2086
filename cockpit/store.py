"""The one current picture of the factory, and who is told when it is replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from factory.model.audit import Event
from factory.model.outbox import PortHealth
from factory.model.status import Source, Status
from factory.model.view import RunRow, RunView
from factory.rules.backoff import seconds_between

STALE_AFTER_S = 3.0
"""A source that has not answered for so long is no longer live."""

_NO_SOURCES: Mapping[str, "Seen"] = MappingProxyType({})


@dataclass(frozen=True)
class Seen:
    """When a source answered last, and what is wrong with it since."""

    at: float = 0.0
    """Seconds of the monotonic clock; meaningless before the first answer."""
    answered: bool = False
    problem: str = ""
    """A sentence; empty while it answers."""
    is_quiet: bool = False
    """It speaks only when something changes: silence does not make it stale."""
    is_idle: bool = False
    """It does not run, and nobody needs it."""

    def source(self, now: float) -> Source:
        """State and age at a moment of the same clock."""
        age_s = max(0.0, now - self.at)
        if self.is_idle:
            return Source("idle", age_s)
        if not self.answered:
            return Source("down" if self.problem else "unknown", 0.0)
        late = age_s > STALE_AFTER_S and not self.is_quiet
        state: Literal["live", "stale"] = "stale" if self.problem or late else "live"
        return Source(state, age_s)


@dataclass(frozen=True)
class Totals:
    """Sums over all goals in the list. Money is micro-USD."""

    need_me: int = 0
    oldest_wait: str = ""
    """Since when the one that waits longest needs a person; UTC."""
    spent: int = 0
    in_flight: int = 0
    open_spent: int = 0
    limit: int = 0
    unpriced: bool = False


@dataclass(frozen=True)
class Snapshot:
    """Everything on screen at one moment. Two screens that show the same fact read it here."""

    rows: tuple[RunRow, ...] = ()
    """Newest first."""
    totals: Totals = Totals()
    wanted: str = ""
    """Id of the goal that the operator looks at; `selected` follows as soon as it is read."""
    selected: RunView | None = None
    status: Status | None = None
    live: tuple[Event, ...] = ()
    """The last events, oldest first."""
    sources: Mapping[str, Seen] = field(default_factory=lambda: _NO_SOURCES)
    as_of: str = ""

    @property
    def selected_view(self) -> RunView | None:
        """The view of the goal that the operator looks at; None until it is read."""
        return self.selected if self.selected and self.selected.run.id == self.wanted else None

    @property
    def selected_status(self) -> Status | None:
        """The eight fields of that goal; None until it is read."""
        return self.status if self.selected_view else None

    def row(self, run: str) -> RunRow | None:
        """The line of one goal."""
        return next((row for row in self.rows if row.id == run), None)

    def ages(self, now: float) -> dict[str, Source]:
        """Every source with its state and age at a moment of the monotonic clock."""
        return {name: seen.source(now) for name, seen in self.sources.items()}


class Store:
    """Holds the current `Snapshot`; whoever wants to know of the next one subscribes. Lives on one event loop."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot or Snapshot()
        self._listeners: list[Callable[[Snapshot], None]] = []

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with each new snapshot from now on."""
        self._listeners.append(listener)

    def change(self, **changes: Any) -> Snapshot:
        """Replace fields of the snapshot and tell everyone; equal snapshots are not told."""
        if "rows" in changes and changes["rows"] is not self.snapshot.rows:
            changes["totals"] = totals_of(changes["rows"])
        before, self.snapshot = self.snapshot, replace(self.snapshot, **changes)
        if any(getattr(before, name) is not value for name, value in changes.items()):
            for listener in self._listeners:
                listener(self.snapshot)
        return self.snapshot

    def saw(self, source: str, seen: Seen) -> None:
        """Note when a source answered. Ages are drawn by the clock, so only another state is told to anyone."""
        before = self.snapshot.sources.get(source)
        sources = MappingProxyType({**self.snapshot.sources, source: seen})
        same = before is not None and replace(before, at=seen.at) == seen
        if same:
            self.snapshot = replace(self.snapshot, sources=sources)
        else:
            self.change(sources=sources)


def totals_of(rows: tuple[RunRow, ...]) -> Totals:
    """The sums that the header shows."""
    waiting = [row for row in rows if row.needs_person]
    unfinished = [row for row in rows if row.state not in {"done", "cancelled", "failed"}]
    return Totals(
        need_me=len(waiting),
        oldest_wait=min((row.waits_since for row in waiting if row.waits_since), default=""),
        spent=sum(row.spent_micros for row in rows),
        in_flight=sum(row.in_flight_micros for row in rows),
        open_spent=sum(row.spent_micros for row in unfinished),
        limit=sum(row.cap_micros for row in unfinished),
        unpriced=any(row.unpriced for row in rows),
    )


def system_source(health: PortHealth, now: str) -> Source:
    """A system that only the worker talks to, as the worker saw it last."""
    state = {"up": "live", "degraded": "stale", "timeout": "stale", "down": "down"}.get(health.state, "unknown")
    return Source(state, max(0.0, seconds_between(health.seen_at, now))) if health.seen_at else Source("unknown", 0.0)
