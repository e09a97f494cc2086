"""A glance at the file of a ledger says what the list of goals says, and costs nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.ledger.glance import Glance, glance
from adapters.ledger.open import open_ledger
from cockpit.sums import totals_of
from factory.errors import Unreachable
from factory.model.cost import Budget, CostEntry
from factory.model.identity import Entity
from factory.model.permission import Permission, PermissionState
from factory.model.run import Run, RunState
from factory.model.step import Attempt, AttemptState, Gauge, Step, StepState
from factory.model.thread import Thread, ThreadState
from factory.model.view import RunRow
from tests.fakes.clock import FixedClock

OVER = ("done", "cancelled", "failed")


@st.composite
def goals(draw: st.DrawFn) -> list[Entity]:
    """Everything of a few runs that a glance looks at, steps and threads also in older versions."""
    made: list[Entity] = []
    for number in range(draw(st.integers(0, 3))):
        run = f"run_{number}"
        made.append(Run(id=run, goal="g", state=draw(st.sampled_from(get_args(RunState)))))
        for turn in range(draw(st.integers(0, 2))):
            state: StepState = draw(st.sampled_from(get_args(StepState)))
            made.append(Step(id=f"stp_{number}{turn}", run=run, kind="build", order=1, state=state))
            told: ThreadState = draw(st.sampled_from(["prewired", "awaiting"]))
            made.append(Thread(id=f"thr_{number}{turn}", run=run, step=f"stp_{number}{turn}", state=told))
        money = st.integers(0, 9_000_000)
        cap = Budget(id=f"bud_{number}", run=run, scope="run", subject=run, limit_micros=draw(money))
        made.append(replace(cap, reserved_micros=draw(money)))
        made.append(replace(cap, id=f"cap_{number}", scope="thread", limit_micros=1, reserved_micros=2))
        for turn in range(draw(st.integers(0, 2))):
            cost = CostEntry(id=f"cst_{number}{turn}", run=run, step="s", attempt="a", role="coder", agent="x")
            made.append(replace(cost, micros=draw(money), basis=draw(st.sampled_from(["reported", "unpriced"]))))
        for turn in range(draw(st.integers(0, 2))):
            gauge = Gauge(spent=draw(money), in_flight=draw(money)) if draw(st.booleans()) else None
            tried: AttemptState = draw(st.sampled_from(["created", "leased", "running", "succeeded"]))
            made.append(Attempt(id=f"att_{number}{turn}", run=run, step=run, n=turn, state=tried, gauge=gauge))
            asked: PermissionState = draw(st.sampled_from(["open", "allowed"]))
            ask = Permission(
                id=f"prm_{number}{turn}", run=run, step="s", attempt="a", ask=str(turn), kind="run", title="x"
            )
            made.append(replace(ask, attempt=f"{number}", state=asked))
    return made


def _sums(rows: tuple[RunRow, ...]) -> Glance:
    found = [row for row in rows if row.state not in OVER]
    return Glance(
        open_goals=len(found),
        running=sum(
            row.state in ("running", "closing") and not row.needs_person and not row.is_queued for row in found
        ),
        need_me=sum(row.needs_person for row in found),
        spent=sum(row.spent_micros for row in found),
        in_flight=sum(row.in_flight_micros for row in found),
        limit=sum(row.cap_micros for row in found),
        unpriced=any(row.unpriced for row in found),
    )


def test_the_header_says_working_of_as_many_goals_as_a_glance_does(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    asks = Permission(id="prm_1", run="run_asks", step="s", attempt="a", ask="1", kind="run", title="x", state="open")
    with closing(open_ledger(file, FixedClock())) as ledger:
        goals = [Run(id=f"run_{state}", goal="g", state=state) for state in get_args(RunState)]
        for entity in (*goals, Run(id="run_asks", goal="g", state="running"), asks):
            ledger.write("a", lambda tx, entity=entity: tx.put(entity, "test.put"))  # type: ignore[misc]
        header = totals_of(ledger.rows()).working
    assert (header, glance(file).running) == (2, 2), "the one that runs and the one that closes"


@settings(max_examples=40, deadline=None)
@given(goals())
def test_a_glance_sums_up_the_list(entities: list[Entity]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "ledger.db")
        with closing(open_ledger(file, FixedClock())) as ledger:
            for entity in entities:
                ledger.write("a", lambda tx, entity=entity: tx.put(entity, "test.put"))  # type: ignore[misc]
            assert glance(file) == _sums(ledger.rows())


def test_where_no_ledger_is_there_is_nothing_and_nothing_is_made(tmp_path: Path) -> None:
    assert glance(tmp_path / "home" / "ledger.db") == Glance()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no database at all", b""])
def test_a_file_that_is_no_ledger_is_unreachable(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ledger.db"
    file.write_bytes(content)
    with pytest.raises(Unreachable):
        glance(file)


def test_a_glance_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with closing(open_ledger(file, FixedClock())), closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert glance(file) == Glance()
