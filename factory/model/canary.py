"""What a verifier said about a patch of which it is known whether it is good: the one judgement that needs no trust."""

from dataclasses import dataclass
from typing import Literal

RECORDED = "canary.result"
"""Action of the event that holds a result in its detail, field by field: a result never changes, so it has no row."""


@dataclass(frozen=True)
class CanaryResult:
    """One patch, known to be good or bad, and what a verifier made of it."""

    id: str
    """`can_…`; the object of its event."""
    verifier: str
    """Full name of the agent, as runs name their verifier."""
    model: str
    """Empty when it named none."""
    kind: Literal["good", "bad"]
    """What the patch is."""
    patch: str
    """Which patch: `attempt 1, on before`, `src/a.py:8:4: '<' became '<=', on …`. The same name is the same patch."""
    said: str
    """`pass`, `changes_requested` or `inconclusive`; empty when it left no usable verdict."""
    commit: str
    """What it looked at."""
    at: str
    """UTC."""
    cost_micros: int = 0
    basis: str = "unpriced"
    """How well the cost is known, as for any cost entry."""
    duration_ms: int = 0
    canary: str = ""
    """The call that it belongs to: all results of one call carry the same."""
    n: int = 0
    """1 for the first patch of the call."""
    found: str = ""
    """What the factory concluded after its own checks; empty when there was no verdict."""
    why: str = ""
    """Why there is no usable word, as a sentence."""
    verified_run: str = ""
    """The run behind it, in the ledger of the canaries' own home."""

    @property
    def is_priced(self) -> bool:
        """Whether anybody knows what it cost."""
        return self.basis != "unpriced"

    @property
    def is_decided(self) -> bool:
        """Whether it took a side."""
        return self.said in ("pass", "changes_requested")

    @property
    def is_right(self) -> bool:
        """A good patch that passed, or a bad one that it wanted changed."""
        return self.said == ("pass" if self.kind == "good" else "changes_requested")

    @property
    def is_caught(self) -> bool:
        """A bad patch that it wanted changed."""
        return self.kind == "bad" and self.is_right
