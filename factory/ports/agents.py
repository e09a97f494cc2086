"""Agents: how one attempt is given, run and ended."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from factory.model.agent_event import AgentEvent, Outcome, ToolKind
from factory.model.cost import CostBasis
from factory.model.definition import Clocks
from factory.model.step import Gauge, Tokens

Role = Literal["coder", "verifier", "planner"]
Tier = Literal["standard", "local", "premium"]
"""What an agent's model is: a local one costs nothing, a premium one verifies for a stated reason only."""
Answers = Literal["file", "schema", "message"]
"""How an agent gives its result back: in the file COCKPIT_RESULT_FILE, held to a JSON schema, or as an object in its
last message."""


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
    resume: str = ""
    """Session to go on with; empty = a new one."""
    home: str = ""
    """Folder of the attempt in whose home that session lies; empty = a home of its own."""
    allowed: tuple[str, ...] = ()
    """Rules that the operator added for this run, each for one very call."""
    next_call_micros: int = 0
    """What its next model call will hardly be cheaper than; 0 = not known."""


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
    """None: nobody knows a price."""
    basis: CostBasis | None = None
    """How the cost is known; None = as the agent reported it, or not at all."""
    priced_micros: int | None = None
    """Tokens times price, beside what the agent reported; None where no price is known."""
    tokens: Tokens = Tokens()
    model: str = ""
    session: str = ""
    request_review: bool = False
    verdict: Mapping[str, Any] | None = None
    """The verdict as the verifier wrote it; None when it left no valid JSON."""
    problem: str = ""
    """Why its result file could not be read; empty when it could, or there was none."""
    refused: str = ""
    """Why the factory does not take its verdict, as a sentence; empty when it does."""
    outcome: Outcome | Literal[""] = ""
    """Why it stopped, where that was heard; empty for agents that say nothing."""
    reason: str = ""
    """A sentence for it."""
    resets_at: str = ""
    """After a rate limit: when it may go on (UTC)."""
    gauge: Gauge | None = None
    """The last state of its meter; None for agents that say nothing."""


@dataclass(frozen=True)
class OpenAsk:
    """A permission request that waits for the operator."""

    id: str
    kind: ToolKind
    title: str
    input: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Live:
    """How an attempt stands now, as its driver counts."""

    gauge: Gauge = Gauge()
    session: str = ""
    """Empty before it named one."""
    asks: tuple[OpenAsk, ...] = ()
    received: tuple[str, ...] = ()
    """Ids of what the agent was sent and has."""


@dataclass(frozen=True)
class Answer:
    """The answer to a permission request, for its agent."""

    allow: bool
    words: str = ""
    """For the agent; with a refusal, why."""
    always: bool = False
    """The same call is allowed for the rest of the run."""


class Progress(Protocol):
    """Who wants to know how an attempt is doing."""

    def alive(self, silent_s: float, output_bytes: int) -> None:
        """Called at most once a second while the process runs. `silent_s`: since its last output or file change."""
        ...

    def saw(self, live: Live) -> None:
        """Called when the state of an agent that is driven has changed, a few times a second at most."""
        ...


class Session(Protocol):
    """One attempt, from outside: a view of its folder, so opening it again is attaching again."""

    def events(self) -> AsyncIterator[AgentEvent]:
        """What happened and happens, from the beginning; always ends with exactly one `Finished`."""
        ...

    def live(self) -> Live | None:
        """How it stands now; None for agents that say nothing, and before the first word."""
        ...

    def answer(self, ask: str, answer: Answer) -> None:
        """Answer a permission request; the receipt is `Received(ask)`. Answering twice changes nothing."""
        ...

    def instruct(self, id: str, text: str) -> None:
        """Say something to the working agent; the receipt is `Received(id)`."""
        ...

    def limit(self, id: str, micros: int) -> None:
        """Let it spend more, or less."""
        ...

    def interrupt(self, reason: str) -> None:
        """Stop politely: cost and session are kept."""
        ...

    def kill(self, reason: str) -> None:
        """End the whole process tree; again is no harm."""
        ...


@dataclass(frozen=True)
class AgentInfo:
    """An agent kind or configured agent on this machine."""

    name: str
    installed: bool
    version: str = ""
    ready: bool = False
    hint: str = ""
    tested: str = ""
    """Version that we tested; empty = none."""
    standing: str = ""
    """How `version` stands to it: `tested`, `newer` or `older`; empty = not known."""
    login: str = ""
    """`key`, `account`, `none`, `unknown`; empty = none needed."""
    tier: Tier = "standard"
    can: tuple[str, ...] = ()
    """What works: `approvals`, `resume`, `live cost`, `cap`, `schema`, `instruct`, `interrupt`."""


@dataclass(frozen=True)
class WayIn:
    """How a person goes on where an agent stopped, by hand."""

    worktree: Path
    argv: tuple[str, ...] = ()
    """Goes on with its very session on its own screen; empty: it has no screen for that, see `why`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """All that the program gets. It may hold secrets: it goes onto no command line, and is kept nowhere."""
    lock: str = ""
    """A file that is locked (`flock`) for as long as somebody is in there."""
    typed: str = ""
    """What to type instead, in a shell that has those secrets itself."""
    why: str = ""
    """Why there is no program to go on with, as a sentence."""


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

    def tier(self, agent: str) -> Tier:
        """What its model is, as configured."""
        ...

    def folder(self, task: AgentTask) -> Path:
        """The folder that holds this attempt: task, log, result, exit."""
        ...

    def is_driven(self, agent: str) -> bool:
        """Whether a driver talks to this agent: it is metered while it works, asks, and can go on with a session."""
        ...

    def hears(self, agent: str) -> bool:
        """Whether this agent takes an instruction while it works; others read it at their next attempt."""
        ...

    def answers(self, agent: str, role: Role) -> Answers:
        """How this agent gives its result back in this role."""
        ...

    def open(self, folder: Path) -> Session:
        """The session of an attempt that was started, or will be."""
        ...

    def way_in(self, agent: str, run: str, folder: Path, session: str, operator_path: str) -> WayIn:
        """How a person takes over from an agent.

        Args:
            folder: Of the attempt.
            session: Of the agent; empty when it named none.
            operator_path: PATH of the operator when the run was started.

        Raises:
            Refused: `not_ready`, the agent is at work there, or somebody is in there already.
            Missing: the folder does not say what its attempt was.
        """
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
