"""The connection that is kept for writing."""

from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.errors import Missing
from factory.model.definition import Definition
from factory.model.run import Run
from factory.ports.ledger import Transaction


def _run(id: str) -> Run:
    return Run(id=id, goal="Fix split()", definition=Definition())


def test_after_an_error_nothing_is_stored_and_the_next_write_goes_through(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db", SystemClock())

    def breaks(tx: Transaction) -> None:
        tx.put(_run("run_1"), "run.create")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        ledger.write("operator", breaks)
    ledger.write("operator", lambda tx: tx.put(_run("run_2"), "run.create"))
    with pytest.raises(Missing):
        ledger.get(Run, "run_1")
    assert [row.id for row in ledger.rows()] == ["run_2"]
    ledger.close()


def test_a_writer_that_was_closed_leaves_the_file_to_others(tmp_path: Path) -> None:
    one, other = (open_ledger(tmp_path / "ledger.db", SystemClock()) for _ in range(2))
    one.write("operator", lambda tx: tx.put(_run("run_1"), "run.create"))
    one.close()
    other.write("operator", lambda tx: tx.put(_run("run_2"), "run.create"))
    one.write("operator", lambda tx: tx.put(_run("run_3"), "run.create"))  # it opens again
    assert len(other.rows()) == 3
    one.close()
    other.close()
