"""What an operator changes in the worktree of an interrupted coder is the operator's work, wherever the run goes on."""

import contextlib
from pathlib import Path

import pytest

from factory.errors import Missing, Refused
from factory.model.view import RunView
from factory.operations.cap import cap
from factory.operations.decide import review
from factory.operations.taking_over import take_over
from factory.rules.by_hand import changes_by_hand
from tests.fakes.durable import Crashed
from tests.unit.workflow.floor import Floor, says
from tests.unit.workflow.test_money import ends, turn


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    found = Floor(tmp_path)
    found.agents.driven = True
    return found


async def interrupted(floor: Floor, second: str = "right\n") -> Path:
    """A coder that was stopped half way and goes on in its session; its worktree."""
    floor.agents.coder = [turn(ends("budget", 20), "half\n"), turn(ends("stopped", 1), second)]
    floor.launch(budget_micros=250_000)
    await floor.go()
    return floor.agents.tasks[0].worktree


async def go_on(floor: Floor) -> RunView:
    cap(floor.ports, floor.run_id, 500_000, "run", "it is worth it")
    return await floor.go()


async def test_it_is_committed_as_the_operators_before_the_agent_goes_on(floor: Floor) -> None:
    worktree = await interrupted(floor)
    take_over(floor.ports, floor.run_id)
    (worktree / "notes.txt").write_text("by ana\n")
    view = await go_on(floor)
    (mine,) = changes_by_hand(view)
    first, second = view.attempts
    assert (mine.actor, mine.role, mine.title) == (
        "operator:ana",
        "operator",
        f"build-2-{second.step[-4:]}-by-hand.diff",
    )
    assert floor.workspace.diff(floor.repo, first.commit, mine.subject).files == ("notes.txt",)
    assert floor.workspace.diff(floor.repo, mine.subject, second.commit).files == ("calc.py",), "this the agent did"
    (noted,) = [event for event in floor.ledger.events() if event.action == "attempt.by_hand"]
    assert (noted.detail["by"], noted.detail["files"]) == ("operator:ana", 1)


async def test_the_review_card_says_what_was_changed_by_hand(floor: Floor) -> None:
    worktree = await interrupted(floor)
    take_over(floor.ports, floor.run_id)
    (worktree / "notes.txt").write_text("by ana\n")
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    await go_on(floor)
    notes = review(floor.ports, floor.run_id).notes
    assert [
        note for note in notes if note.startswith("Changed by hand, and not by the coder, by operator:ana: build-2")
    ]


async def test_an_untouched_worktree_leaves_no_mark(floor: Floor) -> None:
    await interrupted(floor)
    take_over(floor.ports, floor.run_id)
    view = await go_on(floor)
    assert changes_by_hand(view) == ()
    assert not [event for event in floor.ledger.events() if event.action == "attempt.by_hand"]


async def test_who_goes_in_is_in_the_audit_trail_and_is_no_agent(floor: Floor) -> None:
    floor.launch()
    with pytest.raises(Missing):
        take_over(floor.ports, floor.run_id)
    floor.inside = floor.run_id
    with pytest.raises(Refused) as refused:
        take_over(floor.ports, floor.run_id)
    assert refused.value.code == "agent_may_not_approve"
    floor.inside = ""
    await interrupted(floor)
    take_over(floor.ports, floor.run_id)
    (event,) = [one for one in floor.ledger.events() if one.action == "run.take_over"]
    assert (event.actor, event.run) == ("operator:ana", floor.run_id)


@pytest.mark.parametrize("crash_after", range(1, 12))
async def test_a_worker_that_dies_in_between_marks_it_once_and_never_the_agents_work(
    tmp_path: Path, crash_after: int
) -> None:
    floor = Floor(tmp_path)
    floor.agents.driven = True
    worktree = await interrupted(floor)
    (worktree / "notes.txt").write_text("by ana\n")
    cap(floor.ports, floor.run_id, 500_000, "run", "it is worth it")
    with contextlib.suppress(Crashed):
        await floor.go(crash_after_effect=crash_after)
    view = await floor.go()
    (mine,) = changes_by_hand(view)
    assert floor.workspace.diff(floor.repo, view.attempts[0].commit, mine.subject).files == ("notes.txt",)
