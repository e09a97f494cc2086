"""The tables hold every field of every entity, and give each value back as it was."""

import json
from dataclasses import fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, BigInteger, Boolean, Table, Text

from adapters.ledger.codec import blanks, from_row, names, nested, plain, to_row
from adapters.ledger.tables import EVENTS, METADATA, TABLES
from factory.model.audit import Event
from factory.model.identity import Entity

KINDS = sorted(TABLES, key=lambda kind: kind.__name__)
BOOKKEEPING = {"history", "chain", "meta", "alembic_version"}

SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Anything that a field of this type may hold and a column can."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: values(hints[field.name]) for field in fields(hint)})
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    return st.one_of(*(values(option) for option in get_args(hint)))


def type_of(hint: Any) -> type:
    """The column type that a field of this type needs."""
    options = [option for option in get_args(hint) if option is not type(None)] if get_args(hint) else [hint]
    if get_origin(hint) in (tuple, dict) or any(hasattr(option, "__dataclass_fields__") for option in options):
        return JSON
    kinds = {option if isinstance(option, type) else type(option) for option in options}
    return {str: Text, int: BigInteger, bool: Boolean}[kinds.pop()] if len(kinds) == 1 else JSON


def test_every_entity_has_a_table_and_every_table_an_entity() -> None:
    assert set(Entity.__subclasses__()) == set(TABLES)
    assert {table.name for table in TABLES.values()} | {EVENTS.name} | BOOKKEEPING == set(METADATA.tables)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_table_has_a_column_of_the_right_type_for_each_field(kind: type[Entity]) -> None:
    hints = get_type_hints(kind)
    columns = {name: column for name, column in TABLES[kind].columns.items() if name != "born"}
    assert {name: type(column.type) for name, column in columns.items()} == {
        field.name: type_of(hints[field.name]) for field in fields(kind)
    }
    for field in fields(kind):
        may_be_none = type(None) in get_args(hints[field.name])
        assert columns[field.name].nullable == (may_be_none or field.name in blanks(TABLES[kind])), field.name


def test_the_table_of_events_has_a_column_for_each_field() -> None:
    assert set(EVENTS.columns.keys()) == {field.name for field in fields(Event)}


@pytest.mark.parametrize("table", [table for table in TABLES.values() if "run" in table.columns], ids=str)
def test_what_belongs_to_a_run_is_found_by_it(table: Table) -> None:
    assert "run" in {next(iter(index.columns)).name for index in table.indexes}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(data=st.data())
def test_a_row_gives_back_the_entity_that_went_in(kind: type[Entity], data: st.DataObject) -> None:
    entity = data.draw(values(kind))
    row = {"born": 1, **to_row(TABLES[kind], plain(entity))}
    for name in nested(TABLES[kind]):
        row[name] = None if row[name] is None else json.loads(row[name])  # as the database's JSON type does
    assert from_row(kind, [row[name] for name in names(TABLES[kind])]) == entity
