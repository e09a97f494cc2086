"""The statements of every write and of the reads of entities, worded once for each kind of database.

They go to the driver directly: on a fast disk, wording and wrapping them would cost more than the commit.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, Dialect, Table, bindparam, insert, select, update
from sqlalchemy.sql.compiler import SQLCompiler

from adapters.ledger.tables import CHAIN, EVENTS


class Prepared:
    """A statement as the driver takes it. Nested values must be JSON text already; errors are the driver's."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
        self.text = str(compiled)
        """In the words of that database."""
        self._order = tuple(compiled.positiontup or ()) if compiled.positional else None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it with these named values and return its first row, if it has rows."""
        cursor = connection.connection.cursor()
        cursor.execute(self.text, self._given(values))
        row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else None
        cursor.close()
        return row

    def run_all(self, connection: Connection, values: Iterable[Mapping[str, Any]]) -> None:
        """Run it once with each of these."""
        cursor = connection.connection.cursor()
        rows: Any = [self._given(each) for each in values]  # all of one kind, by name or by place
        cursor.executemany(self.text, rows)
        cursor.close()

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it with these named values and return all its rows."""
        cursor = connection.connection.cursor()
        cursor.execute(self.text, self._given(values))
        rows = list(cursor.fetchall())
        cursor.close()
        return rows

    def _given(self, values: Mapping[str, Any]) -> Mapping[str, Any] | tuple[Any, ...]:
        return values if self._order is None else tuple([values[name] for name in self._order])


@cache
def insert_row(dialect: Dialect, table: Table) -> Prepared:
    """Add a row; takes every column but those that the database counts."""
    given = [column for column in table.columns if column is not table.autoincrement_column]
    return Prepared(insert(table).values({column.name: bindparam(column.name) for column in given}), dialect)


@cache
def update_row(dialect: Dialect, table: Table) -> Prepared:
    """Replace the row with the id `row_id`; takes every column but `born`."""
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in table.columns if column.name != "born"}
    return Prepared(update(table).where(table.c.id == bindparam("row_id")).values(values), dialect)


@cache
def move_head(dialect: Dialect) -> Prepared:
    """Set the end of the chain; takes `count` and `hash`."""
    return Prepared(update(CHAIN).values(count=bindparam("count"), hash=bindparam("hash")), dialect)


@cache
def select_row(dialect: Dialect, table: Table) -> Prepared:
    """The row with the id `row_id`."""
    return Prepared(select(table).where(table.c.id == bindparam("row_id")), dialect)


@cache
def select_rows(dialect: Dialect, table: Table, equal: tuple[str, ...], null: tuple[str, ...]) -> Prepared:
    """The rows in which columns equal what is given by their names, or hold nothing; oldest first."""
    holds = [table.c[name] == bindparam(name) for name in equal] + [table.c[name].is_(None) for name in null]
    return Prepared(select(table).where(*holds).order_by(table.c.born), dialect)


@cache
def select_head(dialect: Dialect) -> Prepared:
    """The end of the chain: `count` and `hash`."""
    return Prepared(select(CHAIN.c.count, CHAIN.c.hash), dialect)


@cache
def hold_head(dialect: Dialect) -> Prepared:
    """The end of the chain, held until this transaction is over: nobody else can lengthen it."""
    return Prepared(select(CHAIN.c.count, CHAIN.c.hash).with_for_update(), dialect)


@cache
def select_key(dialect: Dialect) -> Prepared:
    """The event with the idempotency key `wanted`."""
    return Prepared(select(EVENTS.c.seq).where(EVENTS.c.key == bindparam("wanted")), dialect)
