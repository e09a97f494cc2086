"""The `write` gate: the one way back into the operator's repository."""

from dataclasses import replace
from pathlib import Path

from factory.errors import Refused
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.operations.results import Landed
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.gate import let_through_a_person
from factory.workflow.flow import move


def land(ports: Ports, run: str, branch: str = "") -> Landed:
    """Create one branch with the approved result in the operator's repository: no checkout, no push.

    The caller has asked the operator. The decision is recorded before the repository is touched; the same once more
    finishes what was cut off, and records nothing again.

    Raises:
        Refused: `not_ready`, the run is not done; `agent_may_not_approve`; `branch_exists`.
    """
    current = ports.ledger.get(Run, ports.ledger.resolve(run))
    branch = branch or default_branch(current)
    let_through_a_person(ports.inside_agent(), "land anything")
    if current.state != "done":
        raise Refused(
            f"Only an approved result can land; the run is {current.state}.",
            f"cockpit status {current.id}",
            "not_ready",
        )
    ports.ledger.write(ports.actor, lambda tx: _approve(ports, tx, current, branch))
    ref = ports.workspace.land(Path(current.repo), current.result_commit, branch)
    ports.ledger.write(ports.actor, lambda tx: _landed(tx, current.id, branch))
    return Landed(current.id, branch, current.result_commit, ref)


def default_branch(run: Run) -> str:
    """The branch name where none is given."""
    return f"cockpit/{run.id.removeprefix('run_')[-8:]}"


def _approve(ports: Ports, tx: Transaction, run: Run, branch: str) -> None:
    requirement = f"create branch {branch} at {run.result_commit} in {run.repo}"
    gates = tx.find(Gate, run=run.id, kind="write", state="approved")
    if any(gate.requirements == (requirement,) for gate in gates):
        return
    gate = Gate(id=ports.clock.new_id("gat"), run=run.id, kind="write", requirements=(requirement,))
    gate = move(tx, move(tx, tx.put(gate, "gate.create"), "open"), "approve")
    approval = Approval(
        id=ports.clock.new_id("apr"),
        run=run.id,
        gate=gate.id,
        decision="approve",
        actor=ports.actor,
        self_approved=ports.actor == run.started_by,
    )
    tx.put(approval, "gate.decide", {"decision": "approve", "branch": branch})


def _landed(tx: Transaction, run_id: str, branch: str) -> None:
    run = tx.get(Run, run_id)
    if run.landed != branch:
        tx.put(replace(run, landed=branch), "run.land", {"branch": branch})
