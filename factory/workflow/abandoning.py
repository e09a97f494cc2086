"""Ending attempts that nobody waits for any more, so that a step which is tried again starts from a clean slate."""

from factory.model.states import is_over
from factory.model.step import Attempt
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.caps import give_back
from factory.workflow.ending import end_attempt


def abandon_attempts(tx: Transaction, ports: Ports, run: str, step: str, reason: str) -> None:
    """End the open attempts of a step as lost, and give back what they had reserved: nothing was settled for them."""
    for attempt in tx.find(Attempt, run=run, step=step):
        if is_over(attempt):
            continue
        end_attempt(tx, attempt, "lose", ended_at=ports.clock.now(), end_reason=reason)
        give_back(tx, ports, attempt)
