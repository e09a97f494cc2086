"""The part of a package that is about proof: its subjects, its claims, its pieces of evidence."""

from collections.abc import Sequence
from typing import Any

from factory.model.evidence import Claim, CommandRecord, Evidence, ItemScore, Quality, TestCounts

STORE = "store"
"""Folder, in a run's evidence folder, that every piece of evidence lies in."""

Json = dict[str, Any]


def package_path(stored: str) -> str:
    """Where a file of the store lies in a package: `store/ab…-x.log` becomes `evidence/ab…-x.log`."""
    return f"evidence/{stored.rpartition('/')[2]}"


def subjects(evidence: Sequence[Evidence], base: str, result: str) -> list[Json]:
    """Everything that the package speaks of: each file once, by name, then the commit."""
    digests = {package_path(item.path): item.sha256 for item in evidence}
    files: list[Json] = [{"name": name, "digest": {"sha256": digest}} for name, digest in sorted(digests.items())]
    # A run that ended before it made anything is still about the commit that it started from.
    name, commit = ("result", result) if result else ("base", base)
    return [*files, {"name": name, "digest": {"gitCommit": commit}}] if commit else files


def claims(found: Sequence[Claim]) -> list[Json]:
    """What the run claims, and what the evidence says of it; in the order of the criteria."""
    return [
        {
            "id": claim.id,
            "text": claim.text,
            "required": claim.required,
            "status": claim.status,
            "evidence": list(claim.evidence),
            "score": claim.score,
            "reasons": list(claim.reasons),
        }
        for claim in found
    ]


def evidence_items(evidence: Sequence[Evidence], quality: Quality) -> list[Json]:
    """Each piece of evidence with how it came to be and how it scored; oldest first."""
    scores = {score.evidence: score for score in quality.items}
    return [_item(item, scores.get(item.id, ItemScore(item.id, 0))) for item in evidence]


def _item(item: Evidence, score: ItemScore) -> Json:
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "polarity": item.polarity,
        "claims": list(item.claims),
        "path": package_path(item.path),
        "digest": {"sha256": item.sha256},
        "size": item.size,
        "capture": item.capture,
        "capturedBy": {"actor": item.actor, "role": item.role},
        "capturedAt": item.captured_at,
        "step": item.step or None,
        "attempt": item.attempt or None,
        "source": item.source or None,
        "baseline": item.baseline,
        "outcome": item.outcome or None,
        "command": _command(item.command) if item.command else None,
        "tests": _tests(item.tests) if item.tests else None,
        "subject": {"gitCommit": item.subject} if item.subject else None,
        "redactions": item.redactions,
        "score": score.score,
        "checks": [
            {"id": check.id, "ok": check.ok, "points": check.points, "why": check.why} for check in score.checks
        ],
    }


def _command(command: CommandRecord) -> Json:
    return {
        "argv": list(command.argv),
        "cwd": command.cwd,
        "exitCode": command.exit_code,
        "startedAt": command.started_at,
        "endedAt": command.ended_at,
        "timedOut": command.timed_out,
    }


def _tests(tests: TestCounts) -> Json:
    return {
        "collected": tests.collected,
        "passed": tests.passed,
        "failed": tests.failed,
        "errors": tests.errors,
        "skipped": tests.skipped,
        "failedIds": list(tests.failed_ids),
    }
