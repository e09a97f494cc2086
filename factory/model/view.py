"""Pictures of the ledger at one moment: a whole run, a row of the list, everything on screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

# A list of goals needs none of these, and is read before anything else.
if TYPE_CHECKING:
    from factory.model.audit import ChainHead, Event
    from factory.model.blocker import Blocker
    from factory.model.cost import Budget, CostEntry
    from factory.model.evidence import Evidence, Package
    from factory.model.gate import Approval, Gate
    from factory.model.outbox import OutboxItem, Page, PortHealth
    from factory.model.permission import Permission
    from factory.model.run import Run
    from factory.model.step import Attempt, Step
    from factory.model.thread import Message, Thread


NO_MODELS = frozenset({"", "scripted"})
"""What agents without a model name as theirs."""


def _no_head() -> ChainHead:
    from factory.model.audit import ChainHead

    return ChainHead()


@dataclass(frozen=True)
class RunView:
    """All that the ledger knows about one run at one moment. Every list is oldest first."""

    run: Run
    steps: tuple[Step, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    threads: tuple[Thread, ...] = ()
    messages: tuple[Message, ...] = ()
    gates: tuple[Gate, ...] = ()
    approvals: tuple[Approval, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    packages: tuple[Package, ...] = ()
    costs: tuple[CostEntry, ...] = ()
    budgets: tuple[Budget, ...] = ()
    shared: tuple[Budget, ...] = ()
    """The caps that the runs of its namespace share: of today, and for good."""
    blockers: tuple[Blocker, ...] = ()
    outbox: tuple[OutboxItem, ...] = ()
    pages: tuple[Page, ...] = ()
    health: tuple[PortHealth, ...] = ()
    permissions: tuple[Permission, ...] = ()
    events: tuple[Event, ...] = ()
    """The last 50 of this run."""
    head: ChainHead = field(default_factory=_no_head)
    as_of: str = ""

    def step(self, kind: str) -> Step:
        """The newest step of this kind (a reopened one replaces the older)."""
        return [step for step in self.steps if step.kind == kind][-1]

    @property
    def thread(self) -> Thread:
        """The thread of the newest build step."""
        return self.threads[-1]

    def gate(self, kind: str) -> Gate | None:
        """The newest gate of this kind, if there is one."""
        return next((gate for gate in reversed(self.gates) if gate.kind == kind), None)

    def budget(self, scope: str) -> Budget | None:
        """The newest budget of this scope (for a thread: of the newest thread)."""
        return next((budget for budget in reversed(self.budgets) if budget.scope == scope), None)

    @property
    def open_blockers(self) -> tuple[Blocker, ...]:
        """Blockers that nobody has resolved, oldest first."""
        return tuple(blocker for blocker in self.blockers if blocker.is_open)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as one line of the list of goals. Cheap to read and to hold for a hundred thousand runs."""

    id: str
    goal: str
    state: str
    priority: str
    domain: str
    step_kind: str
    """Kind of the current step."""
    step_state: str
    steps_done: int
    steps_total: int
    spent_micros: int
    in_flight_micros: int
    cap_micros: int
    unpriced: bool
    verifier_state: str
    """State of the newest thread."""
    round: int
    last_event_at: str
    created_at: str
    blockers: int
    """Open ones with severity `block`."""
    needs_person: bool
    waits_since: str = ""
    """When it began to need a person; empty when it does not."""
    last_progress_at: str = ""
    """When the newest attempt last moved, by the worker's clock; a beat writes no event. Empty before the first."""
    coder: str = ""
    """Agent that builds, by its full name."""
    coder_company: str = ""
    coder_model: str = ""
    """Model that its newest attempt named; empty when it named none."""
    verifier: str = ""
    """Agent that verifies, by its full name; empty when the run has none."""
    verifier_company: str = ""
    verifier_model: str = ""
    asks: int = 0
    """Permission requests of its agent that wait for an answer."""
    is_queued: bool = False
    """Its agent has not begun: it waits for a place (`[worker] agents`)."""
    blocks: int = 0
    """Open steps that cannot begin before the current one is over; 0 when the run is over."""

    @property
    def last_sign_at(self) -> str:
        """The last sign of life: an event or progress of an agent, whichever is younger."""
        return max(self.last_event_at, self.last_progress_at)

    @property
    def shares_company(self) -> bool:
        """Coder and verifier work for one company: their agreement proves less."""
        return bool(self.coder_company) and self.coder_company == self.verifier_company

    @property
    def shares_model(self) -> bool:
        """Coder and verifier named the same model: their agreement proves less."""
        return self.coder_model not in NO_MODELS and self.coder_model == self.verifier_model
