"""What the factory does next with a run: one pure function from the ledger's picture to a move.

The workflow is nothing but this function in a loop. All that an operator decides is a change in the ledger, so the
loop sees it at its next look, whatever signal was lost or doubled on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.view import RunView

MoveKind = Literal["begin", "release", "plan", "build", "ask", "verify", "freeze", "close", "wind_up", "wait", "end"]


@dataclass(frozen=True)
class Move:
    """One thing to do, and what it is about."""

    kind: MoveKind
    step: str = ""
    n: int = 0
    """Attempt (or loop) number, so that each move has a key of its own."""
    trigger: str = ""
    """For `ask`: who wants the verifier."""


WAIT = Move("wait")


def next_move(view: RunView) -> Move:
    """The one next move for a run."""
    match view.run.state:
        case "ready":
            return Move("begin")
        case "running":
            return _while_running(view)
        case "closing":
            return Move("close", view.step("docs").id, 1)
        case "done" | "cancelled" | "failed":
            return Move("end") if has_final_package(view) else Move("wind_up")
    return WAIT


def has_final_package(view: RunView) -> bool:
    """Whether the closing package exists, which is the last thing that happens to a run."""
    return any(package.phase == "final" and package.state != "building" for package in view.packages)


def delivered_attempt(view: RunView) -> Attempt | None:
    """The coder's newest successful attempt of the newest build step: the one that a verifier would look at."""
    return newest_delivery(view.attempts, view.step("build").id)


def newest_delivery(attempts: Sequence[Attempt], build: str) -> Attempt | None:
    """The newest successful attempt of a build step with a commit; a check of itself may have found nothing to do."""
    found = [one for one in attempts if one.step == build and one.state == "succeeded" and one.commit]
    return found[-1] if found else None


def awaits_request(view: RunView) -> bool:
    """Whether artefacts are ready and nobody has asked for the verifier yet: the moment for `v`."""
    return (
        view.run.state == "running"
        and view.run.verifier_required
        and view.step("build").state == "awaiting_verdict"
        and view.thread.state == "prewired"
        and _verify_move(view).kind == "wait"
    )


def _while_running(view: RunView) -> Move:
    plan, build, qa = view.step("plan"), view.step("build"), view.step("qa")
    if not is_over(plan):
        return _work(view, plan, "plan")
    if build.state == "awaiting_verdict":
        return _verify_move(view)
    if not is_over(build):
        return _work(view, build, "build")
    if not is_over(qa):
        return _freeze(view, qa)
    return WAIT


def _work(view: RunView, step: Step, kind: Literal["plan", "build"]) -> Move:
    """Start a step that is ready, go on with one that runs (a stalled one still runs), release one that may start."""
    if step.state == "ready":
        return Move(kind, step.id, step.attempt_no + 1)
    if step.state in ("running", "stalled"):
        return Move(kind, step.id, step.attempt_no)
    if step.state in ("pending", "retry_wait") and step.next_retry_at <= view.as_of:
        return Move("release", step.id, step.attempt_no)
    return WAIT


def wait_until(view: RunView) -> str:
    """When a step may be tried again that waits for a time (UTC); empty when none does."""
    return min(
        (step.next_retry_at for step in view.steps if step.state == "retry_wait" and step.next_retry_at), default=""
    )


def _freeze(view: RunView, qa: Step) -> Move:
    if qa.state in ("pending", "retry_wait", "ready", "running"):
        return Move("freeze", qa.id, len(view.packages) + 1)
    return WAIT


def _verify_move(view: RunView) -> Move:
    """Verify at once where no verifier is needed; else only after somebody asked (I4)."""
    step, thread = view.step("verify"), view.thread
    if step.state in ("pending", "retry_wait") and step.next_retry_at <= view.as_of:
        return Move("release", step.id, step.attempt_no)
    if step.state not in ("ready", "running", "stalled"):
        return WAIT
    n = step.attempt_no + (step.state == "ready")
    if not view.run.verifier_required or thread.state in ("requested", "awaiting"):
        return Move("verify", step.id, n)
    trigger = thread.trigger or _first_trigger(view)
    return Move("ask", step.id, thread.round + 1, trigger) if trigger else WAIT


def _first_trigger(view: RunView) -> str:
    """Who asks for the first verification without a key press: the coder, or the configuration. Never the dispatch."""
    attempt = delivered_attempt(view)
    if attempt is None or not attempt.artefacts:
        return ""
    if attempt.request_review:
        return "coder"
    return "automatic" if view.run.definition.auto_verify else ""
