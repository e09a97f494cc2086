"""The audit trail of a ledger: is it whole, and all of it as text. Both hold one page of events at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from factory.model.audit import ChainHead, Event, canonical_json
from factory.ports.ledger import Ledger
from factory.rules.chain import ChainProblem, verify_chain

PAGE = 1000


@dataclass(frozen=True)
class Audit:
    """What came of checking the whole chain."""

    head: ChainHead
    """Where the chain ended when the check began."""
    problem: ChainProblem | None


def verify(ledger: Ledger) -> Audit:
    """Check every event, also while others are being written."""
    head = ledger.head()
    problem = verify_chain(all_events(ledger), head)
    return Audit(head, problem or _unheaded(ledger))


def export(ledger: Ledger) -> Iterator[str]:
    """Every event as one line of JSON, oldest first, with all that its hash needs."""
    return (canonical_json(msgspec.to_builtins(event)) for event in all_events(ledger))


def all_events(ledger: Ledger) -> Iterator[Event]:
    """Every event, oldest first."""
    since = 0
    while page := ledger.events(since, PAGE):
        yield from page
        since = page[-1].seq


def _unheaded(ledger: Ledger) -> ChainProblem | None:
    """Events beyond the end of the chain: somebody put them there without moving the end."""
    end = ledger.head().count
    beyond = ledger.events(end, 1)
    # More may have been written since; then the end has moved too.
    return ChainProblem(beyond[0].seq, "head_mismatch") if beyond and ledger.head().count == end else None
