"""What a Mission Control should hold of a run: every write that makes it so, from the run alone.

Each write says how one thing is to be, not what changed; so it may be left out when the thing was written like that
last, and replaced by a newer one while it waits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factory.model.audit import canonical_json
from factory.model.cost import CostEntry
from factory.model.evidence import Package
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.thread import Message
from factory.model.view import RunView
from factory.rules.mission_words import (
    GATES,
    PRIORITY,
    attempt_status,
    check_step,
    decision_text,
    gate_text,
    goal_status,
    goal_text,
    message_text,
    needs_person,
    outcome,
    step_status,
    why_it_waits,
)

MISSION = "mission"
"""Name of the target."""
FROM_MISSION = "mission:"
"""How `external_ref` of a message begins that came from there; it does not go back."""
_USD = 1_000_000
_LINKS = 10


@dataclass(frozen=True)
class Write:
    """One thing as it is to be there.

    Attributes:
        op: See `factory.model.outbox`.
        lane: Order key: what concerns one thing goes one after the other.
        once: Written a single time, however the run goes on.
        if_known: Only when the thing was written before.
    """

    op: str
    lane: str
    payload: Mapping[str, str]
    once: bool = False
    if_known: bool = False


def writes(view: RunView) -> tuple[Write, ...]:
    """Everything that a Mission Control should hold of a run; the goal comes first."""
    return (goal_write(view), *_steps(view), *_attempts(view), *_gates(view), *_messages(view))


def goal_write(view: RunView) -> Write:
    """The goal's task."""
    run = view.run
    status = goal_status(view)
    metadata: dict[str, Any] = {
        "kind": "goal",
        "acceptance": [f"{each.id}: {each.text}" for each in run.criteria],
        "evidence": _links(view),
        "cockpit": {"state": run.state, "result": run.result_commit, **_money(view)},
    }
    budget = view.budget("run")
    if budget:
        metadata["budget_usd"] = budget.limit_micros / _USD
    payload = {
        "id": run.id,
        "task": run.mc_ref,
        "title": run.goal,
        "description": goal_text(run),
        "status": status,
        "priority": PRIORITY[run.priority],
        "tags": "goal",
        "outcome": outcome(run.state),
        "error": "" if status == "done" else why_it_waits(view) or run.state_reason,
        "resolution": _result(view) if is_over(run) else "",
        "notes": _who_approved(view),
        "metadata": canonical_json(metadata),
    }
    return Write("cancel" if run.state == "cancelled" else "goal", run.id, payload)


def _steps(view: RunView) -> Iterator[Write]:
    for step in view.steps:
        if step.kind == "qa":
            continue  # its gate has a task of its own
        payload = {
            "id": step.id,
            "parent": view.run.id,
            "title": f"{step.kind}: {view.run.goal}",
            "description": f"Step {step.order} ({step.kind}) of: {view.run.goal}",
            "status": step_status(step, view.run),
            "priority": PRIORITY[view.run.priority],
            "tags": "step",
            "outcome": outcome(step.state),
            "error": _why_blocked(view, step) if needs_person(step) else "",
            "notes": f"Not a person's word: the step is {step.state}.",
            "metadata": canonical_json({"kind": "step", "seq": step.order, "cockpit": {"state": step.state}}),
        }
        yield Write("step", step.id, payload, if_known=not needs_person(step))


def _gates(view: RunView) -> Iterator[Write]:
    for gate in view.gates:
        if gate.kind not in GATES or gate.state == "closed":
            continue
        decision = next((each for each in view.approvals if each.gate == gate.id), None)
        yield _gate(view, gate, is_decided=decision is not None)
        if decision:
            yield _decision(gate, decision)


def _gate(view: RunView, gate: Gate, is_decided: bool) -> Write:
    """Waiting; or, when nobody decided and nobody will, over. A decision is a write of its own, and the last one."""
    over = gate.state in ("expired", "superseded")
    asked = {"kind": gate.kind, "package": gate.package_digest}
    links = [_link(package) for package in view.packages if package.digest == gate.package_digest != ""]
    payload = {
        "id": gate.id,
        "parent": view.run.id,
        "title": f"{gate.kind}: {view.run.goal}",
        "description": gate_text(view, gate),
        "status": "failed" if over else "quality_review",
        "priority": PRIORITY[view.run.priority],
        "tags": "step gate",
        "outcome": "abandoned" if over else "",
        "error": f"The gate is {gate.state}." if over else "",
        "metadata": canonical_json({"kind": "gate", "gate": asked, "evidence": links, "cockpit": {}}),
    }
    return Write("gate", gate.id, payload, once=is_decided, if_known=over)


def _decision(gate: Gate, approval: Approval) -> Write:
    verdict = "approved" if approval.decision == "approve" else "rejected"
    payload = {"id": approval.id, "gate": gate.id, "verdict": verdict, "notes": decision_text(approval)}
    return Write("decide", gate.id, payload, once=True)


def _attempts(view: RunView) -> Iterator[Write]:
    kinds = {step.id: step.kind for step in view.steps}
    for attempt in view.attempts:
        if not attempt.started_at:
            continue
        costs = [cost for cost in view.costs if cost.attempt == attempt.id]
        fields = _run_fields(view, attempt, costs, kinds.get(attempt.step, ""))
        payload = {"id": attempt.id, "parent": view.run.id, "task": view.run.mc_ref, "fields": canonical_json(fields)}
        yield Write("attempt", attempt.id, payload)


def _run_fields(view: RunView, attempt: Attempt, costs: list[CostEntry], kind: str) -> dict[str, Any]:
    """A run as the server takes it; money as text, so that what is hashed has no fractions."""
    steps = [check_step(item) for item in view.evidence if item.attempt == attempt.id]
    fields: dict[str, Any] = {
        "agent_id": attempt.company or attempt.agent or "cockpit",
        "agent_name": attempt.agent or attempt.company,
        "status": attempt_status(attempt),
        "started_at": attempt.started_at,
        "steps": [dict(step) for step in steps],
        "metadata": {"attempt": attempt.n, "step": kind, "role": attempt.role, "cockpit": view.run.id},
    }
    told = {
        "model": attempt.model or (attempt.gauge.model if attempt.gauge else ""),
        "ended_at": attempt.ended_at,
        "error": attempt.end_reason if fields["status"] not in ("completed", "running") else "",
        "git_commit": attempt.commit or attempt.subject,
        "outcome": {"completed": "success", "pending": "", "running": ""}.get(fields["status"], "failed"),
    }
    fields |= {name: value for name, value in told.items() if value}
    if costs:
        fields["cost"] = _cost(costs)
    return fields


def _cost(costs: list[CostEntry]) -> dict[str, Any]:
    tokens = {
        "input_tokens": sum(cost.tokens.input for cost in costs),
        "output_tokens": sum(cost.tokens.output for cost in costs),
    }
    if any(cost.basis == "unpriced" for cost in costs):
        return tokens  # unknown is not zero
    return {**tokens, "cost_micros": sum(cost.micros for cost in costs)}


def _messages(view: RunView) -> Iterator[Write]:
    for message in view.messages:
        if not message.external_ref.startswith(FROM_MISSION):
            yield _message(view.run, message)


def _message(run: Run, message: Message) -> Write:
    payload = {"id": message.id, "parent": run.id, "task": run.mc_ref, "text": message_text(message)}
    return Write("message", message.thread, payload, once=True)


def _why_blocked(view: RunView, step: Step) -> str:
    told = [each.message for each in view.open_blockers if each.cause_ref == step.id]
    return "\n".join(told) or f"The step is {step.state}: {step.state_reason or 'no reason was recorded'}."


def _links(view: RunView) -> list[dict[str, Any]]:
    return [_link(package) for package in view.packages if package.digest][-_LINKS:]


def _link(package: Package) -> dict[str, Any]:
    title = f"{package.phase} package {package.n}, score {package.score}"
    return {"kind": "package", "url": f"file://{package.path}", "title": title, "sha256": package.digest}


def _money(view: RunView) -> dict[str, int]:
    return {"spent_micros": sum(cost.micros for cost in view.costs)}


def _result(view: RunView) -> str:
    run = view.run
    return f"{run.state}: commit {run.result_commit}" if run.result_commit else run.state


def _who_approved(view: RunView) -> str:
    approved = [each for each in view.approvals if each.decision == "approve"]
    return decision_text(approved[-1]) if approved else "Done in the cockpit."
