"""How a source of values is: its state, its age, and what helps when it is in trouble."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where values come from, and how old they are."""

    state: str
    """`live stale down unknown idle`, and in a replay `past`."""
    age_s: float


@dataclass(frozen=True)
class SourceLine:
    """A source as a line of the list of sources."""

    name: str
    """`ledger worker evidence`, `clock` after it jumped, or the name of a target."""
    source: Source
    sentence: str
    """What is wrong with it and what helps; empty while it answers."""
