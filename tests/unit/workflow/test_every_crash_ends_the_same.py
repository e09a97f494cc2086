"""Kill the worker at every step, before its effect and between effect and checkpoint: the end is the same."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from factory.model.view import RunView
from factory.operations.decide import approve
from tests.unit.workflow.floor import Crashed, Floor, says, write


def _floor(home: Path) -> Floor:
    floor = Floor(home)
    floor.ports = replace(floor.ports, copies={"page": ("wiki",)})  # a system, whose health is kept too
    floor.forget()
    floor.agents.coder = [write("almost"), write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"]), says("pass", ["has calc.py right"])]

    def decide(view: RunView) -> None:
        gate = view.gate("qa")
        if gate is not None and gate.state == "open":
            approve(floor.ports, floor.run_id, gate.package_digest)

    floor.on_wait = [floor.press_v, decide]
    floor.launch()
    return floor


def _end(floor: Floor) -> dict[str, object]:
    """What must come out the same, whatever was killed."""
    view = floor.view
    return {
        "run": view.run.state,
        "result": view.run.result_commit,
        "steps": [(step.kind, step.state, step.attempt_no) for step in view.steps],
        "attempts": [(attempt.role, attempt.n, attempt.state) for attempt in view.attempts],
        "verdicts": [verdict.word for verdict in view.thread.verdicts],
        "messages": [message.kind for message in view.messages],
        "evidence": sorted(item.title for item in view.evidence),
        "approvals": len(view.approvals),
        "packages": [(package.phase, package.state) for package in view.packages],
        "pages": [page.role for page in view.pages],
        "writes": sorted((item.target, item.op) for item in view.outbox),
        "costs": [(cost.role, cost.micros) for cost in view.costs],
        "budgets": [(budget.scope, budget.spent_micros, budget.reserved_micros) for budget in view.budgets],
        "starts": len(floor.agents.tasks),
    }


async def _steps(home: Path) -> tuple[int, dict[str, object]]:
    floor = _floor(home)
    view = await floor.go()
    assert view.run.state == "done"
    assert [item.kind for item in view.evidence].count("health_check") == 1
    return len(floor.durable.names), _end(floor)


@pytest.mark.parametrize("kind", ["crash_at", "crash_after_effect"])
def test_a_crash_at_any_step_changes_nothing_about_the_end(tmp_path: Path, kind: str) -> None:
    steps, expected = asyncio.run(_steps(tmp_path / "calm"))
    assert steps > 30
    for n in range(1, steps + 1):
        floor = _floor(tmp_path / str(n))
        with pytest.raises(Crashed):
            asyncio.run(floor.go(**{kind: n}))
        asyncio.run(floor.go())
        assert _end(floor) == expected, f"{kind}={n}: {floor.durable.names[n - 1 : n + 1]}"


def test_a_workflow_started_anew_goes_on_from_the_ledger(tmp_path: Path) -> None:
    """What an engine without any memory would do: the ledger alone is enough to reach the same end."""
    steps, expected = asyncio.run(_steps(tmp_path / "calm"))
    for n in range(1, steps + 1, 3):
        floor = _floor(tmp_path / str(n))
        with pytest.raises(Crashed):
            asyncio.run(floor.go(crash_after_effect=n))
        floor.forget()
        asyncio.run(floor.go())
        assert _end(floor) == expected, f"crash_after_effect={n}"
