"""The ledger's file may be deleted or replaced while it is open: nobody goes on with a file that is not there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.errors import Unreachable
from factory.model.run import Run
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import FixedClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger lies."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    """A ledger with one run that was read and written, so that its connections are open."""
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, RUN)
        assert len(ledger.rows()) == 1
        yield ledger


def lay_away(path: Path, where: Path) -> None:
    """Move the ledger with everything that SQLite keeps beside it."""
    where.mkdir(exist_ok=True)
    for file in path.parent.glob(f"{path.name}*"):
        file.rename(where / file.name)


def test_a_ledger_that_was_deleted_is_gone_and_not_read_on(ledger: SqlLedger, path: Path) -> None:
    path.unlink()
    with pytest.raises(Unreachable, match=r"The ledger .*ledger\.db is gone") as gone:
        ledger.rows()
    assert gone.value.code == "ledger_gone"
    with pytest.raises(Unreachable, match="is gone"):
        put(ledger, replace(RUN, id="run_2"))
    assert not path.exists()


def test_a_ledger_that_came_back_is_read_and_written_again(ledger: SqlLedger, path: Path, tmp_path: Path) -> None:
    lay_away(path, tmp_path / "away")
    with pytest.raises(Unreachable, match="is gone"):
        ledger.head()
    lay_away(tmp_path / "away" / path.name, tmp_path)
    assert ledger.get(Run, RUN.id).goal == RUN.goal
    put(ledger, replace(RUN, id="run_2"))
    assert len(ledger.rows()) == 2


def test_another_ledger_in_its_place_is_the_one_that_counts(ledger: SqlLedger, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / path.name
    with closing(open_ledger(other, FixedClock())) as second:
        put(second, replace(RUN, id="run_other", goal="Another goal"))
    lay_away(path, tmp_path / "away")
    other.replace(path)
    assert [row.goal for row in ledger.rows()] == ["Another goal"]
    put(ledger, replace(RUN, id="run_third"))
    with closing(sqlite3.connect(path)) as connection:
        stored = [id for (id,) in connection.execute("SELECT id FROM runs ORDER BY born")]
    assert stored == ["run_other", "run_third"]
