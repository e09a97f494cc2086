"""Cost reviews that nobody needs to decide any more."""

from factory.model.gate import Gate
from factory.ports.ledger import Transaction
from factory.workflow.flow import move


def withdraw_reviews(tx: Transaction, run: str) -> None:
    """Close the open cost review of a run: it is over, another thread began, or the cap was set otherwise."""
    for gate in tx.find(Gate, run=run, kind="cost_review", state="open"):
        move(tx, gate, "supersede")
