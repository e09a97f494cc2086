"""What each change made of an entity: beside the chain of events, which proves but cannot be drawn, full states.

A line holds the columns that changed; all of them for a new entity, and for one that belongs to no run: of such a one
the newest line before a moment is enough.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Insert, insert, literal, select

from adapters.ledger.codec import Plain, as_text
from adapters.ledger.statements import insert_row
from adapters.ledger.tables import ATTEMPTS, CHAIN, HISTORY, TABLES
from factory.model.identity import Entity
from factory.model.request import Request
from factory.model.run import Run

COLUMNS = ("seq", "run", "kind", "entity", "values")

Line = dict[str, Any]
"""A row of the table, by column."""


def line(seq: int, entity: Entity, values: Plain, whole: str, before: Plain | None) -> Line:
    """The line of one stored change.

    Args:
        seq: Of its event.
        whole: The values as text; they are hashed for the event, so they are there already.
        before: What was stored until now; None for a new entity.
    """
    run = "" if isinstance(entity, Request) else run_of(entity)
    text = whole if before is None or not run else as_text(changed(values, before))
    return {"seq": seq, "run": run, "kind": TABLES[type(entity)].name, "entity": entity.id, "values": text}


def changed(values: Plain, before: Plain) -> Plain:
    """The columns that have another value now."""
    return {name: value for name, value in values.items() if before[name] != value}


def add_lines(connection: Connection, lines: Sequence[Line]) -> None:
    """Write the lines of a transaction, in one go."""
    insert_row(connection.dialect, HISTORY).run_all(connection, lines)


def add_beat(attempt: str, seen: Plain) -> Insert:
    """The line of a beat, which has no event: it counts to the newest one."""
    newest = select(CHAIN.c.count).scalar_subquery()
    kind, id, values = literal(ATTEMPTS.name), literal(attempt), literal(seen, JSON)
    row = select(newest, ATTEMPTS.c.run, kind, id, values).where(ATTEMPTS.c.id == attempt)
    return insert(HISTORY).from_select(COLUMNS, row)


def run_of(entity: Entity) -> str:
    """Id of the run that an entity belongs to; empty when it belongs to none."""
    return entity.id if isinstance(entity, Run) else getattr(entity, "run", "")
