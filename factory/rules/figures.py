"""Metrics as named figures in words: the one text that the command line, the screen and the knowledge page show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from factory.rules.canaries import CanaryRates
from factory.rules.flags import Flag
from factory.rules.intervals import Rate
from factory.rules.metrics import RunMetrics
from factory.rules.money import usd
from factory.rules.shares import Shares
from factory.rules.summary import Report, Summary
from factory.rules.trial import Trial
from factory.rules.wording import worded, worded_middle

NO_RUNS = "No run yet: there is nothing to measure. Start one: cockpit start 'GOAL' --repo DIR"

TITLE = "Metrics of all runs"


@dataclass(frozen=True)
class Figure:
    """One number in words."""

    name: str
    words: str
    share: Rate | None = None
    """What the words say, where it is a share: for a bar with its interval."""


@dataclass(frozen=True)
class Course:
    """A share over time: of each period its first day, and what it was."""

    name: str
    days: int
    """Of a period."""
    points: tuple[tuple[str, Rate], ...]


@dataclass(frozen=True)
class Chapter:
    """Figures that belong together."""

    title: str
    figures: tuple[Figure, ...]


def chapters(found: Summary) -> tuple[Chapter, ...]:
    """The figures of many runs."""
    return (
        Chapter(f"{_many(found.runs, 'run')}, {found.reached_qa} reached QA", _rates(found)),
        Chapter("Medians", _medians(found)),
        Chapter("Sums", _sums(found)),
        *(_canaries(one) for one in found.canaries),
        *_arms(found.trial),
    )


def courses(found: Summary) -> tuple[Course, ...]:
    """The shares that are worth following, over time; none when all runs began in one period."""
    periods = found.over_time
    named: tuple[tuple[str, Callable[[Shares], Rate]], ...] = (
        ("First-pass yield", lambda shares: shares.first_pass_yield),
        ("Late rework", lambda shares: shares.late_rework_rate),
        ("Catch rate", lambda shares: shares.catch_rate),
        ("False pass", lambda shares: shares.false_pass),
    )
    return tuple(
        Course(name, periods[0].days, tuple((one.start, of(one.shares)) for one in periods))
        for name, of in named
        if periods
    )


def run_chapters(found: RunMetrics) -> tuple[Chapter, ...]:
    """The figures of one run."""
    counts = found.counts
    loop = (
        Figure("Thread", f"{found.thread or 'none'}  {found.end_state}".strip()),
        Figure("Rounds", str(found.rounds)),
        Figure("Attempts", str(found.attempts)),
        Figure("Retries", counted(found.retries)),
        Figure("Early rework", f"{_many(found.early_rework, 'attempt')} after the verifier asked for changes"),
        Figure("Late rework", str(found.late_rework)),
        Figure("Passes", f"{counts.passes}, of which {counts.escaped} escaped"),
        Figure("Change requests", f"{counts.requests}, {counts.caught} needed, {counts.overturned} overturned"),
        Figure("Evidence score", str(found.score)),
    )
    used = "no cap" if found.cap_used_percent is None else f"{found.cap_used_percent} % of {usd(found.cap_micros)}"
    spent = (
        Figure("Cost", _money(found.cost_by_role, found.unpriced)),
        Figure("Cap used", used),
        Figure("Time-outs", counted(found.timeouts)),
        Figure("Stalled", f"{found.stalled_minutes:g} min"),
        Figure("Lead time", "still running" if found.lead_time_s is None else duration(found.lead_time_s)),
    )
    return (Chapter(f"{found.run}  {found.state}", loop), Chapter("Time and money", spent))


def counted(counts: Mapping[str, int]) -> str:
    """`wall 2, idle 1`, the most first; `none`."""
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count}" for name, count in most) or "none"


def duration(seconds: float) -> str:
    """`42 s`, `12 min`, `3 h 20 min`, `2 d 4 h`."""
    whole = round(seconds)
    for size, unit, less, smaller in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min")):
        if whole >= size:
            rest = whole % size // less
            return f"{whole // size} {unit} {rest} {smaller}" if rest else f"{whole // size} {unit}"
    return f"{whole // 60} min" if whole >= 60 else f"{whole} s"


def _rates(found: Summary) -> tuple[Figure, ...]:
    named = (
        ("First-pass yield", found.first_pass_yield),
        ("Late rework", found.late_rework_rate),
        ("Catch rate", found.catch_rate),
        ("False pass", found.false_pass),
        ("False fail", found.false_fail),
        ("Passes adjudicated", found.adjudication_coverage),
        ("Requests adjudicated", found.request_coverage),
    )
    return tuple(Figure(name, worded(share), share) for name, share in named)


def _medians(found: Summary) -> tuple[Figure, ...]:
    return (
        Figure("Lead time", worded_middle(found.lead_time_s, duration)),
        Figure("Cost", worded_middle(found.cost_micros, lambda micros: usd(round(micros)))),
        Figure("Rounds", worded_middle(found.rounds, _plain)),
        Figure("Stalled", worded_middle(found.stalled_minutes, lambda minutes: f"{minutes:g} min")),
        Figure("Evidence score", worded_middle(found.score, _plain)),
    )


def _sums(found: Summary) -> tuple[Figure, ...]:
    return (
        Figure("Cost per catch", _per_catch(found)),
        Figure("Cost", _money(found.cost_by_role, found.unpriced)),
        Figure("Early rework", _many(found.early_rework, "attempt")),
        Figure("Late rework", f"{found.late_rework}"),
        Figure("Retries", counted(found.retries)),
        Figure("Time-outs", counted(found.timeouts)),
    )


def _per_catch(found: Summary) -> str:
    if found.cost_per_catch_micros is None:
        return f"nothing caught (n = {found.caught}), verifiers cost {usd(found.verifier_cost_micros)}"
    least = "at least " if found.verifier_unpriced else ""
    return f"{least}{usd(found.cost_per_catch_micros)} (n = {found.caught})"


def _money(by_role: Mapping[str, int], unpriced: int) -> str:
    parts = ", ".join(f"{role} {usd(micros)}" for role, micros in sorted(by_role.items()))
    total = usd(sum(by_role.values()))
    unknown = f", and {unpriced} of unknown cost" if unpriced else ""
    return f"{total} ({parts}){unknown}" if parts else f"{total}{unknown}"


def _canaries(found: CanaryRates) -> Chapter:
    named = (("Canaries caught", found.caught), ("False pass", found.false_pass), ("False fail", found.false_fail))
    unknown = f", and {found.unpriced} of unknown cost" if found.unpriced else ""
    figures = [Figure(name, worded(share), share) for name, share in named]
    cost = Figure("Cost", f"{usd(found.cost_micros)}{unknown} (n = {found.n + found.repeated})")
    again = Figure("Shown again", f"{_many(found.repeated, 'time')}: of each patch the last word counts")
    return Chapter(f"Canaries: {found.verifier}", (*figures, cost, *([again] if found.repeated else [])))


def _arms(found: Trial) -> tuple[Chapter, ...]:
    """Also while no run was ever given an arm: then the figures show no cause, which is worth saying."""
    return (Chapter("Comparison arms", (Figure("Late rework", found.sentence),)),)


def every_flag(found: Report, shown: Sequence[RunMetrics]) -> tuple[Flag, ...]:
    """The flags over several runs, then those of each run that is shown, with its id in front."""
    single = (replace(flag, message=f"{one.run}: {flag.message}") for one in shown for flag in one.flags)
    return (*found.summary.flags, *single)


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _plain(value: float) -> str:
    return f"{value:g}"


def table_rows(runs: Sequence[RunMetrics], goals: Mapping[str, str]) -> list[dict[str, str]]:
    """One row a run for tables of text, in the order of the runs."""
    return [
        {
            "run": one.run,
            "state": one.state,
            "rounds": str(one.rounds),
            "attempts": str(one.attempts),
            "rework": f"{one.early_rework}+{one.late_rework}",
            "cost": usd(sum(one.cost_by_role.values())) + ("+?" if one.unpriced else ""),
            "lead": "-" if one.lead_time_s is None else duration(one.lead_time_s),
            "score": str(one.score),
            "flags": " ".join(dict.fromkeys(flag.code for flag in one.flags)) or "-",
            "goal": goals.get(one.run, ""),
        }
        for one in runs
    ]
