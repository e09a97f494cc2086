"""Sending artefacts to the verifier, because the operator says so."""

from factory.errors import Refused
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.model.thread import Thread
from factory.operations.handing import ensure_worker, wake
from factory.operations.results import Done
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.asking import request

BUSY = ("requested", "awaiting")


def verify(ports: Ports, run: str) -> Done:
    """Request the verification of what the coder delivered. Requested already: nothing more happens.

    Raises:
        Refused: `no_artifacts` before there is an artefact; `terminal_state` when the run is over; `already_decided`
            when this artefact has its verdict.
    """
    run_id = ports.ledger.resolve(run)
    event = ports.ledger.write(ports.actor, lambda tx: _request(ports, tx, run_id)) or ""
    ensure_worker(ports)
    return Done(run_id, ports.ledger.get(Run, run_id).state, event)


def _request(ports: Ports, tx: Transaction, run_id: str) -> str:
    run, thread = tx.get(Run, run_id), tx.find(Thread, run=run_id)[-1]
    if is_over(run):
        raise Refused(f"The run is {run.state}; nothing can be verified any more.", code="terminal_state")
    if thread.state in BUSY:
        return f"thread.{thread.state}"
    if tx.get(Step, thread.step).state == "passed":
        raise Refused(
            "This artefact has its verdict already; open the review.", f"cockpit review {run_id}", "already_decided"
        )
    thread = request(tx, ports.clock, run_id, "operator")
    wake(tx, ports, run_id)
    return f"thread.{thread.state}"
