"""`wait`, `events` and `status --watch`: what follows a run, and when it stops following."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from factory.model.outbox import OutboxItem
from factory.operations import inspect, verbs
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from tests.contract.command_line import CommandLine, Plant


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def test_wait_returns_at_once_when_there_is_nothing_to_wait_for(plant: Plant) -> None:
    run = plant.awaiting_qa()
    value = plant.cli.json("wait", run).json
    assert (value["run"], value["state"]) == (run, "awaiting_qa")
    assert value["reached"]
    assert plant.cli.json("wait", run, "--for", "awaiting_qa").json["reached"] == "awaiting_qa"


def test_wait_gives_up_in_time_and_says_when_a_run_ended_otherwise(plant: Plant) -> None:
    run = plant.launched()
    plant.cli.json("wait", run, "--timeout", "0").failed(3, "timeout")
    plant.cli.json("cancel", run)
    plant.work()
    plant.cli.json("wait", run, "--for", "done").failed(3, "other_end")


def test_a_run_that_ends_while_somebody_looks_has_ended_as_wanted(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plant.launched()
    look = inspect.reached

    def look_then_cancel(ports: Ports, run: str, wanted: str = "") -> str:
        found = look(ports, run, wanted)
        if not found:
            verbs.cancel(ports, run)
        return found

    monkeypatch.setattr(inspect, "reached", look_then_cancel)
    assert plant.cli.json("wait", run, "--for", "cancelled").json["state"] == "cancelled"


def test_wait_says_that_no_worker_runs_instead_of_waiting_in_silence(plant: Plant) -> None:
    run = plant.launched()
    plant.workers.is_running = False
    assert "cockpit worker" in plant.cli("wait", run, "--timeout", "0").err


def test_events_are_one_object_a_line_from_where_one_left_off(plant: Plant) -> None:
    plant.launched()
    lines = plant.cli.json("events").lines
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert all({"seq", "at", "actor", "action", "object", "detail", "hash"} <= set(line) for line in lines)
    assert plant.cli.json("events", "--since", str(len(lines) - 1)).lines == lines[-1:]
    assert plant.cli("events", "--since", str(len(lines))).out == ""


def test_watching_ends_when_nothing_can_change_any_more(plant: Plant) -> None:
    run = plant.launched()
    plant.cli.json("cancel", run)
    plant.work()
    for item in plant.floor.view.outbox:
        plant.floor.ledger.write("worker", partial(_deliver, item))
    lines = plant.cli.json("status", run, "--watch").lines
    assert [line["state"] for line in lines] == ["cancelled"]


def _deliver(item: OutboxItem, tx: Transaction) -> None:
    tx.put(replace(item, state="delivered"), "outboxitem.arrive")
