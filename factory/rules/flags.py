"""Flags: patterns in a run that are worth a look, because a pass may be false or an agent may hang (domain §9).

Only those that the ledger alone can show are here. FP1 to FP4 and FP7 also close the gate (`gate.qa_reasons`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.evidence import Evidence
from factory.model.step import Attempt
from factory.model.thread import Verdict
from factory.model.view import RunView

TIMED_OUT = ("timed_out",)


@dataclass(frozen=True)
class Flag:
    """One finding, with what it means for the run."""

    code: str
    severity: Literal["error", "warn", "notice"]
    message: str


def flags_of(view: RunView) -> tuple[Flag, ...]:
    """Every flag of one run, time-outs first, then doubts about a pass."""
    verdicts = [verdict for thread in view.threads for verdict in thread.verdicts]
    found = (*_timeouts(view), *_from_verdicts(view, verdicts), *_from_items(view), *_from_agents(view))
    return tuple(dict.fromkeys(found))


def agent_flags(views: Sequence[RunView]) -> tuple[Flag, ...]:
    """Flags about an agent over many runs: TO4, TO5. `views` are oldest first."""
    by_agent: dict[str, list[Attempt]] = {}
    for view in views:
        for attempt in view.attempts:
            if attempt.ended_at:
                by_agent.setdefault(attempt.agent, []).append(attempt)
    found = []
    for agent, attempts in by_agent.items():
        late = [attempt.state in TIMED_OUT for attempt in attempts]
        if sum(late[-3:]) >= 2:
            found.append(Flag("TO4", "warn", f"{agent} timed out in {sum(late[-3:])} of its last {len(late[-3:])}."))
        others = [one.state in TIMED_OUT for name, ones in by_agent.items() if name != agent for one in ones]
        if others and sum(late) > 1 and sum(late) / len(late) >= 3 * max(sum(others), 1) / len(others):
            found.append(Flag("TO5", "warn", f"{agent} times out at least three times as often as the others."))
    return tuple(found)


def _timeouts(view: RunView) -> Iterable[Flag]:
    late = [attempt for attempt in view.attempts if attempt.state in TIMED_OUT]
    for attempt in late:
        yield Flag("TO3", "warn", f"The {attempt.role} {attempt.agent} was ended by the wall clock.")
    verifier_late = any(attempt.role == "verifier" for attempt in late)
    if verifier_late and view.run.state == "done" and view.threads and not view.thread.verdicts:
        yield Flag("TO7", "error", "The run passed after a verifier timed out and gave no new verdict.")


def _from_verdicts(view: RunView, verdicts: Sequence[Verdict]) -> Iterable[Flag]:
    for verdict in verdicts:
        if verdict.said == "pass" and verdict.commands_run < 1:
            yield Flag("FP1", "error", "A verifier said pass without a command that the factory ran.")
    if verdicts and verdicts[-1].word == "pass" and verdicts[-1].subject != view.run.result_commit:
        yield Flag("FP3", "error", f"The last pass is about another commit, {verdicts[-1].subject}.")
    rejected = any(approval.decision == "reject" for approval in view.approvals)
    if rejected and any(verdict.word == "pass" for verdict in verdicts):
        yield Flag("FP10", "warn", "The verifier passed what QA then rejected.")


def _from_items(view: RunView) -> Iterable[Flag]:
    on_result = [item for item in view.evidence if not item.baseline and item.subject == view.run.result_commit]
    passed = bool(view.threads) and any(verdict.word == "pass" for verdict in view.thread.verdicts[-1:])
    for item in on_result if passed else ():
        if item.tests is not None and item.tests.collected == 0:
            yield Flag("FP2", "error", f"{item.title or item.path} collected no test.")
        if item.polarity == "refutes" or item.outcome == "failed":
            yield Flag("FP4", "error", f"{item.title or item.path} fails on the commit that was passed.")
    before, after = _skipped(item for item in view.evidence if item.baseline), _skipped(on_result)
    for claim in after:
        if claim in before and after[claim] > before[claim]:
            message = f"{claim}: {after[claim]} tests are skipped, {before[claim]} were before."
            yield Flag("FP12", "warn", message)


def _skipped(items: Iterable[Evidence]) -> dict[str, int]:
    """Skipped tests by claim; the newest report of each counts."""
    return {claim: item.tests.skipped for item in items if item.tests is not None for claim in item.claims}


def _from_agents(view: RunView) -> Iterable[Flag]:
    run = view.run
    if not run.verifier_required:
        return
    if run.coder.name == run.verifier.name:
        yield Flag("FP7", "error", f"Coder and verifier are the same agent, {run.coder.name}.")
    models = {role: {one.model for one in view.attempts if one.role == role and one.model} for role in _ROLES}
    if same := models["coder"] & models["verifier"]:
        yield Flag("FP7", "notice", f"Coder and verifier used the same model, {', '.join(sorted(same))}.")


_ROLES = ("coder", "verifier")
