"""A ledger that is only looked at: what it reads is what the whole ledger reads, and it loads nothing large for it."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest

from adapters.ledger.ledger import SqlLedger
from adapters.ledger.looking import LookingLedger
from adapters.ledger.open import open_ledger
from adapters.ledger.schema import SCHEMA
from adapters.ledger.sqlite_books import NAMES
from adapters.ledger.tables import TABLES
from factory.errors import Missing, Refused, Unreachable
from factory.model.identity import Entity
from factory.model.run import Run
from factory.model.view import RunView
from factory.ports.ledger import Ledger
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import FixedClock
from tests.fakes.full_view import full_view

FILE = "ledger.db"


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[SqlLedger]:
    """The ledger that can do everything."""
    with closing(open_ledger(tmp_path / FILE, FixedClock())) as ledger:
        yield ledger


@pytest.fixture
def looking(whole: SqlLedger, tmp_path: Path) -> Iterator[LookingLedger]:
    """The same file, looked at."""
    with closing(LookingLedger(tmp_path / FILE, FixedClock().now, lambda: whole)) as ledger:
        yield ledger


def entities(view: RunView) -> list[Entity]:
    """Everything that a view holds and a ledger keeps."""
    held = (getattr(view, one.name) for one in fields(view))
    lists = [each for each in held if isinstance(each, tuple)]
    return [view.run, *(item for each in lists for item in each if isinstance(item, Entity))]


def test_every_table_is_called_what_the_schema_calls_it() -> None:
    assert {kind: table.name for kind, table in TABLES.items()} == NAMES


def test_a_run_with_everything_in_it_is_read_alike(whole: SqlLedger, looking: LookingLedger) -> None:
    kept = entities(replace(full_view("word"), run=replace(full_view("word").run, idempotency_key="k")))
    for entity in kept:
        put(whole, replace(entity, version=0))
    for kind in {type(entity) for entity in kept}:
        assert looking.find(kind) == whole.find(kind)
        assert looking.find(kind, id=kept[0].id) == whole.find(kind, id=kept[0].id)
    assert replace(looking.view("run_1"), as_of="") == replace(whole.view("run_1"), as_of="")
    assert looking.rows() == whole.rows()
    assert looking.events() == whole.events()
    assert looking.events(actions=("run.create",)) == whole.events(actions=("run.create",))


def test_what_is_stored_as_nothing_is_found_by_the_empty_text(whole: SqlLedger, looking: LookingLedger) -> None:
    put(whole, RUN)
    assert looking.find(Run, idempotency_key="") == whole.find(Run, idempotency_key="") != ()


def test_a_write_goes_to_the_whole_ledger_and_is_seen(looking: LookingLedger) -> None:
    put(looking, RUN)
    assert looking.get(Run, RUN.id).goal == RUN.goal


def test_a_file_that_was_deleted_or_replaced_is_not_read_on(
    whole: SqlLedger, looking: LookingLedger, tmp_path: Path
) -> None:
    put(whole, RUN)
    assert len(looking.rows()) == 1
    whole.close()
    for file in tmp_path.glob(f"{FILE}*"):
        file.rename(tmp_path / f"away-{file.name}")
    with pytest.raises(Unreachable, match="is gone"):
        looking.head()
    open_ledger(tmp_path / FILE, FixedClock()).close()
    assert looking.rows() == ()


def test_a_newer_ledger_is_refused_and_one_that_is_none_is_said_to_be_so(tmp_path: Path) -> None:
    open_ledger(tmp_path / FILE, FixedClock()).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("UPDATE meta SET schema = schema + 1")
        connection.commit()
    with pytest.raises(Refused, match=f"has schema {SCHEMA + 1}, and this program knows {SCHEMA}"):
        _looked_at(tmp_path / FILE).head()
    (tmp_path / "other").write_bytes(b"\x00nonsense" * 1000)
    with pytest.raises(Exception, match="is not a ledger"):
        _looked_at(tmp_path / "other").head()
    with pytest.raises(Unreachable, match="is gone"):
        _looked_at(tmp_path / "none").head()
    assert not (tmp_path / "none").exists()


def test_an_error_of_one_read_is_not_the_next_ones(whole: SqlLedger, looking: LookingLedger) -> None:
    with pytest.raises(Missing):
        looking.get(Run, "run_none")
    put(whole, RUN)
    assert looking.get(Run, RUN.id).goal == RUN.goal


def test_who_looks_loads_none_of_the_libraries_of_who_writes() -> None:
    code = (
        "import sys, cockpit.first_ports, cockpit.cli.late_ports, factory.rules.status; "
        "print(*({'sqlalchemy', 'alembic', 'pydantic', 'jinja2', 'genai_prices', 'dbos', 'httpx'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_its_stamp_changes_with_a_commit_of_somebody_else_and_with_nothing_else(
    whole: SqlLedger, looking: LookingLedger
) -> None:
    put(whole, RUN)
    before = looking.stamp()
    assert before
    looking.rows()
    assert looking.stamp() == before
    put(whole, replace(RUN, id="run_2"))
    assert looking.stamp() != before


def _looked_at(file: Path) -> LookingLedger:
    def none() -> Ledger:
        raise AssertionError("nothing is written")

    return LookingLedger(file, FixedClock().now, none)
