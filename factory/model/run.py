"""A run: one execution of the workflow for one goal."""

from dataclasses import dataclass, field
from typing import Literal

from factory.model.definition import Definition
from factory.model.identity import Entity
from factory.model.machine import Machine, table

RunState = Literal[
    "draft", "ready", "running", "blocked", "paused", "awaiting_qa", "closing", "done", "cancelled", "failed"
]
Priority = Literal["H", "M", "L"]
Domain = Literal["backend", "frontend", "product", "infra"]

RUN: Machine[RunState] = Machine(
    name="run",
    transitions=table(
        """
        draft : ready -> ready
        ready : start -> running
        running : block -> blocked
        blocked : unblock -> running
        running : await_qa -> awaiting_qa
        awaiting_qa : approve -> closing
        awaiting_qa : reject -> running
        awaiting_qa : supersede -> running
        closing : finish -> done
        running blocked : pause -> paused
        paused : resume -> running
        paused : resume_blocked -> blocked
        draft ready running blocked paused awaiting_qa closing : cancel -> cancelled
        draft ready running blocked paused awaiting_qa closing : fail -> failed
        """
    ),
    terminal=frozenset({"done", "cancelled", "failed"}),
)


@dataclass(frozen=True)
class Criterion:
    """One acceptance criterion: what must hold and the command that shows it."""

    id: str
    text: str
    command: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Risk:
    """How dangerous the change is, and why. The real diff can only raise it."""

    level: Literal["low", "high"] = "low"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """Who builds and who verifies, and how that was found."""

    domain: str = ""
    builder: str = ""
    """Company of the coder."""
    verifier: str = ""
    """Company of the verifier, another one."""
    rule: str = ""
    matched: tuple[str, ...] = ()
    score: int = 0
    runner_up: str = ""
    margin: int = 0
    table_sha256: str = ""
    override: str = ""
    notice: str = ""
    """Why it was not found as configured, as a sentence; empty when it was."""


@dataclass(frozen=True)
class Agent:
    """An agent that a run uses: its name as the operator typed it, and the company that it works for."""

    name: str = ""
    """`kind[:argument]` or a name of `[agents.NAME]`; relative programs are made absolute at the start."""
    company: str = ""


@dataclass(frozen=True, kw_only=True)
class Run(Entity):
    """One execution of the workflow for one goal: the parent task."""

    goal: str
    """Verbatim, in its own language."""
    lang: str = ""
    priority: Priority = "M"
    domain: str = ""
    criteria: tuple[Criterion, ...] = ()
    risk: Risk = Risk()
    verifier_required: bool = True
    verifier_reasons: tuple[str, ...] = ()
    route: Route = Route()
    coder: Agent = Agent()
    verifier: Agent = Agent()
    planner: str = ""
    profile: Literal["solo", "team"] = "solo"
    definition: Definition = Definition()
    workflow_sha256: str = ""
    repo: str = ""
    """Absolute path of the operator's repository; never written without the `write` gate."""
    base_commit: str = ""
    result_commit: str = ""
    worktree: str = ""
    prepare: tuple[str, ...] = ()
    """Command that prepares each fresh checkout; empty = none."""
    accept_dir: str = ""
    """Folder in the evidence store that is laid over a checkout for acceptance runs only; empty = none."""
    operator_path: str = ""
    """PATH of the operator when the run was started."""
    allow_green_baseline: bool = False
    left_out: tuple[str, ...] = ()
    """Dirty files that `--allow-dirty` left out of the run."""
    state: RunState = "draft"
    state_reason: str = ""
    mc_ref: str = ""
    idempotency_key: str = ""
    landed: str = ""
    """Branch that `land` made in the operator's repository; empty before."""
    supersedes: str = ""
    started_by: str = ""
    labels: tuple[str, ...] = field(default=())
    """Free words such as `demo`."""
