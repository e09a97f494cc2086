"""The demo, replayed: at every moment that somebody saw live, the recording says exactly the same."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from adapters.flight.opening import Flight, open_flight, open_run
from adapters.ledger.sqlite_books import SqliteBooks
from adapters.ledger.sqlite_rows import newest_ids, sqlite_rows
from adapters.ledger.view import read_view
from cockpit.evidence_file import read_evidence
from cockpit.now import utc_now
from factory.model.audit import ChainHead
from factory.model.view import RunRow, RunView
from tests.e2e.product import Cockpit, cockpit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LOOK_EVERY_S = 0.01


@dataclass(frozen=True)
class Live:
    """What the ledger said while the demo was running, in one moment of its file."""

    number: int
    """Of the newest line of history."""
    view: RunView
    row: RunRow


@dataclass
class Looker:
    """Reads the ledger whenever it has changed, as the cockpit does."""

    ledger: Path
    seen: list[Live] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Until it is over."""
        while not self.ledger.exists() or not self._is_made():
            if self.is_over.wait(LOOK_EVERY_S):
                return
        with closing(sqlite3.connect(self.ledger, isolation_level=None, timeout=30)) as connection:
            stamp = 0
            while not self.is_over.wait(LOOK_EVERY_S):
                (now,) = connection.execute("PRAGMA data_version").fetchone()
                if now != stamp:
                    stamp = now
                    self._read(connection)
            self._read(connection)

    def _is_made(self) -> bool:
        with closing(sqlite3.connect(self.ledger, timeout=30)) as connection:
            return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone())

    def _read(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        for run in newest_ids(connection, 1):
            view = read_view(SqliteBooks(connection), run, utc_now())
            (row,) = sqlite_rows(connection, [run])
            (number,) = connection.execute("SELECT max(number) FROM history").fetchone()
            self.seen.append(Live(number, view, row))
        connection.rollback()


def beats_of(ledger: Path, run: str, since: int, number: int) -> int:
    """How many beats there had been after a moment, when a line was the newest."""
    with closing(sqlite3.connect(ledger)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM history WHERE run = ? AND seq >= ? AND number <= ? "
            """AND json_extract("values", '$.version') IS NULL""",
            (run, since, number),
        ).fetchone()
        return int(count)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cockpit, list[Live], dict[str, Any]]:
    """The home of a demo, what was seen meanwhile, and its report."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with cockpit(home) as at:
        looker = Looker(home / "ledger.db")
        thread = threading.Thread(target=looker.look)
        thread.start()
        try:
            report = at.ok("demo", "--check")
        finally:
            looker.is_over.set()
            thread.join()
        return at, looker.seen, report


def said(flight: Flight, live: Live, ledger: Path) -> tuple[RunView, RunRow]:
    """What the recording says of a moment that was seen live; times of looking are left out."""
    seq = live.view.head.count
    flight.ledger.seek(seq)
    flight.ledger.seek(seq, beats_of(ledger, flight.ledger.run, flight.ledger.seq, live.number))
    view = flight.ledger.view(flight.ledger.run)
    head = live.view.head if flight.ledger.seq < seq else view.head  # of an event that is none of the run's
    return replace(view, as_of=live.view.as_of, head=head), flight.ledger.rows()[0]


def test_every_moment_of_the_demo_that_was_seen_is_replayed_exactly(
    demo: tuple[Cockpit, list[Live], dict[str, Any]],
) -> None:
    at, seen, report = demo
    assert report["ok"], report
    ledger = at.home / "ledger.db"
    with closing(open_run(ledger, report["run"], at.home / "evidence" / report["run"])) as flight:
        assert len({live.view.head.count for live in seen}) > 40
        for live in (*seen, *seen[::-1]):
            assert said(flight, live, ledger) == (live.view, live.row)
        assert flight.ledger.head() != ChainHead()
        assert flight.check().ok
        assert {event.action for event in flight.ledger.moments} >= {"port.outage", "port.recovered", "gate.decide"}


def test_a_stranger_sees_the_same_out_of_the_file(
    demo: tuple[Cockpit, list[Live], dict[str, Any]], tmp_path: Path
) -> None:
    at, seen, report = demo
    file = tmp_path / "demo.flight"
    made = at.ok("replay", report["run"], "--export", str(file))
    assert made["files"] > 20, made
    with closing(open_flight(file)) as flight:
        proof = flight.check()
        assert (proof.ok, proof.redacted) == (True, made["redactions"]), proof
        folder = flight.folder
        assert folder is not None
        for live in seen[:: max(1, len(seen) // 30)]:
            view, row = said(flight, live, at.home / "ledger.db")
            attempts = tuple(
                replace(one, folder=str(folder / "agents" / Path(one.folder).name) if one.folder else "")
                for one in live.view.attempts
            )
            assert replace(view, packages=live.view.packages, attempts=attempts) == replace(
                live.view, attempts=attempts
            )
            assert view.attempts == attempts
            assert row == live.row
        flight.ledger.seek(flight.ledger.last)
        last = flight.ledger.view(report["run"])
        problems = [read_evidence(flight.evidence, item.path, item.sha256).problem for item in last.evidence]
        assert set(problems) == {""}
        assert all((Path(one.path) / "package.json").is_file() for one in last.packages)
        assert any((Path(one.folder) / "out.log").is_file() for one in last.attempts)
