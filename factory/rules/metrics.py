"""What the coder-verifier loop achieved and cost in one run (domain §9); `summary` has many together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from factory.model.audit import Event
from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.backoff import seconds_between
from factory.rules.flags import Flag, flags_of

WINDOW_S = 14 * 24 * 3600.0
"""A run that supersedes another this soon counts as late rework of it."""
_CLOSED = ("done", "cancelled", "failed")


@dataclass(frozen=True)
class RunMetrics:
    """The P2P report of one run. Money in micro-USD."""

    run: str
    thread: str
    state: str
    end_state: str
    """How the newest thread ended; its state while it has not."""
    rounds: int
    attempts: int
    retries: Mapping[str, int]
    """Attempts after the first of their step, by why the one before was not enough."""
    early_rework: int
    """Coder attempts after the verifier asked for changes."""
    late_rework: int
    """QA rejections, and runs that superseded this one within 14 days."""
    cost_by_role: Mapping[str, int]
    unpriced: int
    """Entries whose cost nobody knows."""
    cap_micros: int
    cap_used_percent: int | None
    """Of the run's cap; None without one."""
    timeouts: Mapping[str, int]
    """By clock."""
    stalled_minutes: float
    lead_time_s: float | None
    """From start to end; None while it runs."""
    score: int
    flags: tuple[Flag, ...]


def run_metrics(view: RunView, later: Sequence[Run] = (), events: Sequence[Event] | None = None) -> RunMetrics:
    """The report of one run.

    Args:
        later: Other runs; those that supersede this one count.
        events: All events of the run, oldest first; None takes those that the view has.
    """
    run, budget = view.run, view.budget("run")
    thread = view.thread if view.threads else None
    cost = sum(entry.micros for entry in view.costs)
    limit = budget.limit_micros if budget else 0
    return RunMetrics(
        run=run.id,
        thread=thread.id if thread else "",
        state=run.state,
        end_state=(thread.end_state or thread.state) if thread else "",
        rounds=sum(one.round for one in view.threads),
        attempts=len(view.attempts),
        retries=_retries(view),
        early_rework=_early_rework(view),
        late_rework=late_rework(view, later),
        cost_by_role=cost_by_role(view),
        unpriced=sum(entry.basis == "unpriced" for entry in view.costs),
        cap_micros=limit,
        cap_used_percent=100 * cost // limit if limit else None,
        timeouts={"wall": late} if (late := sum(one.state == "timed_out" for one in view.attempts)) else {},
        stalled_minutes=round(_stalled_s(view.events if events is None else events) / 60, 1),
        lead_time_s=lead_time_s(view),
        score=view.packages[-1].score if view.packages else 0,
        flags=flags_of(view),
    )


def late_rework(view: RunView, later: Sequence[Run] = ()) -> int:
    """QA rejections of a run, and runs that supersede it within 14 days of its start."""
    rejections = sum(one.decision == "reject" for one in view.approvals)
    again = [run for run in later if run.supersedes == view.run.id]
    return rejections + sum(seconds_between(view.run.created_at, run.created_at) <= WINDOW_S for run in again)


def _retries(view: RunView) -> dict[str, int]:
    pairs = [pair for attempts in _by_step(view).values() for pair in pairwise(attempts)]
    return dict(Counter("rework" if one.state == "succeeded" else one.end_reason or one.state for one, _ in pairs))


def _early_rework(view: RunView) -> int:
    coder = [[one for one in attempts if one.role == "coder"] for attempts in _by_step(view).values()]
    return sum(one.state == "succeeded" for attempts in coder for one in attempts[:-1])


def _by_step(view: RunView) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in view.attempts:
        found.setdefault(attempt.step, []).append(attempt)
    return found


def cost_by_role(view: RunView) -> dict[str, int]:
    """Micro-USD by role of the agent."""
    found: Counter[str] = Counter()
    for entry in view.costs:
        found[entry.role] += entry.micros
    return dict(found)


def _stalled_s(events: Sequence[Event]) -> float:
    """Seconds that steps spent stalled, from the event that began it to the step's next one."""
    since: dict[str, str] = {}
    total = 0.0
    for event in events:
        if event.object in since:
            total += seconds_between(since.pop(event.object), event.at)
        if event.action == "step.stall":
            since[event.object] = event.at
    return total


def lead_time_s(view: RunView) -> float | None:
    """Seconds from start to end; None while the run goes on."""
    run = view.run
    if run.state not in _CLOSED or not (run.created_at and run.updated_at):
        return None
    return seconds_between(run.created_at, run.updated_at)
