"""One tick of the cockpit's clock."""

from dataclasses import dataclass

from widgets.lines import Tone


@dataclass(frozen=True)
class Moment:
    """What time it is, twice."""

    now: str = ""
    """UTC, for ages of what the ledger says."""
    monotonic: float = 0.0
    """Seconds that only grow, for ages of sources."""


@dataclass(frozen=True)
class Said:
    """What the message line says."""

    text: str = ""
    tone: Tone = ""
    at: float = 0.0
    """Seconds of the monotonic clock."""
