"""Agents: how one attempt is given, run and ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from factory.model.definition import Clocks
from factory.model.step import Tokens

Role = Literal["coder", "verifier", "planner"]


@dataclass(frozen=True)
class AgentTask:
    """One attempt, as an agent gets it."""

    run: str
    step: str
    attempt: int
    role: Role
    agent: str
    """Name as in `Run.coder`: `kind[:argument]` or a configured name."""
    prompt: str
    worktree: Path
    thread: str = ""
    subject: str = ""
    """For a verifier: the coder's commit that is checked out."""
    left_micros: int = 0
    """What it may still spend."""
    clocks: Clocks = Clocks()
    operator_path: str = ""


@dataclass(frozen=True)
class AgentResult:
    """How an attempt ended and what the agent said: a claim, all of it but the process facts."""

    exit_code: int | None
    end_reason: str = "exit"
    """`exit`, `wall_clock`, `lost`, `signal_N`, or the reason given to `stop` (`operator_retry`, `cancelled`, …)."""
    started_at: str = ""
    ended_at: str = ""
    log: Path | None = None
    """Its output as captured: redacted and size-capped."""
    dropped_bytes: int = 0
    """Output beyond the cap, counted and not kept."""
    summary: str = ""
    cost_micros: int | None = None
    """None: it named no price."""
    tokens: Tokens = Tokens()
    model: str = ""
    session: str = ""
    request_review: bool = False
    verdict: Mapping[str, Any] | None = None
    """The verdict as the verifier wrote it; None when it left no valid JSON."""
    problem: str = ""
    """Why its result file could not be read; empty when it could, or there was none."""


class Progress(Protocol):
    """Who wants to know how an attempt is doing."""

    def alive(self, silent_s: float, output_bytes: int) -> None:
        """Called at most once a second while the process runs. `silent_s`: since its last output or file change."""
        ...


@dataclass(frozen=True)
class AgentInfo:
    """An agent kind or configured agent on this machine."""

    name: str
    installed: bool
    version: str = ""
    ready: bool = False
    hint: str = ""


class Agents(Protocol):
    """All agents of this machine."""

    def check(self, agent: str, base: Path) -> str:
        """The full name of an agent (relative programs and files made absolute against `base`).

        Raises:
            Missing: no such kind, program or file; the sentence names it and what exists.
            Malformed: a scripted file that cannot be read.
        """
        ...

    def company(self, agent: str) -> str:
        """The company that the configuration gives to this agent; "" = the route decides."""
        ...

    def folder(self, task: AgentTask) -> Path:
        """The folder that holds this attempt: task, log, result, exit."""
        ...

    async def run(self, task: AgentTask, progress: Progress) -> AgentResult:
        """Start the attempt, or re-attach to it when it was started already, and wait for its end.

        An earlier attempt of the same step that still runs is ended first, so that no two agents work on one step.
        Cancelling the coroutine only detaches; the agent goes on under its shim.
        """
        ...

    def stop(self, run: str, step: str, reason: str) -> None:
        """Ask for the end of every process tree of this run (of one step, unless empty). Returns at once."""
        ...

    def list(self) -> tuple[AgentInfo, ...]:
        """Every kind and configured agent, ready ones first."""
        ...
