"""One transaction of the ledger, as the work inside it sees it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from adapters.ledger import reading
from adapters.ledger.chain import Chain
from adapters.ledger.codec import as_stored, digest, to_row
from adapters.ledger.tables import CHAIN, COMMANDS, EVENTS, TABLES
from factory.errors import Missing, Refused
from factory.model.audit import Command
from factory.model.identity import Entity
from factory.model.run import Run

E = TypeVar("E", bound=Entity)


class SqlTransaction:
    """`Transaction` on an open connection that holds the chain."""

    def __init__(self, connection: Connection, chain: Chain, at: str) -> None:
        self._connection = connection
        self._chain = chain
        self._at = at

    def get(self, kind: type[E], id: str) -> E:
        """The stored entity. Raises `Missing`."""
        return reading.get(self._connection, kind, id)

    def find(self, kind: type[E], **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, oldest first."""
        return reading.find(self._connection, kind, **equal)

    def put(self, entity: E, action: str, detail: Mapping[str, Any] | None = None) -> E:
        """Store a new entity or its next version, with exactly one event. Raises `Refused`: conflict, duplicate."""
        before = self._before(entity)
        stored = as_stored(entity, before, self._at)
        if before is None:
            self._insert(stored, born=self._chain.next_seq)
        else:
            table = TABLES[type(stored)]
            changed = update(table).where(table.c.id == stored.id).values(to_row(stored))
            _execute(self._connection, changed, stored)
        self._chain.add(
            action, stored.id, detail, namespace=stored.namespace, run=run_of(stored),
            before=digest(before) if before else "", after=digest(stored),
        )  # fmt: skip
        return stored

    def leave(self, command: Command) -> None:
        """Leave a wish for the worker; writes no event."""
        self._insert(as_stored(command, None, self._at))

    def note(self, action: str, object: str, run: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write an event that changes no entity."""
        self._chain.add(action, object, detail, run=run)

    def finish(self) -> None:
        """Write the events that the work made, and where the chain ends now."""
        if not self._chain.events:
            return
        rows = [{**vars(event), "key": event.key or None} for event in self._chain.events]
        self._connection.execute(insert(EVENTS), rows)
        head = self._chain.head
        self._connection.execute(update(CHAIN).values(count=head.count, hash=head.hash))

    def _before(self, entity: E) -> E | None:
        if not entity.version:
            return None
        found = reading.find(self._connection, type(entity), id=entity.id)
        if not found or found[0].version != entity.version:
            raise conflict(entity, found[0].version if found else 0)
        return found[0]

    def _insert(self, entity: Entity, **more: int) -> None:
        table = COMMANDS if isinstance(entity, Command) else TABLES[type(entity)]
        _execute(self._connection, insert(table).values(to_row(entity) | more), entity)


def _execute(connection: Connection, statement: Any, entity: Entity) -> None:
    try:
        connection.execute(statement)
    except IntegrityError as error:
        said = str(error.orig).lower()
        if "foreign key" in said:
            raise no_run(entity) from error
        if "unique" in said:
            raise duplicate(entity) from error
        raise


def run_of(entity: Entity) -> str:
    """Id of the run that an entity belongs to; empty when it belongs to none."""
    return entity.id if isinstance(entity, Run) else getattr(entity, "run", "")


def conflict(entity: Entity, version: int) -> Refused:
    """Somebody else was faster."""
    what = type(entity).__name__
    return Refused(f"{what} {entity.id} is at version {version} by now, not at {entity.version}.", code="conflict")


def duplicate(entity: Entity) -> Refused:
    """The id or a unique key is taken."""
    return Refused(f"A {type(entity).__name__.lower()} like {entity.id} is there already.", code="duplicate")


def no_run(entity: Entity) -> Missing:
    """The run that it names is not in the ledger."""
    return Missing(f"{type(entity).__name__} {entity.id} belongs to run {run_of(entity)!r}, which is not there.")
