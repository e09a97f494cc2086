"""Wishes and ends that come late: just before an agent starts, after the engine broke, from an attempt of before."""

from dataclasses import replace
from pathlib import Path

import pytest

from factory.errors import Malformed, Unreachable
from factory.model.definition import Clocks
from factory.model.launch import Launch
from factory.model.step import Attempt
from factory.operations.decide import approve
from factory.operations.land import land
from factory.operations.retry import retry
from factory.operations.start import start
from factory.operations.verbs import cancel, pause, resume
from factory.ports.checks import Check, CheckResult
from factory.ports.worker import WorkerState
from factory.rules.moves import Move
from factory.workflow.blocking import hold_up
from factory.workflow.breaking import tell_broken
from factory.workflow.flow import Flow
from factory.workflow.watching import Watch
from tests.unit.workflow.floor import Crashed, Floor, NoWorkers, says, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    made = Floor(tmp_path)
    made.agents.coder, made.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
    made.launch()
    return made


async def _up_to_the_agent(floor: Floor) -> Attempt:
    """The attempt is leased, and the worker dies before its agent is started."""
    while not floor.view.attempts:
        with pytest.raises(Crashed):
            await floor.go(crash_at=2)
    return floor.view.attempts[-1]


async def test_no_agent_starts_while_the_run_is_paused(floor: Floor) -> None:
    await _up_to_the_agent(floor)
    pause(floor.ports, floor.run_id)
    view = await floor.go()
    assert (view.run.state, view.attempts[-1].state, floor.agents.tasks) == ("paused", "cancelled", [])
    assert [cost.micros for cost in view.costs] == [0], "what never started cost nothing"
    resume(floor.ports, floor.run_id)
    view = await floor.go()
    assert [(attempt.n, attempt.state) for attempt in view.attempts] == [(1, "cancelled"), (2, "succeeded")]


async def test_an_agent_that_started_beside_the_wish_to_cancel_is_ended(floor: Floor) -> None:
    attempt = await _up_to_the_agent(floor)
    watch = Watch(Flow(None, floor.ports, floor.run_id), attempt, Clocks())  # type: ignore[arg-type]  # asks no engine
    watch.alive(0.0, 1)
    assert floor.agents.stopped == []
    cancel(floor.ports, floor.run_id)
    watch.alive(0.0, 1)
    assert floor.agents.stopped == [(attempt.step, "cancelled")]


async def test_a_retry_goes_on_when_the_engine_broke_between_two_steps(floor: Floor) -> None:
    floor.on_wait = [floor.press_v]
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    tell_broken(floor.ports, floor.run_id, "The engine is on fire.")
    retry(floor.ports, floor.run_id)
    assert not floor.view.open_blockers
    approve(floor.ports, floor.run_id, floor.gate.package_digest)
    assert (await floor.go()).run.state == "done"


@pytest.mark.parametrize(("times", "state"), [(2, "awaiting_qa"), (3, "blocked")])
async def test_a_command_that_somebody_killed_is_run_again_and_not_held_against_the_coder(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, times: int, state: str
) -> None:
    run, left = floor.checks.run, [times]

    async def cut_off(check: Check) -> CheckResult:
        if check.name.startswith("verify-") and left[0]:
            left[0] -= 1
            raise Unreachable("It was cut off.", code="lost")
        return await run(check)

    monkeypatch.setattr(floor.checks, "run", cut_off)
    floor.on_wait = [floor.press_v]
    view = await floor.go()
    assert view.run.state == state
    assert [blocker.code for blocker in view.open_blockers] == (["lost"] if state == "blocked" else [])
    assert view.step("build").attempt_no == 1


async def test_trouble_of_an_attempt_of_before_is_nobodys_trouble(floor: Floor) -> None:
    attempt = await _up_to_the_agent(floor)
    tell_broken(floor.ports, floor.run_id, "The engine is on fire.")
    retry(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.step("build").attempt_no == 2
    before = floor.ledger.head()
    flow = Flow(None, floor.ports, floor.run_id)  # type: ignore[arg-type]  # asks no engine
    hold_up(flow, "late", Move("build", attempt.step, 1), Malformed("Too late."))
    assert floor.ledger.head() == before


async def test_a_land_that_was_cut_off_is_finished_without_a_second_decision(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.on_wait = [floor.press_v]
    await floor.go()
    approve(floor.ports, floor.run_id, floor.gate.package_digest)
    await floor.go()
    with monkeypatch.context() as patched:
        patched.setattr(floor.workspace, "land", _die)
        with pytest.raises(Crashed):
            land(floor.ports, floor.run_id, "fixed")
    assert land(floor.ports, floor.run_id, "fixed") == land(floor.ports, floor.run_id, "fixed")
    view = floor.view
    assert [gate.kind for gate in view.gates].count("write") == 1
    assert (len(view.approvals), view.run.landed) == (2, "fixed")


def _die(*_: object) -> str:
    raise Crashed


def test_the_same_key_again_sees_to_a_worker(floor: Floor) -> None:
    """The first call may have been killed before it did."""

    class Counted(NoWorkers):
        started = 0

        def ensure(self) -> WorkerState:
            self.started += 1
            return super().ensure()

    workers = Counted()
    ports = replace(floor.ports, workers=workers)
    launch = Launch(
        goal="Make calc right", repo=floor.repo, accept=("A1: right :: has calc.py right",), coder="coder-x",
        verifier="verifier-y", key="k",
    )  # fmt: skip
    first = start(ports, launch)
    assert start(ports, launch) == replace(first, created=False)
    assert workers.started == 2
