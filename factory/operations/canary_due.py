"""When a canary is due by itself: after so many runs have ended since the last one."""

from factory.model.canary import RECORDED
from factory.operations.measuring import pages_of
from factory.ports.ledger import Ledger

ENDS = ("run.finish", "run.cancel", "run.fail")


class Due:
    """Counts ended runs. Slow at first: call it in a thread.

    Args:
        every: So many make a canary due.
    """

    def __init__(self, ledger: Ledger, every: int) -> None:
        self._ledger = ledger
        self._every = every
        self._seq = 0
        self._ended = 0

    def is_due(self) -> bool:
        """Whether one is due now. A canary that somebody asked for counts too: the count begins again."""
        head = self._ledger.head().count
        for event in pages_of(self._ledger, self._seq, (*ENDS, RECORDED)):
            self._ended = 0 if event.action == RECORDED else self._ended + 1
        self._seq = head
        return self._ended >= self._every

    def begin_again(self) -> None:
        """Count from here, whatever came of the canary: one that cannot be done is not tried all the time."""
        self._ended = 0
