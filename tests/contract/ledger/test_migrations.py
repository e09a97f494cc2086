"""Migrating a ledger ends where making one begins, and loses nothing on the way."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from adapters.ledger.audit import verify
from adapters.ledger.migrate import MIGRATIONS, migrate
from adapters.ledger.open import open_ledger
from adapters.ledger.tables import SCHEMA
from factory.errors import Malformed, Refused
from factory.model.run import Run
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import FixedClock

NEXT = f'''
"""What a later version of the program might do."""

import sqlalchemy as sa
from alembic import op

revision = "{SCHEMA + 1:04d}"
down_revision = "{SCHEMA:04d}"


def upgrade() -> None:
    op.add_column("runs", sa.Column("colour", sa.Text, nullable=False, server_default="blue"))
'''


def schema(path: Path) -> dict[str, Any]:
    """Every table as the database itself describes it."""
    engine = create_engine(f"sqlite+pysqlite:///{path}")
    with engine.connect() as connection:
        look = inspect(connection)
        found = {
            name: (
                [{**column, "type": str(column["type"])} for column in look.get_columns(name)],
                look.get_pk_constraint(name),
                look.get_foreign_keys(name),
                sorted(look.get_unique_constraints(name), key=str),
                sorted(look.get_indexes(name), key=str),
            )
            for name in look.get_table_names()
        }
    engine.dispose()
    return found


def contents(path: Path) -> list[Any]:
    """The rows that a new ledger has."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM meta, chain, alembic_version").fetchall()


@pytest.fixture
def versions(tmp_path: Path) -> list[Path]:
    """Our migrations and one more."""
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "v_next.py").write_text(NEXT)
    return [MIGRATIONS / "versions", folder]


def test_migrating_from_nothing_gives_what_making_gives(tmp_path: Path) -> None:
    migrate(tmp_path / "migrated.db")
    open_ledger(tmp_path / "made.db", FixedClock()).close()
    assert schema(tmp_path / "migrated.db") == schema(tmp_path / "made.db")
    assert contents(tmp_path / "migrated.db") == contents(tmp_path / "made.db")
    assert len(schema(tmp_path / "made.db")) == 24


def test_the_newest_migration_has_the_number_of_the_schema() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [f"{SCHEMA:04d}"]


def test_a_migrated_ledger_is_used_like_any_other(tmp_path: Path) -> None:
    migrate(tmp_path / "100%" / "ledger.db")
    migrate(tmp_path / "100%" / "ledger.db")
    with closing(open_ledger(tmp_path / "100%" / "ledger.db", FixedClock())) as ledger:
        put(ledger, RUN)
        assert verify(ledger).problem is None


def test_what_was_there_survives_a_migration(tmp_path: Path, versions: list[Path]) -> None:
    path = tmp_path / "ledger.db"
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, RUN)
        head = ledger.head()
    migrate(path, versions)
    assert contents(path)[0][1] == SCHEMA + 1
    assert contents(path)[0][-1] == f"{SCHEMA + 1:04d}"
    with pytest.raises(Refused) as refused:
        open_ledger(path, FixedClock())
    assert refused.value.code == "newer_schema"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("SELECT goal, colour FROM runs").fetchall() == [(RUN.goal, "blue")]
        connection.execute(f"UPDATE meta SET schema = {SCHEMA}")
    with closing(open_ledger(path, FixedClock())) as ledger:
        assert ledger.head() == head
        assert ledger.get(Run, RUN.id).goal == RUN.goal


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(tmp_path: Path, versions: list[Path]) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path, FixedClock()).close()
    before = schema(path), contents(path)
    with (versions[1] / "v_next.py").open("a") as script:
        script.write("    raise LookupError\n")
    with pytest.raises(LookupError):
        migrate(path, versions)
    assert (schema(path), contents(path)) == before


def test_a_newer_ledger_is_not_migrated(tmp_path: Path, versions: list[Path]) -> None:
    migrate(tmp_path / "ledger.db", versions)
    with pytest.raises(Refused) as refused:
        migrate(tmp_path / "ledger.db")
    assert refused.value.code == "newer_schema"


def test_something_else_is_not_migrated(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("Dear diary, " * 1000)
    with pytest.raises(Malformed, match="is not a ledger"):
        migrate(tmp_path / "ledger.db")


def test_only_the_migration_needs_alembic() -> None:
    program = "import sys, adapters.ledger.open, adapters.ledger.audit; print('alembic' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=MIGRATIONS.parents[2]
    )
    assert ended.stdout == "False\n"
