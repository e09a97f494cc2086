"""Rows into entities and back, by field name."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from sqlalchemy import JSON, Dialect, Table, Text

from adapters.ledger.tables import TABLES
from factory.errors import Malformed
from factory.model.identity import Entity

E = TypeVar("E", bound=Entity)


Plain = dict[str, Any]
"""An entity by field name, in dictionaries, lists, texts and numbers."""

_SORTED = msgspec.json.Encoder(order="sorted")
"""Writes what `canonical_json` writes, several times as fast; a test holds the two together."""


def plain(entity: Entity) -> Plain:
    """What an entity holds; both its row and its digest are made of this."""
    found: Plain = msgspec.to_builtins(entity)
    return found


def to_row(table: Table, entity: Plain) -> dict[str, Any]:
    """The column values of an entity, nested ones as JSON text."""
    row = dict(entity)
    for name in nested(table):
        row[name] = None if row[name] is None else as_text(row[name])
    for name in blanks(table):
        row[name] = row[name] or None
    return row


def from_row(kind: type[E], row: Sequence[Any]) -> E:
    """The entity in a row that holds all columns of its table.

    Raises:
        Malformed: the row holds what this version of the program cannot read.
    """
    table = TABLES[kind]
    values = dict(zip(names(table), row, strict=True))
    for name in blanks(table):
        values[name] = values[name] or ""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise Malformed(f"{kind.__name__} {values['id']} in the ledger cannot be read: {error}.") from error


def as_stored(entity: E, before: E | None, at: str) -> E:
    """The entity as the ledger keeps it: next version, both times, every value as it will be read back.

    Raises:
        TypeError: a field holds what its type does not allow.
    """
    values: dict[str, Any] = msgspec.to_builtins(entity)
    values |= {"version": entity.version + 1, "created_at": before.created_at if before else at, "updated_at": at}
    try:
        return msgspec.convert(values, type(entity))
    except msgspec.ValidationError as error:
        raise TypeError(f"{type(entity).__name__} {entity.id}: {error}") from error


def as_text(value: object) -> str:
    """A nested value as its column holds it. Raises `Malformed`."""
    try:
        return _SORTED.encode(value).decode()
    except UnicodeEncodeError as error:
        raise _half_character(error) from error


def digest(entity: Plain) -> str:
    """The sha256 by which an event names what an entity was."""
    try:
        return sha256(_SORTED.encode(entity)).hexdigest()
    except UnicodeEncodeError as error:
        raise _half_character(error) from error


def text_digest(text: str) -> str:
    """The same for the entity as `as_text` wrote it."""
    return sha256(text.encode()).hexdigest()


def unicode_bytes(text: str) -> bytes:
    """The text in UTF-8.

    Raises:
        Malformed: it holds half characters, as names of files with other encodings do.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _half_character(error) from error


def _half_character(error: UnicodeEncodeError) -> Malformed:
    bad = ascii(error.object[max(0, error.start - 20) : error.end])
    return Malformed(f"This is not valid Unicode and cannot be stored: …{bad}.")


def as_values(dialect: Dialect, table: Table, row: Sequence[Any]) -> Sequence[Any]:
    """A row as a driver gives it, in values of Python: flags for numbers, values with parts for their JSON."""
    values = list(row)
    for place, read in _readers(dialect, table):
        if values[place] is not None:
            values[place] = read(values[place])
    return values


def as_parameters(dialect: Dialect, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as a driver takes them."""
    found = {}
    for name, value in values.items():
        write = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        found[name] = write(value) if write and value is not None else value
    return found


@cache
def _readers(dialect: Dialect, table: Table) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Place in the row and conversion of each column that the driver gives in another form."""
    found = []
    for place, column in enumerate(table.columns):
        if read := column.type.dialect_impl(dialect).result_processor(dialect, None):
            found.append((place, read))
    return tuple(found)


@cache
def names(table: Table) -> tuple[str, ...]:
    """The columns, in their order, as plain words."""
    return tuple(str(column.name) for column in table.columns)


@cache
def nested(table: Table) -> tuple[str, ...]:
    """The columns of values with parts of their own."""
    return tuple(str(column.name) for column in table.columns if isinstance(column.type, JSON))


@cache
def blanks(table: Table) -> tuple[str, ...]:
    """The text columns in which NULL stands for the empty text."""
    return tuple(str(column.name) for column in table.columns if column.nullable and isinstance(column.type, Text))
