"""The life of a run as bars over time: its steps, each attempt, and what waited for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from factory.model.view import RunView
from widgets.amounts import NOTHING, age, money, seconds_between, time_of_day
from widgets.lines import Line, Tone, fit, fit_right, spread
from widgets.live import live_line
from widgets.marks import NEEDS_YOU, TONES, WORKING, Mark, step_mark
from widgets.names import short_agent
from widgets.plain import visible

LABEL = 24
_ENDS: dict[str, tuple[Mark, Tone]] = {"succeeded": ("✓", "good"), "running": (WORKING, "accent")}
_FILL: dict[str, str] = {"step": "━", "attempt": "█", "wait": "░"}


@dataclass(frozen=True)
class Bar:
    """A stretch of time with a name. Times are UTC; an empty end means: it goes on."""

    kind: str
    """`step attempt wait`."""
    label: str
    start: str
    end: str
    mark: Mark
    tone: Tone
    note: str = ""


def timeline_lines(view: RunView, width: int) -> tuple[Line, ...]:
    """A scale, the bars below it in the order in which they began, and what the run waited for."""
    begin, now = view.run.created_at, end_of(view)
    whole = max(1.0, seconds_between(begin, now) or 0.0)
    room = max(10, width - LABEL - 9 - (30 if width >= 120 else 0))
    lines: list[Line] = [_scale(view, room)]
    for one in bars(view):
        lines.append(_bar(one, begin, now, whole, room, width))
    waits = sum(_lasts(one, now) for one in bars(view) if one.kind == "wait")
    works = sum(_lasts(one, now) for one in bars(view) if one.kind == "attempt")
    words = f"{age(whole)} in all · agents worked {age(works)} · waited for people {age(waits)}"
    return (*lines, (), ((words, "dim"),), *_happened(view))


def _happened(view: RunView) -> Iterator[Line]:
    """The last events of the run, newest first."""
    if view.events:
        yield from ((), (("What happened, newest first", "strong"),))
        yield from (live_line(event, names_goal=False) for event in reversed(view.events))


def end_of(view: RunView) -> str:
    """When the run ended; now while it goes on. UTC."""
    return view.run.updated_at if view.run.state in {"done", "cancelled", "failed"} else view.as_of


def bars(view: RunView) -> tuple[Bar, ...]:
    """Steps in their order, the attempts of each below it, then the gates that waited for a person."""
    return tuple(one for part in (_steps(view), _waits(view)) for one in part)


def _steps(view: RunView) -> Iterator[Bar]:
    for step in view.steps:
        tries = [one for one in view.attempts if one.step == step.id and one.started_at]
        mark = step_mark(step.kind, step.state)
        is_over = step.state in {"passed", "skipped", "split", "cancelled"}
        if tries:
            start, end = tries[0].started_at, step.updated_at if is_over else ""
        elif step.state == "pending":
            start, end = "", ""
        else:
            start, end = (step.updated_at, step.updated_at) if is_over else (step.updated_at, "")
        yield Bar("step", step.kind, start, end, mark, TONES[mark], step.state.replace("_", " "))
        for one in tries:
            at, tone = _ENDS.get(one.state, ("✕", "bad"))
            cost = sum(entry.micros for entry in view.costs if entry.attempt == one.id)
            reason = one.end_reason or one.state
            note = f"{reason.replace('_', ' ')}{' ' + money(cost) if cost else ''}"
            yield Bar("attempt", f"  {one.n} {one.agent}", one.started_at, one.ended_at, at, tone, note)


def _waits(view: RunView) -> Iterator[Bar]:
    for gate in view.gates:
        decided = next((one for one in view.approvals if one.gate == gate.id), None)
        is_open = gate.state == "open"
        end = decided.created_at if decided else "" if is_open else gate.updated_at
        note = f"{decided.decision}d by {decided.actor}" if decided else gate.state
        yield Bar("wait", f"{gate.kind} gate", gate.created_at, end, NEEDS_YOU if is_open else "✓",
                  "warn" if is_open else "dim", note)  # fmt: skip
    for blocker in view.blockers:
        if blocker.severity == "block":
            end = "" if blocker.is_open else blocker.updated_at
            yield Bar("wait", f"! {blocker.code}", blocker.opened_at, end, "!", "bad", "blocked")


def short_label(label: str, room: int) -> str:
    """The name of a bar; of an agent the end stays, where two of a kind differ."""
    number, _, agent = label.strip().partition(" ")
    if label.startswith("  ") and agent:
        return f"  {number} {short_agent(agent, room - len(number) - 3)}"
    return visible(label, 60)


def _scale(view: RunView, room: int) -> Line:
    ends = spread(((time_of_day(view.run.created_at), "dim"),), ((time_of_day(end_of(view)), "dim"),), room)
    return ((fit("", LABEL), ""), *ends)


def _lasts(one: Bar, now: str) -> float:
    return max(0.0, seconds_between(one.start, one.end or now) or 0.0) if one.start else 0.0


def _bar(one: Bar, begin: str, now: str, whole: float, room: int, width: int) -> Line:
    name: Line = ((f"{one.mark} ", one.tone), (fit(short_label(one.label, LABEL - 3), LABEL - 3), ""), (" ", ""))
    if not one.start:
        return (*name, ("·" * room, "rule"), (fit_right(NOTHING, 8), "dim"))
    left = int(room * max(0.0, seconds_between(begin, one.start) or 0.0) / whole)
    left = min(left, room - 1)
    size = max(1, min(room - left, round(room * _lasts(one, now) / whole)))
    tail = "" if one.end else ">"
    fill = _FILL[one.kind] * (size - len(tail)) + tail
    note = f"  {fit(visible(one.note, 80), 26)}" if width >= 120 else ""
    return (
        *name, ("·" * left, "rule"), (fill, one.tone), ("·" * (room - left - size), "rule"),
        (fit_right(age(_lasts(one, now)), 8), ""), (note, "dim"),
    )  # fmt: skip
