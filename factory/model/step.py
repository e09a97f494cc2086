"""Steps and attempts: the parts of a run, and each execution of one by one agent."""

from dataclasses import dataclass
from typing import Literal

from factory.model.definition import StepKind
from factory.model.identity import Entity
from factory.model.machine import Machine, table

StepState = Literal[
    "pending", "ready", "running", "awaiting_verdict", "changes_requested", "stalled", "retry_wait",
    "blocked", "passed", "split", "skipped", "cancelled",
]  # fmt: skip
AttemptState = Literal[
    "created", "leased", "running", "succeeded", "failed", "timed_out", "lost", "budget_stopped", "cancelled", "refused"
]

NEVER_SKIPPED: tuple[StepKind, ...] = ("verify", "qa")
"""Steps that no operator may leave out: what passes the gate rests on them."""

_OPEN = "pending ready running awaiting_verdict changes_requested stalled retry_wait blocked"

STEP: Machine[StepState] = Machine(
    name="step",
    transitions=table(
        f"""
        pending : release -> ready
        ready : begin -> running
        running : pass -> passed
        running : deliver -> awaiting_verdict
        awaiting_verdict : pass -> passed
        awaiting_verdict : request_changes -> changes_requested
        awaiting_verdict : block -> blocked
        changes_requested : rework -> ready
        changes_requested : block -> blocked
        running : stall -> stalled
        stalled : progress -> running
        stalled : retry -> retry_wait
        stalled : split -> split
        stalled : block -> blocked
        retry_wait : release -> ready
        blocked : release -> ready
        {_OPEN} : skip -> skipped
        {_OPEN} : cancel -> cancelled
        """
    ),
    terminal=frozenset({"passed", "split", "skipped", "cancelled"}),
)

ATTEMPT: Machine[AttemptState] = Machine(
    name="attempt",
    transitions=table(
        """
        created : lease -> leased
        leased : start -> running
        running : succeed -> succeeded
        running : fail -> failed
        running : time_out -> timed_out
        running : lose -> lost
        running : stop_for_budget -> budget_stopped
        running : cancel -> cancelled
        running : refuse -> refused
        """
    ),
    terminal=frozenset({"succeeded", "failed", "timed_out", "lost", "budget_stopped", "cancelled", "refused"}),
)


@dataclass(frozen=True, kw_only=True)
class Step(Entity):
    """A unit of a run: a subtask."""

    run: str
    kind: StepKind
    order: int
    deps: tuple[str, ...] = ()
    required: bool = True
    state: StepState = "pending"
    state_reason: str = ""
    attempt_no: int = 0
    max_attempts: int = 3
    next_retry_at: str = ""
    parent_step: str = ""
    """The step that this one does again, after a rejection; empty for the first."""
    assigned: str = ""
    """Agent or actor that does it."""


@dataclass(frozen=True)
class Tokens:
    """Model tokens of one call or attempt."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True)
class Gauge:
    """How a driven agent stands, as its meter counts (micro-USD); written with its heartbeat, without an event."""

    spent: int = 0
    """What counts against the caps: the larger of what it reported and what its tokens cost."""
    reported: int | None = None
    """The agent's own figure; None while it named none."""
    priced: int = 0
    in_flight: int = 0
    """The model call that is under way."""
    last_call: int = 0
    basis: Literal["reported", "computed", "estimated", "declared", "unpriced"] = "unpriced"
    tokens: Tokens = Tokens()
    context_used: int = 0
    context_size: int = 0
    """0 = unknown."""
    is_listed_size: bool = False
    """The size is that of the model by the price list: the agent told none, and may keep to less."""
    model: str = ""
    doing: str = ""
    """Its tool call of now, in one line."""
    retries: int = 0


@dataclass(frozen=True, kw_only=True)
class Attempt(Entity):
    """One execution of a step by one agent."""

    run: str
    step: str
    n: int
    """1 for the first of its step."""
    fence_token: int = 0
    role: Literal["coder", "verifier", "planner"] = "coder"
    agent: str = ""
    company: str = ""
    runtime: str = ""
    """Kind of agent: `command`, `scripted`, …"""
    model: str = ""
    session_ref: str = ""
    folder: str = ""
    """Folder of the shim that holds the process: log, result, exit."""
    lease_until: str = ""
    last_heartbeat: str = ""
    last_progress: str = ""
    started_at: str = ""
    ended_at: str = ""
    state: AttemptState = "created"
    end_reason: str = ""
    """`exit_3`, `no_change`, `wall_clock`, `operator_retry`, …"""
    exit_code: int | None = None
    subject: str = ""
    """Commit that a verifier looked at."""
    commit: str = ""
    """Commit that a coder delivered."""
    artefacts: tuple[str, ...] = ()
    """Digests (sha256) of what it delivered; nothing is sent to a verifier before there is one."""
    summary: str = ""
    request_review: bool = False
    reserved_micros: int = 0
    """Reserved from the run's budget (and the thread's, for a verifier) until the attempt is settled."""
    late: bool = False
    outcome: str = ""
    """Why a driven agent stopped (`factory.model.agent_event.Outcome`); empty for agents that say nothing."""
    resets_at: str = ""
    """After a rate limit: when the agent may go on (UTC)."""
    resumes: str = ""
    """Id of the attempt whose session, home and worktree this one goes on with; empty = a new session."""
    gauge: Gauge | None = None
    """How it stands or stood; None for agents that say nothing."""
    is_self_check: bool = False
    """The coder looks at its own work once more; only in a trial, in the place of a verifier."""

    @property
    def is_check(self) -> bool:
        """Whether it is paid from the cap of the thread: a verifier, or what a trial puts in its place."""
        return self.role == "verifier" or self.is_self_check
