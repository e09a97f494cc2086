"""What an agent does while it works, in one set of words for all agents. All of it is a claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from factory.model.step import Tokens

ToolKind = Literal["read", "edit", "run", "other"]
"""What a tool does to the world, whatever the agent calls it."""
Outcome = Literal[
    "stopped", "interrupted", "budget", "turns", "auth", "rate_limit", "model_error", "denied", "crashed", "timeout",
    "unconnected",
]  # fmt: skip
"""Why an agent stopped. `stopped` = by itself; its work is judged by the factory's checks, never by this word.
`unconnected` = its program was started and never said a word."""


@dataclass(frozen=True)
class Started:
    """The agent is there and has a session that can be resumed."""

    session: str
    model: str = ""
    version: str = ""


@dataclass(frozen=True)
class Text:
    """Something that it said."""

    text: str
    final: bool = True
    """False for a piece of an answer that is still coming; the whole of it follows as one `final` text."""


@dataclass(frozen=True)
class Thinking:
    """What it says to itself."""

    text: str


@dataclass(frozen=True)
class ToolCall:
    """It uses a tool."""

    id: str
    kind: ToolKind
    title: str
    """One line: the command, the path, or the tool's name."""
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolResult:
    """What came of a tool call."""

    id: str
    ok: bool
    text: str = ""
    truncated: bool = False


@dataclass(frozen=True)
class FileChange:
    """A file that it says it changed."""

    path: str
    change: Literal["add", "update", "delete"]
    diff: str = ""
    """Unified diff, where the agent gives one."""


@dataclass(frozen=True)
class Ask:
    """It wants to use a tool and waits for an answer, which carries this id."""

    id: str
    call: ToolCall
    reason: str = ""
    """Why it has to ask, where the agent says so."""


@dataclass(frozen=True)
class Answered:
    """A permission request has its answer."""

    ask: str
    allow: bool
    by: str
    """`operator`, `rules`, `deadline`, `budget`, or `agent`: it took the request back, or ended."""
    words: str = ""


@dataclass(frozen=True)
class Denied:
    """A tool call was refused."""

    call: str
    """Id of the tool call."""
    by: str
    """`operator`, `rules`, `deadline`, or the agent's own word."""
    reason: str = ""


@dataclass(frozen=True)
class Usage:
    """What one model call used: always the difference to what was told before, never a running total."""

    tokens: Tokens
    model: str = ""
    micros: int | None = None
    """The agent's own figure for it in micro-USD; None when it names none."""
    context_used: int = 0
    """Tokens in its context after this call; 0 = unknown."""
    context_size: int = 0
    is_sum: bool = False
    """Not one call: what a total of the agent's adds to what was told before."""


@dataclass(frozen=True)
class Calling:
    """A model call is under way: what it has cost so far is in flight."""

    tokens: Tokens
    """What is known of it: its input as soon as it began, its output as far as it came."""
    model: str = ""


@dataclass(frozen=True)
class Retry:
    """A model call failed and is tried again: hidden time, and perhaps hidden money."""

    attempt: int
    of: int
    wait_s: float
    cause: str


@dataclass(frozen=True)
class Note:
    """Anything else worth keeping; an event of a kind that nobody knows becomes one, never an error."""

    text: str


@dataclass(frozen=True)
class Received:
    """The agent has what the operator sent: the receipt of an answer, an instruction or another limit."""

    id: str
    """The id that it was sent under."""


@dataclass(frozen=True)
class Finished:
    """The end of one process of the agent; exactly one comes, whatever happens, and it is the last event."""

    outcome: Outcome
    reason: str = ""
    """A sentence or the agent's own word for it."""
    session: str = ""
    tokens: Tokens = Tokens()
    """Of this process alone, also where the agent counts an earlier one in."""
    micros: int | None = None
    """The agent's own figure for this process in micro-USD; None when it named none."""
    model: str = ""
    raw_exit: int | None = None
    """Kept for people; it decides nothing."""
    resets_at: str = ""
    """For `rate_limit`: when the agent says that it may go on (UTC); empty when it does not say."""
    result: Mapping[str, Any] | None = None
    """A result by schema, where one was asked for: a verifier's verdict as it was written."""
    text: str = ""
    """The last thing that it said."""


AgentEvent = (
    Started | Text | Thinking | ToolCall | ToolResult | FileChange | Ask | Answered | Denied | Usage | Calling | Retry
    | Note | Received | Finished
)  # fmt: skip
