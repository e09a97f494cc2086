"""Looking: every question that clients ask. Stores nothing, starts nothing."""

from pathlib import Path

from factory.errors import Missing
from factory.model.blocker import Blocker
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.request import Request
from factory.model.run import Route, Run
from factory.model.source import Source
from factory.model.states import after
from factory.model.status import Status
from factory.model.thread import Thread
from factory.model.view import RunView
from factory.operations.handing import ensure_worker
from factory.operations.measuring import measure
from factory.operations.reporting import Reporting
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.backoff import seconds_between
from factory.rules.blinding import blinded
from factory.rules.metrics import RunMetrics, run_metrics
from factory.rules.requests import refs_meant
from factory.rules.status import reached as reached_state
from factory.rules.status import status as status_of
from factory.rules.summary import Report


def status(ports: Ports, run: str) -> Status:
    """The eight fields of a run, and what stands behind them."""
    return of_view(ports, seen(ports, run))


def seen(ports: Ports, run: str) -> RunView:
    """A run as whoever asks may see it: while a trial is blind, without what would tell its arm."""
    return blinded(ports.ledger.view(ports.ledger.resolve(run)))


def of_view(ports: Ports, view: RunView) -> Status:
    """The status of a run that was read already."""
    now = ports.clock.now()
    clone = str(ports.workspace.clone_path(Path(view.run.repo)))
    return status_of(view, str(ports.evidence.root(view.run.id)), sources(ports, view, now), now, clone)


def statuses(ports: Ports, limit: int = 50, state: str = "") -> tuple[Status, ...]:
    """The newest runs, newest first."""
    return tuple(of_view(ports, blinded(ports.ledger.view(row.id))) for row in ports.ledger.rows(limit, state))


def sources(ports: Ports, view: RunView, now: str) -> dict[str, Source]:
    """Where the values come from and how old they are: the ledger, the worker, each port that was seen."""
    worker = ports.workers.state()
    found = {"ledger": Source("live", 0.0), "worker": Source("live" if worker.running else "down", 0.0)}
    return {**found, **port_sources(view, now)}


def port_sources(view: RunView, now: str) -> dict[str, Source]:
    """How each port is that was seen, and how long ago that was."""
    return {health.id: Source(_state(health), max(0.0, seconds_between(health.seen_at, now))) for health in view.health}


def _state(health: PortHealth) -> str:
    return {"up": "live", "degraded": "stale", "timeout": "stale", "down": "down"}.get(health.state, "unknown")


def reached(ports: Ports, run: str, state: str = "") -> str:
    """What a waiter waits for, once it is there; "" before. Without `state`: whatever needs a person, or the end."""
    view = seen(ports, run)
    if state:
        return state if view.run.state == state else ""
    return reached_state(view)


def blockers(ports: Ports, run: str = "") -> tuple[Blocker, ...]:
    """Open blockers of all runs, or of one, oldest first."""
    found = ports.ledger.find(Blocker, run=ports.ledger.resolve(run)) if run else ports.ledger.find(Blocker)
    return tuple(blocker for blocker in found if blocker.is_open)


def threads(ports: Ports, run: str = "") -> tuple[Thread, ...]:
    """Threads of all runs, or of one, oldest first."""
    return ports.ledger.find(Thread, run=ports.ledger.resolve(run)) if run else ports.ledger.find(Thread)


def outbox(ports: Ports, run: str = "") -> tuple[OutboxItem, ...]:
    """Writes to other systems, oldest first."""
    return ports.ledger.find(OutboxItem, run=ports.ledger.resolve(run)) if run else ports.ledger.find(OutboxItem)


def requests(ports: Ports) -> tuple[Request, ...]:
    """Tasks that people put into mission control and that no run has taken, oldest first."""
    return ports.ledger.find(Request, state="open")


def requeue(ports: Ports, id: str) -> OutboxItem:
    """Queue a dead write again.

    Raises:
        Missing: no such item. Refused: it is not dead.
    """
    stored = ports.ledger.write(ports.actor, lambda tx: _requeue(tx, id))
    ensure_worker(ports)
    if stored is None:
        raise Missing(f"There is no outbox item {id!r}.", "cockpit outbox list")
    return stored


def _requeue(tx: Transaction, id: str) -> OutboxItem:
    # Its tries stay: what was tried before may be there, and is looked for.
    queued = after(tx.get(OutboxItem, id), "requeue", next_at="", last_error="")
    return tx.put(queued, "outbox.requeue", {"target": queued.target})


def metrics(ports: Ports, subject: str) -> tuple[RunMetrics, tuple[str, ...]]:
    """The report of one run; `subject` is a run or the mission task behind one (`mission:42`, `#42`, `42`).

    Of several runs with that task it is the newest; the ids of the others come with it, newest first.

    Raises:
        Missing: there is no such run.
    """
    behind = [run for name in refs_meant(subject) for run in ports.ledger.find(Run, mc_ref=name)]
    behind.sort(key=lambda run: (run.created_at, run.id), reverse=True)
    run, *others = behind or [ports.ledger.get(Run, ports.ledger.resolve(subject))]
    again = ports.ledger.find(Run, supersedes=run.id)
    found = run_metrics(measure(ports.ledger, run, ports.clock.now()), again)
    return found, tuple(other.id for other in others)


def report(ports: Ports) -> Report:
    """The report over all runs: all together, and one by one."""
    return Reporting(ports).report()


def route(ports: Ports, goal: str, domain: str = "") -> Route:
    """Who would build and who would verify."""
    return ports.router.route(goal, domain)
