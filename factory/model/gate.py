"""Gates and the decisions taken at them."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from factory.model.audit import canonical_json
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


@dataclass(frozen=True)
class CostRequest:
    """What somebody asks for at a cost review: another cap of a thread, over what an operator may raise alone."""

    thread: str
    before_micros: int
    """The thread's cap when it was asked for."""
    micros: int
    """The cap that is asked for."""
    reason: str
    asked_by: str
    """`operator:NAME`."""

    def digest_at(self, gate: str) -> str:
        """What a decision at this gate is bound to: the sha256 of all that is asked for."""
        return sha256(canonical_json({"gate": gate, **asdict(self)}).encode("utf-8", "surrogatepass")).hexdigest()


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
    """What the decision is bound to: the digest of the package, or of the request of a cost review."""
    expires_at: str = ""
    request: CostRequest | None = None
    """Only at a cost review."""


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
