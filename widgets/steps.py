"""The steps of a run, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.amounts import NOTHING, age, money, seconds_between, time_of_day
from widgets.frame import NAMES
from widgets.gauge import gauge_line
from widgets.lines import Line, Tone, clip, fit, fit_right
from widgets.marks import NEEDS_YOU, TONES, Mark, step_mark
from widgets.names import short_agent
from widgets.pane import Pane
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.status import Status
    from factory.model.step import Step
    from factory.model.view import RunView

_HEAD = ("STEP", "AGENT", "TRY", "TIME", "COST", "STATE")
_FIXED = 31
"""Cells of mark, step, try, time and cost, with the gaps between."""
_STATE = 18
_SHORT_STATE = 13
"""The state without its hour."""
_AGENT = 8
"""Fewer cells say nothing of an agent; its column is left out then."""


def step_lines(status: Status, view: RunView, width: int) -> tuple[Line, ...]:
    """A heading, then the steps in their order: agent, attempts, time spent, cost, state; what a driven one used."""
    room = width - _FIXED - _STATE - 1
    if room < _AGENT:
        room = width - _FIXED - _SHORT_STATE - 1
    room = 0 if room < _AGENT else room
    costs = {line.id: line.cost_micros for line in status.steps}
    head: Line = ((f"  {_row(_HEAD, room)}", "dim"),)
    asked = status.step.id if status.next_action.code == "verify" else ""
    lines = [
        (_step(one, costs.get(one.id, 0), view, room, one.id == asked), *_used(one, view, width)) for one in view.steps
    ]
    return (head, *(line for both in lines for line in both))


def _used(step: Step, view: RunView, width: int) -> tuple[Line, ...]:
    """Below a step at work: tokens and context of its driven agent, and what it does now."""
    attempt = next((one for one in reversed(view.attempts) if one.step == step.id and not one.ended_at), None)
    gauge = attempt.gauge if attempt else None
    line = gauge_line(gauge) if gauge else ()
    if gauge is None or not line:
        return ()
    doing: Line = ((f" · {visible(gauge.doing, 200)}", "dim"),) if gauge.doing else ()
    return (clip((("  ", ""), *line, *doing), width),)


def _step(step: Step, micros: int, view: RunView, room: int, waits_for_v: bool) -> Line:
    mark = NEEDS_YOU if waits_for_v else step_mark(step.kind, step.state)
    tries = f"{step.attempt_no}/{step.max_attempts}" if step.attempt_no else NOTHING
    agent = short_agent(step.assigned, room) if step.assigned and room else NOTHING
    cells = (step.kind, agent, tries, _time(step, view), _money(micros), "")
    state = _state(step, mark, waits_for_v)
    hour = f" {time_of_day(step.updated_at, False)}" if step.attempt_no and len(state) + 6 <= _STATE else ""
    tone: Tone = "" if step.attempt_no else "dim"
    return ((f"{mark} ", TONES[mark]), (_row(cells, room), tone), (state + hour, TONES[mark]))


def _state(step: Step, mark: Mark, waits_for_v: bool) -> str:
    if waits_for_v:
        return "waits for v"
    if mark == NEEDS_YOU:
        return "waits for you"
    if step.kind == "build" and step.state == "awaiting_verdict":
        return "delivered"
    return "stalled?" if step.state == "stalled" else step.state.replace("_", " ")


def _row(cells: tuple[str, ...], room: int) -> str:
    kind, agent, tries, time, cost, state = cells
    who = f"{fit(agent, room)} " if room else ""
    return f"{fit(kind, 10)} {who}{fit_right(tries, 3)} {fit_right(time, 4)} {fit_right(cost, 7)}  {state}"


def _money(micros: int) -> str:
    return money(micros) if micros else NOTHING


def _time(step: Step, view: RunView) -> str:
    spent = [
        seconds_between(one.started_at, one.ended_at or view.as_of) or 0.0
        for one in view.attempts
        if one.step == step.id and one.started_at
    ]
    return age(sum(spent)) if spent else NOTHING


class Steps(Pane):
    """Draws the steps."""

    TITLE, NUMBER = NAMES["steps"]

    def show_run(self, status: Status | None, view: RunView | None) -> None:
        """Draw the steps of another run, or of the same one as it is now."""
        self.show(lambda width: step_lines(status, view, width) if status and view else (), status, view)
