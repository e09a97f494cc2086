"""A run that the engine cannot go on with: the operator sees it as a blocker instead of a run that never ends."""

from factory.model.audit import Command
from factory.model.blocker import Blocker
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.abandoning import abandon_attempts
from factory.workflow.blocking import block_run
from factory.workflow.progress import block_step

ENGINE = "engine"
"""Code of the blocker."""


def tell_broken(ports: Ports, run_id: str, why: str) -> None:
    """Open one blocker that says why the run stands still; one that is open already is enough."""

    def work(tx: Transaction) -> None:
        known = tx.find(Blocker, run=run_id, code=ENGINE)
        if is_over(tx.get(Run, run_id)) or any(blocker.is_open for blocker in known):
            return
        blocker = Blocker(
            id=ports.clock.new_id("blk"),
            run=run_id,
            code=ENGINE,
            severity="block",
            message=why,
            cause_ref=run_id,
            opened_at=ports.clock.now(),
        )
        tx.put(blocker, "blocker.open", {"code": ENGINE, "message": why})
        for step in {attempt.step for attempt in tx.find(Attempt, run=run_id) if not is_over(attempt)}:
            # The retry gets a new attempt, and so a new child: the engine remembers how the old one broke.
            stop = Command(id=ports.clock.new_id("cmd"), run=run_id, verb="stop_agents", reason="lost", step=step)
            tx.leave(stop)
            abandon_attempts(tx, ports, run_id, step, ENGINE)
            block_step(tx, tx.get(Step, step), ENGINE)
        block_run(tx, run_id, ENGINE)

    ports.ledger.write(ports.actor, work)
