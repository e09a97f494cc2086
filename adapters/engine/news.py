"""What was written to the ledger, told to whom it concerns: one reader for all, so that nobody else has to poll."""

from factory.ports.ledger import Ledger
from factory.rules.concerned import concerned

_PAGE = 1000


class News:
    """Reads every event once, from the newest one on."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._seq = ledger.head().count

    def targets(self) -> frozenset[str]:
        """Names of the targets that have something to look at since the last call. Raises what the ledger raises."""
        found: set[str] = set()
        while events := self._ledger.events(self._seq, _PAGE):
            self._seq = events[-1].seq
            found.update(map(concerned, events))
        return frozenset(found - {""})
