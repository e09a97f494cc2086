"""What every dialect offers: how one kind of agent program is started, and how its lines become events.

A dialect is pure: no process, no clock, no file is touched here. The driver starts the program, hands over what it
says line by line, and writes what the dialect wants to say. So a recording is replayed through the very code that a
real agent goes through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from factory.model.agent_event import AgentEvent, Finished, Usage

Message = Mapping[str, Any]
"""One JSON object, as the agent and we write them, one a line."""
Access = Literal["write", "read"]
"""What the agent may do to its worktree: a verifier only reads."""


@dataclass(frozen=True)
class Abilities:
    """What a dialect can do; shown by `cockpit agents`, and relied on by the driver."""

    asks: bool = False
    """Permission requests come to us and wait for an answer."""
    resumes: bool = False
    reports_usd: bool = False
    live_usage: bool = False
    """Usage comes after each model call, not only at the end."""
    caps_usd: bool = False
    """It has a limit of its own in US dollars (checked between calls: a backstop, no promise)."""
    caps_turns: bool = False
    verdict_schema: bool = False
    instructs: bool = False
    """Takes a further message while it works."""
    interrupts: bool = False
    """Has a polite stop that keeps cost and session."""
    greets: bool = True
    """Says its first word as soon as it runs; else only when its model has answered, which may take long."""


@dataclass(frozen=True)
class Job:
    """One attempt, as a dialect needs to know it."""

    prompt: str
    worktree: Path
    home: Path
    """HOME of the agent: its own for each run of it, the same again when it is resumed."""
    program: str
    """The program, as configured or found in the PATH."""
    session: str
    """A fresh UUID: the id of the session where the agent lets us choose it."""
    resume: str = ""
    """Id of the session to go on with; empty = a new one."""
    model: str = ""
    access: Access = "write"
    left_micros: int = 0
    """What it may still spend; 0 = no limit of its own."""
    max_turns: int = 0
    allow_tools: tuple[str, ...] = ()
    """Tool rules in the agent's own words, from the configuration."""
    deny_tools: tuple[str, ...] = ()
    asks: bool = True
    """Permission requests shall come to us; else what is not allowed is refused by the agent itself."""
    schema: Mapping[str, Any] | None = None
    """JSON schema of the result that is wanted."""
    options: Mapping[str, str] = field(default_factory=dict)
    """More settings of `[agents.NAME]`, such as `provider` or `base_url`."""


@dataclass(frozen=True)
class Start:
    """How the program is started."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beside what every agent gets."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files to write below the agent's home first: path -> text."""
    talks: bool = False
    """It reads our messages on its standard input; else that is closed."""
    rollout: str = ""
    """Pattern of files below its home that it writes beside its output, JSON lines for `HearsRollout`."""
    rollout_query: str = ""
    """`rollout` is the path of an SQLite file below its home, and this gives `(number, JSON)` of the rows after `?`."""


@dataclass(frozen=True)
class Say:
    """A message for the agent."""

    message: Message


@dataclass(frozen=True)
class Hold:
    """It waits with its next model call until this id is answered: the point where stopping loses nothing."""

    id: str


@dataclass(frozen=True)
class Decision:
    """The answer to a permission request, or to a hold."""

    allow: bool
    words: str = ""
    """For the agent, with a refusal."""
    stop: bool = False
    """The agent shall end its turn now."""


class Conversation(Protocol):
    """One process of the agent, from its first line to its last. Stateful, pure, never raises on what it hears."""

    is_over: bool
    """The agent has said its last word: its input can be closed, its process may end."""

    def open(self) -> Iterable[Say]:
        """What we say first."""
        ...

    def hear(self, message: Message) -> Iterable[AgentEvent | Say | Hold]:
        """What one message means, and what we answer to it at once. Unknown kinds become a `Note`."""
        ...

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """Answer a permission request or a hold; one that is not open (any more) gives nothing."""
        ...

    def instruct(self, text: str) -> Iterable[Say]:
        """Say something to a working agent; nothing where `Abilities.instructs` is False."""
        ...

    def interrupt(self) -> Iterable[Say]:
        """Stop politely; nothing where `Abilities.interrupts` is False."""
        ...

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """The end of the process, after its last line: the one `Finished`.

        Args:
            exit_code: As Python's subprocess tells it (negative: a signal); None = unknown. Decides nothing alone.
            stderr: Its last part.
        """
        ...


@runtime_checkable
class HearsRollout(Protocol):
    """A conversation that tells more in the files of `Start.rollout` than in its output."""

    def hear_rollout(self, message: Message) -> Iterable[Usage]:
        """What one line of them means."""
        ...


class Dialect(Protocol):
    """One kind of agent."""

    name: str
    can: Abilities

    def start(self, job: Job) -> Start:
        """How the program is started for this job."""
        ...

    def conversation(self, job: Job) -> Conversation:
        """A new conversation for a process that is started so."""
        ...

    def take_over(self, job: Job) -> Start | None:
        """How a person goes on with the session `job.resume` on the agent's own screen; None: it has none for that."""
        ...
