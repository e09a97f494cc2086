"""What the page templates say beyond the picture of a run: sums, selections and short words, from plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from factory.model.cost import Budget
from factory.model.evidence import Claim, Evidence, Quality, TestCounts
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.thread import Finding, Verdict
from factory.model.view import RunView
from factory.rules.backoff import seconds_between

EVENTS_SHOWN = 20
STALLED = frozenset({"timed_out", "lost"})


def facts(view: RunView, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that a template may name, besides `extra` itself."""
    quality: Quality | None = extra.get("quality")
    return {
        "run": view.run,
        "view": view,
        "as_of": view.as_of,
        "spent": sum(entry.micros for entry in view.costs) if view.costs else None,
        "unpriced": sorted({entry.agent for entry in view.costs if entry.basis == "unpriced"}),
        "budgets": [_budget(budget) for budget in view.budgets],
        "events": view.events[-EVENTS_SHOWN:],
        "health": [{"port": port, "age": age(port, view.as_of)} for port in view.health],
        "package": _package(view),
        "before": tests_of([item for item in view.evidence if item.baseline]),
        "after": tests_of(_final_evidence(view)),
        "unproven": [claim for claim in quality.claims if claim.status != "supported"] if quality else None,
        "matrix": [_matrix_row(claim, view.evidence) for claim in quality.claims] if quality else None,
        "scores": {item.evidence: item for item in quality.items} if quality else None,
        "catches": catches(view),
        "rejections": [approval for approval in view.approvals if approval.decision == "reject"],
        "retries": [attempt for attempt in view.attempts if attempt.n > 1],
        "stalls": [attempt for attempt in view.attempts if attempt.state in STALLED],
        "writeback": writeback(view.outbox),
        "claimed": [attempt for attempt in view.attempts if attempt.summary],
        "outcome": outcome(view),
    }


def age(port: PortHealth, as_of: str) -> str:
    """How old the last look at a port is; empty when nobody looked or the picture has no time."""
    if not port.seen_at or not as_of:
        return ""
    return f"{max(0.0, seconds_between(port.seen_at, as_of)):.0f} s"


def tests_of(items: Sequence[Evidence]) -> list[tuple[Evidence, TestCounts]]:
    """The items that hold a parsed test report, each with its counts."""
    return [(item, item.tests) for item in items if item.tests is not None]


def catches(view: RunView) -> list[tuple[int, Verdict, tuple[Finding, ...]]]:
    """Rounds in which the verifier asked for changes: number, verdict, and the findings that a command confirmed."""
    return [
        (number, verdict, tuple(finding for finding in verdict.findings if finding.confirmed))
        for thread in view.threads
        for number, verdict in enumerate(thread.verdicts, 1)
        if verdict.word == "changes_requested"
    ]


def writeback(items: Sequence[OutboxItem]) -> list[dict[str, Any]]:
    """One line a target: how many items are in which state, and the newest error."""
    lines: list[dict[str, Any]] = []
    for target in dict.fromkeys(item.target for item in items):
        mine = [item for item in items if item.target == target]
        states = {state: sum(item.state == state for item in mine) for state in dict.fromkeys(i.state for i in mine)}
        errors = [item.last_error for item in mine if item.last_error and item.state != "delivered"]
        lines.append({"target": target, "states": states, "error": errors[-1] if errors else "none"})
    return lines


def outcome(view: RunView) -> str:
    """What became of the goal, in one sentence."""
    match view.run.state:
        case "done":
            return "Done: the evidence was enough, and a person approved it."
        case "cancelled":
            return "Cancelled: the goal was not reached."
        case "failed":
            return "Failed: no way to the goal was left."
    return f"Not over yet: {view.run.state}."


def _final_evidence(view: RunView) -> list[Evidence]:
    commit = view.run.result_commit
    return [item for item in view.evidence if commit and item.subject == commit and not item.baseline]


def _budget(budget: Budget) -> dict[str, Any]:
    return {"scope": budget.scope, "limit": budget.limit_micros, "spent": budget.spent_micros,
            "overshoot": budget.overshoot_micros, "state": budget.state}  # fmt: skip


def _package(view: RunView) -> Any:
    frozen = [package for package in view.packages if package.digest]
    return frozen[-1] if frozen else None


def _matrix_row(claim: Claim, evidence: Sequence[Evidence]) -> dict[str, Any]:
    about = [item for item in evidence if claim.id in item.claims]
    by = {polarity: [i.id for i in about if i.polarity == polarity] for polarity in ("supports", "refutes", "neutral")}
    return {"claim": claim, **by}
