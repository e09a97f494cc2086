"""Caps as they stand, and the card of a cost review. Field names are JSON keys. Money is micro-USD."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CapLine:
    """One cap: what counts against it, what is left of it, and by how much it was passed."""

    scope: str
    """`thread run day namespace`."""
    subject: str
    cap: int
    spent: int
    """Settled."""
    measured: int | None
    """The part of it that agents reported or that tokens times prices made; None where the entries of other runs
    count too: they are not looked at."""
    estimated: int | None
    """The part that was estimated or declared."""
    unpriced: int | None
    """Entries that named no price: their sum is not known."""
    in_flight: int
    """Of agents at work: what their meters have counted. What other runs reserved counts whole."""
    held: int
    """Kept for agents that have ended and named no price."""
    left: int
    over: int
    """The overshoot as it was recorded; also what is spent above a cap that was lowered under it."""
    state: str


@dataclass(frozen=True)
class CostCard:
    """What the operator must see before deciding about another cap of a thread."""

    run: str
    goal: str
    gate: str
    """`cost_review`."""
    digest: str
    """Of the request; the decision is bound to it."""
    thread: str
    asked: int
    cap: int
    """The thread's cap now."""
    reason: str
    asked_by: str
    asked_at: str
    spent: int
    """Of the thread, settled."""
    in_flight: int
    caps: tuple[CapLine, ...]
    buys: tuple[str, ...]
    """What comes of it, one sentence each."""
    self_approved: bool
    """Approving would be by the one who asked."""
