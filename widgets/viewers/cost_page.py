"""The cost of a run: against its caps, over time, by role and model, beside other runs, and entry by entry."""

from collections.abc import Callable, Iterator, Sequence

from factory.model.cost import CostEntry
from factory.model.status import Status
from factory.model.view import RunRow, RunView
from widgets.amounts import NOTHING, money, seconds_between, time_of_day
from widgets.cost import cost_lines
from widgets.goals import tag
from widgets.lines import Line, fit, fit_right
from widgets.names import agent_name
from widgets.plain import visible
from widgets.viewers.plot import Part, Point, curve, parts
from widgets.viewers.timeline import end_of

MOST_RUNS = 8
_WEAKEST = ("unpriced", "estimated", "declared", "computed", "reported")


def cost_page(status: Status, view: RunView, rows: Sequence[RunRow], width: int) -> tuple[Line, ...]:
    """All of it, the sums first."""
    lines = [*cost_lines(status, view, width)]
    for block in (
        _over_time(view, width),
        parts("By role", _by(view.costs, lambda one: one.role), width),
        parts("By model", _by(view.costs, _model), width),
        parts("By run", _runs(rows, view.run.id), width, tag(view.run.id)),
        tuple(_table(view, width)),
    ):
        lines.extend(((), *block) if block else ())
    return tuple(lines)


def _over_time(view: RunView, width: int) -> tuple[Line, ...]:
    points = spent_over_time(view)
    ends = (time_of_day(view.run.created_at), time_of_day(end_of(view)))
    drawn = curve(points, ends, min(width, 120))
    return ((("Over time", "strong"),), *drawn) if drawn else ()


def spent_over_time(view: RunView) -> tuple[Point, ...]:
    """What was spent at each moment, from the start of the run to now; nothing before the first entry."""
    ends = {attempt.id: attempt.ended_at for attempt in view.attempts}
    since = [
        (seconds_between(view.run.created_at, ends.get(entry.attempt, "") or entry.created_at), entry.micros)
        for entry in view.costs
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


def _by(costs: Sequence[CostEntry], name: Callable[[CostEntry], str]) -> list[Part]:
    found: dict[str, list[CostEntry]] = {}
    for entry in costs:
        found.setdefault(name(entry), []).append(entry)
    sums = [
        (each, sum(one.micros for one in entries), min((one.basis for one in entries), key=_WEAKEST.index))
        for each, entries in found.items()
    ]
    return sorted(sums, key=lambda part: -part[1])


def _model(entry: CostEntry) -> str:
    return entry.model or f"{agent_name(entry.agent)} (no model named)"


def _runs(rows: Sequence[RunRow], run: str) -> list[Part]:
    spent = sorted((row for row in rows if row.spent_micros or row.id == run), key=lambda row: -row.spent_micros)
    kept = [row for at, row in enumerate(spent) if at < MOST_RUNS or row.id == run]
    return [(tag(row.id), row.spent_micros, "unpriced" if row.unpriced else "reported") for row in kept]


def _table(view: RunView, width: int) -> Iterator[Line]:
    if not view.costs:
        return
    room = max(8, min(44, width - 62))
    heads = fit("AGENT", room), fit("ROLE", 9), fit("TRY", 9), fit("MODEL", 12)
    yield ((" ".join((*heads, fit_right("TOKENS", 8), fit_right("COST", 9), fit("BASIS", 9))), "dim"),)
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
        yield ((" ".join(cells), ""), (f" {amount} ", "strong"), (fit(entry.basis, 9), "dim"))
