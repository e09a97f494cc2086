"""Runs that hang: who is one, who is not, and what is said."""

import pytest

from adapters.engine.broken import Broken, broken_runs, trouble_of
from adapters.engine.open_runs import OPEN, open_runs
from adapters.engine.runs import Workflow
from factory.model.audit import Command
from factory.model.run import RUN
from factory.ports.bundle import Ports
from tests.unit.engine.toy import ToyEngine, leave, put_run, toy_ports


def found(ports: Ports, engine: ToyEngine) -> list[Broken]:
    return list(broken_runs(open_runs(ports.ledger), ports.ledger, engine, version="1"))


def test_open_is_every_state_between_draft_and_the_end() -> None:
    ports = toy_ports()
    for state in sorted(RUN.states):
        put_run(ports, f"run_{state}", state)
    assert set(open_runs(ports.ledger)) == {f"run_{state}" for state in OPEN}
    assert RUN.states - OPEN == {"draft", "done", "cancelled", "failed"}


def test_a_run_whose_workflow_goes_on_is_well() -> None:
    ports, engine = toy_ports(), ToyEngine()
    put_run(ports, "run_1")
    engine.start("run_1")
    assert found(ports, engine) == []


def test_a_run_whose_workflow_failed_is_broken_and_the_defect_is_named() -> None:
    ports, engine = toy_ports(), ToyEngine()
    put_run(ports, "run_1")
    engine.ends("run_1", "ERROR", "division by zero")
    (broken,) = found(ports, engine)
    assert (broken.run, broken.workflow) == ("run_1", "run_1")
    assert broken.why.startswith("The workflow ended in a defect (division by zero); log/worker.log has it all.")


def test_a_run_whose_start_still_waits_is_not_broken() -> None:
    ports, engine = toy_ports(), ToyEngine()
    put_run(ports, "run_1", "ready")
    leave(ports, Command(id="cmd_1", run="run_1", verb="start"))
    assert found(ports, engine) == []
    ports.ledger.applied("cmd_1")
    assert [broken.run for broken in found(ports, engine)] == ["run_1"]


def test_a_run_that_ended_in_the_meantime_is_not_broken() -> None:
    ports, engine = toy_ports(), ToyEngine()
    put_run(ports, "run_1", "done")
    engine.ends("run_1", "SUCCESS")
    assert list(broken_runs(["run_1"], ports.ledger, engine, "1")) == []


@pytest.mark.parametrize(
    ("workflow", "said"),
    [
        (None, "The engine does not know this run"),
        (Workflow("r", "ERROR", "1", "boom"), "ended in a defect (boom)"),
        (Workflow("r", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "1"), "ended in a defect (MAX_RECOVERY_ATTEMPTS_EXCEEDED)"),
        (Workflow("r", "SUCCESS", "1"), "ended before the run did"),
        (Workflow("r", "PENDING", "0"), "workflow version 0 and this worker has 1"),
        (Workflow("r", "ENQUEUED", "0"), "workflow version 0 and this worker has 1"),
    ],
)
def test_each_trouble_has_its_sentence(workflow: Workflow | None, said: str) -> None:
    assert said in trouble_of(workflow, "1")


@pytest.mark.parametrize("state", ["PENDING", "ENQUEUED", "DELAYED"])
def test_a_workflow_of_our_version_that_is_not_over_is_no_trouble(state: str) -> None:
    assert trouble_of(Workflow("r", state, "1"), "1") == ""
