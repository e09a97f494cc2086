"""Arm A of a trial: the coder looks at its own work once more, where arm B has a verifier (domain §9)."""

from factory.model.states import is_over
from factory.model.step import Attempt
from factory.model.trial import Assignment
from factory.ports.ledger import Transaction
from factory.rules.going_on import OVER, after_end
from factory.rules.moves import newest_delivery


def self_check_is_due(tx: Transaction, run: str, step: str, now: str) -> bool:
    """Whether the next attempt of a build step is the one check of itself that its run was given.

    There is work to look at, and no check of this run came to its end; one that was cut off is taken up again.
    """
    if not any(one.arm == "A" for one in tx.find(Assignment, given_to=run)):
        return False
    attempts = tx.find(Attempt, run=run)
    return newest_delivery(attempts, step) is not None and not any(_has_ended(one, attempts, now) for one in attempts)


def _has_ended(attempt: Attempt, attempts: tuple[Attempt, ...], now: str) -> bool:
    earlier = [one for one in attempts if one.step == attempt.step and one.n < attempt.n]
    return attempt.is_self_check and is_over(attempt) and after_end(attempt, earlier, now).what in OVER
