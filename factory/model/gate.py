"""Gates and the decisions taken at them."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table

GateKind = Literal["ready", "done", "qa", "cost_review", "write"]
GateState = Literal["closed", "open", "approved", "rejected", "expired", "superseded"]

GATE: Machine[GateState] = Machine(
    name="gate",
    transitions=table(
        """
        closed : open -> open
        open : approve -> approved
        open : reject -> rejected
        open : expire -> expired
        closed open : supersede -> superseded
        """
    ),
    terminal=frozenset({"approved", "rejected", "expired", "superseded"}),
)


@dataclass(frozen=True, kw_only=True)
class Gate(Entity):
    """A decision point of a run."""

    run: str
    kind: GateKind
    state: GateState = "closed"
    requirements: tuple[str, ...] = ()
    """What had to hold for it to open, one sentence each."""
    package: str = ""
    package_digest: str = ""
    expires_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Approval(Entity):
    """What somebody decided at a gate."""

    run: str
    gate: str
    decision: Literal["approve", "reject"]
    actor: str
    role: str = "operator"
    surface: Literal["cli", "cockpit", "api"] = "cli"
    reason: str = ""
    package_digest: str = ""
    viewed: tuple[str, ...] = ()
    """Claims that had been on screen."""
    open_ms: int = 0
    self_approved: bool = False
