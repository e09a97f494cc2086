"""The bounded conversation of coder and verifier about one build step."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table

ThreadState = Literal[
    "prewired", "requested", "awaiting", "passed", "changes_requested", "inconclusive", "timed_out",
    "budget_exhausted", "refused", "not_required", "closed",
]  # fmt: skip
VerdictWord = Literal["pass", "changes_requested", "inconclusive"]

THREAD: Machine[ThreadState] = Machine(
    name="thread",
    transitions=table(
        """
        prewired : request -> requested
        prewired : waive -> not_required
        requested : deliver -> awaiting
        awaiting : pass -> passed
        awaiting : request_changes -> changes_requested
        awaiting : inconclusive -> inconclusive
        awaiting : time_out -> timed_out
        awaiting : exhaust -> budget_exhausted
        awaiting : refuse -> refused
        changes_requested inconclusive : request -> requested
        passed changes_requested inconclusive timed_out budget_exhausted refused : close -> closed
        prewired requested awaiting not_required : close -> closed
        """
    ),
    terminal=frozenset({"closed"}),
)


@dataclass(frozen=True)
class Finding:
    """Something a verifier says is wrong, with the command that shows it, if any."""

    severity: Literal["block", "warn", "note"]
    text: str
    command: tuple[str, ...] = ()
    confirmed: bool = False
    """The factory ran the command on the result and it failed there."""


@dataclass(frozen=True)
class Verdict:
    """What came of one round: the verifier's word beside the factory's own result."""

    word: VerdictWord
    """What counts."""
    said: str = ""
    """What the verifier said; empty when it left no valid verdict."""
    subject: str = ""
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    commands_run: int = 0


@dataclass(frozen=True, kw_only=True)
class Thread(Entity):
    """The coder-verifier conversation of one build step."""

    run: str
    step: str
    """The build step."""
    coder: str = ""
    verifier: str = ""
    trigger: Literal["", "coder", "operator", "automatic"] = ""
    """Who asked for the first verification; empty while nothing was sent."""
    state: ThreadState = "prewired"
    round: int = 0
    max_rounds: int = 3
    cap_micros: int = 250_000
    end_state: str = ""
    verdicts: tuple[Verdict, ...] = ()
    """One per finished round, oldest first."""


@dataclass(frozen=True, kw_only=True)
class Message(Entity):
    """One message of a thread."""

    run: str
    thread: str
    seq: int
    sender: str
    recipient: str
    kind: Literal["brief", "request", "verdict", "note", "system"]
    body: str
    artefacts: tuple[str, ...] = ()
    status: Literal["sent", "delivered"] = "sent"
    external_ref: str = ""
    """Where it came from, when that was another system; no agent is told such a message."""
