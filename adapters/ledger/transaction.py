"""One transaction of the ledger, as the work inside it sees it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Table

from adapters.ledger import reading
from adapters.ledger.chain import Chain
from adapters.ledger.codec import Plain, as_stored, as_text, digest, plain, text_digest, to_row
from adapters.ledger.history import Line, add_lines, line, run_of
from adapters.ledger.statements import Prepared, insert_row, move_head, update_row
from adapters.ledger.tables import EVENTS, TABLES
from factory.errors import Missing, Refused
from factory.model.audit import Command
from factory.model.identity import Entity
from factory.model.run import Run

E = TypeVar("E", bound=Entity)


_NOBODY = Entity(id="")


class SqlTransaction:
    """`Transaction` on an open connection that holds the chain."""

    def __init__(self, connection: Connection, chain: Chain, at: str) -> None:
        self._connection = connection
        self._chain = chain
        self._at = at
        self._lines: list[Line] = []
        self._seen: dict[tuple[type[Entity], str], Entity] = {}  # as stored now: nobody else can write meanwhile

    def get(self, kind: type[E], id: str) -> E:
        """The stored entity. Raises `Missing`."""
        found = self._look_up(kind, id)
        if found is None:
            raise reading.missing(kind, id)
        return found

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, oldest first."""
        return tuple(map(self._keep, reading.find(self._connection, kind, **equal)))

    def put(self, entity: E, action: str, detail: Mapping[str, Any] | None = None) -> E:
        """Store a new entity or its next version, with exactly one event. Raises `Refused`: conflict, duplicate."""
        before = self._before(entity)
        stored = as_stored(entity, before, self._at)
        values, was = plain(stored), plain(before) if before else None
        if before is None:
            self._run(insert_row, stored, values, {"born": self._chain.next_seq})
        else:
            self._run(update_row, stored, values, {"row_id": stored.id})
        whole = as_text(values)
        self._lines.append(line(self._chain.next_seq, stored, values, whole, was))
        self._chain.add(
            action, stored.id, detail, namespace=stored.namespace, run=run_of(stored),
            before=digest(was) if was else "", after=text_digest(whole),
        )  # fmt: skip
        return self._keep(stored)

    def leave(self, command: Command) -> None:
        """Leave a wish for the worker; writes no event."""
        stored = as_stored(command, None, self._at)
        self._run(insert_row, stored, plain(stored), {})

    def note(self, action: str, object: str, run: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Write an event that changes no entity."""
        owner = self._look_up(Run, run) if run else None
        self._chain.add(action, object, detail, namespace=(owner or _NOBODY).namespace, run=run)

    def finish(self) -> None:
        """Write the events that the work made, its history, and where the chain ends now."""
        if not self._chain.events:
            return
        dialect = self._connection.dialect
        rows = (
            {**vars(event), "key": event.key or None, "detail": as_text(event.detail)} for event in self._chain.events
        )
        insert_row(dialect, EVENTS).run_all(self._connection, rows)
        add_lines(self._connection, self._lines)
        move_head(dialect).run(self._connection, vars(self._chain.head))

    def _before(self, entity: E) -> E | None:
        if not entity.version:
            return None
        found = self._look_up(type(entity), entity.id)
        if not found or found.version != entity.version:
            raise conflict(entity, found.version if found else 0)
        return found

    def _look_up(self, kind: type[E], id: str) -> E | None:
        """The stored entity, if it is there; read once in a transaction."""
        known = self._seen.get((kind, id))
        if isinstance(known, kind):
            return known
        found = reading.look_up(self._connection, kind, id)
        return self._keep(found) if found else None

    def _keep(self, entity: E) -> E:
        self._seen[type(entity), entity.id] = entity
        return entity

    def _run(
        self, words: Callable[[Dialect, Table], Prepared], entity: Entity, values: Plain, more: dict[str, Any]
    ) -> None:
        dialect, table = self._connection.dialect, TABLES[type(entity)]
        try:
            words(dialect, table).run(self._connection, to_row(table, values) | more)
        except dialect.loaded_dbapi.IntegrityError as error:
            said = str(error).lower()
            if "foreign key" in said:
                raise no_run(entity) from error
            if "unique" in said:
                raise duplicate(entity) from error
            raise


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
