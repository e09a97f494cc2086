"""What is kept from whoever decides about a run of a trial: which way its work was checked (domain §9).

Who knows the arm may judge the work by it. So while a run waits for its decision, both arms look the same: a check took
place, it cost so much, and the factory's own commands said this. Before, everything is shown as it is, for an operator
has to see what works and what is stuck. Nothing here changes what counts at the gate.
"""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from factory.model.cost import CostEntry
from factory.model.evidence import Evidence
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread, Verdict
from factory.model.trial import BLIND, LABEL, WITHHELD
from factory.model.view import RunView
from factory.rules.titles import is_of_verifier

SENTENCE = "Withheld until it is decided: how this run was checked, for it is part of a trial ([metrics] trial)."


def is_blind(run: Run) -> bool:
    """Whether whoever decides now is not to see how a run was checked."""
    return LABEL in run.labels and run.state == BLIND


def blinded(view: RunView) -> RunView:
    """The run as its operator may see it: without its check while it is blind, else as it is."""
    if not is_blind(view.run) or not view.threads:
        return view
    checks = [one for one in view.attempts if one.is_check]
    kept = tuple(item for item in view.evidence if not _tells(view, item, checks))
    said = tuple(one for one in view.messages if one.kind == "note")
    gone = {one.id for one in (*view.evidence, *view.messages)} - {one.id for one in (*kept, *said)}
    gone |= {one.id for one in (*checks, *view.threads)}
    return replace(
        view,
        run=replace(view.run, verifier_required=False, verifier_reasons=()),
        steps=tuple(_step(one, checks) for one in view.steps),
        attempts=_attempts(view),
        threads=tuple(_thread(one, len(view.run.criteria)) for one in view.threads),
        messages=(*said, _withheld(view)),
        evidence=tuple(replace(item, attempt="") if item.role == "factory" else item for item in kept),
        costs=tuple(_cost(view, one) if one.thread else one for one in view.costs),
        blockers=tuple(one for one in view.blockers if one.cause_ref != "verifier"),  # that its agent named no price
        events=tuple(event for event in view.events if event.object not in gone),
    )


def _tells(view: RunView, item: Evidence, checks: list[Attempt]) -> bool:
    """Evidence that only one of the arms has: of a check all but the result, and the work that this bettered."""
    is_result = item.kind == "file" and item.subject == view.run.result_commit
    is_of_check = item.attempt in {one.id for one in checks} and item.role != "factory"
    return is_of_verifier(item.title) or (is_of_check and not is_result) or item.attempt in _bettered(view)


def _bettered(view: RunView) -> set[str]:
    """Attempts whose work a check of its own took further."""
    delivered = [one for one in view.attempts if one.state == "succeeded" and one.commit and one.role == "coder"]
    return {one.id for one, after in pairwise(delivered) if after.is_self_check}


def _checked(view: RunView, attempt: Attempt) -> str:
    """The verify step that goes with the step of a check."""
    kinds = {step.id: step.kind for step in view.steps}
    if kinds.get(attempt.step) == "verify":
        return attempt.step
    builds, verifies = ([step.id for step in view.steps if step.kind == kind] for kind in ("build", "verify"))
    return verifies[min(builds.index(attempt.step), len(verifies) - 1)]


def _attempts(view: RunView) -> tuple[Attempt, ...]:
    """A check is a row: its times, its cost and its state, and nobody's."""
    count: Counter[str] = Counter()
    shown = []
    for attempt in view.attempts:
        step = _checked(view, attempt) if attempt.is_check else attempt.step
        count[step] += 1
        own = _unnamed(attempt, step) if attempt.is_check else attempt
        shown.append(replace(own, n=count[step]))
    return tuple(shown)


def _unnamed(attempt: Attempt, step: str) -> Attempt:
    return replace(
        attempt,
        step=step,
        role="verifier",
        agent=WITHHELD,
        company=WITHHELD,
        runtime="",
        model="",
        session_ref="",
        folder="",
        commit="",
        artefacts=(),
        summary="",
        resumes="",
        end_reason="",
        gauge=None,
        is_self_check=False,
    )


def _step(step: Step, checks: list[Attempt]) -> Step:
    if step.kind == "verify":
        return replace(step, assigned=WITHHELD, attempt_no=max(1, step.attempt_no))
    return replace(step, attempt_no=step.attempt_no - sum(one.step == step.id for one in checks))


def _cost(view: RunView, entry: CostEntry) -> CostEntry:
    attempt = next((one for one in view.attempts if one.id == entry.attempt), None)
    step = _checked(view, attempt) if attempt else entry.step
    return replace(entry, step=step, role="verifier", agent=WITHHELD, provider="", model="")


def _thread(thread: Thread, commands: int) -> Thread:
    """Of each round, only what came of it."""
    verdicts = tuple(
        Verdict(word=one.word, subject=one.subject if one.word == "pass" else "", commands_run=commands)
        for one in thread.verdicts
    )
    return replace(thread, state="not_required", end_state=WITHHELD, trigger="", round=0, verdicts=verdicts)


def _withheld(view: RunView) -> Message:
    thread = view.thread
    return Message(
        id=f"{thread.id}-withheld",
        run=view.run.id,
        thread=thread.id,
        seq=1 + max((one.seq for one in view.messages), default=0),
        sender="factory",
        recipient="operator",
        kind="system",
        body=SENTENCE,
        status="delivered",
        created_at=thread.created_at,
    )
