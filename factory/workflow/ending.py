"""The end of an attempt, whoever ends it: nothing that it asked for waits any longer."""

from typing import Any

from factory.model.permission import Permission
from factory.model.step import Attempt
from factory.ports.ledger import Transaction
from factory.workflow.flow import move


def end_attempt(tx: Transaction, attempt: Attempt, event: str, **changes: Any) -> Attempt:
    """Move an open attempt to its end, by way of `running`; its unanswered permission requests become void."""
    if attempt.state == "leased":
        attempt = move(tx, attempt, "start")
    ended = move(tx, attempt, event, **changes)
    for asked in tx.find(Permission, attempt=attempt.id, state="open"):
        move(tx, asked, "void", words="its agent has ended")
    return ended
