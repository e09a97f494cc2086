"""Caps that really stop: reserve before spending, settle afterwards, raise only as far as one may (I5)."""

from dataclasses import replace

from factory.errors import Refused
from factory.model.cost import BUDGET, Budget, BudgetScope
from factory.model.states import after
from factory.rules.money import FREE_THREAD_CAP, check_cap, usd
from factory.rules.money import format_usd as format_usd
from factory.rules.money import parse_usd as parse_usd

WARN_PERCENT = 80


def reserve(budget: Budget, need: int) -> Budget:
    """The budget with `need` micro-USD set aside.

    Raises:
        Refused: `cap_exceeded`, spent + reserved + need would pass the cap, or what is spent has.
    """
    if need < 0:
        raise ValueError("a reservation cannot be negative")
    if budget.state == "exhausted" and budget.spent_micros < budget.limit_micros:
        budget = after(budget, "raise")  # config.toml allows more since
    if budget.state == "exhausted" or budget.spent_micros + budget.reserved_micros + need > budget.limit_micros:
        raise _exceeded(budget, need)
    return replace(budget, reserved_micros=budget.reserved_micros + need)


def settle(budget: Budget, reserved: int, spent: int | None) -> Budget:
    """The budget after a call: its reservation turned into what it cost.

    An overshoot is recorded and exhausts the budget, so that no further call is made.

    Args:
        reserved: What `reserve` had set aside for it.
        spent: What it cost; None when nobody knows: the reservation is kept, because unknown is not zero.
    """
    if spent is None:
        return _at_level(budget)
    total = budget.spent_micros + spent
    overshoot = max(budget.overshoot_micros, total - budget.limit_micros)
    left = max(0, budget.reserved_micros - reserved)
    return _at_level(replace(budget, reserved_micros=left, spent_micros=total, overshoot_micros=overshoot))


def exhaust(budget: Budget) -> Budget:
    """The budget after a refused reservation: nothing more is spent until somebody raises the cap."""
    for event in ("warn", "exhaust"):
        if BUDGET.allows(budget.state, event):
            budget = after(budget, event)
    return budget


def raise_cap(budget: Budget, limit: int, scope: BudgetScope, is_reviewed: bool = False) -> Budget:
    """The budget with another cap; an exhausted one opens again when the new cap leaves something to spend.

    Args:
        is_reviewed: A cost review approved this cap.

    Raises:
        Usage: the cap is negative or over $10,000.
        Refused: `review_required`, a thread's cap is raised over $1.00 and nobody approved that.
    """
    check_cap(limit)
    if not is_reviewed and needs_review(budget, limit, scope):
        raise _review_required(budget, limit)
    changed = replace(budget, limit_micros=limit)
    if changed.state == "exhausted" and changed.spent_micros < limit:
        changed = after(changed, "raise")
    return _at_level(changed)


def needs_review(budget: Budget, limit: int, scope: BudgetScope) -> bool:
    """Whether this cap has to be approved at a cost review; lowering a cap never has to."""
    return scope == "thread" and limit > max(FREE_THREAD_CAP, budget.limit_micros)


def _review_required(budget: Budget, limit: int) -> Refused:
    free = usd(FREE_THREAD_CAP)
    return Refused(
        f"A verifier cap of {usd(limit)} needs an approved cost review; up to {free} does not.",
        f"Ask for it: cockpit cap {budget.run} USD --scope thread --reason WHY --review. Or choose at most {free}.",
        code="review_required",
    )


def _at_level(budget: Budget) -> Budget:
    """The budget moved along its machine to where its spending is; never back."""
    spent, limit = budget.spent_micros, budget.limit_micros
    if spent >= limit:
        return exhaust(budget)
    if spent * 100 >= limit * WARN_PERCENT and BUDGET.allows(budget.state, "warn"):
        return after(budget, "warn")
    return budget


def _exceeded(budget: Budget, need: int) -> Refused:
    held = f" and {usd(budget.reserved_micros)} reserved" if budget.reserved_micros else ""
    return Refused(
        f"The {budget.scope} cap of {usd(budget.limit_micros)} leaves too little: {usd(budget.spent_micros)} spent"
        f"{held}, {usd(need)} more needed.",
        _how_to_raise(budget),
        code="cap_exceeded",
    )


def _how_to_raise(budget: Budget) -> str:
    """A cap of one run by a command; one that runs share where it is configured, which a worker reads at its start."""
    if budget.run:
        return f"Raise it: cockpit cap {budget.run} USD --scope {budget.scope} --reason WHY"
    wait = "Wait for the next day (UTC), or raise" if budget.scope == "day" else "Raise"
    return f"{wait} [budget] {budget.scope}_usd in config.toml, then: cockpit worker --stop"
