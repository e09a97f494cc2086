"""What a verifier's words turned out to be worth: passes and change requests against what QA and the result showed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from factory.model.evidence import Evidence
from factory.model.gate import Approval
from factory.model.view import RunView
from factory.rules.rounds import Round, evidence_on


@dataclass(frozen=True)
class Tally:
    """What one run adds to the sums over many. A pass, or a change request, is one round."""

    reached_qa: bool = False
    """Its QA gate has been open."""
    first_pass: bool = False
    """Approved with one build attempt and no rejection."""
    passes: int = 0
    approved: int = 0
    """Passes that QA then approved."""
    rejected: int = 0
    """Passes that QA then rejected: they have escaped the verifier."""
    requests: int = 0
    """Rounds in which the verifier asked for changes."""
    caught: int = 0
    """Of these: a command that failed there passes on the result."""
    overturned: int = 0
    """Of these: QA approved the very commit that was to be changed."""
    escaped: int = 0
    """Passes that QA rejected, and those that it approved in a run that another one superseded in time."""
    unpriced: int = 0
    """Verifier attempts whose cost nobody knows."""


def tally(view: RunView, rounds: Sequence[Round]) -> Tally:
    """The sums of one run."""
    decided = [one.decision for one in _decided(view, rounds).values()]
    approved_commits = {commit_of(view, one) for one in decisions(view) if one.decision == "approve"}
    requests = [one for one in rounds if one.wants_changes]
    overturned = [one for one in requests if one.verdict.subject in approved_commits]
    caught = [one for one in requests if one not in overturned and is_caught(view, one)]
    return Tally(
        reached_qa=any(gate.kind == "qa" and gate.state != "closed" and not gate.requirements for gate in view.gates),
        first_pass=_first_pass(view),
        passes=sum(one.is_pass for one in rounds),
        approved=decided.count("approve"),
        rejected=decided.count("reject"),
        requests=len(requests),
        caught=len(caught),
        overturned=len(overturned),
        escaped=decided.count("reject"),
        unpriced=sum(one.role == "verifier" and one.basis == "unpriced" for one in view.costs),
    )


def decisions(view: RunView) -> tuple[Approval, ...]:
    """What was decided about the work, oldest first; caps and landing are other decisions."""
    gates = {gate.id for gate in view.gates if gate.kind == "qa"}
    return tuple(approval for approval in view.approvals if approval.gate in gates)


def commit_of(view: RunView, decision: Approval) -> str:
    """The commit that a decision was about: that of the package it is bound to."""
    packages = (one for one in view.packages if one.digest and one.digest == decision.package_digest)
    return next((one.result_commit for one in packages), view.run.result_commit)


def is_caught(view: RunView, asked: Round) -> bool:
    """Whether what the verifier asked for was needed: a command fails on the commit that it rejected and passes on
    the final one."""
    subject, result = asked.verdict.subject, view.run.result_commit
    if asked.verdict.word != "changes_requested" or subject == result:
        return False
    failed = {_check(item) for item in evidence_on(view, subject) if item.command and item.outcome == "failed"}
    after = [item for item in evidence_on(view, result) if item.command and _check(item) in failed]
    still = {_check(item) for item in after if item.outcome != "passed"}
    return any(item.outcome == "passed" and _check(item) not in still for item in after)


def rejected_passes(view: RunView, rounds: Sequence[Round]) -> list[tuple[Round, Approval]]:
    """Each pass that QA rejected, with the rejection."""
    decided = _decided(view, rounds)
    return [(rounds[place], one) for place, one in decided.items() if one.decision == "reject"]


def _decided(view: RunView, rounds: Sequence[Round]) -> Mapping[int, Approval]:
    """What QA said of each pass that it decided about, by the round's place: the newest one on that commit by then."""
    found: dict[int, Approval] = {}
    for decision in decisions(view):
        commit = commit_of(view, decision)
        before = [
            place
            for place, one in enumerate(rounds)
            if one.is_pass and one.verdict.subject == commit and one.at <= (decision.created_at or one.at)
        ]
        if before:
            found[before[-1]] = decision
    return found


def _check(item: Evidence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What makes two runs of a command the same check."""
    return item.claims, item.command.argv if item.command else ()


def _first_pass(view: RunView) -> bool:
    builds = sum(attempt.role == "coder" and not attempt.is_self_check for attempt in view.attempts)
    return builds == 1 and [one.decision for one in decisions(view)] == ["approve"]
