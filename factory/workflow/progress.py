"""Small moves of steps that several parts of the workflow share."""

from factory.model.step import Step
from factory.ports.ledger import Transaction
from factory.workflow.flow import Flow, move


def release(flow: Flow, key: str, step: str) -> None:
    """A step whose dependencies passed may start."""

    def work(tx: Transaction) -> None:
        current = tx.get(Step, step)
        if current.state in ("pending", "retry_wait"):
            move(tx, current, "release")

    flow.write(key, work)


def begin_step(tx: Transaction, step: Step, assigned: str = "") -> Step:
    """Bring a step to `running` as its next attempt. A running one stays as it is."""
    if step.state in ("pending", "retry_wait", "blocked"):
        step = move(tx, step, "release")
    if step.state == "ready":
        step = move(tx, step, "begin", attempt_no=step.attempt_no + 1, assigned=assigned, state_reason="")
    return step


def block_step(tx: Transaction, step: Step, reason: str) -> Step:
    """Bring an open step to `blocked`, by way of the states between."""
    if step.state == "ready" or step.state == "pending":
        step = begin_step(tx, step)
    if step.state == "running":
        step = move(tx, step, "stall", state_reason=reason)
    if step.state in ("stalled", "awaiting_verdict", "changes_requested"):
        step = move(tx, step, "block", state_reason=reason)
    return step


def set_back(tx: Transaction, step: Step, reason: str, at: str = "") -> Step:
    """Bring a running step to `retry_wait`: the work was interrupted on purpose and starts again later.

    Args:
        at: Not before then (UTC); empty = as soon as the run goes on.
    """
    if step.state == "running":
        step = move(tx, step, "stall", state_reason=reason)
    if step.state == "stalled":
        step = move(tx, step, "retry", state_reason=reason, next_retry_at=at)
    return step


def set_running(tx: Transaction, step: Step) -> Step:
    """A stalled step whose attempt ended well was running after all."""
    return move(tx, step, "progress", state_reason="") if step.state == "stalled" else step
