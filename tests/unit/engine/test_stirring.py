"""A worker's pause ends when somebody writes to the ledger."""

import time
from pathlib import Path

from adapters.clock import SystemClock
from adapters.engine.stirring import Stirring
from adapters.ledger.open import open_ledger
from factory.model.run import Run

LONG_S = 60.0


def test_a_pause_ends_when_the_ledger_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path, SystemClock())
    stirring = Stirring(path)
    ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="a goal"), "run.create"))
    began = time.monotonic()
    stirring.wait(LONG_S)
    assert time.monotonic() - began < LONG_S / 2


def test_a_pause_has_its_length_when_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path, SystemClock())
    began = time.monotonic()
    Stirring(path).wait(0.1)
    assert time.monotonic() - began >= 0.1


def test_a_database_elsewhere_is_waited_for_without_a_look() -> None:
    began = time.monotonic()
    Stirring("postgresql://host/ledger").wait(0.05)
    assert time.monotonic() - began >= 0.05


def test_it_says_whether_something_may_have_been_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path, SystemClock())
    stirring = Stirring(path)
    assert not stirring.wait(0.05)
    ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="a goal"), "run.create"))
    assert stirring.wait(LONG_S)
    assert Stirring("postgresql://host/ledger").wait(0.0), "of a database elsewhere nobody can tell"
