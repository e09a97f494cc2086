"""How good the evidence of a run is now, from the ledger and the store together."""

from factory.model.evidence import Evidence, Quality
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.rules.moves import delivered_attempt
from factory.rules.proof import proven
from factory.rules.scoring import assess
from factory.workflow.proving import outcomes


def quality_of(ports: Ports, view: RunView) -> Quality:
    """Score every claim on the result commit; a digest that no longer fits counts as zero."""
    attempt = delivered_attempt(view)
    pairs = [(item.path, item.sha256) for item in view.evidence]
    problems = tuple(f"{found.path}: {found.code}" for found in ports.evidence.problems(view.run.id, pairs))
    changed_at = attempt.ended_at if attempt else view.run.created_at
    return assess(
        view.run.criteria,
        view.evidence,
        view.run.result_commit,
        changed_at,
        ports.clock.now(),
        view.run.definition.threshold,
        problems,
    )


def proof_of(view: RunView) -> tuple[bool, str]:
    """Whether anything went from failing to passing, and the sentence about it."""
    before = outcomes(view.evidence, view.run.base_commit, baseline=True)
    after = outcomes(view.evidence, view.run.result_commit, baseline=False)
    required = [item.id for item in view.run.criteria if item.required]
    return proven(before, after, required, _verifier_flips(view), view.run.allow_green_baseline)


def _verifier_flips(view: RunView) -> bool:
    """Whether a command of the verifier fails on the base and passes on the result."""
    ran = [item for item in view.evidence if item.command and item.outcome and not item.claims]
    passes = {item.command.argv for item in ran if item.command and _is(item, view.run.result_commit, "passed")}
    fails = {item.command.argv for item in ran if item.command and _is(item, view.run.base_commit, "failed")}
    return bool(passes & fails)


def _is(item: Evidence, commit: str, outcome: str) -> bool:
    return item.subject == commit and item.outcome == outcome
