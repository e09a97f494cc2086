"""The cost of a run: against its caps, over time, by role and model, beside other runs, and entry by entry."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from factory.model.cost import CostEntry
from factory.model.status import Status
from factory.model.view import RunRow, RunView
from widgets.amounts import BASES, NOTHING, money, seconds_between, time_of_day
from widgets.caps import cap_table
from widgets.cost import cost_lines
from widgets.goal_line import tag
from widgets.lines import Line, fit, fit_right
from widgets.names import agent_name
from widgets.plain import visible
from widgets.viewers.beside import Block, beside
from widgets.viewers.plot import HEIGHT, TALL, Part, Point, curve, parts
from widgets.viewers.timeline import end_of

MOST_RUNS = 8
_SUMS = 100
"""Cells beyond which sums are hard to read across."""
_TALL = 150
"""From this width on there is height, too."""
_CURVE_LEAST = 56
_PARTS_LEAST = 50
_WEAKEST = ("unpriced", "estimated", "declared", "computed", "reported")


def cost_page(status: Status, view: RunView, rows: Sequence[RunRow], width: int) -> tuple[Line, ...]:
    """All of it: sums, every cap, curves over time, parts by role, model and goal, then entry by entry."""
    lines = [*cost_lines(status, view, min(width, _SUMS)), (), *cap_table(status.caps, width)]
    height = HEIGHT if width < _TALL else TALL
    curves = [partial(_curve, view, name, costs, height) for name, costs in _curves(view)]
    for row in (
        beside(curves, width, _CURVE_LEAST),
        beside(_parts(view, rows), width, _PARTS_LEAST),
        tuple(_table(view, width)),
    ):
        lines.extend(((), *row) if row else ())
    return tuple(lines)


def _curves(view: RunView) -> list[tuple[str, Sequence[CostEntry]]]:
    """What is drawn over time: all of it, each role, and each model where there are several."""
    found: list[tuple[str, Sequence[CostEntry]]] = [("Over time", view.costs)] if view.costs else []
    for word, name in (("", _role), ("model ", _model)):
        groups = _grouped(view.costs, name)
        if len(groups) > 1:
            found += [(f"Over time, {word}{visible(each, 40)}", entries) for each, entries in groups.items()]
    return found


def _curve(view: RunView, name: str, costs: Sequence[CostEntry], height: int, width: int) -> tuple[Line, ...]:
    points = spent_over_time(view, costs)
    ends = (time_of_day(view.run.created_at, False), time_of_day(end_of(view), False))
    top = sum(entry.micros for entry in view.costs)
    return (((name, "strong"),), *curve(points, ends, min(width, 120), top, height))


def _parts(view: RunView, rows: Sequence[RunRow]) -> list[Block]:
    blocks = [
        ("By role", _by(view.costs, _role), ""),
        ("By model", _by(view.costs, _model), ""),
        ("By goal", _runs(rows, view.run.id), _named(view.run.id, view.run.goal)),
    ]
    return [partial(_part, title, values, here) for title, values, here in blocks if values]


def _part(title: str, values: Sequence[Part], here: str, width: int) -> tuple[Line, ...]:
    return parts(title, values, width, here)


def spent_over_time(view: RunView, costs: Sequence[CostEntry] | None = None) -> tuple[Point, ...]:
    """What was spent at each moment, from the start of the run to now; nothing before the first entry.

    Args:
        costs: Only these entries of the run; all of them when there are none given.
    """
    ends = {attempt.id: attempt.ended_at for attempt in view.attempts}
    since = [
        (seconds_between(view.run.created_at, ends.get(entry.attempt, "") or entry.created_at), entry.micros)
        for entry in (view.costs if costs is None else costs)
    ]
    known = sorted((max(0.0, at), micros) for at, micros in since if at is not None)
    if not known:
        return ()
    points: list[Point] = [(0.0, 0)]
    for at, micros in known:
        points.append((at, points[-1][1] + micros))
    now = seconds_between(view.run.created_at, end_of(view))
    last, spent = points[-1]
    return (*points, (max(last, now or 0.0), spent))


def _grouped(costs: Sequence[CostEntry], name: Callable[[CostEntry], str]) -> dict[str, list[CostEntry]]:
    found: dict[str, list[CostEntry]] = {}
    for entry in costs:
        found.setdefault(name(entry), []).append(entry)
    return found


def _by(costs: Sequence[CostEntry], name: Callable[[CostEntry], str]) -> list[Part]:
    sums = [
        (each, sum(one.micros for one in entries), min((one.basis for one in entries), key=_WEAKEST.index))
        for each, entries in _grouped(costs, name).items()
    ]
    return sorted(sums, key=lambda part: -part[1])


def _role(entry: CostEntry) -> str:
    return entry.role


def _model(entry: CostEntry) -> str:
    return entry.model or f"{agent_name(entry.agent)} (no model named)"


def _runs(rows: Sequence[RunRow], run: str) -> list[Part]:
    spent = sorted((row for row in rows if row.spent_micros or row.id == run), key=lambda row: -row.spent_micros)
    kept = [row for at, row in enumerate(spent) if at < MOST_RUNS or row.id == run]
    return [(_named(row.id, row.goal), row.spent_micros, "unpriced" if row.unpriced else "reported") for row in kept]


def _named(run: str, goal: str) -> str:
    return f"{tag(run)} {visible(goal, 60)}"


def _table(view: RunView, width: int) -> Iterator[Line]:
    if not view.costs:
        return
    room = max(8, min(44, width - 64))
    heads = fit("AGENT", room), fit("ROLE", 9), fit("TRY", 9), fit("MODEL", 12)
    yield ((" ".join((*heads, fit_right("TOKENS", 8), fit_right("COST", 9), fit("HOW KNOWN", 11))), "dim"),)
    tries = {attempt.id: attempt for attempt in view.attempts}
    kinds = {step.id: step.kind for step in view.steps}
    for entry in view.costs:
        attempt = tries.get(entry.attempt)
        which = f"{kinds.get(entry.step, '')} {attempt.n if attempt else ''}"
        tokens = entry.tokens.input + entry.tokens.output
        cells = (
            fit(agent_name(entry.agent), room), fit(visible(entry.role, 9), 9), fit(which.strip(), 9),
            fit(visible(entry.model, 40) or NOTHING, 12), fit_right(f"{tokens:,}" if tokens else NOTHING, 8),
        )  # fmt: skip
        amount = fit_right(money(entry.micros, entry.basis), 9)
        yield ((" ".join(cells), ""), (f" {amount} ", "strong"), (fit(BASES.get(entry.basis, entry.basis), 11), "dim"))
