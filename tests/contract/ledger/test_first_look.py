"""The list before the libraries are there: the same goals as the ledger's own, or none and no harm."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.ledger.first_look import Look, first_look, is_held
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.errors import Unreachable
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.identity import Entity
from factory.model.run import Agent
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from tests.contract.ledger.books import RUN
from tests.fakes.clock import FixedClock

FILE = "ledger.db"


def steps(run: str) -> list[Step]:
    """A build that was tried again, and a verification that waits."""
    return [
        Step(id=f"stp_{run}_old", run=run, kind="build", order=2, state="stalled"),
        Step(id=f"stp_{run}_build", run=run, kind="build", order=2, state="awaiting_verdict"),
        Step(id=f"stp_{run}_plan", run=run, kind="plan", order=1, state="passed"),
        Step(id=f"stp_{run}_verify", run=run, kind="verify", order=3, state="pending"),
    ]


def a_goal_with_everything(run: str) -> list[Entity]:
    """Steps, attempts of two roles, money, a blocker and a thread."""
    step = f"stp_{run}_build"
    return [
        replace(RUN, id=run, state="running", verifier=Agent("command:other", "other")),
        *steps(run),
        Attempt(id=f"att_{run}_1", run=run, step=step, n=1, role="coder", model="one", last_progress="2026-01-01"),
        Attempt(id=f"att_{run}_2", run=run, step=step, n=2, role="coder", model="two"),
        Attempt(id=f"att_{run}_3", run=run, step=step, n=3, role="verifier", model="three"),
        Thread(id=f"thr_{run}", run=run, step=step, state="prewired", round=2),
        Budget(id=f"bud_{run}", run=run, scope="run", subject=run, limit_micros=9, reserved_micros=4),
        CostEntry(
            id=f"cst_{run}_1",
            run=run,
            step=step,
            attempt=f"att_{run}_1",
            role="coder",
            agent="x",
            micros=3,
            basis="unpriced",
        ),
        CostEntry(
            id=f"cst_{run}_2",
            run=run,
            step=step,
            attempt=f"att_{run}_1",
            role="coder",
            agent="x",
            micros=5,
            basis="computed",
        ),
        Blocker(id=f"blk_{run}", run=run, code="x", message="m", severity="block"),
        Blocker(id=f"blk_{run}_over", run=run, code="x", message="m", severity="block", resolved_at="2026-01-01"),
    ]


def ledger_with(folder: Path, *runs: str) -> SqlLedger:
    """A ledger that holds a goal with everything for each id."""
    ledger = open_ledger(folder / FILE, FixedClock())
    for run in runs:
        _put(ledger, *a_goal_with_everything(run))
    return ledger


def test_it_finds_what_the_ledger_lists(tmp_path: Path) -> None:
    with closing(ledger_with(tmp_path, "run_1", "run_2")) as ledger:
        _put(ledger, replace(RUN, id="run_3", state="blocked"))
        found = first_look(tmp_path / FILE)
        assert found is not None
        assert found.rows == ledger.rows()
    assert [row.id for row in found.rows] == ["run_3", "run_2", "run_1"]
    assert found.is_all
    assert found.rows[1].unpriced
    assert found.rows[1].blockers == 1


def test_an_empty_ledger_has_no_goals(tmp_path: Path) -> None:
    ledger_with(tmp_path).close()
    assert first_look(tmp_path / FILE) == Look((), is_all=True)


def test_nothing_is_made_where_there_is_no_ledger(tmp_path: Path) -> None:
    assert first_look(tmp_path / FILE) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("change", ["UPDATE meta SET schema = schema + 1", "DROP TABLE steps", "DELETE FROM meta"])
def test_a_ledger_of_another_kind_is_left_to_the_one_that_explains_it(tmp_path: Path, change: str) -> None:
    ledger_with(tmp_path, "run_1").close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(change)
        connection.commit()
    assert first_look(tmp_path / FILE) is None


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\x00nonsense" * 1000)
    assert first_look(tmp_path / FILE) is None


def test_a_ledger_that_somebody_holds_is_said_at_once(tmp_path: Path) -> None:
    ledger_with(tmp_path, "run_1").close()
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unreachable, match="held by another process"):
            first_look(tmp_path / FILE)
        held = is_held(tmp_path / FILE)
        assert held is not None
        assert held.code == "locked"
    assert is_held(tmp_path / FILE) is None


def test_of_many_goals_the_newest_are_found_and_it_is_said_that_there_are_more(tmp_path: Path) -> None:
    with closing(ledger_with(tmp_path, "run_1", "run_2", "run_3")) as ledger:
        found = first_look(tmp_path / FILE, most=2)
        assert found == Look(ledger.rows(limit=2), is_all=False)


def _put(ledger: SqlLedger, *entities: Entity) -> None:
    ledger.write("a", lambda tx: [tx.put(entity, "test.put") for entity in entities])
