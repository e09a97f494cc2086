"""The list of goals from the ledger's file before the ledger's libraries are there: SQLite's own only, in milliseconds.

The screen shows it at once; what follows is read by the ledger itself. A contract test holds it to `rows`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict, namedtuple
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.ledger.row_line import row_line
from adapters.ledger.schema import SCHEMA
from factory.errors import Unreachable

if TYPE_CHECKING:
    from factory.model.view import RunRow

MOST = 1000
"""More goals than that are not read before the first picture."""
WAIT_S = 0.02
"""How long a look waits for who holds the file; somebody waits for the picture."""

_RUNS = """
SELECT id, goal, state, priority, domain, created_at, updated_at,
       json_extract(coder, '$.name') AS coder_name, json_extract(coder, '$.company') AS coder_company,
       json_extract(verifier, '$.name') AS verifier_name, json_extract(verifier, '$.company') AS verifier_company,
       (SELECT at FROM events WHERE events.run = runs.id ORDER BY seq DESC LIMIT 1) AS last_event_at
FROM runs ORDER BY born DESC
"""
_STEPS = 'SELECT run, kind, state, "order" AS place, updated_at FROM steps ORDER BY born'
_BUDGETS = "SELECT run, reserved_micros, limit_micros FROM budgets WHERE scope = 'run' ORDER BY born"
_THREADS = "SELECT run, state, round FROM threads ORDER BY born"
_COSTS = "SELECT run, sum(micros) AS micros, max(basis = 'unpriced') AS unpriced FROM costs GROUP BY run"
_BLOCKERS = """
SELECT run, count(*) AS open FROM blockers WHERE severity = 'block' AND resolved_at = '' GROUP BY run
"""
_ATTEMPTS = """
SELECT run, role, model, last_progress FROM attempts
WHERE born IN (SELECT max(born) FROM attempts GROUP BY run, role) ORDER BY born
"""


def first_look(ledger: Path) -> tuple[RunRow, ...] | None:
    """The goals, newest first; None when this is no ledger that can be used as it is, or it holds very many.

    Raises:
        Unreachable: `locked`, somebody holds it just now.
    """
    try:
        with closing(_connected(ledger)) as connection:
            connection.execute("BEGIN")
            return _rows(connection) if _is_usable(connection) else None
    except sqlite3.Error as error:
        if held := _held(ledger, error):
            raise held from error
    return None


def is_held(ledger: Path) -> Unreachable | None:
    """Why the ledger cannot be opened just now without waiting; None when it can, or nobody knows yet."""
    try:
        with closing(_connected(ledger)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        return _held(ledger, error)
    return None


def _connected(ledger: Path) -> sqlite3.Connection:
    # rw: makes no ledger where there is none.
    return sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_S)


def _held(ledger: Path, error: sqlite3.Error) -> Unreachable | None:
    if "locked" not in str(error):
        return None
    return Unreachable(f"The ledger {ledger} is held by another process.", "End that process.", "locked")


def _is_usable(connection: sqlite3.Connection) -> bool:
    (schema,) = connection.execute("SELECT schema FROM meta").fetchone() or (None,)
    (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    return bool(schema == SCHEMA and count <= MOST)


def _rows(connection: sqlite3.Connection) -> tuple[RunRow, ...]:
    runs = _select(connection, _RUNS)
    steps: dict[str, dict[str, Any]] = defaultdict(dict)
    for step in _select(connection, _STEPS):
        steps[step.run][step.kind] = step  # a newer one of its kind replaces an older one
    attempts: dict[str, list[Any]] = defaultdict(list)
    for attempt in _select(connection, _ATTEMPTS):
        attempts[attempt.run].append(attempt)
    money, threads, costs, blockers = (
        {row.run: row for row in _select(connection, query)} for query in (_BUDGETS, _THREADS, _COSTS, _BLOCKERS)
    )
    return tuple(
        row_line(
            run, _in_order(steps[run.id]), money.get(run.id), threads.get(run.id), costs.get(run.id),
            blockers.get(run.id), attempts[run.id],
        )
        for run in runs
    )  # fmt: skip


def _in_order(steps: dict[str, Any]) -> list[Any]:
    return sorted(steps.values(), key=lambda step: int(step.place))


def _select(connection: sqlite3.Connection, query: str) -> list[Any]:
    cursor = connection.execute(query)
    row = namedtuple("row", [column[0] for column in cursor.description])  # type: ignore[misc]
    return [row._make(values) for values in cursor]
