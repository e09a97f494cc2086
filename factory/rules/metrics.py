"""What the coder-verifier loop achieved and cost in one run (domain §9); `summary` has many together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from factory.model.audit import Event
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.adjudication import Tally, decisions, tally
from factory.rules.agent_flags import Said, agent_flags, said_of
from factory.rules.backoff import later, seconds_between
from factory.rules.false_passes import false_pass_flags
from factory.rules.flags import Flag, timeout_flags
from factory.rules.rounds import Round, rounds_of
from factory.rules.timeouts import Try, by_clock, stalled_s, tries_of

WINDOW_S = 14 * 24 * 3600.0
"""A run that supersedes another this soon after its end counts as late rework of it."""
GIVEN_UP = ("cancelled", "failed")
"""How a run ends that replaced nothing."""


@dataclass(frozen=True)
class RunMetrics:
    """The P2P report of one run. Money in micro-USD."""

    run: str
    thread: str
    """The newest; empty where there is none."""
    state: str
    end_state: str
    """How the newest thread ended; its state while it has not."""
    rounds: int
    """Verifications that were asked for."""
    attempts: int
    retries: Mapping[str, int]
    """Attempts after one of the same step that did not succeed, by why it did not."""
    early_rework: int
    """Coder attempts after the verifier asked for changes."""
    late_rework: int
    """QA rejections, and runs that superseded this one within 14 days of its end."""
    cost_by_role: Mapping[str, int]
    unpriced: int
    """Entries whose cost nobody knows."""
    cap_micros: int
    cap_used_percent: int | None
    """Of the run's cap; None without one."""
    timeouts: Mapping[str, int]
    """On how many attempts each clock ran out."""
    stalled_minutes: float
    lead_time_s: float | None
    """From start to end; None while it runs."""
    score: int
    """Of the newest evidence package."""
    counts: Tally
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Measured:
    """A run as far as other runs cannot change it; small enough to hold for every run there is."""

    metrics: RunMetrics
    """Late rework holds the rejections alone."""
    goal: str
    mission: str
    """Its task in mission control; empty without one."""
    born: str
    ended_at: str
    """UTC; empty while it goes on."""
    supersedes: str
    tries: tuple[Try, ...]
    said: tuple[Said, ...]

    @property
    def cost_micros(self) -> int:
        """Of all roles."""
        return sum(self.metrics.cost_by_role.values())


def measured(view: RunView, events: Sequence[Event]) -> Measured:
    """What one run shows by itself.

    Args:
        events: Of the run, oldest first; those with one of `timeouts.ACTIONS` suffice.
    """
    rounds, tries = rounds_of(view), tries_of(view.attempts, events)
    end = ended_at(view)
    found = _metrics(view, rounds, tries, tally(view, rounds), stalled_s(events, end or view.as_of), end)
    run = view.run
    said = said_of(view, rounds)
    return Measured(found, run.goal, run.mc_ref, run.created_at, end, run.supersedes, tries, said)


def run_metrics(found: Measured, later_runs: Sequence[Run] = ()) -> RunMetrics:
    """The report of one run alone: of flags about agents it has those that this run shows by itself.

    Args:
        later_runs: Runs; those that supersede this one count.
    """
    times = sum(
        superseded_in_time(found, one.supersedes, one.created_at) for one in later_runs if one.state not in GIVEN_UP
    )
    own = with_rework(found, times).metrics
    return replace(own, flags=(*own.flags, *agent_flags(found.tries, found.said)))


def with_rework(found: Measured, times: int) -> Measured:
    """The run as it stands when so many runs superseded it in time: then the pass that QA approved has escaped."""
    if not times:
        return found
    counts = replace(found.metrics.counts, escaped=found.metrics.counts.escaped + found.metrics.counts.approved)
    return replace(found, metrics=replace(found.metrics, late_rework=found.metrics.late_rework + times, counts=counts))


def superseded_in_time(found: Measured, supersedes: str, created_at: str) -> bool:
    """Whether a run that was made then is late rework of this one."""
    if supersedes != found.metrics.run:
        return False
    return not found.ended_at or created_at <= later(found.ended_at, WINDOW_S)


def ended_at(view: RunView) -> str:
    """When a run ended (UTC): with its closing package, or when it was given up; empty while it goes on."""
    if not is_over(view.run):
        return ""
    closing = [one.created_at for one in view.packages if one.phase == "final" and one.created_at]
    return closing[-1] if closing else view.run.updated_at


def cost_by_role(view: RunView) -> dict[str, int]:
    """Micro-USD by role of the agent."""
    found: Counter[str] = Counter()
    for entry in view.costs:
        found[entry.role] += entry.micros
    return dict(found)


def _metrics(
    view: RunView, rounds: Sequence[Round], tries: Sequence[Try], counts: Tally, stalled: float, end: str
) -> RunMetrics:
    run, budget = view.run, view.budget("run")
    thread = view.thread if view.threads else None
    limit = budget.limit_micros if budget else 0
    return RunMetrics(
        run=run.id,
        thread=thread.id if thread else "",
        state=run.state,
        end_state=(thread.end_state or thread.state) if thread else "",
        rounds=sum(one.round for one in view.threads),
        attempts=len(view.attempts),
        retries=_retries(view),
        early_rework=_early_rework(view, rounds),
        late_rework=sum(one.decision == "reject" for one in decisions(view)),
        cost_by_role=cost_by_role(view),
        unpriced=sum(entry.basis == "unpriced" for entry in view.costs),
        cap_micros=limit,
        cap_used_percent=100 * sum(entry.micros for entry in view.costs) // limit if limit else None,
        timeouts=by_clock(tries),
        stalled_minutes=round(stalled / 60, 1),
        lead_time_s=seconds_between(run.created_at, end) if run.created_at and end else None,
        score=view.packages[-1].score if view.packages else 0,
        counts=counts,
        flags=(*timeout_flags(view, rounds, tries), *false_pass_flags(view, rounds)),
    )


def _retries(view: RunView) -> dict[str, int]:
    pairs = [pair for attempts in _by_step(view).values() for pair in pairwise(attempts)]
    return dict(Counter(one.end_reason or one.state for one, _ in pairs if one.state != "succeeded"))


def _early_rework(view: RunView, rounds: Sequence[Round]) -> int:
    """Coder attempts of a build step that began once the verifier had asked for changes in its thread."""
    asked: dict[str, str] = {}
    builds = {thread.id: thread.step for thread in view.threads}
    for one in rounds:
        if one.wants_changes and one.at:
            asked.setdefault(builds[one.thread], one.at)
    coder = [one for one in view.attempts if one.role == "coder" and one.step in asked]
    return sum((one.started_at or one.created_at) >= asked[one.step] for one in coder)


def _by_step(view: RunView) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in view.attempts:
        found.setdefault(attempt.step, []).append(attempt)
    return found
