"""What the coder-verifier loop achieved and cost, for one run and over many (domain §9)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from factory.model.audit import Event
from factory.model.run import Run
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.backoff import seconds_between
from factory.rules.flags import Flag, agent_flags, flags_of
from factory.rules.intervals import Middle, Rate, middle, rate

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


@dataclass(frozen=True)
class Summary:
    """Many runs together. Rates have counts only under five cases."""

    runs: int
    reached_qa: int
    first_pass_yield: Rate
    late_rework_rate: Rate
    """Only runs whose 14 days are over."""
    catch_rate: Rate
    false_pass: Rate
    adjudication_coverage: Rate
    """Passes that somebody decided about, of all passes."""
    cost_per_catch_micros: int | None
    """None when nothing was caught."""
    lead_time_s: Middle
    cost_micros: Middle
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
        cost_by_role=_cost_by_role(view),
        unpriced=sum(entry.basis == "unpriced" for entry in view.costs),
        cap_micros=limit,
        cap_used_percent=100 * cost // limit if limit else None,
        timeouts={"wall": late} if (late := sum(one.state == "timed_out" for one in view.attempts)) else {},
        stalled_minutes=round(_stalled_s(view.events if events is None else events) / 60, 1),
        lead_time_s=_lead_time_s(view),
        score=view.packages[-1].score if view.packages else 0,
        flags=flags_of(view),
    )


def summary(views: Sequence[RunView], now: str) -> Summary:
    """All runs together; `views` are oldest first."""
    runs = [view.run for view in views]
    at_qa = [view for view in views if _reached_qa(view)]
    closed = [view for view in at_qa if seconds_between(view.run.created_at, now) > WINDOW_S]
    passes = [view for view in views if _passed(view)]
    adjudicated = [view for view in passes if view.approvals]
    escaped = sum(late_rework(view, runs) > 0 for view in adjudicated)
    caught = sum(is_catch(view) for view in views)
    verifier_cost = sum(_cost_by_role(view).get("verifier", 0) for view in views)
    ended = [seconds for view in views if (seconds := _lead_time_s(view)) is not None]
    return Summary(
        runs=len(views),
        reached_qa=len(at_qa),
        first_pass_yield=rate(sum(_first_pass(view) for view in at_qa), len(at_qa)),
        late_rework_rate=rate(sum(late_rework(view, runs) > 0 for view in closed), len(closed)),
        catch_rate=rate(caught, caught + escaped),
        false_pass=rate(escaped, len(adjudicated)),
        adjudication_coverage=rate(len(adjudicated), len(passes)),
        cost_per_catch_micros=verifier_cost // caught if caught else None,
        lead_time_s=middle(ended),
        cost_micros=middle([float(sum(entry.micros for entry in view.costs)) for view in views]),
        flags=agent_flags(views),
    )


def late_rework(view: RunView, later: Sequence[Run] = ()) -> int:
    """QA rejections of a run, and runs that supersede it within 14 days of its start."""
    rejections = sum(one.decision == "reject" for one in view.approvals)
    again = [run for run in later if run.supersedes == view.run.id]
    return rejections + sum(seconds_between(view.run.created_at, run.created_at) <= WINDOW_S for run in again)


def is_catch(view: RunView) -> bool:
    """Whether verification caught something: a command that failed on delivered work and passes on the result."""
    ran = [item for item in view.evidence if item.command and item.outcome and not item.baseline]
    failed = {_check(item.claims, item.source) for item in ran if item.outcome == "failed"}
    on_result = [item for item in ran if item.subject == view.run.result_commit and item.outcome == "passed"]
    return any(_check(item.claims, item.source) in failed for item in on_result)


def _check(claims: tuple[str, ...], source: str) -> tuple[tuple[str, ...], str]:
    return claims, source


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


def _cost_by_role(view: RunView) -> dict[str, int]:
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


def _lead_time_s(view: RunView) -> float | None:
    run = view.run
    if run.state not in _CLOSED or not (run.created_at and run.updated_at):
        return None
    return seconds_between(run.created_at, run.updated_at)


def _reached_qa(view: RunView) -> bool:
    return any(gate.kind == "qa" and (gate.state != "closed") for gate in view.gates)


def _passed(view: RunView) -> bool:
    return any(verdict.word == "pass" for thread in view.threads for verdict in thread.verdicts)


def _first_pass(view: RunView) -> bool:
    builds = sum(attempt.role == "coder" for attempt in view.attempts)
    decisions = [approval.decision for approval in view.approvals]
    return builds == 1 and decisions == ["approve"]
