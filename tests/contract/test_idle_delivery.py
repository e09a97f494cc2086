"""What delivery asks of the ledger while there is nothing to deliver."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.model.run import Run
from factory.ports.bundle import Ports
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from factory.workflow.mirroring import Mirror
from factory.workflow.outbox_look import CAP_S
from tests.fakes.knowledge import FakeTarget
from tests.unit.knowledge.post_room import ports_of

QUERIES_A_LOOK = 4
"""The health of all targets, and the items in each of the three states in which one can move."""


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every statement that a database gets."""
    statements: list[str] = []

    def trace(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(statements.append)

    event.listen(Engine, "connect", trace)
    yield statements
    event.remove(Engine, "connect", trace)


@pytest.fixture
def ports(tmp_path: Path, asked: list[str]) -> Iterator[Ports]:
    clock = SystemClock()
    ledger = open_ledger(tmp_path / "ledger.db", clock)
    ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="g", state="closing"), "run.start"))
    asked.clear()
    yield ports_of(clock, ledger, FakeTarget("lightrag"), FakeTarget("bookstack"))
    ledger.close()


def selects(asked: list[str]) -> list[str]:
    return [statement for statement in asked if statement.lstrip().upper().startswith("SELECT")]


def test_an_idle_target_costs_four_queries_each_five_seconds(ports: Ports, asked: list[str]) -> None:
    assert deliver_due(ports, ports.clock.now(), target="lightrag") == CAP_S
    assert len(selects(asked)) == QUERIES_A_LOOK


def test_a_target_that_is_silent_rests_until_its_time_and_costs_no_more(ports: Ports, asked: list[str]) -> None:
    target = ports.targets["lightrag"]
    assert isinstance(target, FakeTarget)
    target.mood = "down"
    item = outbox_item("run_1", "lightrag", "remember", {"id": "a", "text": "b"})
    ports.ledger.write("worker", lambda tx: tx.put(item, "outbox.queue", {"target": "lightrag"}))
    pause_s = deliver_due(ports, ports.clock.now(), lambda _tries, _id: 3.0, target="lightrag")
    assert 2.0 < pause_s <= 3.0
    asked.clear()
    again_s = deliver_due(ports, ports.clock.now(), lambda _tries, _id: 3.0, target="lightrag")
    assert 0.0 < again_s <= 3.0
    assert len(target.calls) == 1
    assert len(selects(asked)) == QUERIES_A_LOOK


def test_an_idle_mirror_costs_one_query(ports: Ports, asked: list[str]) -> None:
    mirror = Mirror(ports)
    mirror.look()
    mirror.look()  # sees what the first one queued
    asked.clear()
    mirror.look()
    assert len(selects(asked)) == 1
