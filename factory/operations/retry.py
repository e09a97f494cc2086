"""Trying again what stalled or blocked: what may be reused is, and no second agent starts beside a first."""

from factory.errors import Refused
from factory.model.blocker import Blocker
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.operations.handing import stop_agents
from factory.operations.reopening import reopen_build
from factory.operations.results import Done
from factory.operations.verbs import act, find_step
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.blocking import resolve_blockers
from factory.workflow.breaking import ENGINE
from factory.workflow.flow import move

REOPENING = frozenset({"nothing_proven", "not_sufficient", "rounds_exhausted"})
"""Causes where the same step again would end the same: the build is done anew, with a thread of its own."""


def retry(ports: Ports, run: str, step: str = "") -> Done:
    """Retry the stalled or blocked step (or the one named); a build that passed is done anew.

    Raises:
        Refused: `not_ready`, nothing stalled or blocked; `terminal_state`, the run is over. Missing: no such step.
    """

    def work(tx: Transaction, current: Run) -> None:
        reason = f"retried by {ports.actor}"
        causes = {found.code for found in tx.find(Blocker, run=current.id) if found.is_open}
        chosen = find_step(tx, current.id, step) if step else _stuck(tx, current, causes)
        if chosen is None:
            pass  # it broke between two steps: the worker starts its workflow again
        elif chosen.state == "stalled":
            move(tx, chosen, "retry", state_reason=reason)
            stop_agents(tx, ports, current.id, "operator_retry", chosen.id)
        elif (chosen.kind == "build" and is_over(chosen)) or (causes & REOPENING and chosen.kind != "plan"):
            reopen_build(ports, tx, current.id, reason)
        elif chosen.state == "blocked":
            _release(tx, current, chosen)
        else:
            raise Refused(f"The {chosen.kind} step is {chosen.state}; there is nothing to retry.", "", "not_ready")
        resolve_blockers(tx, current.id, ports.clock.now(), reason)
        unblock(tx, current.id)

    return act(ports, run, "step.retry", work)


def unblock(tx: Transaction, run_id: str) -> None:
    """Let a blocked run run again, once no blocking blocker is open."""
    run = tx.get(Run, run_id)
    stopping = any(found.is_open and found.severity == "block" for found in tx.find(Blocker, run=run_id))
    if run.state == "blocked" and not stopping:
        move(tx, run, "unblock", state_reason="")


def _stuck(tx: Transaction, run: Run, causes: set[str]) -> Step | None:
    """The step to retry when none is named: the verification before the build that it blocks.

    None when only the engine broke, and no step with it.
    """
    steps = [step for step in tx.find(Step, run=run.id) if step.state in ("stalled", "blocked")]
    if not steps and ENGINE in causes:
        return None
    if not steps:
        raise Refused(
            f"Nothing is stalled or blocked: the run is {run.state}.", f"cockpit status {run.id}", "not_ready"
        )
    return next((step for step in steps if step.kind == "verify"), steps[-1])


def _release(tx: Transaction, run: Run, step: Step) -> None:
    """Bring a blocked step to `ready`. An inconclusive round is asked again about the same artefact."""
    if step.kind == "verify":
        _stand_again(tx, tx.find(Step, run=run.id, kind="build")[-1])
    move(tx, step, "release")


def _stand_again(tx: Transaction, build: Step) -> None:
    """The delivered attempt still stands, so the build goes straight back to awaiting its verdict."""
    if build.state == "blocked":
        move(tx, move(tx, move(tx, build, "release"), "begin"), "deliver")
