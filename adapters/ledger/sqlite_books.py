"""Entities and events out of the ledger's file, read with SQLite's own library and worded by the fields they have."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from factory.errors import Malformed, Missing
from factory.model.audit import ChainHead, Command, Event
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.identity import Entity
from factory.model.outbox import OutboxItem, Page, PortHealth
from factory.model.permission import Permission
from factory.model.request import Request
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.model.trial import Assignment

E = TypeVar("E", bound=Entity)

NAMES: Mapping[type[Entity], str] = {
    Run: "runs", Step: "steps", Attempt: "attempts", Thread: "threads", Message: "messages", Gate: "gates",
    Approval: "approvals", Evidence: "evidence", Package: "packages", CostEntry: "costs", Budget: "budgets",
    Blocker: "blockers", OutboxItem: "outbox", Page: "pages", PortHealth: "port_health", Command: "commands",
    Permission: "permissions", Request: "requests", Assignment: "assignments",
}  # fmt: skip
"""What the table of each kind of entity is called; a test holds it to `tables.py`."""

Readers = tuple[tuple[str, Callable[[Any], Any]], ...]
_PLAIN = (str, int, float, bool, NoneType)


class SqliteBooks:
    """`view.Books` on a connection that has begun to read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: type[E], id: str) -> E:
        """One entity. Raises `Missing`."""
        found = self.find(kind, id=id)
        if not found:
            raise Missing(f"There is no {kind.__name__.lower()} {id}.")
        return found[0]

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind whose columns equal these values, or one of those in a list; oldest first."""
        empty = tuple(name for name, value in equal.items() if value in ("", None))  # either may be stored for it
        several = tuple(name for name, value in equal.items() if isinstance(value, list))
        given = tuple(name for name in equal if name not in empty + several)
        values = [equal[name] for name in given] + [json.dumps(equal[name]) for name in several]
        asked: Any = kind  # a class is hashable, whatever its instances are
        rows = self._connection.execute(_select(asked, given, several, empty), values)
        names, readers = tuple(_fields(asked)), _readers(asked)
        return tuple([_entity(kind, names, readers, row) for row in rows])

    def events(self, since: int, limit: int, run: str = "", actions: Sequence[str] = ()) -> tuple[Event, ...]:
        """Events with `seq > since`, oldest first; only of these actions, when any are named."""
        where, values = ("seq > ? AND run = ?", (since, run)) if run else ("seq > ?", (since,))
        if actions:
            where += f" AND action IN ({', '.join('?' * len(actions))})"
        return tuple(read_events(self._connection, f"{where} ORDER BY seq LIMIT ?", (*values, *actions, limit)))

    def last_events(self, run: str, limit: int) -> tuple[Event, ...]:
        """The newest events of one run, oldest first."""
        return tuple(read_events(self._connection, "run = ? ORDER BY seq DESC LIMIT ?", (run, limit)))[::-1]

    def head(self) -> ChainHead:
        """Where the chain ends. Raises `Malformed`."""
        row = self._connection.execute("SELECT count, hash FROM chain").fetchone()
        if row is None:
            raise Malformed("The ledger has lost the end of its chain of events.")
        return ChainHead(*row)


def read_events(connection: sqlite3.Connection, rest: str, values: Sequence[Any]) -> Iterator[Event]:
    """The events for which this holds, as they are read. `rest`: what follows WHERE, with `?` for the values."""
    rows = connection.execute(f"SELECT {_columns(Event)} FROM events WHERE {rest}", values)  # noqa: S608 - ours
    return (_event(dict(zip(_fields(Event), row, strict=True))) for row in rows)


def _event(values: dict[str, Any]) -> Event:
    return Event(**{**values, "detail": msgspec.json.decode(values["detail"]), "key": values["key"] or ""})


def _entity(kind: type[E], names: tuple[str, ...], readers: Readers, row: Sequence[Any]) -> E:
    values = dict(zip(names, row, strict=True))
    if None in row:
        values = {name: value for name, value in values.items() if value is not None}  # for nothing: its default
    for name, read in readers:
        if name in values:
            values[name] = read(values[name])
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise Malformed(f"{kind.__name__} {values['id']} in the ledger cannot be read: {error}.") from error


@cache
def _select(kind: Any, equal: tuple[str, ...], several: tuple[str, ...], empty: tuple[str, ...]) -> str:
    holds = [f'"{name}" = ?' for name in equal]
    holds += [f'"{name}" IN (SELECT value FROM json_each(?))' for name in several]  # noqa: S608 - as below
    holds += [f"coalesce(\"{name}\", '') = ''" for name in empty]
    rest = f"{' AND '.join(holds) or '1'} ORDER BY born"
    return f'SELECT {_columns(kind)} FROM "{NAMES[kind]}" WHERE {rest}'  # noqa: S608 - names of ours; values are bound


@cache
def _columns(kind: Any) -> str:
    return ", ".join(f'"{name}"' for name in _fields(kind))


@cache
def _fields(kind: Any) -> Mapping[str, Any]:
    """Each field of a kind, and its type."""
    return get_type_hints(kind)


@cache
def _readers(kind: Any) -> Readers:
    """What makes the value of each field of the value of its column, where the two are not the same."""
    return tuple((name, _reader(hint)) for name, hint in _fields(kind).items() if hint is bool or not _is_plain(hint))


def _reader(hint: Any) -> Callable[[Any], Any]:
    return bool if hint is bool else msgspec.json.decode


def _is_plain(hint: Any) -> bool:
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) in (Union, UnionType):
        return all(map(_is_plain, get_args(hint)))
    return hint in _PLAIN or get_origin(hint) is Literal
