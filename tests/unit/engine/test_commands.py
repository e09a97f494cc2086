"""Commands: what each verb does to the engine, and that doing it twice is harmless."""

from typing import Any, Literal

import pytest

from adapters.engine.commands import apply_pending
from factory.errors import Refused, Unreachable
from factory.model.audit import Command
from factory.model.run import RunState
from factory.ports.bundle import Ports
from tests.unit.engine.toy import ToyAgents, ToyEngine, leave, put_run, toy_ports

Verb = Literal["start", "wake", "stop_agents"]


@pytest.fixture
def ports() -> Ports:
    ports = toy_ports()
    put_run(ports, "run_1")
    return ports


@pytest.fixture
def engine() -> ToyEngine:
    return ToyEngine()


def wish(verb: Verb, run: str = "run_1", id: str = "cmd_1", step: str = "", reason: str = "") -> Command:
    return Command(id=id, run=run, verb=verb, step=step, reason=reason)


def stopped(ports: Ports) -> list[tuple[str, str, str]]:
    agents: Any = ports.agents
    assert isinstance(agents, ToyAgents)
    return agents.stopped


def test_start_hands_the_run_to_the_engine_and_the_command_is_done_with(ports: Ports, engine: ToyEngine) -> None:
    leave(ports, wish("start"))
    assert apply_pending(ports, engine) == 1
    assert engine.done == [("start", "run_1")]
    assert ports.ledger.pending() == ()
    assert apply_pending(ports, engine) == 0


def test_commands_are_applied_in_the_order_in_which_they_were_left(ports: Ports, engine: ToyEngine) -> None:
    leave(ports, wish("start"))
    leave(ports, wish("wake", id="cmd_2"))
    apply_pending(ports, engine)
    assert engine.done == [("start", "run_1"), ("cmd_2", "run_1")]


def test_a_wake_carries_the_id_of_its_command(ports: Ports, engine: ToyEngine) -> None:
    engine.start("run_1")
    leave(ports, wish("wake", id="cmd_9"))
    apply_pending(ports, engine)
    assert engine.done[-1] == ("cmd_9", "run_1")


@pytest.mark.parametrize("state", ["done", "cancelled", "draft"])
def test_a_wake_for_a_run_without_a_workflow_that_needs_none_has_no_effect(engine: ToyEngine, state: RunState) -> None:
    ports = toy_ports()
    put_run(ports, "run_1", state)
    leave(ports, wish("wake"))
    apply_pending(ports, engine)
    assert engine.done == []
    assert ports.ledger.pending() == ()


def test_a_wake_for_a_run_that_is_over_has_no_effect(engine: ToyEngine) -> None:
    ports = toy_ports()
    put_run(ports, "run_1", "done")
    engine.ends("run_1", "SUCCESS")
    leave(ports, wish("wake"))
    apply_pending(ports, engine)
    assert engine.done == []


@pytest.mark.parametrize("state", ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "SUCCESS"])
def test_a_wake_for_an_open_run_whose_workflow_ended_starts_it_again(
    ports: Ports, engine: ToyEngine, state: str
) -> None:
    engine.ends("run_1", state)
    leave(ports, wish("wake"))
    apply_pending(ports, engine)
    assert engine.done == [("again", "run_1")]


def test_a_cancelled_run_whose_workflow_failed_is_started_again_to_wind_up(engine: ToyEngine) -> None:
    ports = toy_ports()
    put_run(ports, "run_1", "cancelled")
    engine.ends("run_1", "ERROR")
    leave(ports, wish("wake"))
    apply_pending(ports, engine)
    assert engine.done == [("again", "run_1")]


def test_a_wake_for_an_open_run_that_the_engine_lost_starts_it(ports: Ports, engine: ToyEngine) -> None:
    leave(ports, wish("wake"))
    apply_pending(ports, engine)
    assert engine.done == [("again", "run_1")]


def test_stop_agents_stops_them_and_wakes_the_run(ports: Ports, engine: ToyEngine) -> None:
    engine.start("run_1")
    leave(ports, wish("stop_agents", step="stp_1", reason="operator_retry"))
    apply_pending(ports, engine)
    assert stopped(ports) == [("run_1", "stp_1", "operator_retry")]
    assert engine.done[-1] == ("cmd_1", "run_1")


def test_agents_that_cannot_be_stopped_are_an_error_of_the_command_and_the_run_is_woken_all_the_same(
    ports: Ports, engine: ToyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> None:
        raise Refused("The folder is gone.")

    monkeypatch.setattr(ToyAgents, "stop", refuse)
    engine.start("run_1")
    leave(ports, wish("stop_agents"))
    apply_pending(ports, engine)
    assert ports.ledger.get(Command, "cmd_1").error == "The folder is gone."
    assert engine.done[-1] == ("cmd_1", "run_1")


def test_a_command_that_the_engine_could_not_take_stays(ports: Ports, engine: ToyEngine) -> None:
    leave(ports, wish("start"))
    engine.is_reachable = False
    with pytest.raises(Unreachable):
        apply_pending(ports, engine)
    assert [command.id for command in ports.ledger.pending()] == ["cmd_1"]
    engine.is_reachable = True
    assert apply_pending(ports, engine) == 1
