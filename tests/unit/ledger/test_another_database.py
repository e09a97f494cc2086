"""Another database is another URL: the words that we send are those of SQL, but for one file."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.ledger import statements
from adapters.ledger.columns import NAMES
from adapters.ledger.tables import COMMANDS, METADATA, STEPS

LEDGER = Path(statements.__file__).parent
SQLITE_ONLY = re.compile(r"PRAGMA|IMMEDIATE|AUTOINCREMENT|OR IGNORE|OR REPLACE|rowid|sqlite3|sqlite_")
LONGEST_NAME = 63
"""Postgres cuts longer names."""


SHORTCUTS = {"first_look.py", "glance.py", "looking.py", "sqlite_books.py", "sqlite_rows.py"}
"""Read a SQLite file without the ledger's libraries; with any other database the ledger itself is asked."""


def test_what_only_sqlite_understands_is_in_one_file() -> None:
    files = {file.name for file in LEDGER.rglob("*.py") if SQLITE_ONLY.search(file.read_text())}
    assert files - SHORTCUTS == {"sqlite.py"}


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_every_table_can_be_made_in_postgres(table: Table) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=dialect))
    for index in table.indexes:
        assert table.name in str(CreateIndex(index).compile(dialect=dialect))
        assert len(str(index.name)) <= LONGEST_NAME


def test_money_and_sizes_have_64_bits_in_postgres() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert "limit_micros BIGINT" in str(CreateTable(METADATA.tables["budgets"]).compile(dialect=dialect))


def test_a_writer_in_postgres_waits_for_the_one_row_of_the_chain() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert statements.hold_head(dialect).text.endswith("FOR UPDATE")
    assert not statements.select_head(dialect).text.endswith("FOR UPDATE")


def test_a_row_names_all_columns_but_those_that_the_database_counts() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    counted = statements.insert_row(dialect, COMMANDS).text.split("VALUES")[0]
    assert "born" not in counted
    assert "applied_at" in counted
    assert "born" in statements.insert_row(dialect, STEPS).text
    assert "born" not in statements.update_row(dialect, STEPS).text


def test_constraints_have_names_so_that_a_migration_can_change_them() -> None:
    assert set(NAMES) == {"ix", "uq", "fk", "pk"}
    unnamed = [rule for table in METADATA.sorted_tables for rule in table.constraints if not rule.name]
    assert unnamed == []
