"""Decisions at gates, each bound to the digest of what was shown; and what the operator sees at the QA gate."""

from dataclasses import replace
from pathlib import Path

from factory.errors import Refused, Usage
from factory.model.blocker import DIGEST_MISMATCH, Blocker
from factory.model.evidence import Package
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.model.status import ReviewCard
from factory.model.step import Step
from factory.model.view import RunView
from factory.operations import cost_review
from factory.operations.handing import ensure_worker, wake
from factory.operations.reopening import reopen_build
from factory.operations.results import Approved, Decision, Done, Surface
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.ports.workspace import Diff
from factory.rules.blinding import blinded
from factory.rules.gate import approver_refusal
from factory.rules.status import review_card
from factory.workflow.assessing import quality_of
from factory.workflow.blocking import resolve_blockers
from factory.workflow.flow import move

MIN_REASON = 10


def review(ports: Ports, run: str) -> ReviewCard:
    """The review card of a run, computed now. Stores nothing."""
    view = ports.ledger.view(ports.ledger.resolve(run))
    root = str(ports.evidence.root(view.run.id))
    quality = quality_of(ports, view)
    return review_card(blinded(view), _diff(ports, view), quality, ports.clock.now(), ports.actor, root)


def _diff(ports: Ports, view: RunView) -> Diff:
    base, head = view.run.base_commit, view.run.result_commit
    if not head:
        return Diff(base, base)
    return ports.workspace.diff(Path(view.run.repo), base, head)


def approve(
    ports: Ports, run: str, digest: str, surface: Surface = "cli", viewed: tuple[str, ...] = (), open_ms: int = 0
) -> Approved:
    """Approve what has this digest: the frozen package, or the request of a cost review.

    The same actor and digest again returns the first approval.

    Raises:
        Refused: `agent_may_not_approve`, `already_decided`, `stale_package`, `nothing_proven`, `not_sufficient`,
            `terminal_state`. Every refusal is in the audit trail.
    """
    run_id = ports.ledger.resolve(run)
    decision = Decision(digest, surface, viewed, open_ms)
    try:
        if _is_about_money(ports, run_id, digest):
            return cost_review.approve(ports, run_id, decision)
        _check_store(ports, run_id, digest)
        found = ports.ledger.write(ports.actor, lambda tx: _approve(ports, tx, run_id, decision))
    except Refused as refusal:
        detail = {"code": refusal.code, "digest": digest[:64], "surface": surface, "inside": ports.inside_agent()}
        ports.ledger.write(ports.actor, lambda tx: tx.note("approval.refused", run_id, run_id, detail))
        raise
    ensure_worker(ports)
    assert found is not None
    made, is_new = found
    state = ports.ledger.get(Run, run_id).state
    return Approved(made.id, run_id, state, made.package_digest, made.actor, made.created_at, is_new)


def _is_about_money(ports: Ports, run_id: str, digest: str) -> bool:
    """A digest that nothing here has is one of an old card: it is told so at the gate that is open."""
    gates = ports.ledger.find(Gate, run=run_id, kind="qa")
    if any(gate.package_digest == digest for gate in gates):
        return False
    is_qa = any(gate.state == "open" for gate in gates)
    return cost_review.is_about(ports, run_id, digest) or (cost_review.is_open(ports, run_id) and not is_qa)


def _check_store(ports: Ports, run_id: str, digest: str) -> None:
    """Evidence that changed since the freeze closes the gate, whatever the ledger says (I6)."""
    view = ports.ledger.view(run_id)
    pairs = [(item.path, item.sha256) for item in view.evidence]
    problems = ports.evidence.problems(run_id, pairs)
    gate = view.gate("qa")
    if problems and gate is not None and gate.state == "open" and gate.package_digest == digest:
        sentence = f"The evidence changed after it was frozen: {problems[0].path} ({problems[0].code})."
        ports.ledger.write(ports.actor, lambda tx: _warn(ports, tx, run_id, sentence))
        raise Refused(sentence, "Inspect it; reject the package to build again.", code="not_sufficient")


def _warn(ports: Ports, tx: Transaction, run_id: str, sentence: str) -> None:
    """Once found, a changed file is on every screen, not only in the answer to who tried to approve."""
    known = tx.find(Blocker, run=run_id, code=DIGEST_MISMATCH)
    if not any(blocker.is_open for blocker in known):
        now, name = ports.clock.now(), ports.clock.new_id("blk")
        blocker = Blocker(id=name, run=run_id, code=DIGEST_MISMATCH, severity="warn", message=sentence, opened_at=now)
        tx.put(blocker, "blocker.open", {"code": DIGEST_MISMATCH, "message": sentence})


def _approve(ports: Ports, tx: Transaction, run_id: str, decision: Decision) -> tuple[Approval, bool]:
    """The approval of the newest gate, and whether it is a new one."""
    run = tx.get(Run, run_id)
    if refusal := approver_refusal(run, ports.actor, ports.inside_agent()):
        raise refusal
    earlier = _decided(tx, run_id)
    if earlier and (earlier.decision == "approve" or earlier.package_digest == decision.digest):
        return _first(earlier, ports.actor, decision.digest), False
    gate = _open_gate(tx, run, decision.digest)
    approval = tx.put(_approval(ports, run, gate, decision), "gate.decide", {"decision": "approve"})
    move(tx, gate, "approve")
    package = tx.find(Package, run=run_id, digest=gate.package_digest)[-1]
    move(tx, package, "approve")
    qa = tx.find(Step, run=run_id, kind="qa")[-1]
    move(tx, qa, "pass")
    move(tx, tx.get(Run, run_id), "approve")
    wake(tx, ports, run_id)
    return approval, True


def _decided(tx: Transaction, run_id: str) -> Approval | None:
    """The decision that the newest QA gate has, if it was decided."""
    gates = tx.find(Gate, run=run_id, kind="qa")
    found = tx.find(Approval, gate=gates[-1].id) if gates and gates[-1].state in ("approved", "rejected") else ()
    return found[0] if found else None


def _first(earlier: Approval, actor: str, digest: str) -> Approval:
    """Somebody decided before: the same decision again is that decision; any other one comes too late."""
    if (earlier.decision, earlier.actor, earlier.package_digest) == ("approve", actor, digest):
        return earlier
    did = "approved" if earlier.decision == "approve" else "rejected"
    raise Refused(
        f"{earlier.actor} {did} this gate at {earlier.created_at} (package {earlier.package_digest[:12]}).",
        "Nothing changed.",
        code="already_decided",
    )


def _open_gate(tx: Transaction, run: Run, digest: str) -> Gate:
    gates = tx.find(Gate, run=run.id, kind="qa")
    gate = gates[-1] if gates else None
    if gate is None or run.state in ("done", "cancelled", "failed"):
        code = "terminal_state" if run.state in ("done", "cancelled", "failed") else "not_ready"
        raise Refused(f"There is no QA gate to decide: the run is {run.state}.", f"cockpit status {run.id}", code)
    if gate.package_digest != digest or gate.state == "superseded":
        raise Refused(
            f"The package is {gate.package_digest[:12]}…, not {digest[:12] or 'empty'}…: nothing was approved.",
            f"Review it again: cockpit review {run.id}",
            code="stale_package",
        )
    if gate.state != "open":
        unproven = any(blocker.is_open for blocker in tx.find(Blocker, run=run.id, code="nothing_proven"))
        code = "nothing_proven" if unproven else "not_sufficient"
        raise Refused(f"The gate is {gate.state}: {' '.join(gate.requirements)}", f"cockpit review {run.id}", code)
    return gate


def _approval(ports: Ports, run: Run, gate: Gate, decision: Decision) -> Approval:
    return Approval(
        id=ports.clock.new_id("apr"),
        run=run.id,
        gate=gate.id,
        decision="approve",
        actor=ports.actor,
        surface=decision.surface,
        package_digest=decision.digest,
        viewed=decision.viewed,
        open_ms=decision.open_ms,
        self_approved=ports.actor == run.started_by,
    )


def reject(ports: Ports, run: str, reason: str, surface: Surface = "cli", digest: str = "") -> Done:
    """Reject what has this digest; without one, the open cost review, else the open QA gate.

    A rejected package is built again, with the reason in the coder's prompt. A rejected request leaves the cap.

    Raises:
        Usage: the reason is shorter than 10 characters. Refused: there is no open gate; `stale_package`.
    """
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Usage(f"The reason has {len(reason)} characters; at least {MIN_REASON} help the coder.", "--reason TEXT")
    run_id = ports.ledger.resolve(run)
    decision = Decision(digest, surface)
    if _is_about_money(ports, run_id, digest) if digest else cost_review.is_open(ports, run_id):
        return cost_review.reject(ports, run_id, reason, decision)
    ports.ledger.write(ports.actor, lambda tx: _reject(ports, tx, run_id, reason, decision))
    ensure_worker(ports)
    return Done(run_id, ports.ledger.get(Run, run_id).state, "gate.reject")


def _reject(ports: Ports, tx: Transaction, run_id: str, reason: str, decision: Decision) -> None:
    run = tx.get(Run, run_id)
    if refusal := approver_refusal(run, ports.actor, ports.inside_agent()):
        raise refusal
    if earlier := _decided(tx, run_id):
        _first(earlier, "", "")
    gates = tx.find(Gate, run=run_id, kind="qa")
    if not gates or gates[-1].state != "open":
        raise Refused(
            f"There is no open QA gate to reject: the run is {run.state}.", f"cockpit status {run_id}", "not_ready"
        )
    if decision.digest:
        _open_gate(tx, run, decision.digest)
    approval = _approval(ports, run, gates[-1], replace(decision, digest=gates[-1].package_digest))
    tx.put(replace(approval, decision="reject", reason=reason), "gate.decide", {"decision": "reject"})
    move(tx, gates[-1], "reject")
    move(tx, tx.find(Package, run=run_id, digest=gates[-1].package_digest)[-1], "supersede")
    move(tx, tx.get(Run, run_id), "reject")
    resolve_blockers(tx, run_id, ports.clock.now(), f"rejected by {ports.actor}")
    reopen_build(ports, tx, run_id, "QA rejected the package")
    wake(tx, ports, run_id)
