"""Permission requests: what an agent wants to do and may not do without a person's word."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table

PermissionState = Literal["open", "allowed", "denied", "void"]

PERMISSION: Machine[PermissionState] = Machine(
    name="permission",
    transitions=table(
        """
        open : allow -> allowed
        open : deny -> denied
        open : void -> void
        """
    ),
    terminal=frozenset({"allowed", "denied", "void"}),
)
"""`void`: its agent ended, or nobody answered in time; an answer would reach nobody."""


@dataclass(frozen=True, kw_only=True)
class Permission(Entity):
    """One request of an agent, and its answer."""

    run: str
    step: str
    attempt: str
    ask: str
    """The agent's own id of it: its answer carries this."""
    kind: Literal["read", "edit", "run", "other"]
    """What the tool does."""
    title: str
    """The whole command or path."""
    tier: Literal["low", "medium", "high"] = "medium"
    input: str = "{}"
    """All that the tool was given, as JSON text."""
    reason: str = ""
    state: PermissionState = "open"
    always: bool = False
    """The same call is allowed for the rest of the run."""
    words: str = ""
    """For the agent, with the answer; or why it is void."""
    by: str = ""
    answered_at: str = ""
    spent_micros: int = 0
    """What the attempt had cost when it asked."""
