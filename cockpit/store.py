"""The one current picture of the factory, and who is told when it is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cockpit.burn import Burn
from cockpit.sums import Sums, Totals
from factory.model.source import Source, SourceLine
from factory.rules.backoff import seconds_between

if TYPE_CHECKING:
    from factory.model.audit import Event
    from factory.model.outbox import PortHealth
    from factory.model.status import Status
    from factory.model.view import RunRow, RunView
    from widgets.heading import Known

STALE_AFTER_S = 3.0
"""A source that has not answered for so long is no longer live."""

FEEDS = ("ledger", "worker", "evidence")
"""The sources that every cockpit has, seen or not."""
_NO_SOURCES: Mapping[str, Seen] = MappingProxyType({})


class Seen(NamedTuple):
    """When a source answered last, and what is wrong with it since."""

    at: float = 0.0
    """Seconds of the monotonic clock; of the loss for a source that is down, 0 before the first answer."""
    answered: bool = False
    problem: str = ""
    """A sentence; empty while it answers."""
    is_quiet: bool = False
    """It speaks only when something changes: silence does not make it stale."""
    is_idle: bool = False
    """It does not run, and nobody needs it."""
    is_past: bool = False
    """What it says was recorded; it is never live."""

    def source(self, now: float) -> Source:
        """State and age at a moment of the same clock."""
        if self.is_past:
            return Source("past", 0.0)
        age_s = max(0.0, now - self.at)
        if self.is_idle:
            return Source("idle", age_s)
        if not self.answered:
            return Source("down" if self.problem else "unknown", age_s if self.at else 0.0)
        late = age_s > STALE_AFTER_S and not self.is_quiet
        state: Literal["live", "stale"] = "stale" if self.problem or late else "live"
        return Source(state, age_s)

    def sentence(self, now: float) -> str:
        """What is wrong with it; empty while it answers."""
        if self.problem:
            return self.problem
        state = self.source(now).state
        silent = f"It has not answered for {now - self.at:.0f} s; these are its last values."
        return {"unknown": "It has not answered yet.", "stale": silent}.get(state, "")


@dataclass(frozen=True)
class Snapshot:
    """Everything on screen at one moment. Two screens that show the same fact read it here."""

    rows: tuple[RunRow, ...] = ()
    """Newest first."""
    totals: Totals = Totals()
    needing: tuple[RunRow, ...] = ()
    """The goals that need a person, those that wait longest first; kept by the store."""
    places: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Where each goal stands in `rows`; kept by the store."""
    is_all: bool = True
    """Whether `rows` are all goals; the older ones come last."""
    wanted: str = ""
    """Id of the goal that the operator looks at; `selected` follows as soon as it is read."""
    selected: RunView | None = None
    status: Status | None = None
    live: tuple[Event, ...] = ()
    """The last events, oldest first."""
    burn: Burn = Burn()
    """What they and those before them say of how fast money goes."""
    sources: Mapping[str, Seen] = field(default_factory=lambda: _NO_SOURCES)
    """Empty before the first answer."""
    systems: tuple[PortHealth, ...] = ()
    """The targets that only the worker talks to, as it saw them last."""
    requests: int = 0
    """How many tasks of mission control wait to be launched."""
    as_of: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the ledger has answered at all: before that, no goals means that nobody knows."""
        return bool(self.rows) or self.sources.get("ledger", Seen()).answered

    @property
    def selected_view(self) -> RunView | None:
        """The view of the goal that the operator looks at; None until it is read."""
        return self.selected if self.selected and self.selected.run.id == self.wanted else None

    @property
    def selected_status(self) -> Status | None:
        """The eight fields of that goal; None until it is read."""
        return self.status if self.selected_view else None

    @property
    def known(self) -> Known:
        """How much of the goals is known."""
        return "none" if not self.is_read else "all" if self.is_all else "some"

    def row(self, run: str) -> RunRow | None:
        """The line of one goal."""
        place = self.places.get(run)
        return self.rows[place] if place is not None and place < len(self.rows) else None

    def ages(self, now: float) -> dict[str, Source]:
        """Every source with its state and age at a moment of the monotonic clock."""
        return {name: seen.source(now) for name, seen in self.sources.items()}

    def source_lines(self, now: float, utc: str) -> tuple[SourceLine, ...]:
        """All sources, our own feeds first, then what the worker talks to.

        Args:
            now: Of the monotonic clock.
            utc: The same moment, for what the ledger says about systems.
        """
        seen = {**dict.fromkeys(FEEDS, Seen()), **self.sources}
        ours = [SourceLine(name, one.source(now), one.sentence(now)) for name, one in seen.items()]
        return (*ours, *(SourceLine(one.id, system_source(one, utc), _outage(one)) for one in self.systems))


class Store:
    """Holds the current `Snapshot`; whoever wants to know of the next one subscribes. Lives on one event loop."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot or Snapshot()
        self._sums = Sums()
        self._listeners: list[Callable[[Snapshot], None]] = []

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with each new snapshot from now on."""
        self._listeners.append(listener)

    def change(self, **changes: Any) -> Snapshot:
        """Replace fields of the snapshot and tell everyone; equal snapshots are not told."""
        if "rows" in changes and changes["rows"] is not self.snapshot.rows:
            changes["totals"] = self._sums.follow(changes["rows"])
            changes["places"] = self._sums.places
            changes["needing"] = self._sums.needing
        if "live" in changes:
            changes["burn"] = changes.get("burn", self.snapshot.burn).after(changes["live"])
        before, self.snapshot = self.snapshot, replace(self.snapshot, **changes)
        if any(getattr(before, name) is not value for name, value in changes.items()):
            for listener in self._listeners:
                listener(self.snapshot)
        return self.snapshot

    def saw(self, source: str, seen: Seen) -> None:
        """Note when a source answered. Ages are drawn by the clock, so only another state is told to anyone."""
        before = self.snapshot.sources.get(source)
        known = {**self.snapshot.sources, source: seen}
        # In an order of their own: not in that in which they answered, which is another one each time.
        sources = MappingProxyType({name: known[name] for name in (*FEEDS, *known) if name in known})
        same = before is not None and before._replace(at=seen.at) == seen
        if same:
            self.snapshot = replace(self.snapshot, sources=sources)
        else:
            self.change(sources=sources)

    def forget(self, source: str) -> None:
        """A source is none any more."""
        kept = {name: seen for name, seen in self.snapshot.sources.items() if name != source}
        self.change(sources=MappingProxyType(kept))


def system_source(health: PortHealth, now: str) -> Source:
    """A system that only the worker talks to, as the worker saw it last."""
    state = {"up": "live", "degraded": "stale", "timeout": "stale", "down": "down"}.get(health.state, "unknown")
    return Source(state, max(0.0, seconds_between(health.seen_at, now))) if health.seen_at else Source("unknown", 0.0)


def _outage(health: PortHealth) -> str:
    if health.state == "up":
        return ""
    since = f" since {health.outage_since[11:19]} UTC" if health.outage_since else ""
    return f"{health.detail or health.state}{since}".strip()
