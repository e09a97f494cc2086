"""The evidence package: an in-toto Statement about everything that a run is judged by."""

from collections.abc import Mapping
from typing import Any

from factory.model.evidence import Package, Quality
from factory.model.run import Run
from factory.model.view import RunView
from factory.rules import package_history as history
from factory.rules.package_evidence import claims, evidence_items, subjects

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:ai-factory:evidence-package:v1"

Json = dict[str, Any]


def statement(
    view: RunView,
    quality: Quality,
    phase: str,
    generated_at: str,
    generator_version: str,
    diff_sha256: str = "",
    approved: Package | None = None,
) -> Json:
    """The statement as plain JSON values: the same view gives the same bytes; no floats.

    Args:
        phase: `qa` or `final`.
        diff_sha256: Of the patch from the base to the result; empty when there is none.
        approved: For the final package: the QA package that was approved.
    """
    run = view.run
    return {
        "_type": STATEMENT_TYPE,
        "subject": subjects(view.evidence, run.base_commit, run.result_commit),
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "schemaVersion": "1.0",
            "phase": phase,
            "generatedAt": generated_at,
            "generator": {"name": "cockpit", "version": generator_version},
            "run": _run(run),
            "agents": history.agents(view),
            "route": _route(run),
            "tasks": _tasks(view),
            "pages": _pages(view),
            "source": {
                "baseCommit": run.base_commit or None,
                "resultCommit": run.result_commit or None,
                "diffSha256": diff_sha256 or None,
            },
            "claims": claims(quality.claims),
            "evidence": evidence_items(view.evidence, quality),
            "attempts": history.attempts(view),
            "threads": history.threads(view),
            "cost": history.cost(view),
            "gates": history.gates(view),
            "quality": _quality(quality),
            "blockers": history.blockers(view),
            "writeback": history.writeback(view),
            "audit": {"count": view.head.count, "headHash": view.head.hash},
            "approvedPackage": {"id": approved.id, "digest": {"sha256": approved.digest}} if approved else None,
        },
    }


def first_float(value: object, where: str = "$") -> str:
    """Where the first float of some JSON values is, as a path; empty when there is none."""
    if isinstance(value, float):
        return where
    if isinstance(value, Mapping):
        return next((found for key, part in value.items() if (found := first_float(part, f"{where}.{key}"))), "")
    if isinstance(value, list | tuple):
        return next((found for n, part in enumerate(value) if (found := first_float(part, f"{where}[{n}]"))), "")
    return ""


def _run(run: Run) -> Json:
    return {
        "id": run.id,
        "goal": run.goal,
        "priority": run.priority,
        "domain": run.domain,
        "state": run.state,
        "stateReason": run.state_reason or None,
        "workflow": {"name": run.definition.name, "version": run.definition.version, "sha256": run.workflow_sha256},
        "risk": {"level": run.risk.level, "reasons": list(run.risk.reasons)},
        "verifierRequired": run.verifier_required,
        "allowGreenBaseline": run.allow_green_baseline,
        "leftOut": list(run.left_out),
        "startedBy": run.started_by,
        "supersedes": run.supersedes or None,
    }


def _route(run: Run) -> Json:
    route = run.route
    return {
        "builder": route.builder,
        "verifier": route.verifier,
        "rule": route.rule,
        "matched": list(route.matched),
        "score": route.score,
        "table": route.table_sha256,
        "override": route.override or None,
    }


def _tasks(view: RunView) -> Json:
    return {
        "parent": view.run.id,
        "children": [
            {"id": step.id, "step": step.kind, "state": step.state, "reason": step.state_reason or None}
            for step in view.steps
        ],
    }


def _pages(view: RunView) -> list[Json]:
    return [
        {"role": page.role, "ref": page.ref, "sha256": page.sha256, "indexState": page.index_state}
        for page in view.pages
    ]


def _quality(quality: Quality) -> Json:
    return {
        "score": quality.score,
        "threshold": quality.threshold,
        "verdict": quality.verdict,
        "rubric": quality.rubric,
        "reasons": list(quality.reasons),
    }
