"""What the rows of one run say together: a line of the list. No database, so that a first look can use it too."""

import json
from sys import intern
from types import SimpleNamespace
from typing import Any

from factory.model.trial import BLIND
from factory.model.view import RunRow

_OVER = ("passed", "skipped", "cancelled", "split")
_DONE = ("passed", "skipped")
_ENDED = ("done", "cancelled", "failed")
_NOT_BEGUN = ("created", "leased")
_WAITS = ("awaiting_qa", "blocked", "paused")


def row_line(
    run: Any,
    steps: list[Any],
    budget: Any,
    thread: Any,
    cost: Any,
    blockers: Any,
    attempts: list[Any],
    asks: Any = None,
) -> RunRow:
    """The line of a run, from its own row, its steps, and the newest budget, thread, cost and attempts, or None.

    Words that stand on many lines are held once: a hundred thousand lines would hold a million copies.
    """
    still_open = [step for step in steps if step.state not in _OVER]
    delivered = next((step for step in still_open if step.kind == "build" and step.state == "awaiting_verdict"), None)
    # While a build waits for its verdict, the step after it counts; when all are over, the last one.
    current = next(iter([step for step in still_open if step is not delivered] or still_open or steps[-1:]), None)
    waits_since = run.updated_at if run.state in _WAITS else ""
    if run.state == "running" and delivered and thread and thread.state == "prewired":
        waits_since = delivered.updated_at
    if run.state == "running" and asks:
        waits_since = asks.since
    if run.is_in_trial and run.state == BLIND:
        thread, attempts = None, [_unnamed(attempt) for attempt in attempts]
    models = {attempt.role: attempt.model for attempt in attempts}
    behind = [step for step in still_open if step is not delivered and step is not current]
    return RunRow(
        id=run.id,
        goal=run.goal,
        state=intern(run.state),
        priority=intern(run.priority),
        domain=intern(run.domain),
        step_kind=intern(current.kind) if current else "",
        step_state=intern(current.state) if current else "",
        steps_done=sum(step.state in _DONE for step in steps),
        steps_total=len(steps),
        spent_micros=int(cost.micros) if cost else 0,
        in_flight_micros=_in_flight(attempts, budget),
        cap_micros=budget.limit_micros if budget else 0,
        unpriced=bool(cost and cost.unpriced),
        verifier_state=intern(thread.state) if thread else "",
        round=thread.round if thread else 0,
        last_event_at=run.last_event_at or "",
        created_at=run.created_at,
        blockers=blockers.open if blockers else 0,
        asks=asks.open if asks and run.state == "running" else 0,
        is_queued=run.state == "running" and bool(attempts) and attempts[-1].state in _NOT_BEGUN,
        needs_person=bool(waits_since),
        waits_since=waits_since,
        last_progress_at=attempts[-1].last_progress if attempts else "",
        coder=intern(run.coder_name or ""),
        coder_company=intern(run.coder_company or ""),
        coder_model=intern(models.get("coder", "")),
        verifier=intern(run.verifier_name or ""),
        verifier_company=intern(run.verifier_company or ""),
        verifier_model=intern(models.get("verifier", "")),
        blocks=0 if run.state in _ENDED else len(behind),
    )


def _unnamed(attempt: Any) -> Any:
    """An attempt of a run of a trial: its model would tell who checks."""
    return SimpleNamespace(
        **{name: getattr(attempt, name) for name in ("role", "last_progress", "state", "gauge")}, model=""
    )


def _in_flight(attempts: list[Any], budget: Any) -> int:
    """What the meter of a working agent has counted; the reservation where nothing counts."""
    reserved = budget.reserved_micros if budget else 0
    for attempt in attempts[-1:]:
        gauge = json.loads(attempt.gauge) if isinstance(attempt.gauge, str) else attempt.gauge
        if gauge and attempt.state == "running":
            return min(reserved, int(gauge["spent"]) + int(gauge["in_flight"]))
    return reserved
