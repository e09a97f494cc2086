"""Proof: commands that the factory runs itself, each in a fresh checkout, each kept as evidence."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from factory.errors import Refused, Unreachable
from factory.model.evidence import Evidence, Polarity
from factory.model.run import Run
from factory.ports.checks import Check, CheckResult
from factory.ports.engine import Json
from factory.rules.proof import Ran
from factory.workflow.capturing import check_evidence, put_evidence
from factory.workflow.flow import Flow
from factory.workflow.offload import offload
from factory.workflow.sources import worktree_name

Purpose = Literal["baseline", "acceptance", "base_tests", "verifier", "verifier_base"]
STOPPED = frozenset({"paused", "cancelled", "failed"})
POLL_S = 0.5
CUT_OFF_AT_MOST = 2
"""So often is a command run again that somebody killed from outside."""

T = TypeVar("T")


@dataclass(frozen=True)
class Proof:
    """One command to run as proof, and what it is to show."""

    name: str
    """Unique in the run: `baseline-1-A1`, `verify-2-A1-base-tests`, …"""
    argv: tuple[str, ...]
    commit: str
    purpose: Purpose
    step: str
    claim: str = ""
    attempt: str = ""
    restore: tuple[str, ...] = ()
    """Files that are put back to how they were at the base before it runs."""


async def prove(flow: Flow, proof: Proof) -> Ran:
    """Run a command once, whatever is killed meanwhile, and say how it ended."""
    found = await flow.step(f"check:{proof.name}", _prove, proof)
    return Ran(name=proof.claim or proof.name, outcome=found["outcome"], why=found["why"])


async def _prove(flow: Flow, key: str, proof: Proof) -> Json:
    if recorded := await offload(_recorded, flow, proof):
        return recorded
    run = await offload(flow.ports.ledger.get, Run, flow.run)
    result = await _unless_stopped(flow, _run_whole(flow, run, proof))
    items = await offload(check_evidence, flow, proof.name, result, **_about(proof, result))

    await offload(flow.write, key, lambda tx: put_evidence(tx, items))
    return {"outcome": result.outcome, "why": result.why}


def _recorded(flow: Flow, proof: Proof) -> Json | None:
    """What a run of this command left in the ledger before a kill took its checkpoint."""
    for item in flow.ports.ledger.find(Evidence, run=flow.run):
        if item.outcome and item.title.startswith(f"{proof.name}."):
            return {"outcome": item.outcome, "why": f"recorded as {item.title}"}
    return None


async def _run_whole(flow: Flow, run: Run, proof: Proof) -> CheckResult:
    """What a command showed. One that is cut off says nothing and is run again, each time in a fresh checkout."""
    for _ in range(CUT_OFF_AT_MOST):
        try:
            return await _run(flow, run, proof)
        except Unreachable as error:
            if error.code != "lost":
                raise
    return await _run(flow, run, proof)


async def _run(flow: Flow, run: Run, proof: Proof) -> CheckResult:
    """A fresh checkout, the operator's preparation, then the command."""
    repo, name = Path(run.repo), worktree_name(run, f"check-{proof.name}")
    checkout = await offload(flow.ports.workspace.checkout, repo, proof.commit, name, fresh=True)
    try:
        if proof.restore:
            await offload(flow.ports.workspace.restore, checkout, run.base_commit, proof.restore)
        check = await offload(_check, flow, run, proof, checkout)
        if run.prepare:
            await _prepare(flow, run, replace(check, name=f"{proof.name}-prepare", argv=run.prepare, overlay=None))
        return await flow.ports.checks.run(check)
    finally:
        await offload(flow.ports.workspace.remove, checkout)


def _check(flow: Flow, run: Run, proof: Proof, checkout: Path) -> Check:
    overlay = flow.ports.evidence.tree(run.id, run.accept_dir) if run.accept_dir else None
    return Check(
        name=proof.name,
        argv=proof.argv,
        checkout=checkout,
        out=flow.ports.scratch / run.id,
        operator_path=run.operator_path,
        overlay=overlay,
        timeout_s=run.definition.check_timeout_s,
    )


async def _prepare(flow: Flow, run: Run, check: Check) -> None:
    result = await flow.ports.checks.run(check)
    if result.exit_code != 0:
        raise Refused(
            f"The prepare command {' '.join(run.prepare)!r} failed: {result.why}.",
            "Mend it, then retry: it runs first in each fresh checkout and says nothing about the work.",
            code="prepare_failed",
        )


async def _unless_stopped(flow: Flow, work: Coroutine[Any, Any, T]) -> T:
    """Wait for a command, but end it when the operator pauses or cancels the run."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=POLL_S))[0]:
            run = await offload(flow.ports.ledger.get, Run, flow.run)
            if run.state in STOPPED:
                raise Refused(f"The run was {run.state} while a command ran.", code="stopped")
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


def _about(proof: Proof, result: CheckResult) -> dict[str, Any]:
    return {
        "step": proof.step,
        "attempt": proof.attempt,
        "claims": (proof.claim,) if proof.claim else (),
        "polarity": _polarity(proof, result),
        "subject": proof.commit,
        "baseline": proof.purpose in ("baseline", "verifier_base"),
        "role": "factory",
        "actor": "factory",
        "source": " ".join(proof.argv),
        "captured_at": result.ended_at,
    }


def _polarity(proof: Proof, result: CheckResult) -> Polarity:
    """Baselines and a verifier's own commands judge no claim; base tests that do not pass refute even when broken."""
    if not proof.claim or proof.purpose == "baseline":
        return "neutral"
    if result.outcome == "passed":
        return "supports"
    return "refutes" if result.outcome == "failed" or proof.purpose == "base_tests" else "neutral"


def outcomes(evidence: tuple[Evidence, ...], commit: str, baseline: bool) -> dict[str, str]:
    """Newest outcome per claim on a commit. A claim that failed in any variant there counts as failed."""
    found: dict[str, str] = {}
    for item in evidence:
        if item.subject != commit or item.baseline != baseline or not item.outcome:
            continue
        for claim in item.claims:
            found[claim] = item.outcome
    return found
