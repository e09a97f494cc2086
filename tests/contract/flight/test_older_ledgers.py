"""A ledger of before gets its history with the migration: runs from then on are replayed whole, older ones refused."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect

from adapters.flight.flight_ledger import FlightLedger
from adapters.flight.ledger_reel import LedgerReel
from adapters.ledger.codec import as_stored, plain, to_row
from adapters.ledger.migrate import MIGRATIONS, _config, migrate
from adapters.ledger.open import open_database, open_ledger
from adapters.ledger.tables import TABLES
from factory.errors import Refused
from factory.model.cost import Budget
from factory.model.identity import Entity
from factory.model.outbox import PortHealth
from factory.model.run import Run
from factory.model.step import Attempt, Gauge
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import START, FixedClock

PORTS = (PortHealth(id="memory", state="down", seen_at=START, detail="gone"), PortHealth(id="knowledge", release="1.2"))
DAY = Budget(id="bud_day", run="", scope="day", subject=f"default:{START[:10]}", limit_micros=9, spent_micros=4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A migrated ledger of before, with a run, two systems and a shared budget."""
    path = tmp_path / "ledger.db"
    database = open_database(path, create=True)
    with database.writing() as connection:
        command.upgrade(_config(connection, (MIGRATIONS / "versions",)), "0005")
        for born, entity in enumerate((*PORTS, DAY, RUN), start=1):
            _insert(connection, entity, born)
    database.engine.dispose()
    migrate(path)
    return path


def _insert(connection: Connection, entity: Entity, born: int) -> None:
    """A row as it was then: without the columns that came later."""
    table = TABLES[type(entity)]
    row = {**to_row(table, plain(as_stored(entity, None, START))), "born": born}
    then = {column["name"] for column in inspect(connection).get_columns(table.name)} & set(row)
    names, places = ", ".join(f'"{name}"' for name in then), ", ".join("?" * len(then))
    words = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'
    connection.exec_driver_sql(words, tuple(row[name] for name in then))


def test_a_run_that_is_older_than_the_history_is_refused(path: Path) -> None:
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, replace(ledger.get(Run, RUN.id), state="ready"))
    with pytest.raises(Refused) as refused:
        LedgerReel(path, RUN.id)
    assert refused.value.code == "not_recorded"


def test_a_run_from_then_on_is_replayed_with_what_was_there_before(path: Path) -> None:
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, replace(RUN, id="run_2"))
        first = ledger.view("run_2")
        put(ledger, replace(ledger.get(PortHealth, "memory"), state="up"))
        put(ledger, replace(ledger.get(Budget, DAY.id), spent_micros=5))
        put(ledger, replace(ledger.get(Run, "run_2"), state="ready"))
        last = ledger.view("run_2")
    with closing(FlightLedger(LedgerReel(path, "run_2"))) as flight:
        assert replace(flight.view("run_2"), as_of=first.as_of) == first
        assert [port.id for port in first.health] == ["memory", "knowledge"]
        assert [cap.spent_micros for cap in first.shared] == [4]
        flight.seek(flight.last)
        assert replace(flight.view("run_2"), as_of=last.as_of) == last
        assert len(flight.moments) == 4


def test_each_change_leaves_one_line_with_what_changed(path: Path) -> None:
    with closing(open_ledger(path, FixedClock())) as ledger:
        put(ledger, replace(RUN, id="run_2"))
        put(ledger, Attempt(id="att_1", run="run_2", step="s", n=1))
        put(ledger, replace(ledger.get(Attempt, "att_1"), state="leased"))
        ledger.beat("att_1", START, "", Gauge(spent=3))
        seq = ledger.head().count
    with closing(sqlite3.connect(path)) as connection:
        (leased, beat) = connection.execute(
            """SELECT seq, "values" FROM history WHERE kind = 'attempts' ORDER BY number DESC LIMIT 2"""
        ).fetchall()[::-1]
    assert leased == (seq, '{"state":"leased","updated_at":"2026-01-01T12:00:00.002Z","version":2}')
    assert beat[0] == seq
    assert beat[1].startswith('{"gauge":{')
    assert beat[1].endswith(f'"last_heartbeat":"{START}"}}')
