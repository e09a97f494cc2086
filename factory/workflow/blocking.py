"""What happens when a move cannot be made: a named blocker, the step blocked, the run waiting for its operator."""

from dataclasses import replace

from factory.errors import SourceError
from factory.model.blocker import Blocker, Severity
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.ports.ledger import Transaction
from factory.rules.money import usd
from factory.rules.moves import Move
from factory.workflow.abandoning import abandon_attempts
from factory.workflow.flow import Flow, move
from factory.workflow.progress import block_step, set_back

PAUSING = frozenset({"cap_exceeded"})
"""Causes that pause a run: raising the cap is the way on, not a retry."""


def hold_up(flow: Flow, key: str, failed: Move, error: SourceError) -> None:
    """Record that a move failed, and let the run wait. A run that is over stays as it is."""

    def work(tx: Transaction) -> None:
        run = tx.get(Run, flow.run)
        if is_over(run) or _is_outdated(tx, failed):
            return
        if error.code == "stopped":
            abandon_attempts(tx, flow.ports, flow.run, failed.step, error.code)
            set_back(tx, tx.get(Step, failed.step), error.code)
            return
        message = f"{error.message} {error.hint}".strip()
        step = tx.get(Step, failed.step) if failed.step else None
        open_blocker(tx, flow, key, error.code, "block", message, failed.step)
        if error.code in PAUSING and run.state == "running":
            move(tx, run, "pause", state_reason=message)
            return
        if step is not None and not is_over(step):
            abandon_attempts(tx, flow.ports, flow.run, step.id, error.code)
            block_step(tx, step, error.code)
        block_run(tx, flow.run, error.code)

    flow.write(key, work)


def pause_for_money(flow: Flow, tx: Transaction, key: str, attempt: Attempt) -> None:
    """An agent was stopped at its cap: its work is kept, the run pauses, and the operator is asked."""
    spent = usd(attempt.gauge.spent) if attempt.gauge else "an unknown amount"
    message = (
        f"The {attempt.role} was stopped at its cap: {spent} spent of {usd(attempt.reserved_micros)}. "
        "Its work is kept; raise the cap and it goes on in the same session."
    )
    open_blocker(tx, flow, key, "cap_exceeded", "block", message, attempt.step)
    run = tx.get(Run, flow.run)
    if run.state == "running":
        move(tx, run, "pause", state_reason=message)


def _is_outdated(tx: Transaction, failed: Move) -> bool:
    """Whether its step has gone on to another attempt since: then it is nobody's trouble any more."""
    numbered = failed.kind in ("plan", "build", "verify")
    return numbered and tx.get(Step, failed.step).attempt_no > failed.n


def block_run(tx: Transaction, run: str, reason: str) -> None:
    """Let a running run wait for its operator."""
    current = tx.get(Run, run)
    if current.state == "running":
        move(tx, current, "block", state_reason=reason)


def open_blocker(
    tx: Transaction, flow: Flow, key: str, code: str, severity: Severity, message: str, cause: str
) -> Blocker:
    """Open a blocker once per cause: an open one with the same code and cause is kept."""
    for known in tx.find(Blocker, run=flow.run, code=code, cause_ref=cause):
        if known.is_open:
            return known
    blocker = Blocker(
        id=flow.stable("blk", key, code),
        run=flow.run,
        code=code,
        severity=severity,
        message=message,
        cause_ref=cause,
        opened_at=flow.ports.clock.now(),
    )
    return tx.put(blocker, "blocker.open", {"code": code, "message": message})


def resolve_blockers(tx: Transaction, run: str, now: str, resolution: str, codes: frozenset[str] | None = None) -> None:
    """Close every open blocker of a run, or only those with these codes."""
    for blocker in tx.find(Blocker, run=run):
        if blocker.is_open and (codes is None or blocker.code in codes):
            tx.put(replace(blocker, resolved_at=now, resolution=resolution), "blocker.resolve", {"code": blocker.code})
