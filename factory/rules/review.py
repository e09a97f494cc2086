"""The review card: what the operator must see before deciding, worst first."""

from collections.abc import Sequence

from factory.model.evidence import Claim, Package, Quality
from factory.model.status import ReviewCard
from factory.model.view import RunView
from factory.ports.workspace import Diff
from factory.rules.by_hand import changes_by_hand
from factory.rules.gate import is_self_approval
from factory.rules.lines import claim_lines, cost_status, evidence_lines
from factory.rules.premium import reason_of
from factory.rules.tampering import steers_commands, touched_tests

_WORST_FIRST = ("refuted", "unsupported", "stale", "supported")


def review_card(view: RunView, diff: Diff, quality: Quality, now: str, actor: str, evidence_root: str) -> ReviewCard:
    """The card for the newest QA package, with what has changed since it was frozen.

    Args:
        diff: Base to result.
        quality: As the evidence stands now.
        actor: Who would decide.
    """
    run, package = view.run, next((one for one in reversed(view.packages) if one.phase == "qa"), None)
    reasons = _reasons(view, package, quality)
    return ReviewCard(
        run=run.id,
        goal=run.goal,
        digest=package.digest if package else "",
        score=package.score if package else quality.score,
        threshold=quality.threshold,
        sufficient=not reasons,
        reasons=reasons,
        verdict=_verdict(view),
        claims=claim_lines(sorted(quality.claims, key=_badness)),
        evidence=evidence_lines(view, evidence_root, now),
        diffstat={"files": len(diff.files), "added": diff.added, "removed": diff.removed},
        cost=cost_status(view),
        risk={"level": run.risk.level, "reasons": list(run.risk.reasons)},
        self_approved=is_self_approval(run, actor),
        allow_green_baseline=run.allow_green_baseline,
        notes=_notes(view, diff),
    )


def _badness(claim: Claim) -> tuple[int, bool]:
    return _WORST_FIRST.index(claim.status), not claim.required


def _reasons(view: RunView, package: Package | None, quality: Quality) -> tuple[str, ...]:
    """Why the code field stays shut: what the freeze found, what is wrong now, or that nothing is to be decided."""
    if package is None:
        return ("There is no frozen evidence package yet.",)
    found = [*package.reasons, *quality.reasons]
    gate = view.gate("qa")
    if gate is None or gate.state != "open":
        found.append(f"The QA gate is {gate.state if gate else 'closed'}.")
    elif gate.package_digest != package.digest:
        found.append("The QA gate is about another package.")
    return tuple(dict.fromkeys(found))


def _verdict(view: RunView) -> str:
    if view.threads and view.thread.verdicts:
        return view.thread.verdicts[-1].word
    return "none" if view.run.verifier_required else "not_required"


def _notes(view: RunView, diff: Diff) -> tuple[str, ...]:
    """What is worth reading, though it does not shut the gate."""
    run, notes = view.run, []
    if by_hand := changes_by_hand(view):
        who = _few(tuple(dict.fromkeys(item.actor for item in by_hand)))
        notes.append(f"Changed by hand, and not by the coder, by {who}: {_few([item.title for item in by_hand])}.")
    if tests := touched_tests(diff.files):
        notes.append(f"FP5: the coder changed tests or test configuration: {_few(tests)}.")
    if named := steers_commands(diff.files, run.criteria):
        notes.append(f"FP5: the coder changed what an acceptance command runs or names: {_few(named)}.")
    if any(entry.basis == "unpriced" for entry in view.costs):
        notes.append("An agent named no price: the cost is not known.")
    if over := [budget.scope for budget in view.budgets if budget.overshoot_micros]:
        notes.append(f"The cap was overshot: {_few(over)}.")
    if why := reason_of(run):
        notes.append(f"The verifier is a premium one: {why}")
    if run.allow_green_baseline:
        notes.append("A green baseline was allowed at the start: nothing needs to have failed before.")
    if run.left_out:
        notes.append(f"Uncommitted changes were left out at the start: {_few(run.left_out)}.")
    return tuple(notes)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
