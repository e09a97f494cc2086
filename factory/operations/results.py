"""What operations answer, whose field names are JSON keys of the CLI contract; and what decisions are made of."""

from dataclasses import dataclass
from typing import Literal

Surface = Literal["cli", "cockpit", "api"]
ASKED = "cost_review.ask"
"""The event of a cap that was not set but asked for at a cost review."""


@dataclass(frozen=True)
class Decision:
    """How somebody came to a decision."""

    digest: str
    surface: Surface = "cli"
    viewed: tuple[str, ...] = ()
    open_ms: int = 0


@dataclass(frozen=True)
class Started:
    """A run, new or attached to."""

    run: str
    state: str
    created: bool


@dataclass(frozen=True)
class Done:
    """An operator's verb was carried out in the ledger."""

    run: str
    state: str
    event: str


@dataclass(frozen=True)
class Instructed(Done):
    """An instruction was left for the coder."""

    when: str = ""
    """When its agent reads it, in words."""


@dataclass(frozen=True)
class Approved:
    """The first approval of a gate."""

    approval: str
    run: str
    state: str
    digest: str
    actor: str
    """Who made it."""
    at: str
    """When, UTC."""
    is_new: bool
    """It was made by this call, and not by an earlier one."""


@dataclass(frozen=True)
class Landed:
    """The one branch that was made in the operator's repository."""

    run: str
    branch: str
    commit: str
    ref: str
