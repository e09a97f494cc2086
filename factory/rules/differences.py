"""What differs between two moments of one run: every old value beside the new one. Values are words for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from factory.model.blocker import Blocker
from factory.model.evidence import Claim
from factory.model.step import Attempt
from factory.model.thread import Thread
from factory.model.view import RunView
from factory.rules.lines import cost_status
from factory.rules.money import format_usd, usd
from factory.rules.status import quality_now

NONE = ""
"""It was not there."""
SECTIONS = ("run", "steps", "attempts", "thread", "gates", "claims", "evidence", "cost", "blockers")


@dataclass(frozen=True)
class Still:
    """A run as it stood at one of its moments."""

    number: int
    """1 for the first event."""
    at: str
    """UTC."""
    view: RunView


@dataclass(frozen=True)
class Difference:
    """One value that is another one."""

    section: str
    """One of `SECTIONS`."""
    name: str
    before: str
    """Empty: there was none."""
    after: str
    """Empty: there is none."""


def differences(before: RunView, after: RunView) -> tuple[Difference, ...]:
    """What differs, in the order of the sections; within one, in the order of the run.

    Args:
        before: The run at one moment.
        after: The same run at another one.
    """
    old, new = _facts(before), _facts(after)
    return tuple(
        Difference(section, name, old[section].get(name, NONE), new[section].get(name, NONE))
        for section in SECTIONS
        for name in {**old[section], **new[section]}
        if old[section].get(name, NONE) != new[section].get(name, NONE)
    )


def _facts(view: RunView) -> Mapping[str, Mapping[str, str]]:
    """Every value that is compared, by section and name."""
    kinds = {step.id: step.kind for step in view.steps}
    return {
        "run": {"state": view.run.state, "because": view.run.state_reason, "result": view.run.result_commit[:7]},
        "steps": {step.kind: _step(step.state, step.attempt_no) for step in view.steps},  # a reopened one is the newest
        "attempts": {_tried(one, kinds): _attempt(one) for one in view.attempts},
        "thread": dict(_threads(view)),
        "gates": {gate.kind: gate.state for gate in view.gates},
        "claims": {claim.id: f"{claim.status}, score {claim.score}" for claim in _claims(view)},
        "evidence": _numbered(
            (item.title or item.path, _polarity(item.polarity, item.claims)) for item in view.evidence
        ),
        "cost": _cost(view),
        "blockers": _numbered((blocker.code, _blocker(blocker)) for blocker in view.blockers),
    }


def _numbered(named: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Values by their names; the second one of a name is called `name 2`."""
    found: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name, value in named:
        counts[name] += 1
        found[name if counts[name] == 1 else f"{name} {counts[name]}"] = value
    return found


def _blocker(blocker: Blocker) -> str:
    return blocker.message if blocker.is_open else f"resolved: {blocker.resolution or 'no reason named'}"


def _claims(view: RunView) -> tuple[Claim, ...]:
    return quality_now(view, view.as_of).claims


def _step(state: str, tries: int) -> str:
    return f"{state}, try {tries}" if tries else state


def _tried(attempt: Attempt, kinds: Mapping[str, str]) -> str:
    return f"{kinds.get(attempt.step, attempt.role)} {attempt.n}"


def _attempt(attempt: Attempt) -> str:
    reason = attempt.end_reason if attempt.end_reason != "exit" else ""
    return ", ".join(part for part in (attempt.state, reason, attempt.commit[:7]) if part)


def _threads(view: RunView) -> Iterator[tuple[str, str]]:
    for number, thread in enumerate(view.threads, 1):
        which = f" {number}" if number > 1 else ""
        yield f"state{which}", _thread(thread)
        for round_, verdict in enumerate(thread.verdicts, 1):
            yield f"verdict{which} of round {round_}", verdict.word
    if view.messages:
        yield "messages", str(len(view.messages))


def _thread(thread: Thread) -> str:
    return f"{thread.state}, round {thread.round}" if thread.round else thread.state


def _polarity(polarity: str, claims: tuple[str, ...]) -> str:
    return f"{polarity} {', '.join(claims)}" if claims and polarity != "neutral" else polarity


def _cost(view: RunView) -> Mapping[str, str]:
    cost = cost_status(view)
    spent = {"spent": format_usd(cost.micros, cost.basis)} if cost.basis != "none" else {}
    flying = {"in flight": usd(cost.in_flight)} if cost.in_flight else {}
    caps = {f"cap of the {budget.scope}": usd(budget.limit_micros) for budget in view.budgets}
    return {**spent, **flying, **caps}
