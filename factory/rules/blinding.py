"""What is kept from whoever decides about a run of a trial: which way its work was checked (domain §9).

Who knows the arm may judge the work by it. So until the run is approved or over, both arms look the same: a check took
place, it cost so much, and the factory's own commands said this. Nothing here changes what counts at the gate.
"""

from dataclasses import replace

from factory.model.evidence import Evidence
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread, Verdict
from factory.model.trial import DECIDED, LABEL, SELF_CHECK, WITHHELD
from factory.model.view import RunView
from factory.rules.titles import is_of_verifier

SENTENCE = "Withheld until it is decided: how this run was checked, for it is part of a trial ([metrics] trial)."


def is_blind(run: Run) -> bool:
    """Whether nobody is to see how a run is checked."""
    return LABEL in run.labels and run.state not in DECIDED


def blinded(view: RunView) -> RunView:
    """The run as its operator may see it: without its check while it is blind, else as it is."""
    if not is_blind(view.run) or not view.threads or not view.steps:
        return view
    checks = [one for one in view.attempts if one.is_check]
    kept = tuple(item for item in view.evidence if not _tells(view, item, checks))
    said = tuple(one for one in view.messages if one.kind == "note")
    gone = {one.id for one in (*view.evidence, *view.messages)} - {one.id for one in (*kept, *said)}
    gone |= {one.id for one in (*checks, *view.threads)}
    return replace(
        view,
        run=replace(view.run, verifier_required=False, verifier_reasons=()),
        steps=_steps(view, checks),
        attempts=tuple(_attempt(view, one, checks) if one.is_check else one for one in view.attempts),
        threads=tuple(_thread(one, len(view.run.criteria)) for one in view.threads),
        messages=(*said, _withheld(view)),
        evidence=tuple(replace(item, attempt="") if item.role == "factory" else item for item in kept),
        costs=tuple(
            replace(one, step=view.step("verify").id, role="verifier", agent=WITHHELD, provider="", model="")
            if one.thread
            else one
            for one in view.costs
        ),
        events=tuple(event for event in view.events if event.object not in gone),
    )


def _tells(view: RunView, item: Evidence, checks: list[Attempt]) -> bool:
    """Evidence that only one of the arms has: a check's own words, what it had run, and the work that it bettered."""
    is_words = item.kind == "log" and item.attempt in {one.id for one in checks}
    return item.role == "verifier" or is_words or is_of_verifier(item.title) or item.attempt in _bettered(view)


def _bettered(view: RunView) -> set[str]:
    """Attempts whose work a check of its own took further."""
    pairs = zip(view.attempts, view.attempts[1:], strict=False)
    return {one.id for one, after in pairs if after.is_self_check and after.state == "succeeded" and after.commit}


def _attempt(view: RunView, attempt: Attempt, checks: list[Attempt]) -> Attempt:
    """A check as a row: its times, its cost and its state, and nobody's."""
    return replace(
        attempt,
        step=view.step("verify").id,
        n=checks.index(attempt) + 1,
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
        gauge=replace(attempt.gauge, model="", doing="") if attempt.gauge else None,
        is_self_check=False,
    )


def _steps(view: RunView, checks: list[Attempt]) -> tuple[Step, ...]:
    """While the work is checked, the build waits for its verdict and verify runs, in both arms."""
    build, verify = view.step("build"), view.step("verify")
    own = [one for one in checks if one.is_self_check and one.step == build.id]
    if _checks_itself(view, build):
        build = replace(build, state="awaiting_verdict")
        verify = replace(verify, state="running")
    build = replace(build, attempt_no=build.attempt_no - len(own))
    verify = replace(verify, attempt_no=max(verify.attempt_no, len(checks)), assigned=WITHHELD)
    shown = {build.id: replace(build, state_reason=""), verify.id: verify}
    return tuple(shown.get(step.id, step) for step in view.steps)


def _checks_itself(view: RunView, build: Step) -> bool:
    if build.state_reason == SELF_CHECK:
        return True
    last = next((one for one in reversed(view.attempts) if one.step == build.id), None)
    return last is not None and last.is_self_check and build.state in ("running", "stalled", "retry_wait")


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
