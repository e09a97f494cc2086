"""Where a run is: its current step, its newest work, and whether a person has to act."""

from factory.model.gate import Gate
from factory.model.permission import Permission
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.view import RunView
from factory.rules.moves import awaits_request

OVER = ("done", "cancelled", "failed")
_NEEDS_PERSON = ("awaiting_qa", "blocked", "paused")
_STUCK = ("stalled", "blocked")
_FOR_GOOD = ("passed", "skipped", "cancelled", "split")


def current_step(view: RunView) -> Step | None:
    """The step that counts now; None only before a run has steps.

    The first of the newest steps that is not over, else the last one. While the build awaits its verdict, or is blocked
    because verify is, it is verify.
    """
    newest = {step.kind: step for step in view.steps}
    ordered = sorted(newest.values(), key=lambda step: step.order)
    open_ones = [step for step in ordered if not is_over(step)]
    if not open_ones:
        return ordered[-1] if ordered else None
    first, verify = open_ones[0], newest.get("verify")
    if first.kind != "build" or verify is None:
        return first
    held_up = first.state == "blocked" and verify.state in _STUCK
    return verify if first.state == "awaiting_verdict" or held_up else first


def stuck_step(view: RunView) -> Step | None:
    """The step that a retry would take up: verify before the build that it holds up, else the last stuck one."""
    stuck = [step for step in view.steps if step.state in _STUCK]
    return next((step for step in stuck if step.kind == "verify"), stuck[-1] if stuck else None)


def running_attempt(view: RunView) -> Attempt | None:
    """The newest attempt that is not over."""
    return next((attempt for attempt in reversed(view.attempts) if not is_over(attempt)), None)


def last_change_at(view: RunView) -> str:
    """When the code changed last: the end of the newest attempt that left a commit; empty when none did."""
    return next((one.ended_at for one in reversed(view.attempts) if one.commit and one.role == "coder"), "")


def is_settled(view: RunView) -> bool:
    """Whether the result is the one to judge: nobody is working on another one."""
    if view.run.state in OVER or not any(step.kind == "build" for step in view.steps):
        return False
    build = view.step("build")
    rounds_used = bool(view.threads) and view.thread.round >= view.thread.max_rounds
    return build.state in _FOR_GOOD or (build.state == "blocked" and rounds_used)


def waits_for_request(view: RunView) -> bool:
    """Whether artefacts are ready and only the operator's `v` sends them to the verifier."""
    kinds = {step.kind for step in view.steps}
    return bool(view.threads) and {"build", "verify"} <= kinds and awaits_request(view)


def open_permissions(view: RunView) -> tuple[Permission, ...]:
    """What agents of a running run ask for and wait for, oldest first."""
    return tuple(one for one in view.permissions if one.state == "open") if view.run.state == "running" else ()


def open_review(view: RunView) -> Gate | None:
    """The cost review that waits for a decision."""
    gate = view.gate("cost_review")
    return gate if gate and gate.state == "open" and view.run.state not in OVER else None


def needs_person(view: RunView) -> bool:
    """Whether the run waits for its operator."""
    return view.run.state in _NEEDS_PERSON or waits_for_request(view) or bool(open_permissions(view))


def reached(view: RunView) -> str:
    """What `wait` returns for: the state that needs a person, `permission`, `artifacts_ready`, the end, or ""."""
    if view.run.state in (*_NEEDS_PERSON, *OVER):
        return view.run.state
    if open_permissions(view):
        return "permission"
    return "artifacts_ready" if waits_for_request(view) else ""
