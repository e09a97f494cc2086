"""Arm A of a trial: the coder looks at its own work once more, and nothing that comes of it makes matters worse."""

import asyncio
from pathlib import Path

import pytest

from factory.model.defaults import Defaults
from factory.model.trial import Arm, Assignment
from factory.operations import inspect
from factory.operations.cap import cap
from factory.operations.decide import approve
from factory.ports.agents import AgentResult, AgentTask
from factory.rules.lesson import lesson
from factory.rules.spending import used_up
from tests.unit.workflow.floor import Crashed, Floor, Turn, idle, says, write
from tests.unit.workflow.test_money import ends, turn

TRIAL = Defaults(trial=True)
LOW = {"priority": "M", "domain": "frontend", "goal": "Change the css of the page"}
"""A goal that needs no verifier by rule."""


class TrialFloor(Floor):
    """A floor on which a trial goes on; `begin` starts runs until one is given the arm that is wanted."""

    def begin(self, arm: Arm) -> None:
        for _ in range(8):
            self.launch(**LOW)
            (given,) = self.ledger.find(Assignment, given_to=self.run_id)
            if given.arm == arm:
                return
        pytest.fail(f"no run of eight was given arm {arm}")

    @property
    def builds(self) -> list[tuple[str, bool, str]]:
        """Agent, whether it checks itself and how it ended, of each attempt."""
        return [(one.agent, one.is_self_check, one.state) for one in self.view.attempts]


@pytest.fixture
def floor(tmp_path: Path) -> TrialFloor:
    return TrialFloor(tmp_path, TRIAL)


async def test_the_coder_looks_once_more_and_its_better_work_is_taken(floor: TrialFloor) -> None:
    floor.agents.coder = [write("half"), write("right")]
    floor.begin("A")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert floor.builds == [("coder-x", False, "succeeded"), ("coder-x", True, "succeeded")]
    assert view.run.result_commit == view.attempts[-1].commit
    assert "you check your own work once more" in floor.agents.prompts[1]
    assert "you check your own work" not in floor.agents.prompts[0]
    assert [verdict.word for verdict in view.thread.verdicts] == ["pass"]  # the half work never had a round


async def test_the_look_begins_with_what_was_delivered(floor: TrialFloor) -> None:
    seen: list[str] = []

    def look(task: AgentTask) -> AgentResult:
        seen.append((task.worktree / "calc.py").read_text())
        return AgentResult(0, cost_micros=1_000)

    floor.agents.coder = [write("right"), look]
    floor.begin("A")
    await floor.go()
    assert seen == ["right"]


@pytest.mark.parametrize(
    "look",
    [idle(), lambda task: AgentResult(3, cost_micros=0), lambda task: AgentResult(None, "wall_clock", cost_micros=0)],
    ids=["nothing to correct", "it failed", "out of time"],
)
async def test_a_look_that_leaves_nothing_costs_the_run_nothing(floor: TrialFloor, look: Turn) -> None:
    floor.agents.coder = [write("right"), look]
    floor.begin("A")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert view.run.result_commit == view.attempts[0].commit != ""
    assert view.open_blockers == ()


async def test_a_look_that_takes_all_of_it_back_leaves_the_work_of_before(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right"), write("wrong\n")]
    floor.begin("A")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert view.run.result_commit == view.attempts[0].commit
    assert view.attempts[1].commit == ""


async def test_what_a_look_left_that_failed_is_nobodys_beginning(floor: TrialFloor) -> None:
    seen: list[str] = []

    def spoils(task: AgentTask) -> AgentResult:
        write("spoilt")(task)
        return AgentResult(3, cost_micros=0)

    def builds(task: AgentTask) -> AgentResult:
        seen.append((task.worktree / "calc.py").read_text())
        return write("right")(task)

    floor.agents.coder = [write("not yet"), spoils, builds]
    floor.begin("A")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert seen == ["not yet"]


async def test_a_look_that_begins_again_begins_with_what_was_delivered(floor: TrialFloor) -> None:
    seen: list[str] = []

    def cut_off(task: AgentTask) -> AgentResult:
        write("half a thought")(task)
        return AgentResult(None, "operator_retry", cost_micros=0)

    def looks(task: AgentTask) -> AgentResult:
        seen.append((task.worktree / "calc.py").read_text())
        return AgentResult(0, cost_micros=0)

    floor.agents.coder = [write("right"), cut_off, looks]
    floor.begin("A")
    view = await floor.go()
    assert [checks for _, checks, _ in floor.builds] == [False, True, True]
    assert (view.run.state, seen) == ("awaiting_qa", ["right"])


async def test_nothing_to_correct_is_no_failure(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right"), idle()]
    floor.begin("A")
    view = await floor.go()
    assert (view.attempts[1].state, view.attempts[1].end_reason) == ("succeeded", "no_change")


async def test_there_is_one_look_however_many_rounds_follow(floor: TrialFloor) -> None:
    floor.agents.coder = [write("wrong still"), idle(), write("right")]
    floor.begin("A")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert [checks for _, checks, _ in floor.builds] == [False, True, False]
    assert [verdict.word for verdict in view.thread.verdicts] == ["changes_requested", "pass"]


async def test_the_look_is_paid_as_a_verifier_is(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right"), idle(cost_micros=30_000)]
    floor.begin("A")
    view = await floor.go()
    thread = view.budget("thread")
    assert thread is not None
    assert thread.spent_micros == 30_000
    assert [entry.thread for entry in view.costs] == ["", view.thread.id]


async def test_at_its_cap_it_asks_and_goes_on_with_the_same_look(floor: TrialFloor) -> None:
    floor.agents.driven = True
    floor.agents.coder = [
        turn(ends("stopped", 10), "half"),
        turn(ends("budget", 25), "more"),
        turn(ends("stopped", 5), "right"),
    ]
    floor.begin("A")
    view = await floor.go()
    assert (view.run.state, [one.code for one in view.open_blockers]) == ("paused", ["cap_exceeded"])
    stopped = used_up(view)
    assert stopped is not None
    assert stopped.scope == "thread"
    cap(floor.ports, floor.run_id, 600_000, "thread", "the look goes on")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert [checks for _, checks, _ in floor.builds] == [False, True, True]
    assert view.attempts[2].resumes == view.attempts[1].id


async def test_arm_b_has_a_verifier_that_nobody_has_to_send_for(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.begin("B")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert [one.role for one in view.attempts] == ["coder", "verifier"]
    assert view.thread.trigger == "automatic"


async def test_a_run_of_neither_arm_is_checked_as_ever(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right")]
    floor.launch()
    view = await floor.go()
    assert len(view.attempts) == 1
    assert view.thread.state == "prewired"


async def test_a_look_is_no_build_of_its_own_in_the_figures(floor: TrialFloor) -> None:
    floor.agents.coder = [write("right"), write("right\nand better")]
    floor.begin("A")
    view = await floor.go()
    approve(floor.ports, floor.run_id, floor.gate.package_digest)
    view = await floor.go()
    assert view.run.state == "done"
    assert inspect.metrics(floor.ports, floor.run_id)[0].counts.first_pass
    assert "after 1 coder attempts" in lesson(view)


async def _end(floor: TrialFloor) -> dict[str, object]:
    view = await floor.go()
    return {
        "run": view.run.state,
        "steps": [(step.kind, step.state, step.attempt_no) for step in view.steps],
        "attempts": floor.builds,
        "verdicts": [verdict.word for verdict in view.thread.verdicts],
        "evidence": sorted(item.title.rsplit("-", 1)[0] for item in view.evidence),
        "budgets": [(budget.scope, budget.spent_micros, budget.reserved_micros) for budget in view.budgets],
        "starts": len(floor.agents.tasks),
    }


def _prepared(home: Path) -> TrialFloor:
    floor = TrialFloor(home, TRIAL)
    floor.agents.coder = [write("half"), write("right")]
    floor.begin("A")
    return floor


@pytest.mark.parametrize("kind", ["crash_at", "crash_after_effect"])
def test_a_worker_killed_at_any_step_goes_on_with_the_one_look(tmp_path: Path, kind: str) -> None:
    calm = _prepared(tmp_path / "calm")
    expected = asyncio.run(_end(calm))
    assert expected["run"] == "awaiting_qa"
    for n in range(1, len(calm.durable.names) + 1):
        floor = _prepared(tmp_path / str(n))
        with pytest.raises(Crashed):
            asyncio.run(floor.go(**{kind: n}))
        assert asyncio.run(_end(floor)) == expected, f"{kind}={n}: {floor.durable.names[n - 1 : n + 1]}"
