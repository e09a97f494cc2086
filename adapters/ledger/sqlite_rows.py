"""The lines of the list, read with SQLite's own library: eight short questions, however many goals are asked for.

The words of `rows.py`, which asks any database; contract tests hold the two together.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from adapters.ledger.row_line import row_line

if TYPE_CHECKING:
    from factory.model.view import RunRow

_RUNS = """
SELECT id, goal, state, priority, domain, created_at, updated_at,
       json_extract(coder, '$.name') AS coder_name, json_extract(coder, '$.company') AS coder_company,
       json_extract(verifier, '$.name') AS verifier_name, json_extract(verifier, '$.company') AS verifier_company,
       labels LIKE '%"trial"%' AS is_in_trial,
       (SELECT at FROM events WHERE events.run = runs.id ORDER BY seq DESC LIMIT 1) AS last_event_at
FROM runs WHERE {id} ORDER BY born DESC
"""
# The newest step of each kind: SQLite takes the other columns from the row that has the maximum.
_STEPS = """
SELECT run, kind, state, "order" AS place, updated_at, max(born) AS newest FROM steps WHERE {run} GROUP BY run, kind
"""
_BUDGETS = "SELECT run, reserved_micros, limit_micros FROM budgets WHERE scope = 'run' AND {run} ORDER BY born"
_THREADS = "SELECT run, state, round FROM threads WHERE {run} ORDER BY born"
_COSTS = "SELECT run, sum(micros) AS micros, max(basis = 'unpriced') AS unpriced FROM costs WHERE {run} GROUP BY run"
_BLOCKERS = """
SELECT run, count(*) AS open FROM blockers WHERE severity = 'block' AND resolved_at = '' AND {run} GROUP BY run
"""
_ASKS = """
SELECT run, count(*) AS open, min(created_at) AS since FROM permissions WHERE state = 'open' AND {run} GROUP BY run
"""
_ATTEMPTS = """
SELECT run, role, model, last_progress, state, gauge FROM attempts
WHERE {run} AND born IN (SELECT max(born) FROM attempts WHERE {run} GROUP BY run, role) ORDER BY born
"""
_NEWEST = "SELECT id FROM runs WHERE ?1 IN ('', state) ORDER BY born DESC LIMIT ?2 OFFSET ?3"


def sqlite_rows(connection: sqlite3.Connection, ids: Sequence[str] | None = None) -> tuple[RunRow, ...]:
    """Runs as list lines, newest first: these, or all of them."""
    chosen = () if ids is None else (json.dumps(ids),)
    runs = _select(connection, _RUNS, chosen)
    steps: dict[str, list[Any]] = defaultdict(list)
    attempts: dict[str, list[Any]] = defaultdict(list)
    for kept, query in ((steps, _STEPS), (attempts, _ATTEMPTS)):
        for row in _select(connection, query, chosen):
            kept[row.run].append(row)
    money, threads, costs, blockers, asks = (
        {row.run: row for row in _select(connection, query, chosen)}
        for query in (_BUDGETS, _THREADS, _COSTS, _BLOCKERS, _ASKS)
    )
    return tuple(
        row_line(
            run, _in_order(steps[run.id]), money.get(run.id), threads.get(run.id), costs.get(run.id),
            blockers.get(run.id), attempts[run.id], asks.get(run.id),
        )
        for run in runs
    )  # fmt: skip


def newest_ids(connection: sqlite3.Connection, limit: int, state: str = "", skip: int = 0) -> list[str]:
    """Ids of the newest runs, in any state or in this one."""
    return [id for (id,) in connection.execute(_NEWEST, (state, limit, skip))]


def _in_order(steps: list[Any]) -> list[Any]:
    return sorted(steps, key=lambda step: int(step.place))


def _select(connection: sqlite3.Connection, query: str, chosen: tuple[str, ...]) -> list[Any]:
    cursor = connection.execute(_words(query, bool(chosen)), chosen)
    make = _row(tuple(column[0] for column in cursor.description))
    return [make(values) for values in cursor]


@cache
def _words(query: str, is_chosen: bool) -> str:
    these = "{} IN (SELECT value FROM json_each(?1))" if is_chosen else "1"
    return query.format(id=these.format("id"), run=these.format("run"))


@cache
def _row(names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Any]:
    made: Any = namedtuple("row", names)  # type: ignore[misc]
    make: Callable[[tuple[Any, ...]], Any] = made._make
    return make
