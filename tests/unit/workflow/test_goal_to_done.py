"""The workflow from a goal to its end, over fakes."""

from pathlib import Path

import pytest

from factory.operations.decide import approve, reject
from factory.operations.retry import retry
from factory.operations.verbs import cancel
from tests.unit.workflow.floor import Floor, idle, says, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


async def test_a_goal_becomes_done_by_two_keys(floor: Floor) -> None:
    floor.agents.coder, floor.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.thread.state, view.step("verify").state) == ("running", "prewired", "running")
    assert not view.messages, "nothing is sent before somebody asks"
    floor.on_wait = [floor.press_v]
    view = await floor.go()
    assert (view.run.state, floor.gate.state) == ("awaiting_qa", "open")
    assert view.messages[0].body.endswith(" against 1 criterion.")
    approve(floor.ports, floor.run_id, floor.gate.package_digest)
    view = await floor.go()
    assert view.run.state == "done"
    assert {item.target for item in view.outbox} == {"knowledge", "memory"}
    assert [package.phase for package in view.packages] == ["qa", "final"]
    assert view.packages[-1].approved_package == view.packages[0].digest


async def test_changes_requested_comes_back_with_what_failed(floor: Floor) -> None:
    floor.agents.coder = [write("almost"), write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"]), says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert [verdict.word for verdict in view.thread.verdicts] == ["changes_requested", "pass"]
    assert view.thread.trigger == "operator", "one v opens the conversation; the next round belongs to it"
    assert "changes_requested" in floor.agents.prompts[2]


async def test_three_rounds_are_the_bound(floor: Floor) -> None:
    floor.agents.coder = [write(f"wrong {n}") for n in range(3)]
    floor.agents.verifier = [says("pass") for _ in range(3)]
    floor.on_wait = [floor.press_v]
    floor.launch()
    view = await floor.go()
    assert view.run.state == "blocked"
    assert [blocker.code for blocker in view.open_blockers] == ["rounds_exhausted"]


async def test_no_change_blocks_and_a_retry_starts_a_new_attempt(floor: Floor) -> None:
    floor.agents.coder = [idle(), write("right")]
    floor.launch()
    view = await floor.go()
    assert [blocker.code for blocker in view.open_blockers] == ["no_change"]
    retry(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.step("build").state == "awaiting_verdict"
    assert [attempt.state for attempt in view.attempts] == ["failed", "succeeded"]


async def test_a_green_baseline_proves_nothing(floor: Floor) -> None:
    floor.agents.coder, floor.agents.verifier = [write("wrong\n# comment")], [says("pass", ["has calc.py wrong"])]
    floor.on_wait = [floor.press_v]
    floor.launch(accept=("A1: calc is there :: has calc.py wrong",))
    view = await floor.go()
    assert (view.run.state, floor.gate.state) == ("blocked", "closed")
    assert [blocker.code for blocker in view.open_blockers] == ["nothing_proven"]


async def test_a_reject_reopens_the_build_with_a_thread_of_its_own(floor: Floor) -> None:
    floor.agents.coder = [write("right"), write("right and better")]
    floor.agents.verifier = [says("pass", ["has calc.py right"]) for _ in range(2)]
    floor.on_wait = [floor.press_v]
    floor.launch()
    await floor.go()
    reject(floor.ports, floor.run_id, "please name things better")
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    assert len(view.threads) == 2
    assert view.threads[0].state == "closed"
    assert "please name things better" in floor.agents.prompts[2]


async def test_a_cancelled_run_keeps_its_evidence_in_a_package(floor: Floor) -> None:
    floor.agents.coder = [write("right")]
    floor.launch()
    await floor.go()
    cancel(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.run.state == "cancelled"
    assert [package.phase for package in view.packages] == ["final"]
    assert view.thread.state == "closed"


async def test_an_agent_without_a_price_is_a_warning_and_keeps_its_reservation(floor: Floor) -> None:
    floor.agents.coder = [write("right", cost_micros=None)]
    floor.launch()
    view = await floor.go()
    assert [(blocker.code, blocker.severity) for blocker in view.open_blockers] == [("unpriced", "warn")]
    assert view.run.state == "running"
    budget = view.budget("run")
    assert budget is not None
    assert (budget.spent_micros, budget.reserved_micros) == (0, view.run.definition.agent_estimate_micros)


async def test_a_spec_page_that_exists_is_joined(floor: Floor) -> None:
    floor.launch(page="specs/calc")
    assert [(page.role, page.ref) for page in floor.view.pages] == [("request", "specs/calc")]
    assert '"ref":"specs/calc"' in floor.view.outbox[0].payload
