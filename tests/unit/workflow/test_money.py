"""Agents that are talked to, and their money: stopped at the cap, taken up again; nobody gets a cent twice."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from factory.errors import Refused
from factory.model.cost import Budget
from factory.model.defaults import Defaults
from factory.model.run import Run
from factory.model.step import Gauge
from factory.operations.cap import cap
from factory.operations.verbs import resume
from factory.ports.agents import AgentResult, AgentTask, Role
from factory.ports.ledger import Transaction
from factory.workflow.caps import caps_of, reserve_all
from tests.unit.workflow.floor import Floor, says, write

CENT = 10_000


def ends(outcome: str, cents: int, session: str = "s-1", last_call: int = 10, **more: object) -> AgentResult:
    """How a driven agent ended."""
    gauge = Gauge(spent=cents * CENT, last_call=last_call * CENT, basis="computed")
    values: dict[str, object] = {"cost_micros": cents * CENT, "basis": "computed", "gauge": gauge, "model": "m"}
    return AgentResult(0, outcome=outcome, reason=outcome, session=session, **{**values, **more})  # type: ignore[arg-type]


def turn(result: AgentResult, text: str = "") -> Callable[[AgentTask], AgentResult]:
    """A turn that leaves this in the worktree and ends so."""

    def play(task: AgentTask) -> AgentResult:
        if text:
            write(text)(task)
        return result

    return play


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    found = Floor(tmp_path)
    found.agents.driven = True
    return found


def budget(floor: Floor, scope: str = "run") -> Budget:
    found = floor.view.budget(scope)
    assert found is not None
    return found


def reserved(floor: Floor, run: Run, role: Role) -> int:
    """What an agent that is metered gets under all caps that it counts against."""

    def work(tx: Transaction) -> int:
        return reserve_all(tx, caps_of(tx, floor.ports, run, role == "verifier", floor.clock.now()), 0, 0)

    found = floor.ledger.write("worker", work)
    assert found is not None
    return found


async def test_an_agent_at_its_cap_pauses_the_run_and_goes_on_in_the_same_session(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("budget", 20), "half"), turn(ends("stopped", 10), "right")]
    floor.launch(budget_micros=250_000)
    view = await floor.go()
    assert (view.run.state, [one.code for one in view.open_blockers]) == ("paused", ["cap_exceeded"])
    assert [(one.state, one.outcome) for one in view.attempts] == [("budget_stopped", "budget")]
    assert (budget(floor).spent_micros, budget(floor).reserved_micros) == (20 * CENT, 0)
    cap(floor.ports, floor.run_id, 500_000, "run", "it is worth it")
    view = await floor.go()
    assert view.step("build").state == "awaiting_verdict"
    first, second = floor.agents.tasks
    assert (first.resume, second.resume, second.worktree) == ("", "s-1", first.worktree)
    assert second.home == str(floor.agents.folder(first))
    assert (first.left_micros, second.left_micros) == (250_000, 300_000)
    assert budget(floor).spent_micros == 30 * CENT
    assert budget(floor).overshoot_micros == 0


async def test_a_session_that_had_done_all_before_its_cap_delivers_that(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("budget", 20), "right"), turn(ends("stopped", 10))]
    floor.launch(budget_micros=250_000)
    await floor.go()
    cap(floor.ports, floor.run_id, 500_000, "run", "it is worth it")
    view = await floor.go()
    assert view.step("build").state == "awaiting_verdict"
    first, second = view.attempts
    assert (second.state, second.commit) == ("succeeded", first.commit)
    assert second.artefacts == first.artefacts


async def test_resumed_without_more_money_it_does_not_begin(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("budget", 20), "half")]
    floor.launch(budget_micros=250_000)
    await floor.go()
    resume(floor.ports, floor.run_id)
    view = await floor.go()
    assert (view.run.state, len(view.attempts)) == ("paused", 1)
    assert "10" in view.open_blockers[-1].message


async def test_an_overshoot_is_recorded_and_stops_further_calls(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("stopped", 30), "right")]
    floor.launch(budget_micros=250_000)
    await floor.go()
    assert (budget(floor).overshoot_micros, budget(floor).state) == (5 * CENT, "exhausted")


async def test_a_verifier_at_its_cap_pauses_too_and_its_round_is_asked_again(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("stopped", 1), "right")]
    again = ends("stopped", 5)
    floor.agents.verifier = [
        turn(ends("budget", 20)),
        lambda task: replace(again, verdict=says("pass", ["has calc.py right"])(task).verdict),
    ]
    floor.on_wait.append(floor.press_v)
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.thread.state) == ("paused", "awaiting")
    cap(floor.ports, floor.run_id, 500_000, "thread", "one more look")
    view = await floor.go()
    assert (view.thread.verdicts[-1].word, budget(floor, "thread").spent_micros) == ("pass", 25 * CENT)


async def test_a_rate_limit_is_waited_for_and_the_session_goes_on(floor: Floor) -> None:
    soon = "2026-01-01T00:30:00.000Z"
    limited = ends("rate_limit", 1, resets_at=soon)
    floor.agents.coder = [turn(limited, "half"), turn(ends("stopped", 1), "right")]
    floor.launch()
    view = await floor.go()
    step = view.step("build")
    assert (view.run.state, step.state) == ("running", "retry_wait")
    assert step.next_retry_at > view.as_of


async def test_a_wrong_key_is_never_tried_again(floor: Floor) -> None:
    floor.agents.coder = [turn(ends("auth", 0))]
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.open_blockers[-1].code, len(view.attempts)) == ("blocked", "auth", 1)


@pytest.mark.parametrize("scope", ["day", "namespace"])
async def test_runs_share_a_cap_and_the_one_that_comes_too_late_is_refused(tmp_path: Path, scope: str) -> None:
    limits = {f"{scope}_cap_micros": 300_000}
    floor = Floor(tmp_path, Defaults(**limits))  # type: ignore[arg-type]
    floor.launch()
    assert reserved(floor, floor.run, "coder") == 300_000
    floor.launch(goal="Another one")
    with pytest.raises(Refused, match=scope) as caught:
        reserved(floor, floor.run, "coder")
    assert caught.value.code == "cap_exceeded"


async def test_two_verifiers_that_race_for_the_last_cents_do_not_both_get_them(floor: Floor) -> None:
    floor.launch()
    assert reserved(floor, floor.run, "verifier") == 250_000
    with pytest.raises(Refused):
        reserved(floor, floor.run, "verifier")
