"""Whoever decides about a run of a trial sees the same whichever way it was checked."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.status_text import status_text
from factory.model.trial import REASON, WITHHELD, Arm
from factory.model.view import RunView
from factory.operations import decide, inspect
from factory.ports.agents import AgentResult
from factory.rules.blinding import SENTENCE, blinded
from tests.unit.workflow.floor import Floor, idle, says, write
from tests.unit.workflow.test_self_check import TRIAL, TrialFloor

COMMAND = "has tests/test_calc.py strict"
TELLING = ('"self_check"', '"is_self_check": true', "all tests pass", REASON, "test_calc.py")
"""Words that only one of the arms has."""


def at_qa(home: Path, arm: Arm, look: Any = None) -> TrialFloor:
    """A run that waits for its decision, checked in this way."""
    floor = TrialFloor(home, TRIAL)
    floor.agents.coder = [write("right"), look or idle(cost_micros=20_000)] if arm == "A" else [write("right")]
    floor.agents.verifier = [says("pass", [COMMAND])] if arm == "B" else []
    floor.begin(arm)
    assert asyncio.run(floor.go()).run.state == "awaiting_qa"
    return floor


def shape(view: RunView) -> dict[str, Any]:
    """What a screen can draw of a run, without ids, times and digests, which differ between any two runs."""
    return {
        "run": (view.run.verifier_required, view.run.verifier_reasons, view.run.labels, view.run.definition),
        "steps": [(one.kind, one.state, one.state_reason, one.attempt_no, one.assigned) for one in view.steps],
        "attempts": [(one.role, one.agent, one.n, one.state, one.model, one.is_self_check) for one in view.attempts],
        "threads": [(one.state, one.round, one.trigger, one.end_state) for one in view.threads],
        "verdicts": [(one.word, one.said, one.reasons, one.commands_run) for one in view.thread.verdicts],
        "messages": [(one.kind, one.sender, one.body) for one in view.messages],
        "costs": [(one.role, one.agent, one.micros) for one in view.costs],
        "evidence": [(one.kind, one.role, one.actor, one.claims) for one in view.evidence],
        "gates": [(one.kind, one.state, one.requirements) for one in view.gates],
    }


def test_both_arms_look_the_same_at_the_gate(tmp_path: Path) -> None:
    a, b = at_qa(tmp_path / "a", "A"), at_qa(tmp_path / "b", "B")
    assert shape(blinded(a.view)) == shape(blinded(b.view))
    assert shape(a.view) != shape(b.view)
    assert blinded(a.view).messages[-1].body == SENTENCE


@pytest.mark.parametrize("arm", ["A", "B"])
def test_nothing_that_is_asked_about_the_run_tells_its_arm(tmp_path: Path, arm: Arm) -> None:
    floor = at_qa(tmp_path, arm)
    asked: list[Any] = [inspect.status(floor.ports, floor.run_id), decide.review(floor.ports, floor.run_id)]
    text = json.dumps([asdict(one) for one in asked] + [asdict(blinded(floor.view))], default=str)
    assert [word for word in TELLING if word in text] == []
    assert [word for word in TELLING if word in json.dumps(asdict(floor.view), default=str)]
    assert decide.review(floor.ports, floor.run_id).sufficient


def test_the_summary_says_that_it_is_withheld_and_not_that_nobody_checks(tmp_path: Path) -> None:
    floor = at_qa(tmp_path, "B")
    status = inspect.status(floor.ports, floor.run_id)
    assert status.verifier.state == WITHHELD
    assert "withheld, round 0, verdict pass (" in status_text(status)


@pytest.mark.parametrize("arm", ["A", "B"])
def test_when_it_is_decided_all_of_it_is_there(tmp_path: Path, arm: Arm) -> None:
    floor = at_qa(tmp_path, arm)
    decide.approve(floor.ports, floor.run_id, floor.gate.package_digest)
    view = floor.view
    assert blinded(view) == view


def test_a_run_of_no_trial_is_shown_as_it_is(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    floor.agents.coder = [write("right")]
    floor.launch()
    asyncio.run(floor.go())
    view = floor.view
    assert blinded(view) == view


@pytest.mark.parametrize("arm", ["A", "B"])
def test_the_row_of_the_list_does_not_tell_either(tmp_path: Path, arm: Arm) -> None:
    floor = at_qa(tmp_path, arm)
    (row,) = floor.ledger.rows(ids=[floor.run_id])
    assert (row.verifier_state, row.round, row.verifier_model, row.coder_model) == ("", 0, "", "")


def test_before_there_is_something_to_decide_everything_is_shown(tmp_path: Path) -> None:
    """Whoever has to stop, retry or pay for an agent must see which one it is."""
    seen: list[bool] = []
    floor = TrialFloor(tmp_path, TRIAL)

    def look(task: Any) -> Any:
        view = floor.view
        seen.append(blinded(view) is view)
        return idle()(task)

    floor.agents.coder = [write("right"), look]
    floor.begin("A")
    asyncio.run(floor.go())
    assert seen == [True]


def failing(task: Any) -> Any:
    write("spoilt")(task)
    return AgentResult(3, cost_micros=20_000)


@pytest.mark.parametrize("look", [failing, write("right, too", cost_micros=20_000)], ids=["failed", "bettered"])
def test_what_came_of_the_look_is_not_seen_either(tmp_path: Path, look: Any) -> None:
    floor = at_qa(tmp_path / "a", "A", look)
    shown, plain = shape(blinded(floor.view)), shape(blinded(at_qa(tmp_path / "b", "B").view))
    for one in (shown, plain):
        one["attempts"] = [each[:3] for each in one["attempts"]]  # how its check ended may be seen
    assert shown == plain
    assert sum(item.title.endswith(".patch") for item in blinded(floor.view).evidence) == 1
