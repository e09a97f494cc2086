"""Runs as lines of a list: one query a table, however many runs there are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, case, func, select

from adapters.ledger.row_line import row_line
from adapters.ledger.tables import ATTEMPTS, BLOCKERS, BUDGETS, COSTS, EVENTS, PERMISSIONS, RUNS, STEPS, THREADS
from factory.model.trial import LABEL
from factory.model.view import RunRow

_AGENTS = ("coder", "verifier")

Found = Callable[[str], Any]
"""The row of a run, or None."""


def read_rows(
    connection: Connection, limit: int, state: str, ids: Sequence[str] | None, skip: int = 0
) -> tuple[RunRow, ...]:
    """Runs, newest first: these, or the newest ones in a state."""
    chosen = _chosen(limit, state, ids, skip)
    steps = _steps(connection, chosen)
    money = _newest(connection, chosen, BUDGETS, "reserved_micros", "limit_micros", where=BUDGETS.c.scope == "run")
    threads = _newest(connection, chosen, THREADS, "state", "round")
    costs, blockers = _costs(connection, chosen), _blockers(connection, chosen)
    tried, asks = _attempts(connection, chosen), _asks(connection, chosen)
    runs = connection.execute(_runs(chosen)).all()
    return tuple(
        row_line(
            run,
            steps(run.id),
            money(run.id),
            threads(run.id),
            costs(run.id),
            blockers(run.id),
            tried(run.id),
            asks(run.id),
        )
        for run in runs
    )


def _chosen(limit: int, state: str, ids: Sequence[str] | None, skip: int) -> Select[Any]:
    query = select(RUNS.c.id)
    if state:
        query = query.where(RUNS.c.state == state)
    if ids is not None:
        return query.where(RUNS.c.id.in_(ids))
    return query.order_by(RUNS.c.born.desc()).limit(limit).offset(skip)


def _runs(chosen: Select[Any]) -> Select[Any]:
    names = ("id", "goal", "state", "priority", "domain", "created_at", "updated_at")
    last = select(EVENTS.c.at).where(EVENTS.c.run == RUNS.c.id).order_by(EVENTS.c.seq.desc()).limit(1)
    agents = (RUNS.c[who][part].as_string().label(f"{who}_{part}") for who in _AGENTS for part in ("name", "company"))
    is_in_trial = RUNS.c.labels.cast(Text).contains(f'"{LABEL}"').label("is_in_trial")
    query = select(
        *(RUNS.c[name] for name in names), *agents, is_in_trial, last.scalar_subquery().label("last_event_at")
    )
    return query.where(RUNS.c.id.in_(chosen)).order_by(RUNS.c.born.desc())


def _steps(connection: Connection, chosen: Select[Any]) -> Callable[[str], list[Any]]:
    """The steps of a run that no newer one of their kind replaces, in order."""
    column = STEPS.c
    query = select(column.run, column.kind, column.state, column.order.label("place"), column.updated_at)
    newest: dict[str, dict[str, Any]] = defaultdict(dict)
    for step in connection.execute(query.where(column.run.in_(chosen)).order_by(column.born)).all():
        newest[step.run][step.kind] = step
    return lambda run: sorted(newest[run].values(), key=lambda step: int(step.place)) if run in newest else []


def _newest(connection: Connection, chosen: Select[Any], table: Table, *names: str, where: Any = True) -> Found:
    columns = (table.c.run, *(table.c[name] for name in names))
    query = select(*columns).where(table.c.run.in_(chosen), where).order_by(table.c.born)
    return _by_run(connection.execute(query).all())


def _costs(connection: Connection, chosen: Select[Any]) -> Found:
    unpriced = func.max(case((COSTS.c.basis == "unpriced", 1), else_=0)).label("unpriced")
    query = select(COSTS.c.run, func.sum(COSTS.c.micros).label("micros"), unpriced)
    return _by_run(connection.execute(query.where(COSTS.c.run.in_(chosen)).group_by(COSTS.c.run)).all())


def _blockers(connection: Connection, chosen: Select[Any]) -> Found:
    mine: ColumnElement[bool] = BLOCKERS.c.run.in_(chosen)
    query = select(BLOCKERS.c.run, func.count().label("open")).group_by(BLOCKERS.c.run)
    stopping = (BLOCKERS.c.severity == "block", BLOCKERS.c.resolved_at == "")
    return _by_run(connection.execute(query.where(mine, *stopping)).all())


def _asks(connection: Connection, chosen: Select[Any]) -> Found:
    column = PERMISSIONS.c
    query = select(column.run, func.count().label("open"), func.min(column.created_at).label("since"))
    waiting = query.where(column.run.in_(chosen), column.state == "open").group_by(column.run)
    return _by_run(connection.execute(waiting).all())


def _attempts(connection: Connection, chosen: Select[Any]) -> Callable[[str], list[Any]]:
    """The newest attempt of each role of a run, the newest of all last."""
    column = ATTEMPTS.c
    newest = select(func.max(column.born)).where(column.run.in_(chosen)).group_by(column.run, column.role)
    query = select(column.run, column.role, column.model, column.last_progress, column.state, column.gauge)
    found: dict[str, list[Any]] = defaultdict(list)
    for attempt in connection.execute(
        query.where(column.run.in_(chosen), column.born.in_(newest)).order_by(column.born)
    ):
        found[attempt.run].append(attempt)
    return lambda run: found.get(run, [])


def _by_run(rows: Iterable[Any]) -> Found:
    """The last row of each run."""
    found: Mapping[str, Any] = {row.run: row for row in rows}
    return found.get
