"""The ledger feed on a real ledger in trouble, and several cockpits on one: values stay, and it heals."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from cockpit.feeds import IDLE_POLL_S, POLL_S, RETRY_S, LedgerFeed
from cockpit.store import STALE_AFTER_S, Snapshot, Store
from factory.errors import Unreachable
from factory.model.run import Run, RunState
from factory.model.step import Attempt
from tests.app import sample
from tests.app.fakes import Seconds
from tests.contract.ledger.books import put
from tests.fakes.clock import FixedClock

RUN = Run(id="run_1", goal="Fix split()", state="running")


class Cockpit:
    """What one cockpit reads of a ledger file, through connections of its own."""

    def __init__(self, path: Path, seconds: Seconds) -> None:
        self.ledger = open_ledger(path, FixedClock(), create=False)
        self.store = Store(Snapshot())
        self.seconds = seconds
        self.feed = LedgerFeed(self.ledger, self.store, sample.status_of, seconds)

    async def look(self) -> Snapshot:
        """One turn of its loop."""
        await self.feed.refresh()
        return self.store.snapshot

    @property
    def state(self) -> tuple[str, float]:
        """How the ledger is drawn now, and its age."""
        source = self.store.snapshot.ages(self.seconds.now)["ledger"]
        return source.state, source.age_s

    @property
    def problem(self) -> str:
        """What is said to be wrong with it."""
        return self.store.snapshot.sources["ledger"].problem


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger lies."""
    return tmp_path / "ledger.db"


@pytest.fixture
def worker(path: Path) -> Iterator[SqlLedger]:
    """Who writes: one run is there."""
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, RUN)
        yield ledger


@pytest.fixture
def seconds() -> Seconds:
    """The monotonic clock of all cockpits."""
    return Seconds()


@pytest.fixture
def cockpit(path: Path, worker: SqlLedger, seconds: Seconds) -> Iterator[Cockpit]:
    """A cockpit on that ledger."""
    cockpit = Cockpit(path, seconds)
    with closing(cockpit.ledger):
        yield cockpit


async def test_a_deleted_ledger_keeps_the_last_values_and_heals_when_it_is_back(
    cockpit: Cockpit, path: Path, tmp_path: Path
) -> None:
    before = await cockpit.look()
    files = [file.name for file in tmp_path.glob("ledger.db*")]
    (tmp_path / "away").mkdir()
    for name in files:
        (tmp_path / name).rename(tmp_path / "away" / name)
    cockpit.seconds.now += 14
    during = await cockpit.look()
    assert during.rows == before.rows
    assert cockpit.state == ("stale", 14.0)
    assert f"The ledger {path} is gone" in cockpit.problem
    for name in files:
        (tmp_path / "away" / name).rename(tmp_path / name)
    await cockpit.look()
    assert (cockpit.state, cockpit.problem) == (("live", 0.0), "")


async def test_another_ledger_in_its_place_is_read_whole(cockpit: Cockpit, path: Path, tmp_path: Path) -> None:
    await cockpit.look()
    with closing(open_ledger(tmp_path / "other.db", FixedClock())) as other:
        for n in range(3):
            put(other, replace(RUN, id=f"run_other_{n}"))
    for file in tmp_path.glob("ledger.db-*"):
        file.unlink()
    (tmp_path / "other.db").replace(path)
    snapshot = await cockpit.look()
    assert [row.id for row in snapshot.rows] == ["run_other_2", "run_other_1", "run_other_0"]
    assert len(snapshot.live) == 3


async def test_who_only_writes_for_minutes_hides_nothing(cockpit: Cockpit, path: Path) -> None:
    before = await cockpit.look()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        cockpit.seconds.now += 120
        assert (await cockpit.look()).rows is before.rows
        assert cockpit.state == ("live", 0.0)


async def test_a_ledger_locked_for_minutes_keeps_the_last_values_and_heals(
    cockpit: Cockpit, worker: SqlLedger, path: Path
) -> None:
    event.listen(cockpit.ledger._database.engine, "connect", _impatient, insert=True)
    before = await cockpit.look()
    for ledger in (cockpit.ledger, worker):
        ledger.close()  # while anybody reads, nobody can keep all others out
    with closing(_exclusive(path)):
        for minute in range(1, 4):
            cockpit.seconds.now += 60
            assert (await cockpit.look()).rows is before.rows
            assert cockpit.state == ("stale", minute * 60.0)
            assert "held by another process" in cockpit.problem
    await cockpit.look()
    assert cockpit.state == ("live", 0.0)


def _impatient(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=0")  # half a minute is no time for a test


def _exclusive(path: Path) -> sqlite3.Connection:
    """Somebody who keeps everybody else out, as a repair or a backup program does."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE chain SET count = count")
    other.execute("COMMIT")
    return other


async def test_a_full_disk_keeps_the_last_values_and_heals(
    cockpit: Cockpit, worker: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await cockpit.look()

    def full(*_: object) -> None:
        raise cockpit.ledger._database.explain(sqlite3.OperationalError("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(cockpit.ledger, "head", full)
        cockpit.seconds.now += 5
        assert (await cockpit.look()).rows is before.rows
        assert cockpit.state == ("stale", 5.0)
        assert "the disk is full. Free some space." in cockpit.problem
    await cockpit.look()
    assert cockpit.problem == ""


async def test_a_ledger_that_does_not_answer_turns_stale_before_it_fails(cockpit: Cockpit) -> None:
    await cockpit.look()
    cockpit.seconds.now += STALE_AFTER_S + 1
    assert cockpit.state == ("stale", STALE_AFTER_S + 1)
    (line,) = (line for line in cockpit.store.snapshot.source_lines(cockpit.seconds.now, "") if line.name == "ledger")
    assert line.sentence == "It has not answered for 4 s; these are its last values."


async def test_progress_without_an_event_reaches_the_list(cockpit: Cockpit, worker: SqlLedger) -> None:
    put(worker, Attempt(id="att_1", run="run_1", step="stp_1", n=1, last_progress="2026-01-01T11:00:00.000Z"))
    await cockpit.look()
    worker.beat("att_1", "2026-01-01T12:00:09.000Z", "2026-01-01T12:00:09.000Z")
    cockpit.seconds.now += 5
    assert (await cockpit.look()).rows[0].last_progress_at == "2026-01-01T12:00:09.000Z"


async def test_cockpits_on_one_ledger_agree_after_one_turn_each(
    path: Path, worker: SqlLedger, seconds: Seconds
) -> None:
    several = [Cockpit(path, seconds) for _ in range(3)]
    for cockpit in several:
        await cockpit.look()
    states: tuple[RunState, ...] = ("blocked", "running", "paused")
    for state in states:
        put(worker, replace(worker.get(Run, "run_1"), state=state))
        put(worker, replace(RUN, id=f"run_{state}"))
        seen = [await cockpit.look() for cockpit in several]
        assert [row.state for row in seen[0].rows if row.id == "run_1"] == [state]
        assert all(one.rows == seen[0].rows for one in seen)
        assert all(one.live[-1] == seen[0].live[-1] for one in seen)
        assert all(one.totals == seen[0].totals for one in seen)
    for cockpit in several:
        cockpit.ledger.close()


def test_a_turn_comes_often_enough_for_cockpits_to_agree_within_a_second() -> None:
    assert max(POLL_S, IDLE_POLL_S) < 1.0
    assert POLL_S <= 0.1
    assert RETRY_S <= 2.0


def test_a_ledger_that_is_gone_has_a_sentence_with_a_fix(worker: SqlLedger, path: Path) -> None:
    path.unlink()
    with pytest.raises(Unreachable) as gone:
        worker.head()
    assert gone.value.hint
