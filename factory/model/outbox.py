"""The durable queue of writes to other systems, and the health of those systems."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table

METRICS = "metrics"
"""Role and place of the knowledge page that is about all runs; its writes are those of the run that ended last."""
OutboxState = Literal["queued", "in_flight", "accepted", "delivered", "dead"]
PortState = Literal["unknown", "up", "degraded", "timeout", "down"]
IndexState = Literal["unindexed", "queued", "indexed", "stale"]

OUTBOX: Machine[OutboxState] = Machine(
    name="outbox item",
    transitions=table(
        """
        queued : claim -> in_flight
        in_flight : accept -> accepted
        in_flight : outage -> queued
        in_flight : expire -> queued
        in_flight : kill -> dead
        accepted : confirm -> delivered
        accepted : report_failure -> queued
        dead : requeue -> queued
        """
    ),
    terminal=frozenset({"delivered"}),
)

INDEX: Machine[IndexState] = Machine(
    name="page index",
    transitions=table(
        """
        unindexed : enqueue -> queued
        queued : index -> indexed
        indexed : change -> stale
        stale : enqueue -> queued
        """
    ),
    terminal=frozenset(),
)


@dataclass(frozen=True, kw_only=True)
class OutboxItem(Entity):
    """One write to another system, kept until that system confirmed it."""

    run: str
    target: str
    """`knowledge`, `memory`, `mission`, or the name of a sink."""
    op: str
    """`page`, `remember`, or what the mirror of mission control does: `goal`, `step`, `gate` (a task as it is to be),
    `cancel` (the goal, cancelled), `decide` (the verdict of a gate, after it was given here), `attempt` (a run),
    `message` (a comment)."""
    dedupe_key: str
    """Contains the content's digest; the same key is queued once."""
    order_key: str = ""
    payload: str = ""
    """JSON."""
    payload_sha256: str = ""
    state: OutboxState = "queued"
    tries: int = 0
    next_at: str = ""
    lease_until: str = ""
    remote_ref: str = ""
    last_error: str = ""


@dataclass(frozen=True, kw_only=True)
class Page(Entity):
    """A knowledge page of a run."""

    run: str
    role: Literal["request", "status", "evidence", "postflight"]
    ref: str
    """Where the knowledge target keeps it."""
    sha256: str = ""
    index_state: IndexState = "unindexed"


@dataclass(frozen=True, kw_only=True)
class PortHealth(Entity):
    """What the worker last saw of one port. The id is the port's name."""

    state: PortState = "unknown"
    seen_at: str = ""
    latency_ms: int = 0
    release: str = ""
    """Version of the system, where it tells one."""
    detail: str = ""
    outage_since: str = ""
    """Set while an outage is announced: one alert per outage."""
