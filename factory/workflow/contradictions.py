"""What a mirror and we do not agree about: both values, as a warning of the run. Never adopted silently (I12)."""

from collections.abc import Callable
from dataclasses import replace

from factory.errors import Missing, Refused
from factory.model.blocker import Blocker
from factory.model.identity import stable_id
from factory.model.run import Run
from factory.ports.clock import Clock
from factory.ports.ledger import Ledger, Transaction
from factory.rules.proposals import PROPOSALS
from factory.rules.visible import one_line

CONFLICT = "mission_conflict"
"""Code of the warning."""
WORKER = "worker"
_SHOWN_CHARS = 60


class Contradictions:
    """Tells of them once each, and again when they are over. For several threads."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def differs(self, run: str, subject: str, ours: str, theirs: str, *, proposed: bool = False) -> None:
        """Open a warning with both values, unless this one is open.

        Args:
            subject: Id of the goal, step or gate.
            proposed: Theirs is a proposal. Where that was told already, it is not told again.
        """

        def work(tx: Transaction) -> None:
            is_told = proposed and any(tx.find(Blocker, run=run, code=code, cause_ref=subject) for code in PROPOSALS)
            if is_told or any(blocker.message == message for blocker in _open(tx, run, subject)):
                return
            count = len(tx.find(Blocker, run=run, code=CONFLICT, cause_ref=subject))
            warning = Blocker(
                id=stable_id("blk", CONFLICT, subject, count),
                namespace=tx.get(Run, run).namespace,
                run=run,
                code=CONFLICT,
                severity="warn",
                message=message,
                cause_ref=subject,
                opened_at=self._clock.now(),
            )
            tx.put(warning, "blocker.open", {"code": CONFLICT, "message": message})

        shown = one_line(theirs)[:_SHOWN_CHARS]
        message = f"Mission Control says {shown} of {subject}, and here it is {ours}. What is here counts."
        self._write(work)

    def agrees(self, run: str, subject: str) -> None:
        """Resolve what was told of this subject."""
        if not self._ledger.find(Blocker, run=run, code=CONFLICT, cause_ref=subject, resolved_at=""):
            return

        def work(tx: Transaction) -> None:
            for blocker in _open(tx, run, subject):
                over = replace(blocker, resolved_at=self._clock.now(), resolution="they agree")
                tx.put(over, "blocker.resolve", {"code": CONFLICT})

        self._write(work)

    def _write(self, work: Callable[[Transaction], None]) -> None:
        try:
            self._ledger.write(WORKER, work)
        except (Missing, Refused):
            return  # the run is gone, or somebody was faster: it is told the next time


def _open(tx: Transaction, run: str, subject: str) -> list[Blocker]:
    found = tx.find(Blocker, run=run, code=CONFLICT, cause_ref=subject)
    return [blocker for blocker in found if blocker.is_open]
