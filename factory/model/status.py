"""The status of a run in the shapes of the CLI contract (design §6): field names are JSON keys. Money is micro-USD."""

from collections.abc import Mapping
from dataclasses import dataclass

from factory.model.cost_card import CapLine
from factory.model.source import Source


@dataclass(frozen=True)
class StepStatus:
    """The step that counts now."""

    id: str
    kind: str
    state: str
    attempt: int


@dataclass(frozen=True)
class StepLine:
    """One step of the list."""

    id: str
    kind: str
    state: str
    attempt: int
    cost_micros: int


@dataclass(frozen=True)
class AgentStatus:
    """Who works on the current step."""

    company: str
    name: str


@dataclass(frozen=True)
class VerifierStatus:
    """The verifier and its thread."""

    company: str
    name: str
    required: bool
    thread: str
    state: str
    round: int
    verdict: str
    """Word of the last verdict; empty before the first."""
    sent: int
    """Messages sent to the verifier."""
    cap: int
    spent: int
    premium: str = ""
    """Why it is a premium one; empty when it is none."""


@dataclass(frozen=True)
class EvidenceLine:
    """One item of evidence."""

    id: str
    kind: str
    path: str
    """Absolute; exists."""
    sha256: str
    polarity: str
    score: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class CostStatus:
    """Money so far."""

    micros: int
    in_flight: int
    cap: int
    basis: str
    """The weakest basis of all entries: `unpriced` beats `estimated` beats … `reported`; `none` before the first."""


@dataclass(frozen=True)
class Interruptions:
    """How often agents of a run asked a person for permission, and what came of it."""

    asked: int = 0
    waiting: int = 0
    allowed: int = 0
    denied: int = 0
    void: int = 0
    """Nobody answered while it mattered."""


@dataclass(frozen=True)
class BlockerLine:
    """An open blocker."""

    id: str
    code: str
    severity: str
    message: str


@dataclass(frozen=True)
class NextAction:
    """The one thing the operator should do now."""

    code: str
    """`inspect review_cost review verify retry requeue fix wait land open`."""
    label: str
    key: str
    """Key in the cockpit; empty when there is nothing to press."""
    command: str
    """The same on the command line; empty for `wait`."""


@dataclass(frozen=True)
class ClaimLine:
    """One claim as it stands."""

    id: str
    text: str
    required: bool
    status: str
    score: int


@dataclass(frozen=True)
class GateStatus:
    """The gate that counts now."""

    kind: str
    state: str
    package: str
    """Absolute path of the package folder; empty before it is frozen."""
    digest: str
    score: int
    sufficient: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class OutboxLine:
    """One writeback target with its newest item."""

    target: str
    state: str


@dataclass(frozen=True)
class Result:
    """What the run made."""

    branch: str
    commit: str
    base: str
    fetch: str
    """The git command to paste."""
    patch: str


@dataclass(frozen=True)
class Status:
    """The eight fields, and what stands behind them."""

    run: str
    state: str
    goal: str
    step: StepStatus
    agent: AgentStatus
    verifier: VerifierStatus
    evidence: tuple[EvidenceLine, ...]
    cost: CostStatus
    blockers: tuple[BlockerLine, ...]
    next_action: NextAction
    claims: tuple[ClaimLine, ...]
    steps: tuple[StepLine, ...]
    gate: GateStatus
    outbox: tuple[OutboxLine, ...]
    result: Result
    sources: Mapping[str, Source]
    as_of: str
    caps: tuple[CapLine, ...] = ()
    """Every cap that the run counts against."""
    interruptions: Interruptions = Interruptions()


@dataclass(frozen=True)
class ReviewCard:
    """What the operator must see before deciding. Refuted and unsupported claims come first."""

    run: str
    goal: str
    digest: str
    score: int
    threshold: int
    sufficient: bool
    reasons: tuple[str, ...]
    """Why the code field stays shut; empty when it opens."""
    verdict: str
    claims: tuple[ClaimLine, ...]
    evidence: tuple[EvidenceLine, ...]
    diffstat: Mapping[str, int]
    """files, added, removed."""
    cost: CostStatus
    risk: Mapping[str, object]
    """level, reasons."""
    self_approved: bool
    """Approving would be by the one who launched it."""
    allow_green_baseline: bool = False
    notes: tuple[str, ...] = ()
    """Flags worth reading: FP5 tests touched, unpriced agent, …"""
