"""How many goals are open and need a person, and what they cost, from the ledger's file in a few milliseconds.

For a status bar that asks every few seconds: no library but SQLite's own is loaded, and nothing is made or written.
A contract test holds the sums to those of `rows`.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from factory.errors import Unreachable
from factory.rules.working import is_working

WAIT_S = 1.0
"""How long a look waits for who holds the file."""

_SUMS = """
WITH open AS (SELECT id, state FROM runs WHERE state NOT IN ('done', 'cancelled', 'failed')),
     thread AS (SELECT run, state, max(born) FROM threads WHERE run IN (SELECT id FROM open) GROUP BY run),
     build AS (SELECT run, state, max(born) FROM steps WHERE kind = 'build' AND run IN (SELECT id FROM open)
               GROUP BY run),
     budget AS (SELECT run, limit_micros, reserved_micros, max(born) FROM budgets
                WHERE scope = 'run' AND run IN (SELECT id FROM open) GROUP BY run),
     cost AS (SELECT run, sum(micros) AS micros, max(basis = 'unpriced') AS unpriced FROM costs
              WHERE run IN (SELECT id FROM open) GROUP BY run),
     attempt AS (SELECT run, state, gauge, max(born) FROM attempts WHERE run IN (SELECT id FROM open) GROUP BY run),
     asks AS (SELECT run, count(*) AS open FROM permissions WHERE state = 'open' GROUP BY run),
     facts AS (SELECT open.state, coalesce(open.state IN ('awaiting_qa', 'blocked', 'paused') OR (open.state = 'running'
                   AND ((build.state = 'awaiting_verdict' AND thread.state = 'prewired') OR asks.open > 0)), 0)
                   AS needs_person,
                   coalesce(open.state = 'running' AND attempt.state IN ('created', 'leased'), 0) AS is_queued,
                   cost.micros, CASE WHEN attempt.state = 'running' AND attempt.gauge IS NOT NULL
                   THEN min(coalesce(budget.reserved_micros, 0), json_extract(attempt.gauge, '$.spent')
                            + json_extract(attempt.gauge, '$.in_flight'))
                   ELSE budget.reserved_micros END AS reserved_micros, budget.limit_micros, cost.unpriced
               FROM open LEFT JOIN thread ON thread.run = open.id LEFT JOIN build ON build.run = open.id
                    LEFT JOIN budget ON budget.run = open.id LEFT JOIN cost ON cost.run = open.id
                    LEFT JOIN asks ON asks.run = open.id LEFT JOIN attempt ON attempt.run = open.id)
SELECT state, needs_person, count(*), coalesce(sum(micros), 0), coalesce(sum(reserved_micros), 0),
       coalesce(sum(limit_micros), 0), coalesce(max(unpriced), 0), is_queued
FROM facts GROUP BY state, needs_person, is_queued
"""
"""SQLite takes the bare columns beside `max(born)` from the row that is the newest."""


@dataclass(frozen=True)
class Glance:
    """The goals that are not over. Money is micro-USD."""

    open_goals: int = 0
    running: int = 0
    """Those that go on without a person; not those whose agent waits for a place."""
    need_me: int = 0
    spent: int = 0
    in_flight: int = 0
    limit: int = 0
    unpriced: bool = False


def glance(ledger: Path) -> Glance:
    """The sums of a ledger; all zero when there is none.

    Raises:
        Unreachable: it is there and cannot be read.
    """
    try:
        if not ledger.exists():
            return Glance()
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_S)) as connection:
            found = connection.execute(_SUMS).fetchall()
    except (OSError, sqlite3.Error) as error:
        raise Unreachable(f"The ledger {ledger} cannot be read: {error}.", "cockpit doctor") from error
    return _summed(found)


def _summed(groups: list[tuple[str, int, int, int, int, int, int, int]]) -> Glance:
    """The sums of all goals, from those of each state with and without a person, queued and not."""
    return Glance(
        open_goals=sum(group[2] for group in groups),
        running=sum(group[2] for group in groups if is_working(group[0], bool(group[1]), bool(group[7]))),
        need_me=sum(group[2] for group in groups if group[1]),
        spent=sum(group[3] for group in groups),
        in_flight=sum(group[4] for group in groups),
        limit=sum(group[5] for group in groups),
        unpriced=any(group[6] for group in groups),
    )
