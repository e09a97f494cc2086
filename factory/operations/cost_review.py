"""The cost review of a thread: what the operator sees, and the one decision that is bound to what was asked for."""

from typing import Literal

from factory.errors import Refused
from factory.model.cost_card import CostCard
from factory.model.gate import Approval, CostRequest, Gate
from factory.model.run import Run
from factory.model.states import is_over
from factory.operations.cap import set_cap
from factory.operations.handing import ensure_worker, wake
from factory.operations.results import Approved, Decision, Done
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.cost_review import cost_card
from factory.rules.gate import approver_refusal
from factory.rules.money import usd
from factory.rules.position import open_review
from factory.workflow.flow import move

Word = Literal["approve", "reject"]


def card(ports: Ports, run: str) -> CostCard:
    """The card of the open cost review of a run, computed now. Stores nothing.

    Raises:
        Refused: `not_ready`, there is none.
    """
    view = ports.ledger.view(ports.ledger.resolve(run))
    gate = open_review(view)
    if gate is None:
        raise _none(view.run)
    return cost_card(view, gate, ports.actor)


def is_about(ports: Ports, run_id: str, digest: str) -> bool:
    """Whether a decision with this digest is one about money: it names a request of this run, old or new."""
    found = ports.ledger.find(Gate, run=run_id, kind="cost_review")
    return any(gate.package_digest == digest for gate in found)


def is_open(ports: Ports, run_id: str) -> bool:
    """Whether somebody waits for a cost review."""
    return bool(ports.ledger.find(Gate, run=run_id, kind="cost_review", state="open"))


def approve(ports: Ports, run_id: str, decision: Decision) -> Approved:
    """Set the cap that was asked for with this digest; a run that the old cap had paused goes on.

    The same actor and digest again returns the first approval.

    Raises:
        Refused: `agent_may_not_approve`, `self_approval`, `already_decided`, `stale_package`, `terminal_state`.
    """
    found = ports.ledger.write(ports.actor, lambda tx: _approve(ports, tx, run_id, decision))
    ensure_worker(ports)
    assert found is not None
    made, is_new = found
    state = ports.ledger.get(Run, run_id).state
    return Approved(made.id, run_id, state, made.package_digest, made.actor, made.created_at, is_new)


def reject(ports: Ports, run_id: str, reason: str, decision: Decision) -> Done:
    """Leave the cap as it is; a paused run stays paused, with its question open.

    Args:
        decision: Without a digest it is about what is asked for now.

    Raises:
        Refused: as for `approve`.
    """
    ports.ledger.write(ports.actor, lambda tx: _reject(ports, tx, run_id, reason, decision))
    return Done(run_id, ports.ledger.get(Run, run_id).state, "gate.reject")


def _approve(ports: Ports, tx: Transaction, run_id: str, decision: Decision) -> tuple[Approval, bool]:
    run, gate, request = _asked(ports, tx, run_id, decision.digest)
    if earlier := _earlier(tx, gate):
        if (earlier.decision, earlier.actor) == ("approve", ports.actor):
            return earlier, False
        raise _decided(earlier)
    _check_open(tx, run, gate)
    approval = tx.put(_approval(ports, gate, request, decision), "gate.decide", {"decision": "approve"})
    move(tx, gate, "approve")
    reason = f"cost review approved by {ports.actor}: {request.reason}"
    set_cap(ports, tx, run, "thread", request.micros, reason, is_reviewed=True)
    wake(tx, ports, run_id)
    return approval, True


def _reject(ports: Ports, tx: Transaction, run_id: str, reason: str, decision: Decision) -> None:
    run, gate, request = _asked(ports, tx, run_id, decision.digest)
    if earlier := _earlier(tx, gate):
        raise _decided(earlier)
    _check_open(tx, run, gate)
    approval = _approval(ports, gate, request, decision, "reject", reason)
    tx.put(approval, "gate.decide", {"decision": "reject"})
    move(tx, gate, "reject")


def _asked(ports: Ports, tx: Transaction, run_id: str, digest: str) -> tuple[Run, Gate, CostRequest]:
    """The run, and the request with this digest; without one, the newest."""
    run = tx.get(Run, run_id)
    gates = tx.find(Gate, run=run_id, kind="cost_review")
    fitting = [gate for gate in gates if not digest or gate.package_digest == digest]
    newest = gates[-1].request if gates else None
    if refusal := approver_refusal(run, ports.actor, ports.inside_agent(), newest.asked_by if newest else ""):
        raise refusal
    if not gates:
        raise _none(run)
    if not fitting:
        raise _stale(run, gates[-1])
    gate = fitting[-1]
    assert gate.request is not None, "every cost review has a request"
    return run, gate, gate.request


def _check_open(tx: Transaction, run: Run, gate: Gate) -> None:
    if is_over(run):
        raise Refused(f"The run is {run.state}, and that is final.", "Nothing changed.", "terminal_state")
    if gate.state != "open":
        newest = tx.find(Gate, run=run.id, kind="cost_review")[-1]
        raise _stale(run, newest) if newest.state == "open" else _none(run)


def _earlier(tx: Transaction, gate: Gate) -> Approval | None:
    found = tx.find(Approval, gate=gate.id)
    return found[0] if found else None


def _approval(
    ports: Ports, gate: Gate, request: CostRequest, decision: Decision, word: Word = "approve", reason: str = ""
) -> Approval:
    return Approval(
        id=ports.clock.new_id("apr"),
        run=gate.run,
        gate=gate.id,
        decision=word,
        actor=ports.actor,
        surface=decision.surface,
        reason=reason,
        package_digest=gate.package_digest,
        viewed=decision.viewed,
        open_ms=decision.open_ms,
        self_approved=request.asked_by == ports.actor,
    )


def _none(run: Run) -> Refused:
    code = "terminal_state" if is_over(run) else "not_ready"
    return Refused(f"No cost review of this run is open; the run is {run.state}.", f"cockpit status {run.id}", code)


def _stale(run: Run, newest: Gate) -> Refused:
    now = f"now {usd(newest.request.micros)} are asked for" if newest.request else "it is another one now"
    return Refused(
        f"The request changed: {now}. Nothing was decided.",
        f"Review it again: cockpit review {run.id}",
        "stale_package",
    )


def _decided(earlier: Approval) -> Refused:
    did = "approved" if earlier.decision == "approve" else "rejected"
    return Refused(f"{earlier.actor} {did} this at {earlier.created_at}.", "Nothing changed.", "already_decided")
