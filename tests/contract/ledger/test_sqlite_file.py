"""The ledger's file: made once and whole, for its owner alone, and every failure of it a sentence."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_database, open_ledger
from adapters.ledger.schema import SCHEMA
from adapters.ledger.sqlite_file import explain
from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable
from factory.model.run import Run
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import FixedClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger of a test lies; its folder is not there yet."""
    return tmp_path / "home" / "ledger.db"


def make(path: Path) -> None:
    """Make a ledger with one run."""
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, RUN)


def sql(path: Path, *statements: str) -> list[Any]:
    """Change the file behind the ledger's back; the rows of the last statement."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


def open_sick(path: Path, *pragmas: str) -> SqlLedger:
    """The ledger over a file layer that fails, whoever runs the test."""
    database = open_database(path, create=True)

    def sicken(connection: Any, _: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    event.listen(database.engine, "connect", sicken)
    return SqlLedger(database, FixedClock())


def test_what_one_process_wrote_the_next_one_reads(path: Path) -> None:
    make(path)
    with closing(open_ledger(f"sqlite+pysqlite:///{path}", FixedClock(), create=False)) as ledger:
        assert ledger.get(Run, RUN.id).goal == RUN.goal


def test_the_files_are_their_owner_s_alone(path: Path) -> None:
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, RUN)
        files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert files == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_commit_survives_a_power_cut_and_readers_never_wait(path: Path) -> None:
    make(path)
    assert sql(path, "PRAGMA journal_mode") == [("wal",)]
    with closing(open_ledger(path, FixedClock())) as ledger, sqlite_writer(path):
        assert ledger.find(Run)
        assert ledger.rows()
    database = open_database(path, create=False)
    with database.reading() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")]
    database.engine.dispose()
    assert settings == [2, 1]


def sqlite_writer(path: Path) -> "closing[sqlite3.Connection]":
    """Somebody else in the middle of a transaction that writes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE chain SET count = count")
    return closing(connection)


def test_there_is_no_ledger_where_none_shall_be_made(path: Path) -> None:
    with pytest.raises(Missing, match=r"There is no ledger at .*ledger\.db"):
        open_ledger(path, FixedClock(), create=False)
    assert not path.parent.exists()


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    make(path)
    assert sql(path, "PRAGMA journal_mode", "SELECT count(*) FROM events") == [(1,)]


@pytest.mark.parametrize(("number", "code"), [(SCHEMA + 1, "newer_schema"), (0, "older_schema")])
def test_another_schema_is_refused_and_left_alone(path: Path, number: int, code: str) -> None:
    make(path)
    sql(path, f"UPDATE meta SET schema = {number}")
    before = path.read_bytes()
    with pytest.raises(Refused, match=f"schema {number}") as refused:
        open_ledger(path, FixedClock())
    assert refused.value.code == code
    assert ("worker" in refused.value.message) == (code == "older_schema")
    assert path.read_bytes() == before


def scribble(path: Path) -> None:
    """Something that is no database."""
    path.write_bytes(b"Dear diary, " * 1000)


def strange(path: Path) -> None:
    """A database of somebody else that has a table of our name."""
    sql(path, "CREATE TABLE meta (id)", "CREATE TABLE runs (id)")


def damage(path: Path) -> None:
    """A ledger that lost its middle."""
    make(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


@pytest.mark.parametrize("spoil", [scribble, strange, damage])
def test_a_file_that_is_no_ledger_is_malformed_and_named(path: Path, spoil: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    spoil(path)
    with pytest.raises(Malformed, match=r"ledger\.db (is not a ledger|is damaged)"):
        open_ledger(path, FixedClock()).rows()


def test_a_folder_that_cannot_be_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable, match=r"cannot be made: File exists \(.*/file\)"):
        open_ledger(tmp_path / "file" / "ledger.db", FixedClock())
    with pytest.raises(Unreachable, match="cannot be used"):
        open_ledger(tmp_path, FixedClock())


@pytest.mark.parametrize(
    ("number", "code"),
    [(28, "disk_full"), (122, "disk_full"), (30, "read_only"), (13, "read_only"), (5, "unreachable")],
)
def test_a_file_that_cannot_be_made_says_why(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, "the reason")

    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(Unreachable, match="the reason") as unreachable:
        open_ledger(path, FixedClock())
    assert unreachable.value.code == code


def test_a_full_disk_is_named_and_nothing_is_half_written(path: Path) -> None:
    make(path)
    with closing(open_sick(path, "PRAGMA max_page_count=1")) as ledger:
        before = ledger.head()
        with pytest.raises(Unreachable, match="disk is full") as unreachable:
            put(ledger, Run(id="run_2", goal="x" * 1_000_000))
        assert unreachable.value.code == "disk_full"
        assert ledger.head() == before
        assert len(ledger.rows()) == 1


def test_a_read_only_ledger_can_be_read_and_says_what_it_is(path: Path) -> None:
    make(path)
    with closing(open_sick(path, "PRAGMA query_only=ON")) as ledger:
        assert len(ledger.rows()) == 1
        with pytest.raises(Unreachable, match="read-only") as unreachable:
            put(ledger, Run(id="run_2", goal="g"))
        assert unreachable.value.code == "read_only"


def test_a_ledger_held_by_somebody_else_is_locked_and_said_to_be(path: Path) -> None:
    make(path)
    ledger = open_sick(path, "PRAGMA busy_timeout=10")
    with closing(ledger), sqlite_writer(path), pytest.raises(Unreachable, match="held by another process") as locked:
        put(ledger, Run(id="run_2", goal="g"))
    assert locked.value.code == "locked"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("unable to open database file", Unreachable, "unreachable"),
        ("disk I/O error", Unreachable, "unreachable"),
        ("database disk image is malformed", Malformed, "malformed"),
        ("attempt to write a readonly database", Unreachable, "read_only"),
        ("database is locked", Unreachable, "locked"),
        ("database table is locked", Unreachable, "locked"),
        ("database or disk is full", Unreachable, "disk_full"),
    ],
)
def test_what_sqlite_says_becomes_one_of_our_errors(path: Path, said: str, kind: type[SourceError], code: str) -> None:
    path.parent.mkdir()
    error = explain(path, sqlite3.OperationalError(said))
    assert (type(error), error.code) == (kind, code)
    assert str(path) in error.message
    assert error.hint
