"""The trail of a run, and whether the chain of the whole ledger verifies. Everything here waits for the ledger."""

from collections.abc import Iterator

from factory.errors import SourceError
from factory.model.audit import Event
from factory.ports.ledger import Ledger
from factory.rules.chain import verify_chain
from widgets.viewers.audit_rows import ChainCheck

PAGE = 1000
MOST = 100_000
"""Events of one run that are shown."""


def trail(ledger: Ledger, run: str, since: int = 0) -> tuple[Event, ...]:
    """Events of one run after `since`, oldest first. Raises `SourceError`."""
    found: list[Event] = []
    while len(found) < MOST:
        page = ledger.events(since=since, limit=PAGE, run=run)
        found.extend(event for event in page if event.run == run)
        if len(page) < PAGE:
            break
        since = page[-1].seq
    return tuple(found)


def check_chain(ledger: Ledger, now: str) -> ChainCheck:
    """Check every event of the ledger, also while others are written. Never raises for what the ledger does."""
    try:
        head = ledger.head()
        problem = verify_chain(_all(ledger), head)
    except SourceError as error:
        return ChainCheck(failed=error.message)
    except UnicodeEncodeError:  # half characters: nothing that was ever hashed holds them
        return ChainCheck(failed="an event holds text that cannot have been hashed.")
    if problem:
        return ChainCheck(head.count, now, problem.seq, problem.code)
    return ChainCheck(head.count, now)


def _all(ledger: Ledger) -> Iterator[Event]:
    since = 0
    while page := ledger.events(since=since, limit=PAGE):
        yield from page
        since = page[-1].seq
