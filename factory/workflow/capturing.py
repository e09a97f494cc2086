"""Putting things into the evidence store, and saying in the ledger what they are."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from factory.model.evidence import CommandRecord, Evidence, EvidenceKind
from factory.ports.checks import CheckResult
from factory.ports.evidence import Captured
from factory.ports.ledger import Transaction
from factory.workflow.flow import Flow


def capture_file(flow: Flow, kind: EvidenceKind, name: str, source: Path, /, **about: Any) -> Evidence | None:
    """Capture a file that a step made; None when it is empty or was never written."""
    if not _has_content(source):
        return None
    return item(flow, kind, name, flow.ports.evidence.capture(flow.run, name, source), **about)


def item(flow: Flow, kind: EvidenceKind, name: str, captured: Captured, /, **about: Any) -> Evidence:
    """The ledger's entry for something captured. Its id comes from its name, so that a replay makes the same one."""
    return Evidence(
        id=flow.stable("evd", name),
        run=flow.run,
        kind=kind,
        path=captured.path,
        sha256=captured.sha256,
        size=captured.size,
        redactions=captured.redactions,
        title=name,
        **{"captured_at": flow.ports.clock.now(), **about},
    )


def put_evidence(tx: Transaction, items: Iterable[Evidence]) -> None:
    """Store evidence in the ledger; the event says what it is."""
    for found in items:
        outcome = {"outcome": found.outcome} if found.outcome else {}
        tx.put(found, "evidence.capture", {"title": found.title, **outcome, "sha256": found.sha256})


def check_evidence(flow: Flow, name: str, result: CheckResult, **about: Any) -> tuple[Evidence, ...]:
    """What a check of ours left: the report when there is one, else the log, as the proof; the log beside a report."""
    command = CommandRecord(
        result.argv, result.exit_code, result.started_at, result.ended_at, timed_out=result.timed_out
    )
    proof = {**about, "capture": "harness", "command": command, "outcome": result.outcome}
    if result.report is None or result.tests is None:
        only = capture_file(flow, "command", f"{name}.log", result.log, **proof)
        return (only or _silent(flow, name, result, proof),)
    report = capture_file(flow, "test", f"{name}.junit.xml", result.report, tests=result.tests, **proof)
    unjudged = {**about, "polarity": "neutral", "claims": (), "capture": "harness"}
    log = capture_file(flow, "log", f"{name}.log", result.log, **unjudged)
    return tuple(found for found in (report, log) if found)


def _silent(flow: Flow, name: str, result: CheckResult, proof: dict[str, Any]) -> Evidence:
    """A command that printed nothing still leaves what it was and how it ended; an empty file proves nothing."""
    text = f"$ {' '.join(result.argv)}\n(no output)\nexit code {result.exit_code}: {result.why}\n"
    captured = flow.ports.evidence.capture_text(flow.run, f"{name}.log", text)
    return item(flow, "command", f"{name}.log", captured, **proof)


def _has_content(source: Path) -> bool:
    return source.is_file() and source.stat().st_size > 0
