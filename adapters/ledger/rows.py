"""Runs as lines of a list, computed by the database in one query, however many there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Subquery, Table, and_, case, exists, func, select

from adapters.ledger.tables import BLOCKERS, BUDGETS, COSTS, EVENTS, RUNS, STEPS, THREADS
from factory.model.view import RunRow

_OVER = ("passed", "skipped", "cancelled", "split")
_DONE = ("passed", "skipped")
_WAITS = ("awaiting_qa", "blocked", "paused")
_LATE = 1_000_000
"""Puts a step behind all that are open."""


def read_rows(connection: Connection, limit: int, state: str, ids: Sequence[str] | None) -> tuple[RunRow, ...]:
    """Runs, newest first: these, or the newest ones in a state."""
    page = _page(limit, state, ids)
    current = _current_steps(page)
    query = (
        select(
            *(page.c[name] for name in ("id", "goal", "state", "priority", "domain", "created_at", "updated_at")),
            *(current.c[name] for name in ("step_kind", "step_state", "steps_done", "steps_total", "delivered_at")),
            *_facts(page),
        )
        .join_from(page, current, and_(current.c.run == page.c.id, current.c.place == 1), isouter=True)
        .order_by(page.c.born.desc())
    )
    return tuple(_row(dict(row)) for row in connection.execute(query).mappings())


def _page(limit: int, state: str, ids: Sequence[str] | None) -> CTE:
    query = select(RUNS).order_by(RUNS.c.born.desc())
    if state:
        query = query.where(RUNS.c.state == state)
    query = query.limit(limit) if ids is None else query.where(RUNS.c.id.in_(ids))
    return query.cte("page")


def _current_steps(page: CTE) -> Subquery:
    """Every step that no newer one of its kind replaces; the one that counts now has place 1."""
    newest = (
        select(
            STEPS,
            func.row_number().over(partition_by=(STEPS.c.run, STEPS.c.kind), order_by=STEPS.c.born.desc()).label("age"),
        )
        .where(STEPS.c.run.in_(select(page.c.id)))
        .subquery()
    )
    step = newest.c
    delivered = and_(step.kind == "build", step.state == "awaiting_verdict")
    rank = case(
        (step.state.in_(_OVER), 2 * _LATE - step.order),  # all are over: the last one
        (delivered, _LATE + step.order),  # the verify step is the one to show
        else_=step.order,
    )
    return (
        select(
            step.run,
            step.kind.label("step_kind"),
            step.state.label("step_state"),
            func.sum(case((step.state.in_(_DONE), 1), else_=0)).over(partition_by=step.run).label("steps_done"),
            func.count().over(partition_by=step.run).label("steps_total"),
            func.max(case((delivered, step.updated_at), else_="")).over(partition_by=step.run).label("delivered_at"),
            func.row_number().over(partition_by=step.run, order_by=rank).label("place"),
        )
        .where(step.age == 1)
        .subquery()
    )


def _facts(page: CTE) -> list[ColumnElement[Any]]:
    """One value a run from each of the other tables."""
    run = page.c.id
    blocking = and_(BLOCKERS.c.run == run, BLOCKERS.c.severity == "block", BLOCKERS.c.resolved_at == "")
    last_event = select(EVENTS.c.at).where(EVENTS.c.run == run).order_by(EVENTS.c.seq.desc()).limit(1)
    unpriced = exists().where(COSTS.c.run == run, COSTS.c.basis == "unpriced")
    spent = select(func.coalesce(func.sum(COSTS.c.micros), 0)).where(COSTS.c.run == run)
    return [
        spent.scalar_subquery().label("spent_micros"),
        unpriced.label("unpriced"),
        _newest(BUDGETS, "reserved_micros", run, BUDGETS.c.scope == "run").label("in_flight_micros"),
        _newest(BUDGETS, "limit_micros", run, BUDGETS.c.scope == "run").label("cap_micros"),
        _newest(THREADS, "state", run).label("verifier_state"),
        _newest(THREADS, "round", run).label("round"),
        last_event.scalar_subquery().label("last_event_at"),
        select(func.count()).select_from(BLOCKERS).where(blocking).scalar_subquery().label("blockers"),
    ]


def _newest(table: Table, name: str, run: ColumnElement[str], *where: ColumnElement[bool]) -> ColumnElement[Any]:
    query = select(table.c[name]).where(table.c.run == run, *where).order_by(table.c.born.desc()).limit(1)
    return query.scalar_subquery()


def _row(values: dict[str, Any]) -> RunRow:
    changed_at, delivered_at = values.pop("updated_at"), values.pop("delivered_at") or ""
    waits_since = changed_at if values["state"] in _WAITS else ""
    if values["state"] == "running" and values["verifier_state"] == "prewired":
        waits_since = delivered_at
    for name in ("step_kind", "step_state", "verifier_state", "last_event_at"):
        values[name] = values[name] or ""
    for name in ("steps_done", "steps_total", "in_flight_micros", "cap_micros", "round"):
        values[name] = int(values[name] or 0)
    values["spent_micros"] = int(values["spent_micros"])
    return RunRow(**values, needs_person=bool(waits_since), waits_since=waits_since)
