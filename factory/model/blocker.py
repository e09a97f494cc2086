"""Blockers: named causes that stop or endanger a run."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity

DIGEST_MISMATCH = "digest_mismatch"
"""Code of the blocker about evidence that changed after it was captured."""
Severity = Literal["info", "warn", "block"]


@dataclass(frozen=True, kw_only=True)
class Blocker(Entity):
    """A named cause that stops (`block`) or endangers (`warn`) a run."""

    run: str
    code: str
    severity: Severity
    message: str
    cause_ref: str = ""
    """Id of the step, attempt, budget or outbox item behind it; or target and order key of several items."""
    opened_at: str = ""
    resolved_at: str = ""
    resolution: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return not self.resolved_at
