"""The line of the list for a recorded run: what `row_line` needs, counted from its entities."""

from types import SimpleNamespace
from typing import Any

from adapters.flight.books import States
from adapters.ledger.row_line import row_line
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from factory.model.trial import LABEL
from factory.model.view import RunRow


def recorded_row(states: States, run: str, last_event_at: str) -> RunRow:
    """The line as the ledger's own list had it. Raises `Missing`."""
    owner = states.get(Run, run)
    budgets = [budget for budget in states.find(Budget, run=run) if budget.scope == "run"]
    threads = states.find(Thread, run=run)
    return row_line(
        _run(owner, last_event_at),
        _steps(states.find(Step, run=run)),
        budgets[-1] if budgets else None,
        threads[-1] if threads else None,
        _cost(states.find(CostEntry, run=run)),
        _blockers(states.find(Blocker, run=run)),
        _attempts(states.find(Attempt, run=run)),
        _asks(states.find(Permission, run=run, state="open")),
    )


def _run(run: Run, last_event_at: str) -> Any:
    names = ("id", "goal", "state", "priority", "domain", "created_at", "updated_at")
    agents = {"coder": run.coder, "verifier": run.verifier}
    return SimpleNamespace(
        **{name: getattr(run, name) for name in names},
        **{f"{role}_name": agent.name for role, agent in agents.items()},
        **{f"{role}_company": agent.company for role, agent in agents.items()},
        is_in_trial=LABEL in run.labels,
        last_event_at=last_event_at,
    )


def _steps(steps: tuple[Step, ...]) -> list[Step]:
    """The newest step of each kind, in order."""
    return sorted({step.kind: step for step in steps}.values(), key=lambda step: step.order)


def _cost(costs: tuple[CostEntry, ...]) -> Any:
    if not costs:
        return None
    return SimpleNamespace(
        micros=sum(cost.micros for cost in costs), unpriced=any(cost.basis == "unpriced" for cost in costs)
    )


def _blockers(blockers: tuple[Blocker, ...]) -> Any:
    stopping = [one for one in blockers if one.severity == "block" and one.is_open]
    return SimpleNamespace(open=len(stopping)) if stopping else None


def _attempts(attempts: tuple[Attempt, ...]) -> list[Any]:
    """The newest attempt of each role, the newest of all last."""
    newest = {attempt.id for attempt in {attempt.role: attempt for attempt in attempts}.values()}
    return [_with_gauge(attempt) for attempt in attempts if attempt.id in newest]


def _with_gauge(attempt: Attempt) -> Any:
    gauge = attempt.gauge and {"spent": attempt.gauge.spent, "in_flight": attempt.gauge.in_flight}
    names = ("role", "model", "last_progress", "state")
    return SimpleNamespace(**{name: getattr(attempt, name) for name in names}, gauge=gauge)


def _asks(asks: tuple[Permission, ...]) -> Any:
    return SimpleNamespace(open=len(asks), since=min(ask.created_at for ask in asks)) if asks else None
