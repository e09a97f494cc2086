"""The audit of a ledger finds what somebody changed in its file."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from adapters.ledger.audit import export, verify
from adapters.ledger.open import open_ledger
from factory.model.audit import ChainHead, Event
from factory.rules.chain import ChainProblem, verify_chain
from tests.contract.ledger.books import RUN, put
from tests.fakes.clock import FixedClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with five events and nobody at it."""
    with closing(open_ledger(tmp_path / "ledger.db", FixedClock())) as ledger:
        run = put(ledger, RUN, key="k")
        for state in ("ready", "running", "blocked", "paused"):
            run = put(ledger, replace(run, state=state))
    return tmp_path / "ledger.db"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("SELECT 1", None),
        ("UPDATE events SET actor = 'operator:eve' WHERE seq = 2", ChainProblem(2, "hash_mismatch")),
        ("UPDATE events SET detail = '{\"a\":1}' WHERE seq = 3", ChainProblem(3, "hash_mismatch")),
        ("UPDATE events SET key = NULL WHERE seq = 1", ChainProblem(1, "hash_mismatch")),
        ("UPDATE events SET prev_hash = hash WHERE seq = 3", ChainProblem(3, "prev_mismatch")),
        ("DELETE FROM events WHERE seq = 1", ChainProblem(1, "gap")),
        ("DELETE FROM events WHERE seq = 4", ChainProblem(4, "gap")),
        ("DELETE FROM events WHERE seq > 3", ChainProblem(5, "head_mismatch")),
        ("DELETE FROM events", ChainProblem(5, "head_mismatch")),
        ("UPDATE chain SET count = 4", ChainProblem(4, "head_mismatch")),
        (
            "UPDATE chain SET count = 4, hash = (SELECT hash FROM events WHERE seq = 4)",
            ChainProblem(5, "head_mismatch"),
        ),
    ],
    ids=str,
)
def test_an_audit_names_the_first_event_that_is_not_as_it_was(
    path: Path, statement: str, problem: ChainProblem | None
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    with closing(open_ledger(path, FixedClock())) as ledger:
        audit = verify(ledger)
        assert audit.problem == problem
        assert audit.head == ledger.head()


def test_a_long_chain_is_read_page_by_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.ledger.audit.PAGE", 2)
    with closing(open_ledger(path, FixedClock())) as ledger:
        assert verify(ledger).problem is None
        assert len(list(export(ledger))) == 5


def test_an_export_can_be_checked_without_the_ledger(path: Path) -> None:
    with closing(open_ledger(path, FixedClock())) as ledger:
        lines, head = list(export(ledger)), ledger.head()
    events = [msgspec.json.decode(line, type=Event) for line in lines]
    assert all(list(json.loads(line)) == sorted(json.loads(line)) for line in lines)
    assert verify_chain(events, head) is None
    assert verify_chain(events[:-1], head) == ChainProblem(5, "head_mismatch")
    assert verify_chain(events, ChainHead(3, events[2].hash)) is None
