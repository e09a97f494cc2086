"""The part of a package that is about how it came so far: agents, rounds, money, decisions, blockers."""

from collections.abc import Iterable
from typing import Any

from factory.model.cost import CostEntry
from factory.model.gate import Approval
from factory.model.run import Agent
from factory.model.step import Attempt
from factory.model.thread import Thread, Verdict
from factory.model.view import RunView

Json = dict[str, Any]


def agents(view: RunView) -> Json:
    """Who builds and who verifies, and whether it is only an actor with a script."""
    return {"coder": _agent(view, view.run.coder), "verifier": _agent(view, view.run.verifier)}


def attempts(view: RunView) -> list[Json]:
    """Each execution of a step by an agent; oldest first."""
    kinds = {step.id: step.kind for step in view.steps}
    return [_attempt(attempt, kinds.get(attempt.step), view) for attempt in view.attempts]


def threads(view: RunView) -> list[Json]:
    """Each conversation of coder and verifier with the verdict of every round; oldest first."""
    return [_thread(thread, view) for thread in view.threads]


def cost(view: RunView) -> Json:
    """What was spent, by whom, under which caps; what has no known price is named and counts no money."""
    roles = sorted({entry.role for entry in view.costs})
    return {
        "currency": "USD",
        "totalMicros": _sum(view.costs),
        "byRole": {role: _sum(entry for entry in view.costs if entry.role == role) for role in roles},
        "caps": [
            {
                "scope": budget.scope,
                "subject": budget.subject,
                "limitMicros": budget.limit_micros,
                "spentMicros": budget.spent_micros,
                "reservedMicros": budget.reserved_micros,
                "overshootMicros": budget.overshoot_micros,
                "state": budget.state,
            }
            for budget in view.budgets
        ],
        "unpriced": [
            {"attempt": entry.attempt, "role": entry.role, "agent": entry.agent}
            for entry in view.costs
            if entry.basis == "unpriced"
        ],
    }


def gates(view: RunView) -> list[Json]:
    """Each gate with what it asked for and what was decided at it; oldest first."""
    return [
        {
            "id": gate.id,
            "kind": gate.kind,
            "state": gate.state,
            "requirements": list(gate.requirements),
            "packageDigest": gate.package_digest or None,
            "decisions": [_decision(approval) for approval in view.approvals if approval.gate == gate.id],
        }
        for gate in view.gates
    ]


def blockers(view: RunView) -> list[Json]:
    """Everything that stopped or endangered the run, resolved or not; oldest first."""
    return [
        {
            "id": blocker.id,
            "code": blocker.code,
            "severity": blocker.severity,
            "message": blocker.message,
            "cause": blocker.cause_ref or None,
            "openedAt": blocker.opened_at,
            "resolvedAt": blocker.resolved_at or None,
            "resolution": blocker.resolution or None,
        }
        for blocker in view.blockers
    ]


def writeback(view: RunView) -> list[Json]:
    """What other systems are to get, and whether they have it; oldest first."""
    return [
        {
            "id": item.id,
            "target": item.target,
            "op": item.op,
            "dedupeKey": item.dedupe_key,
            "payloadSha256": item.payload_sha256,
            "state": item.state,
            "remoteRef": item.remote_ref or None,
        }
        for item in view.outbox
    ]


def _agent(view: RunView, agent: Agent) -> Json:
    runtimes = {attempt.runtime for attempt in view.attempts if attempt.agent == agent.name}
    return {"name": agent.name, "company": agent.company, "scripted": _is_scripted(agent.name, *runtimes)}


def _is_scripted(name: str, *runtimes: str) -> bool:
    """Whether an agent only plays a recorded part."""
    return "scripted" in runtimes or name.partition(":")[0] == "scripted"


def _attempt(attempt: Attempt, kind: str | None, view: RunView) -> Json:
    return {
        "id": attempt.id,
        "step": attempt.step,
        "kind": kind,
        "n": attempt.n,
        "role": attempt.role,
        "agent": attempt.agent,
        "company": attempt.company,
        "runtime": attempt.runtime,
        "scripted": _is_scripted(attempt.agent, attempt.runtime),
        "model": attempt.model or None,
        "state": attempt.state,
        "endReason": attempt.end_reason or None,
        "exitCode": attempt.exit_code,
        "startedAt": attempt.started_at or None,
        "endedAt": attempt.ended_at or None,
        "subject": {"gitCommit": attempt.subject} if attempt.subject else None,
        "commit": {"gitCommit": attempt.commit} if attempt.commit else None,
        "artefacts": [{"sha256": digest} for digest in attempt.artefacts],
        "summary": attempt.summary,
        "late": attempt.late,
        "costMicros": _sum(entry for entry in view.costs if entry.attempt == attempt.id),
    }


def _thread(thread: Thread, view: RunView) -> Json:
    return {
        "id": thread.id,
        "step": thread.step,
        "coder": thread.coder,
        "verifier": thread.verifier,
        "trigger": thread.trigger or None,
        "rounds": thread.round,
        "maxRounds": thread.max_rounds,
        "endState": thread.end_state or thread.state,
        "verdicts": [_verdict(verdict) for verdict in thread.verdicts],
        "capMicros": thread.cap_micros,
        "costMicros": _sum(entry for entry in view.costs if entry.thread == thread.id),
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "verdict": verdict.word,
        "said": verdict.said or None,
        "subject": {"gitCommit": verdict.subject} if verdict.subject else None,
        "reasons": list(verdict.reasons),
        "findings": [
            {
                "severity": finding.severity,
                "text": finding.text,
                "command": list(finding.command),
                "confirmed": finding.confirmed,
            }
            for finding in verdict.findings
        ],
        "commandsRun": verdict.commands_run,
    }


def _decision(approval: Approval) -> Json:
    return {
        "id": approval.id,
        "decision": approval.decision,
        "actor": approval.actor,
        "role": approval.role,
        "surface": approval.surface,
        "reason": approval.reason,
        "packageDigest": approval.package_digest or None,
        "viewed": list(approval.viewed),
        "openMs": approval.open_ms,
        "selfApproved": approval.self_approved,
        "at": approval.created_at,
    }


def _sum(entries: Iterable[CostEntry]) -> int:
    return sum(entry.micros for entry in entries)
