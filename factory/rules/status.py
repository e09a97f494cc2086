"""The status of a run: the eight fields, and what stands behind them (design §6). Nothing here is stored."""

from collections import Counter
from collections.abc import Mapping

from factory.model.evidence import Quality
from factory.model.run import Agent
from factory.model.source import Source
from factory.model.status import (
    AgentStatus,
    BlockerLine,
    GateStatus,
    Interruptions,
    OutboxLine,
    Status,
    StepLine,
    StepStatus,
    VerifierStatus,
)
from factory.model.step import Step
from factory.model.trial import WITHHELD
from factory.model.view import RunView
from factory.rules.blinding import is_blind
from factory.rules.lines import claim_lines, cost_status, evidence_lines
from factory.rules.next_action import next_action as next_action
from factory.rules.position import current_step as current_step
from factory.rules.position import last_change_at, open_review
from factory.rules.position import needs_person as needs_person
from factory.rules.position import reached as reached
from factory.rules.premium import reason_of
from factory.rules.result import result
from factory.rules.review import review_card as review_card
from factory.rules.scoring import assess
from factory.rules.spending import cap_lines


def status(view: RunView, evidence_root: str, sources: Mapping[str, Source], now: str, clone: str = "") -> Status:
    """The status of a run as it stands in this view.

    Args:
        evidence_root: The run's evidence folder, absolute.
        sources: Where the values come from, with their ages.
        now: UTC, ISO-8601; evidence ages against it.
        clone: The bare clone that keeps the result.
    """
    run, step = view.run, current_step(view)
    return Status(
        run=run.id,
        state=run.state,
        goal=run.goal,
        step=StepStatus(step.id, step.kind, step.state, step.attempt_no) if step else StepStatus("", "", "", 0),
        agent=_agent(view, step),
        verifier=_verifier(view),
        evidence=evidence_lines(view, evidence_root, now),
        cost=cost_status(view),
        blockers=tuple(BlockerLine(one.id, one.code, one.severity, one.message) for one in view.open_blockers),
        next_action=next_action(view),
        claims=claim_lines(quality_now(view, now).claims),
        steps=tuple(_step_line(view, each) for each in view.steps),
        gate=gate_status(view),
        outbox=tuple(OutboxLine(*pair) for pair in {item.target: item.state for item in view.outbox}.items()),
        result=result(view, evidence_root, clone),
        sources=dict(sources),
        as_of=view.as_of or now,
        caps=cap_lines(view),
        interruptions=interruptions(view),
    )


def interruptions(view: RunView) -> Interruptions:
    """How often a person was asked; what the rules answered alone is not among it."""
    states = Counter(one.state for one in view.permissions)
    return Interruptions(len(view.permissions), states["open"], states["allowed"], states["denied"], states["void"])


def quality_now(view: RunView, now: str) -> Quality:
    """The quality of the evidence as the ledger has it; whether the files are still intact is the store's business."""
    run = view.run
    changed = last_change_at(view)
    return assess(run.criteria, view.evidence, run.result_commit, changed, now, run.definition.threshold)


def gate_status(view: RunView) -> GateStatus:
    """The gate that counts now: an open cost review, any open one, else the newest QA gate, else the newest of all."""
    is_open = open_review(view) or next((gate for gate in reversed(view.gates) if gate.state == "open"), None)
    gate = is_open or view.gate("qa") or next(reversed(view.gates), None)
    if gate is None:
        return GateStatus("qa", "closed", "", "", 0, False, ())
    digest = gate.package_digest
    package = next((one for one in reversed(view.packages) if digest and one.digest == digest), None)
    if package is None:
        return GateStatus(gate.kind, gate.state, "", digest, 0, False, gate.requirements)
    reasons = package.reasons or gate.requirements if not package.sufficient else ()
    return GateStatus(gate.kind, gate.state, package.path, digest, package.score, package.sufficient, reasons)


def _agent(view: RunView, step: Step | None) -> AgentStatus:
    """Who works on the step: the verifier verifies, a planner plans; everything else is about the coder's work."""
    run = view.run
    if step is not None and step.kind == "plan" and run.planner:
        return AgentStatus(run.coder.company, run.planner)
    who: Agent = run.verifier if step is not None and step.kind == "verify" else run.coder
    return AgentStatus(who.company, who.name)


def _verifier(view: RunView) -> VerifierStatus:
    run, budget = view.run, view.budget("thread")
    thread = view.thread if view.threads else None
    return VerifierStatus(
        company=run.verifier.company,
        name=run.verifier.name,
        required=run.verifier_required,
        thread=thread.id if thread else "",
        state=WITHHELD if is_blind(run) else thread.state if thread else "",
        round=thread.round if thread else 0,
        verdict=thread.verdicts[-1].word if thread and thread.verdicts else "",
        sent=sum(message.recipient == run.verifier.name for message in view.messages),
        cap=budget.limit_micros if budget else (thread.cap_micros if thread else 0),
        spent=budget.spent_micros if budget else 0,
        premium=reason_of(run),
    )


def _step_line(view: RunView, step: Step) -> StepLine:
    cost = sum(entry.micros for entry in view.costs if entry.step == step.id)
    return StepLine(step.id, step.kind, step.state, step.attempt_no, cost)
