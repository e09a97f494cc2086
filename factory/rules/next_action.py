"""The one thing that the operator should do now: the first rule that fits (domain §3). Derived, never stored."""

from collections.abc import Callable

from factory.model.blocker import DIGEST_MISMATCH
from factory.model.status import NextAction
from factory.model.step import Attempt, Step
from factory.model.view import RunView
from factory.rules.backoff import later
from factory.rules.money import usd
from factory.rules.position import (
    OVER,
    current_step,
    is_settled,
    open_permissions,
    open_review,
    running_attempt,
    stuck_step,
    waits_for_request,
)
from factory.rules.scoring import TAMPERED, assess
from factory.rules.spending import used_up
from factory.rules.visible import one_line

_MEND_FIRST = frozenset({"acceptance_broken", "prepare_failed", "no_agent", "not_a_repository", "nothing_proven"})
"""Blockers that a retry alone does not remove."""


def next_action(view: RunView) -> NextAction:
    """What to do now, in one sentence, with its key and its command."""
    for rule in _RULES:
        if found := rule(view):
            return found
    return NextAction("wait", _waiting(view), "", "")


def _inspect(view: RunView) -> NextAction | None:
    tampered = [reason for package in view.packages[-1:] for reason in package.reasons if reason.startswith(TAMPERED)]
    tampered += [blocker.message for blocker in view.open_blockers if blocker.code == DIGEST_MISMATCH]
    if tampered:
        return NextAction("inspect", tampered[0], "e", f"cockpit evidence verify {view.run.id}")
    refuted = _refuted(view) if is_settled(view) else []
    if not refuted:
        return None
    then = ", then retry" if view.run.state == "blocked" else ""
    label = f"Look at the evidence that refutes {', '.join(refuted)}{then}."
    return NextAction("inspect", label, "e", f"cockpit evidence list {view.run.id}")


def _refuted(view: RunView) -> list[str]:
    run = view.run
    quality = assess(run.criteria, view.evidence, run.result_commit, "", view.as_of or run.created_at, 0)
    return [claim.id for claim in quality.claims if claim.required and claim.status == "refuted"]


def _review_cost(view: RunView) -> NextAction | None:
    gate = open_review(view)
    if gate is None:
        return None
    asked = f": a verifier cap of {usd(gate.request.micros)}" if gate.request else ""
    return NextAction(
        "review_cost", f"Review the cost before more is spent{asked}.", "a", f"cockpit review {view.run.id}"
    )


def _review(view: RunView) -> NextAction | None:
    if view.run.state != "awaiting_qa":
        return None
    frozen = [package for package in view.packages if package.phase == "qa"]
    score = f" (score {frozen[-1].score})" if frozen else ""
    return NextAction("review", f"Review the evidence{score} and decide.", "a", f"cockpit review {view.run.id}")


def _answer(view: RunView) -> NextAction | None:
    asks = open_permissions(view)
    if not asks:
        return None
    label = f"Answer the agent, which wants to {asks[0].kind}: {one_line(asks[0].title)[:80]}"
    return NextAction("fix", label, "P", f"cockpit allow {asks[0].id}")


def _verify(view: RunView) -> NextAction | None:
    if not waits_for_request(view):
        return None
    to = view.run.verifier.company or view.run.verifier.name
    label = f"Send commit {view.run.result_commit[:7]} to the verifier, {to}."
    return NextAction("verify", label, "v", f"cockpit verify {view.run.id}")


def _resume(view: RunView) -> NextAction | None:
    """A paused run: more money when a cap stopped it, else just go on."""
    if view.run.state != "paused":
        return None
    cap = used_up(view)
    if cap is None:
        return NextAction("fix", "Resume the run.", "p", f"cockpit resume {view.run.id}")
    if cap.scope in ("day", "namespace"):
        label = f"Wait, or raise [budget] {cap.scope}_usd in config.toml: the {cap.scope} cap of all runs is used up."
        # The worker that goes on with the run has to be one that has read the new cap.
        return NextAction("fix", label, "p", f"cockpit worker --stop && cockpit resume {view.run.id}")
    command = f"cockpit cap {view.run.id} USD{' --scope thread' if cap.scope == 'thread' else ''} --reason WHY"
    return NextAction("fix", "Raise the cap that is used up, or cancel the run.", "+", command)


def _retry(view: RunView) -> NextAction | None:
    step = stuck_step(view)
    if view.run.state in OVER or (view.run.state != "blocked" and step is None):
        return None
    blocking = [blocker for blocker in view.open_blockers if blocker.severity == "block"]
    command = f"cockpit retry {view.run.id}"
    if blocking and blocking[-1].code in _MEND_FIRST:
        return NextAction("fix", blocking[-1].message, "r", command)
    why = blocking[-1].message if blocking else _reason(step)
    return NextAction("retry", f"Retry {step.kind if step else 'the run'}: {why}", "r", command)


def _reason(step: Step | None) -> str:
    return f"{step.state}: {step.state_reason}" if step and step.state_reason else "it does not go on by itself."


def _requeue(view: RunView) -> NextAction | None:
    dead = [item for item in view.outbox if item.state == "dead"]
    if not dead:
        return None
    label = f"Requeue the write to {dead[0].target}: {dead[0].last_error or 'it was refused'}"
    return NextAction("requeue", label, "Q", f"cockpit outbox requeue {dead[0].id}")


def _finish(view: RunView) -> NextAction | None:
    if view.run.state not in OVER:
        return None
    write = view.gate("write")
    if view.run.state == "done" and view.run.result_commit and (write is None or write.state != "approved"):
        return NextAction("land", "Land the result as a branch of your repository.", "L", f"cockpit land {view.run.id}")
    return NextAction("open", "Open the evidence package.", "e", f"cockpit evidence list {view.run.id}")


_RULES: tuple[Callable[[RunView], NextAction | None], ...] = (
    _inspect, _review_cost, _review, _answer, _verify, _resume, _retry, _requeue, _finish,
)  # fmt: skip


def _waiting(view: RunView) -> str:
    """Who works, since when, until when at the latest."""
    attempt = running_attempt(view)
    if attempt is not None and attempt.started_at:
        return _waiting_for(attempt, view.run.definition.clocks.wall_s)
    if attempt is not None:
        return _waiting_to_begin(attempt)
    step = current_step(view)
    if view.run.state in ("draft", "ready") or step is None:
        return f"Wait for a worker to begin, since {_clock(view.run.created_at)}."
    if step.state == "retry_wait" and step.next_retry_at:
        return f"Wait: {step.kind} is tried again at {_clock(step.next_retry_at)}."
    limit = view.run.definition.check_timeout_s
    since = f"since {_clock(step.updated_at)}; each command may take {limit:.0f} s"
    return f"Wait: the factory works on {step.kind}, {since}."


def _waiting_to_begin(attempt: Attempt) -> str:
    who, since = f"{attempt.role} {attempt.company or attempt.agent}", _clock(attempt.created_at)
    return f"Wait for the {who} to begin, since {since}; [worker] agents says how many work at once."


def _waiting_for(attempt: Attempt, wall_s: float) -> str:
    until = _clock(later(attempt.started_at, wall_s))
    since = _clock(attempt.started_at)
    return (
        f"Wait for the {attempt.role} {attempt.company or attempt.agent}, since {since}, until {until} at the latest."
    )


def _clock(at: str) -> str:
    return f"{at[11:19]} UTC" if len(at) >= len("2026-11-23T17:54:45") else "an unknown time"
