"""A line of what `doctor` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """One system. Field names are JSON keys."""

    name: str
    state: str
    """`up`, `degraded` (works, with a flaw), `off` (not running, and need not), `timeout`, `down`, or `unknown`."""
    latency_ms: int = 0
    age_s: float = 0.0
    """Since it was seen; 0 = asked just now."""
    version: str = ""
    hint: str = ""
    """What to do; empty when there is nothing to do."""
    configured: str = ""
    """Where its settings come from; empty for what needs none."""
    asked: str = ""
    """What it was asked, without its credentials."""
