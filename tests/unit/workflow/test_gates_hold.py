"""What must not happen: approval by accident, or by an agent; a gate opened without proof; a cap passed."""

from dataclasses import replace
from pathlib import Path

import pytest

from factory.errors import Refused, Usage
from factory.model.defaults import Defaults
from factory.model.launch import Launch
from factory.operations.cap import cap
from factory.operations.decide import approve, reject
from factory.operations.evidence import add
from factory.operations.land import land
from factory.operations.retry import retry
from factory.operations.start import start
from factory.operations.verbs import cancel, instruct, pause, resume, skip
from factory.operations.verify import verify
from factory.rules.next_action import next_action
from tests.unit.workflow.floor import Floor, Turn, idle, says, write


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


def test_nothing_is_sent_before_there_is_an_artefact(floor: Floor) -> None:
    floor.launch()
    assert _refusal(verify, floor.ports, floor.run_id) == "no_artifacts"
    assert (floor.view.thread.state, floor.view.messages) == ("prewired", ())


async def test_the_coder_may_ask_for_the_verifier_itself(floor: Floor) -> None:
    floor.agents.coder = [write("right", request_review=True)]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.thread.trigger) == ("awaiting_qa", "coder")


async def test_approving_an_old_digest_is_stale(floor: Floor, tmp_path: Path) -> None:
    old = await _to_qa(floor)
    shot = tmp_path / "shot.png"
    shot.write_bytes(b"png")
    add(floor.ports, floor.run_id, str(shot), claims=("A1",))
    assert _refusal(approve, floor.ports, floor.run_id, old) == "stale_package"
    view = await floor.go()
    new = view.gate("qa")
    assert new is not None
    assert new.state == "open"
    assert new.package_digest != old
    assert _refusal(approve, floor.ports, floor.run_id, old) == "stale_package"
    assert approve(floor.ports, floor.run_id, new.package_digest).state == "closing"


async def test_approving_twice_is_one_approval(floor: Floor) -> None:
    digest = await _to_qa(floor)
    first = approve(floor.ports, floor.run_id, digest)
    assert approve(floor.ports, floor.run_id, digest).approval == first.approval
    other = replace(floor.ports, actor="operator:ben")
    assert _refusal(approve, other, floor.run_id, digest) == "already_decided"
    assert _refusal(reject, other, floor.run_id, "I think otherwise") == "already_decided"
    assert len(floor.view.approvals) == 1


async def test_an_agent_may_not_decide_and_the_try_is_in_the_audit_trail(floor: Floor) -> None:
    digest = await _to_qa(floor)
    floor.inside = floor.run_id
    assert _refusal(approve, floor.ports, floor.run_id, digest) == "agent_may_not_approve"
    assert [event.action for event in floor.ledger.events()][-1] == "approval.refused"
    assert floor.view.approvals == ()


def test_an_agent_may_not_raise_what_it_may_spend(floor: Floor) -> None:
    floor.launch()
    floor.inside = floor.run_id
    before = floor.view.budgets
    assert _refusal(cap, floor.ports, floor.run_id, 9_000_000, "run", "I need it") == "agent_may_not_approve"
    assert floor.view.budgets == before


async def test_in_a_team_the_launcher_may_not_approve(tmp_path: Path) -> None:
    floor = Floor(tmp_path, Defaults(profile="team"))
    digest = await _to_qa(floor)
    with pytest.raises(Refused):
        approve(floor.ports, floor.run_id, digest)
    assert approve(replace(floor.ports, actor="operator:ben"), floor.run_id, digest).state == "closing"


async def test_evidence_that_changed_on_disk_closes_the_gate(floor: Floor) -> None:
    digest = await _to_qa(floor)
    item = floor.view.evidence[-1]
    (floor.evidence.root(floor.run_id) / item.path).write_text("tampered")
    for _ in range(2):
        assert _refusal(approve, floor.ports, floor.run_id, digest) == "not_sufficient"
    assert [blocker.code for blocker in floor.view.open_blockers] == ["digest_mismatch"]
    assert next_action(floor.view).code == "inspect"


@pytest.mark.parametrize("answer", [says("pass", subject="0" * 40), idle(), says("inconclusive")])
async def test_prose_or_a_verdict_on_another_commit_is_inconclusive(floor: Floor, answer: Turn) -> None:
    await _to_qa(floor, verifier=answer)
    view = floor.view
    assert (view.run.state, view.thread.state) == ("blocked", "inconclusive")
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    retry(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.run.state == "awaiting_qa", view.open_blockers
    assert len([attempt for attempt in view.attempts if attempt.role == "coder"]) == 1, "the artefact still stood"


async def test_changed_tests_are_put_back_and_the_acceptance_runs_again(floor: Floor) -> None:
    def cheat(task):  # type: ignore[no-untyped-def]
        (task.worktree / "tests" / "test_calc.py").write_text("lenient")
        return write("right")(task)

    await _to_qa_with(floor, cheat, "A1: tests are lenient :: has tests/test_calc.py lenient")
    verdict = floor.view.thread.verdicts[0]
    assert verdict.word == "changes_requested"
    assert "base" in " ".join(verdict.reasons)
    assert floor.view.gate("qa") is None


async def _to_qa_with(floor: Floor, coder: Turn, accept: str) -> None:
    floor.agents.coder = [coder, idle()]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch(accept=(accept,))
    await floor.go()


async def test_a_broken_acceptance_blocks_before_an_agent_is_paid(floor: Floor) -> None:
    floor.checks.broken = {"has"}
    floor.launch()
    view = await floor.go()
    assert [blocker.code for blocker in view.open_blockers] == ["acceptance_broken"]
    assert view.attempts == ()
    assert view.costs == ()
    floor.checks.broken.clear()
    floor.agents.coder = [write("right")]
    retry(floor.ports, floor.run_id)
    assert (await floor.go()).step("build").state == "awaiting_verdict"


async def test_a_cap_really_stops_and_a_raise_lets_the_run_go_on(floor: Floor) -> None:
    floor.agents.coder = [write("almost", cost_micros=60_000), write("right")]
    floor.agents.verifier = [says("pass"), says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch(budget_micros=70_000)
    view = await floor.go()
    assert (view.run.state, len(floor.agents.tasks)) == ("paused", 2)
    assert [blocker.code for blocker in view.open_blockers] == ["cap_exceeded"]
    budget = view.budget("run")
    assert budget is not None
    assert budget.overshoot_micros == 10_000
    cap(floor.ports, floor.run_id, 1_000_000, "run", "worth it")
    assert (await floor.go()).run.state == "awaiting_qa"


async def test_a_verifier_cap_over_one_dollar_needs_a_review(floor: Floor) -> None:
    floor.launch()
    assert _refusal(cap, floor.ports, floor.run_id, 1_000_001, "thread", "more") == "review_required"
    cap(floor.ports, floor.run_id, 1_000_000, "thread", "just enough")
    assert floor.view.thread.cap_micros == 1_000_000


def test_the_same_agent_or_company_does_not_pass_the_ready_gate(floor: Floor) -> None:
    assert _refusal(floor.launch, verifier="coder-x") == "same_agent"
    floor.agents.company = lambda agent: "CodeCraft"  # type: ignore[method-assign]
    assert _refusal(floor.launch) == "same_company"
    assert floor.ledger.rows() == ()


def test_no_acceptance_and_dirty_files_are_refused_with_a_way_out(floor: Floor, tmp_path: Path) -> None:
    bare = tmp_path / "plain"
    floor.workspace.record(bare, {"readme": b"hello\n"})
    assert _refusal(floor.launch, accept=(), repo=bare) == "no_acceptance"
    floor.workspace.dirty = ("calc.py",)
    assert _refusal(floor.launch) == "dirty_repository"
    floor.launch(allow_dirty=True)
    assert floor.run.left_out == ("calc.py",)


def test_the_same_key_attaches(floor: Floor) -> None:
    first = floor.launch(key="nightly")
    assert floor.launch(key="nightly") == first
    assert len(floor.ledger.rows()) == 1


async def test_pause_ends_the_agent_and_resume_starts_another_attempt(floor: Floor) -> None:
    def paused(task):  # type: ignore[no-untyped-def]
        pause(floor.ports, floor.run_id)
        return replace(write("half")(task), end_reason="paused", exit_code=None)

    floor.agents.coder = [paused, write("right")]
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.attempts[-1].end_reason) == ("paused", "paused")
    resume(floor.ports, floor.run_id)
    view = await floor.go()
    assert [attempt.state for attempt in view.attempts] == ["cancelled", "succeeded"]


async def test_cancel_in_the_middle_of_an_attempt_ends_the_run_with_a_package(floor: Floor) -> None:
    def cancelled(task):  # type: ignore[no-untyped-def]
        cancel(floor.ports, floor.run_id)
        return replace(write("half")(task), end_reason="cancelled", exit_code=None)

    floor.agents.coder = [cancelled]
    floor.launch()
    view = await floor.go()
    assert (view.run.state, view.attempts[-1].state) == ("cancelled", "cancelled")
    assert [package.phase for package in view.packages] == ["final"]
    assert _refusal(cancel, floor.ports, floor.run_id) == "terminal_state"


def test_what_the_gate_rests_on_is_never_skipped(floor: Floor) -> None:
    floor.launch()
    for kind in ("verify", "qa", "build", "plan"):
        assert _refusal(skip, floor.ports, floor.run_id, kind) == "not_supported"


async def test_an_instruction_reaches_the_next_prompt(floor: Floor) -> None:
    floor.agents.coder = [write("right")]
    floor.launch()
    instruct(floor.ports, floor.run_id, "keep it short")
    await floor.go()
    assert "keep it short" in floor.agents.prompts[0]


async def test_memory_and_sentences_are_no_evidence(floor: Floor) -> None:
    await _to_qa(floor)
    for source in ("memory://lesson-1", "all tests pass, I promise", "https://example.org/proof"):
        assert _refusal(add, floor.ports, floor.run_id, source) == "inadmissible_source"


async def test_only_a_done_run_lands_and_only_then_the_repository_changes(floor: Floor) -> None:
    digest = await _to_qa(floor)
    assert _refusal(land, floor.ports, floor.run_id) == "not_ready"
    approve(floor.ports, floor.run_id, digest)
    await floor.go()
    assert floor.workspace.branches == {}
    landed = land(floor.ports, floor.run_id, "fix/calc")
    assert floor.workspace.branches == {landed.ref: floor.run.result_commit}
    assert floor.run.landed == "fix/calc"


async def test_a_short_reason_does_not_reject(floor: Floor) -> None:
    await _to_qa(floor)
    with pytest.raises(Usage):
        reject(floor.ports, floor.run_id, "no")
    assert floor.run.state == "awaiting_qa"


def test_a_bad_launch_stores_nothing(floor: Floor) -> None:

    for launch in (Launch(goal=" "), Launch(goal="x" * 70_000), Launch(goal="a\0b")):
        with pytest.raises(Usage):
            start(floor.ports, launch)
    assert floor.ledger.head().count == 0


async def test_a_cancelled_run_with_damaged_evidence_still_gets_its_package(floor: Floor) -> None:
    await _to_qa(floor)
    item = floor.view.evidence[0]
    (floor.evidence.root(floor.run_id) / item.path).unlink()
    cancel(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.packages[-1].phase == "final"
    assert view.packages[-1].score == 0
