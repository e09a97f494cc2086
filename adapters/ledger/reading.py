"""Reads that every user of a connection shares: one entity, many entities, events, the head of the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, select

from adapters.ledger.codec import as_parameters, as_values, blanks, from_row
from adapters.ledger.statements import hold_head, select_head, select_row, select_rows
from adapters.ledger.tables import EVENTS, RUNS, TABLES
from factory.errors import Malformed, Missing
from factory.model.audit import ChainHead, Event
from factory.model.identity import Entity

E = TypeVar("E", bound=Entity)


def get(connection: Connection, kind: type[E], id: str) -> E:
    """One entity. Raises `Missing`."""
    found = look_up(connection, kind, id)
    if not found:
        raise missing(kind, id)
    return found


def missing(kind: type[Entity], id: str) -> Missing:
    """There is no such entity."""
    return Missing(f"There is no {kind.__name__.lower()} {id}.")


def look_up(connection: Connection, kind: type[E], id: str) -> E | None:
    """One entity, if it is there."""
    dialect, table = connection.dialect, TABLES[kind]
    row = select_row(dialect, table).run(connection, {"row_id": id})
    return from_row(kind, as_values(dialect, table, row)) if row else None


def find(connection: Connection, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
    """All entities of a kind whose columns equal these values, or one of those in a list; oldest first."""
    dialect, table = connection.dialect, TABLES[kind]
    wanted = {name: (value or None) if name in blanks(table) else value for name, value in equal.items()}
    if any(isinstance(value, list) for value in wanted.values()):
        return _find_any(connection, kind, wanted)
    nulls = tuple(name for name, value in wanted.items() if value is None)
    query = select_rows(dialect, table, tuple(name for name in wanted if name not in nulls), nulls)
    rows = query.rows(connection, as_parameters(dialect, table, wanted))
    return tuple(from_row(kind, as_values(dialect, table, row)) for row in rows)


def run_ids(connection: Connection) -> tuple[str, ...]:
    """Ids of all runs, oldest first."""
    return tuple(connection.execute(select(RUNS.c.id).order_by(RUNS.c.born)).scalars())


def _find_any(connection: Connection, kind: type[E], wanted: Mapping[str, Any]) -> tuple[E, ...]:
    """The same where a column may have several values: such a statement cannot be worded once for all."""
    held = TABLES[kind].c
    holds = [held[name].in_(each) if isinstance(each, list) else held[name] == each for name, each in wanted.items()]
    query = select(TABLES[kind]).where(*holds).order_by(held.born)
    return tuple(from_row(kind, row) for row in connection.execute(query))


def chain_head(connection: Connection, *, hold: bool = False) -> ChainHead:
    """Where the chain ends. `hold`: it stays there until this transaction is over."""
    words = hold_head if hold else select_head
    row = words(connection.dialect).run(connection, {})
    if row is None:
        raise Malformed("The ledger has lost the end of its chain of events.")
    return ChainHead(*row)


def events(connection: Connection, since: int, limit: int, run: str, actions: Sequence[str] = ()) -> tuple[Event, ...]:
    """Events with `seq > since`, oldest first; only of these actions, when any are named."""
    query = select(EVENTS).where(EVENTS.c.seq > since).order_by(EVENTS.c.seq).limit(limit)
    if run:
        query = query.where(EVENTS.c.run == run)
    if actions:
        query = query.where(EVENTS.c.action.in_(actions))
    return tuple(_event(row) for row in connection.execute(query).mappings().all())


def last_events(connection: Connection, run: str, limit: int) -> tuple[Event, ...]:
    """The newest events of one run, oldest first."""
    query = select(EVENTS).where(EVENTS.c.run == run).order_by(EVENTS.c.seq.desc()).limit(limit)
    return tuple(_event(row) for row in connection.execute(query).mappings().all())[::-1]


def _event(row: RowMapping) -> Event:
    return Event(**{**row, "key": row["key"] or ""})


@dataclass(frozen=True)
class SqlBooks:
    """`view.Books` on an open connection."""

    connection: Connection

    def get(self, kind: type[E], id: str) -> E:
        """One entity. Raises `Missing`."""
        return get(self.connection, kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, oldest first."""
        return find(self.connection, kind, **equal)

    def last_events(self, run: str, limit: int) -> tuple[Event, ...]:
        """The newest events of one run, oldest first."""
        return last_events(self.connection, run, limit)

    def head(self) -> ChainHead:
        """Where the chain ends."""
        return chain_head(self.connection)
