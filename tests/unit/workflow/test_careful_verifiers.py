"""Verifiers that need care: a premium one has a stated reason, and one that changed its checkout proves nothing."""

import shutil
from pathlib import Path

import pytest

from factory.errors import Refused
from factory.model.launch import Launch
from factory.model.run import Run
from factory.operations.decide import review
from factory.operations.inspect import status
from factory.operations.ready import preview
from factory.ports.agents import AgentResult, AgentTask, Tier
from tests.unit.workflow.floor import Floor, Turn, says, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


async def _to_qa(floor: Floor, coder: Turn | None = None, verifier: Turn | None = None) -> str:
    floor.agents.coder = [coder or write("right")]
    floor.agents.verifier = [verifier or says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    view = await floor.go()
    gate = view.gate("qa")
    return gate.package_digest if gate else ""


def _refusal(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return refused.value.code


def test_a_premium_verifier_needs_a_reason(floor: Floor) -> None:
    floor.agents.tiers["verifier-y"] = "premium"
    assert _refusal(floor.launch) == "review_required"
    assert _refusal(floor.launch, premium="  ") == "review_required"
    assert not floor.ledger.find(Run), "nothing was made"
    seen = preview(floor.ports, Launch("Make calc right", floor.repo, coder="coder-x", verifier="verifier-y"))
    told = dict(zip(seen.about, seen.problems, strict=True))
    assert "--premium" in told["verifier"]


async def test_the_reason_for_a_premium_verifier_stays_with_the_run_and_is_shown(floor: Floor) -> None:
    floor.agents.tiers["verifier-y"] = "premium"
    floor.agents.coder = [write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch(premium="payment code")
    await floor.go()
    assert floor.run.labels == ("premium: payment code",)
    assert status(floor.ports, floor.run_id).verifier.premium == "payment code"
    assert "The verifier is a premium one: payment code" in review(floor.ports, floor.run_id).notes


@pytest.mark.parametrize("tier", ["standard", "local"])
def test_any_other_verifier_needs_none_and_a_reason_for_it_is_not_kept(floor: Floor, tier: Tier) -> None:
    floor.agents.tiers["verifier-y"] = tier
    floor.launch(premium="why not")
    assert floor.run.labels == ()


def _meddles(task: AgentTask) -> AgentResult:
    """A verifier that changes what it is to read, and then likes it."""
    (task.worktree / "calc.py").write_text("right, and more")
    return says("pass", ["has calc.py right"])(task)


def _removes(task: AgentTask) -> AgentResult:
    shutil.rmtree(task.worktree)
    return says("pass", ["has calc.py right"])(task)


@pytest.mark.parametrize(("verifier", "why"), [(_meddles, "changed its checkout"), (_removes, "removed its checkout")])
async def test_the_verdict_of_a_driven_verifier_that_changed_its_checkout_is_refused(
    floor: Floor, verifier: Turn, why: str
) -> None:
    floor.agents.driven = True
    await _to_qa(floor, verifier=verifier)
    view = floor.view
    assert (view.run.state, view.thread.state) == ("blocked", "inconclusive")
    verdict = view.thread.verdicts[-1]
    assert why in verdict.reasons[0]
    assert verdict.said == ""
    assert not [name for name in floor.checks.ran if "command-0" in name], "what it named is not run"
    assert len(floor.workspace.sealed) == 1


async def test_a_failing_acceptance_goes_back_to_the_coder_whatever_the_verifier_touched(floor: Floor) -> None:
    floor.agents.driven = True
    floor.agents.coder = [write("wrong again"), write("right")]
    floor.agents.verifier = [_meddles, says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    view = await floor.go()
    assert [verdict.word for verdict in view.thread.verdicts] == ["changes_requested", "pass"]


async def test_a_verifier_that_nobody_drives_may_use_its_checkout(floor: Floor) -> None:
    await _to_qa(floor, verifier=_meddles)
    assert floor.view.run.state == "awaiting_qa"
    assert floor.workspace.sealed == []
