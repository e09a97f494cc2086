"""A run's view out of single lists, and its row out of the view; said a second time, for a contract test to compare."""

from collections.abc import Callable
from typing import Any

from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.outbox import OutboxItem, Page
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.model.trial import BLIND, LABEL
from factory.model.view import RunRow, RunView

_OVER = ("passed", "skipped", "cancelled", "split")


def view_of(run: Run, find: Callable[[type[Any]], tuple[Any, ...]]) -> RunView:
    """The view of a run, from a function that finds everything of a kind that is the run's."""
    return RunView(
        run=run,
        steps=find(Step),
        attempts=find(Attempt),
        threads=find(Thread),
        messages=find(Message),
        gates=find(Gate),
        approvals=find(Approval),
        evidence=find(Evidence),
        packages=find(Package),
        costs=find(CostEntry),
        budgets=find(Budget),
        blockers=find(Blocker),
        outbox=find(OutboxItem),
        pages=find(Page),
        permissions=find(Permission),
    )


def row_of(view: RunView) -> RunRow:
    """The row of a run."""
    run = view.run
    steps = sorted({step.kind: step for step in view.steps}.values(), key=lambda step: step.order)
    current = _current(steps)
    budget = view.budget("run")
    is_blind = LABEL in run.labels and run.state == BLIND
    thread = view.threads[-1] if view.threads and not is_blind else None
    waits_since = _waits_since(view, steps)
    return RunRow(
        id=run.id,
        goal=run.goal,
        state=run.state,
        priority=run.priority,
        domain=run.domain,
        step_kind=current.kind if current else "",
        step_state=current.state if current else "",
        steps_done=sum(step.state in ("passed", "skipped") for step in steps),
        steps_total=len(steps),
        spent_micros=sum(cost.micros for cost in view.costs),
        in_flight_micros=_in_flight(view, budget.reserved_micros if budget else 0),
        cap_micros=budget.limit_micros if budget else 0,
        unpriced=any(cost.basis == "unpriced" for cost in view.costs),
        verifier_state=thread.state if thread else "",
        round=thread.round if thread else 0,
        last_event_at=view.events[-1].at if view.events else "",
        created_at=run.created_at,
        blockers=sum(blocker.severity == "block" for blocker in view.open_blockers),
        needs_person=bool(waits_since),
        is_queued=run.state == "running" and bool(view.attempts) and view.attempts[-1].state in ("created", "leased"),
        waits_since=waits_since,
        last_progress_at=view.attempts[-1].last_progress if view.attempts else "",
        coder=run.coder.name,
        coder_company=run.coder.company,
        coder_model="" if is_blind else _model(view, "coder"),
        verifier=run.verifier.name,
        verifier_company=run.verifier.company,
        verifier_model="" if is_blind else _model(view, "verifier"),
        asks=len(_asks(view)),
        blocks=_behind(run, steps, current),
    )


def _asks(view: RunView) -> list[Permission]:
    return [one for one in view.permissions if one.state == "open" and view.run.state == "running"]


def _in_flight(view: RunView, reserved: int) -> int:
    last = view.attempts[-1] if view.attempts else None
    if last is None or last.gauge is None or last.state != "running":
        return reserved
    return min(reserved, last.gauge.spent + last.gauge.in_flight)


def _model(view: RunView, role: str) -> str:
    return next((attempt.model for attempt in reversed(view.attempts) if attempt.role == role), "")


def _behind(run: Run, steps: list[Step], current: Step | None) -> int:
    if run.state in ("done", "cancelled", "failed"):
        return 0
    return sum(step.state not in _OVER and step is not current and not _is_delivered(step) for step in steps)


def _current(steps: list[Step]) -> Step | None:
    """The first open step; while a build waits for its verdict, what comes after it; the last when all are over."""
    still_open = [step for step in steps if step.state not in _OVER]
    acting = [step for step in still_open if not _is_delivered(step)]
    return next(iter(acting or still_open or reversed(steps)), None)


def _is_delivered(step: Step) -> bool:
    return step.kind == "build" and step.state == "awaiting_verdict"


def _waits_since(view: RunView, steps: list[Step]) -> str:
    if view.run.state in ("awaiting_qa", "blocked", "paused"):
        return view.run.updated_at
    if asks := _asks(view):
        return min(one.created_at for one in asks)
    unsent = bool(view.threads) and view.threads[-1].state == "prewired"
    delivered = [step for step in steps if _is_delivered(step)]
    return delivered[0].updated_at if view.run.state == "running" and unsent and delivered else ""
