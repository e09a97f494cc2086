"""One tick of the cockpit's clock."""

from typing import NamedTuple

from widgets.lines import Tone


class Moment(NamedTuple):
    """What time it is, twice."""

    now: str = ""
    """UTC, for ages of what the ledger says."""
    monotonic: float = 0.0
    """Seconds that only grow, for ages of sources."""


class Said(NamedTuple):
    """What the message line says."""

    text: str = ""
    tone: Tone = ""
    at: float = 0.0
    """Seconds of the monotonic clock."""
