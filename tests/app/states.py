"""One factory per state of a run, for pictures: the run in that state stands under the cursor."""

from dataclasses import replace
from typing import Any

from cockpit.app import CockpitApp
from factory.model.blocker import Blocker
from factory.model.run import RunState
from factory.model.view import RunRow, RunView
from tests.app import sample
from tests.app.fakes import Desk, ShelfLedger, cockpit

STATES: dict[str, dict[str, Any]] = {
    "draft": {"state": "draft", "step_kind": "plan", "step_state": "pending", "steps_done": 0},
    "ready": {"state": "ready", "step_kind": "plan", "step_state": "ready", "steps_done": 0},
    "running": {"state": "running", "step_kind": "build", "step_state": "running"},
    "stalled": {"state": "running", "step_kind": "build", "step_state": "stalled", "needs_person": True},
    "to_verify": {"state": "running", "step_kind": "verify", "step_state": "running", "needs_person": True},
    "blocked": {"state": "blocked", "step_kind": "build", "step_state": "blocked", "needs_person": True, "blockers": 1},
    "paused": {"state": "paused", "step_kind": "build", "step_state": "running", "needs_person": True},
    "awaiting_qa": {"state": "awaiting_qa", "step_kind": "qa", "step_state": "running", "needs_person": True},
    "closing": {"state": "closing", "step_kind": "docs", "step_state": "running"},
    "done": {"state": "done", "step_kind": "writeback", "step_state": "passed"},
    "cancelled": {"state": "cancelled", "step_kind": "build", "step_state": "cancelled"},
    "failed": {"state": "failed", "step_kind": "build", "step_state": "cancelled"},
}
_STOPPED = Blocker(
    id="blk_9", run=sample.RUN, code="no_agent", severity="block", opened_at="2026-03-02T13:58:00.000Z",
    message="The coder command:./coder.sh does not exist.",
)  # fmt: skip


def cockpit_in(name: str) -> CockpitApp:
    """A cockpit whose second goal is in this state."""
    row = _row(name)
    shelf = {one.id: row if one.id == sample.RUN else one for one in sample.ROWS}
    return cockpit(Desk(ledger=ShelfLedger(shelf=shelf, views={sample.RUN: _view(name, row)})))


def _row(name: str) -> RunRow:
    facts = {"verifier_state": "prewired", "round": 0, "steps_done": 1, **STATES[name]}
    if name in {"awaiting_qa", "closing", "done"}:
        facts |= {
            "verifier_state": "passed",
            "round": 2,
            "steps_done": {"awaiting_qa": 3, "closing": 4, "done": 6}[name],
        }
    row = next(one for one in sample.ROWS if one.id == sample.RUN)
    waits = row.waits_since if facts.get("needs_person") else ""
    return replace(row, **{"needs_person": False, **facts, "waits_since": waits})


def _view(name: str, row: RunRow) -> RunView:
    if name == "awaiting_qa":
        return sample.VIEW
    state: RunState = STATES[name]["state"]
    if name in {"closing", "done"}:
        steps = tuple(
            replace(step, state="passed" if name == "done" or step.order < 4 else step.state, attempt_no=1)
            for step in sample.VIEW.steps
        )
        return replace(sample.VIEW, run=replace(sample.VIEW.run, state=state), steps=steps, gates=(), blockers=())
    view = sample.view_of(row)
    if name in {"running", "stalled", "to_verify", "paused"}:
        first = replace(sample.VIEW.attempts[0], step=view.step("build").id, agent=view.run.coder.name)
        works = name in {"running", "stalled"}
        moved = "2026-03-02T13:51:00.000Z" if name == "stalled" else "2026-03-02T14:01:59.000Z"
        alive = replace(
            first, state="running", ended_at="", last_progress=moved, last_heartbeat=sample.NOW, exit_code=None
        )
        view = replace(view, attempts=(alive if works else first,), costs=sample.VIEW.costs[:1])
    if name == "to_verify":
        steps = tuple(replace(step, state="awaiting_verdict") if step.kind == "build" else step for step in view.steps)
        thread = replace(view.thread, step=view.step("build").id, trigger="")
        delivered = replace(view.attempts[0], artefacts=(sample.digest("patch"),))
        run = replace(view.run, result_commit="4c1d0aa")
        view = replace(view, run=run, steps=steps, threads=(thread,), attempts=(delivered,))
    return replace(view, blockers=(replace(_STOPPED, run=row.id),)) if name == "blocked" else view
