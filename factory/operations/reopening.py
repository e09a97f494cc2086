"""Doing the build again: what passed stays passed, so new steps and a new thread stand beside the old (ADR 0005)."""

from factory.model.cost import Budget
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.model.thread import Thread
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.cost_reviews import withdraw_reviews
from factory.workflow.flow import move


def reopen_build(ports: Ports, tx: Transaction, run_id: str, reason: str) -> None:
    """New build, verify and qa steps with a prewired thread of their own; nothing has been sent in it."""
    run = tx.get(Run, run_id)
    old = {kind: tx.find(Step, run=run_id, kind=kind)[-1] for kind in ("build", "verify", "qa")}
    for step in old.values():
        if not is_over(step):
            move(tx, step, "cancel", state_reason=reason)
    deps = old["build"].deps
    for kind, step in old.items():
        again = _again(ports, step, deps)
        tx.put(again, "step.reopen", {"kind": kind, "reason": reason})
        deps = (again.id,)
        if kind == "build":
            _new_thread(ports, tx, run, again)


def _again(ports: Ports, step: Step, deps: tuple[str, ...]) -> Step:
    return Step(
        id=ports.clock.new_id("stp"),
        namespace=step.namespace,
        run=step.run,
        kind=step.kind,
        order=step.order,
        deps=deps,
        parent_step=step.id,
    )


def _new_thread(ports: Ports, tx: Transaction, run: Run, build: Step) -> None:
    withdraw_reviews(tx, run.id)  # it asked for money for a conversation that is over
    old = tx.find(Thread, run=run.id)[-1]
    if old.state != "closed":
        move(tx, old, "close", end_state=old.state)
    thread = Thread(
        id=ports.clock.new_id("thr"),
        run=run.id,
        step=build.id,
        coder=run.coder.name,
        verifier=run.verifier.name,
        max_rounds=old.max_rounds,
        cap_micros=ports.defaults.thread_cap_micros,
    )
    tx.put(thread, "thread.prewire")
    cap = Budget(
        id=ports.clock.new_id("bud"), run=run.id, scope="thread", subject=thread.id, limit_micros=thread.cap_micros
    )
    tx.put(cap, "budget.open")
