"""Ending attempts that nobody waits for any more, so that a step which is tried again starts from a clean slate."""

from dataclasses import replace

from factory.model.cost import Budget
from factory.model.states import is_over
from factory.model.step import Attempt
from factory.ports.ledger import Transaction
from factory.workflow.flow import move


def abandon_attempts(tx: Transaction, run: str, step: str, now: str, reason: str) -> None:
    """End the open attempts of a step as lost, and give back what they had reserved: nothing was settled for them."""
    for attempt in tx.find(Attempt, run=run, step=step):
        if is_over(attempt):
            continue
        if attempt.state == "leased":
            attempt = move(tx, attempt, "start")
        move(tx, attempt, "lose", ended_at=now, end_reason=reason)
        _give_back(tx, attempt)


def _give_back(tx: Transaction, attempt: Attempt) -> None:
    scopes = ("run", "thread") if attempt.role == "verifier" else ("run",)
    for scope in scopes:
        budget = tx.find(Budget, run=attempt.run, scope=scope)[-1]
        left = max(0, budget.reserved_micros - attempt.reserved_micros)
        tx.put(replace(budget, reserved_micros=left), "budget.release", {"micros": attempt.reserved_micros})
